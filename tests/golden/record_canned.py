"""Records what canned estimators and heads of TensorFlow 1.15.5 say.

Run it in an environment with that version (``oracles/make_oracles.sh k225`` makes one):

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_canned.py
"""

import fnmatch
import json
import os
import shutil
import tempfile

import canned_cases

DIRECTORY = os.path.dirname(os.path.abspath(__file__))
FILE = os.path.join(DIRECTORY, "canned.json")
KEPT = ("combined_regressor", "dnn_classifier")  # of these the last checkpoint, too


def kept(name):
    return os.path.join(DIRECTORY, "canned_checkpoints", name)


def _keep(name, directory):
    shutil.rmtree(kept(name), ignore_errors=True)
    os.makedirs(kept(name))
    model = os.path.join(directory, "model")
    last = "model.ckpt-%d." % canned_cases.STEPS
    for file in ("checkpoint", last + "index", *fnmatch.filter(os.listdir(model), last + "data-*")):
        shutil.copy(os.path.join(model, file), kept(name))


def record():
    import tensorflow.compat.v1 as tf

    tf.logging.set_verbosity(tf.logging.ERROR)
    return {
        "canned": {name: _canned(name, tf) for name in canned_cases.CANNED},
        "heads": {
            name: canned_cases.observe_head(name, tf, tf.estimator, tempfile.mkdtemp())
            for name in canned_cases.HEADS
        },
    }


def _canned(name, tf):
    directory = tempfile.mkdtemp()
    observed = canned_cases.observe(name, tf, tf.estimator, directory)
    if name in KEPT:
        _keep(name, directory)
    return observed


if __name__ == "__main__":
    recorded = record()
    with open(FILE, "w") as file:
        json.dump(recorded, file, indent=None, sort_keys=True)
        file.write("\n")
