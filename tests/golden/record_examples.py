"""Records how the models of examples learn in Keras 2.2.5 on TensorFlow 1.15.5.

Run it in an environment with that pair (``oracles/make_oracles.sh k225`` makes one):

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_examples.py
"""

import json
import os

import example_cases

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "examples.json")


def as_it_is(source, path):
    return compile(source, path, "exec")


if __name__ == "__main__":
    recorded = {name: example_cases.observe(name, as_it_is) for name in example_cases.CASES}
    with open(FILE, "w") as file:
        json.dump(recorded, file, indent=1, sort_keys=True)
        file.write("\n")
