"""Trains the models of ``continued_cases`` with Keras 2.2.5, saves them, and trains on.

Run it in an environment with Keras 2.2.5 (``oracles/make_oracles.sh k225`` makes one):

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_continued.py

It writes ``files/continued/NAME.h5``, the model after some steps, and ``continued.npz`` beside it:
what the original gives when it loads this file and trains on, under ``NAME/what``. With a folder as
argument it trains on from the files that are there, and writes ``FOLDER/continued.npz`` only.

The original is made to compute all new values before it assigns the first, as ``record_training``
says.
"""

import os
import sys

import continued_cases
import numpy as np
from record_training import deterministic

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files", "continued")


def train_and_save_all(keras, folder):
    with deterministic(keras):
        for name in continued_cases.CASES:
            keras.backend.clear_session()
            continued_cases.train_and_save(keras, name, _path(folder, name))


def go_on_from_all(keras, folder):
    """What the original gives for the files that are in a folder, by ``NAME/what``."""
    answers = {}
    names = [name for name in continued_cases.CASES if os.path.exists(_path(folder, name))]
    with deterministic(keras):
        for name in names:
            keras.backend.clear_session()
            found = continued_cases.go_on(keras, name, _path(folder, name))
            answers.update({"%s/%s" % (name, what): found[what] for what in found})
    return answers


def _path(folder, name):
    return os.path.join(folder, name + ".h5")


if __name__ == "__main__":
    import keras

    folder = sys.argv[1] if len(sys.argv) > 1 else FOLDER
    if folder == FOLDER:
        os.makedirs(folder, exist_ok=True)
        train_and_save_all(keras, folder)
    np.savez_compressed(os.path.join(folder, "continued.npz"), **go_on_from_all(keras, folder))
