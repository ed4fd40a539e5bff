"""Records what ``tf.layers``, ``tf.nn.rnn_cell`` and ``tf.contrib.rnn`` of TensorFlow 1.15.5 give.

Run it in an environment with that version (``oracles/make_oracles.sh k225`` makes one):

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_core_layers.py

It writes ``core_layers.json`` (names, shapes), ``core_layers.npz`` (arrays, under ``case|entry``)
and checkpoints of some cases.
"""

import json
import os
import shutil

import core_layer_cases
import numpy as np

DIRECTORY = os.path.dirname(os.path.abspath(__file__))
FACTS = os.path.join(DIRECTORY, "core_layers.json")
NUMBERS = os.path.join(DIRECTORY, "core_layers.npz")
CHECKPOINTS = os.path.join(DIRECTORY, "core_checkpoints")
# Of these the weights are kept in a checkpoint, too.
KEPT = ("normalized", "stacked_cells", "network_of_contrib")


def checkpoint(name):
    return os.path.join(CHECKPOINTS, name)


def recorded():
    """``(facts, arrays)`` of all cases, by their names."""
    with open(FACTS) as file:
        facts = json.load(file)
    arrays = {name: {} for name in facts}
    with np.load(NUMBERS) as found:
        for key in found.files:
            name, entry = key.replace("\\", "/").split("|", 1)
            arrays[name][entry.replace("|", "/")] = found[key]
    return facts, arrays


def record(tf):
    facts, arrays = {}, {}
    for name in core_layer_cases.CASES:
        target = checkpoint(name) + "+" if name in KEPT else None
        facts[name], found = core_layer_cases.observe(name, tf, target)
        for entry, value in found.items():
            assert np.isfinite(value).all(), (name, entry)
            arrays["%s|%s" % (name, entry.replace("/", "|"))] = value
    return facts, arrays


if __name__ == "__main__":
    import tensorflow as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    shutil.rmtree(CHECKPOINTS, ignore_errors=True)
    os.makedirs(CHECKPOINTS)
    facts, arrays = record(tf)
    os.remove(os.path.join(CHECKPOINTS, "checkpoint"))
    with open(FACTS, "w") as file:
        lines = ["%s: %s" % (json.dumps(name), json.dumps(facts[name])) for name in sorted(facts)]
        file.write("{\n" + ",\n".join(lines) + "\n}\n")
    np.savez_compressed(NUMBERS, **{key: arrays[key] for key in sorted(arrays)})
