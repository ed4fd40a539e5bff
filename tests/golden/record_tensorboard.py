"""Records what Keras 2.2.5 on TensorFlow 1.15.5 writes for every case of ``tensorboard_cases``.

Run it in an environment with that pair (``oracles/make_oracles.sh k225`` makes one):

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_tensorboard.py
"""

import json
import os
import tempfile

import tensorboard_cases

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "tensorboard.json")


def record(keras):
    """What is observed, by case."""
    observed = {}
    for name in tensorboard_cases.CASES:
        with tempfile.TemporaryDirectory() as folder:
            observed[name] = tensorboard_cases.observe(keras, name, folder)
    return observed


if __name__ == "__main__":
    import keras

    with open(FILE, "w") as file:
        lines = ["%s: %s" % (json.dumps(k), json.dumps(v)) for k, v in record(keras).items()]
        file.write("{\n%s\n}\n" % ",\n".join(lines))
