"""Records what TensorFlow 1.15.5 gives for every case of ``contrib_layer_cases`` and
``contrib_function_cases``.

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_contrib.py

It writes ``contrib.json`` (names, shapes, collections) and ``contrib.npz`` (arrays, under
``case/entry``).
"""

import json
import os

import contrib_function_cases
import contrib_layer_cases
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
FACTS = os.path.join(HERE, "contrib.json")
NUMBERS = os.path.join(HERE, "contrib.npz")


def record(tf):
    facts, numbers = {}, {}
    for name in contrib_layer_cases.CASES:
        facts[name], found = contrib_layer_cases.observe(tf, tf.contrib, name)
        numbers.update({"%s/%s" % (name, key): value for key, value in found.items()})
    for name in contrib_function_cases.CASES:
        found = contrib_function_cases.observe(tf, tf.contrib, name)
        numbers.update({"%s/%s" % (name, key): value for key, value in found.items()})
    return facts, numbers


def write(facts, numbers):
    lines = [
        "%s: %s" % (json.dumps(name), json.dumps(facts[name], sort_keys=True))
        for name in sorted(facts)
    ]
    with open(FACTS, "w") as file:
        file.write("{\n" + ",\n".join(lines) + "\n}\n")
    np.savez_compressed(NUMBERS, **{key: numbers[key] for key in sorted(numbers)})


def recorded():
    with open(FACTS) as file, np.load(NUMBERS) as numbers:
        return json.load(file), {key: numbers[key] for key in numbers.files}


if __name__ == "__main__":
    import tensorflow

    write(*record(tensorflow))
