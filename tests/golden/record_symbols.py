"""Records what TensorFlow 1.15.5 gives for every case of ``symbol_cases``.

~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_symbols.py
"""

import importlib
import json
import os
import sys
import tempfile

import symbol_cases

FILE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "symbols.json")
# What 1.15 offers to import only.
PATHS = (
    "contrib.learn.python.learn.learn_runner",
    "contrib.learn.python.learn.utils.saved_model_export_utils",
    "contrib.training.python.training.hparam",
    "examples.tutorials.mnist.input_data",
    "python.feature_column.feature_column",
    "python.framework.ops",
    "python.saved_model.builder",
    "python.saved_model.signature_constants",
    "python.saved_model.signature_def_utils_impl",
    "python.saved_model.tag_constants",
)


def recorded():
    with open(FILE) as file:
        return json.load(file)


def _write(tf):
    found = {}
    for name in symbol_cases.CASES:
        with tempfile.TemporaryDirectory() as folder:
            found[name] = symbol_cases.observe(tf, name, folder)
    with open(FILE, "w") as file:
        json.dump(found, file, indent=1, sort_keys=True)
        file.write("\n")


def _bind(path):
    """Lets a module that scripts import be found among the attributes of the packages above it."""
    for end in [at for at, letter in enumerate(path) if letter == "."] + [len(path)]:
        module = importlib.import_module(path[:end])
        parent, _, name = path[:end].rpartition(".")
        if parent:
            setattr(sys.modules[parent], name, module)


if __name__ == "__main__":
    import tensorflow

    for path in PATHS:
        _bind("tensorflow." + path)
    _write(tensorflow)
