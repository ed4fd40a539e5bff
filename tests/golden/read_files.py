"""Reads weights files with the Keras of this interpreter: ``read_files.py FOLDER``.

For every case of ``file_cases`` it loads ``FOLDER/NAME.weights.h5`` and writes what the model then
gives to ``FOLDER/NAME.read.npz``.
"""

import os
import sys

import file_cases
import layer_cases
import numpy as np


def read(keras, folder, case):
    keras.backend.clear_session()
    model = case.build(keras)
    model.load_weights(os.path.join(folder, case.name + ".weights.h5"))
    np.savez(
        os.path.join(folder, case.name + ".read.npz"),
        *file_cases.predictions(keras, model, layer_cases.arrays(case)),
    )


def read_all(keras, folder):
    for case in file_cases.FILES.values():
        read(keras, folder, case)


if __name__ == "__main__":
    import keras

    read_all(keras, sys.argv[1])
