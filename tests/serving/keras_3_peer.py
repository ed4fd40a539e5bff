"""Keras 3, by itself, on the files that were converted: `keras_3_peer.py <folder>`.

For each `<case>.keras` there is `<case>.npz` with inputs and expected outputs; what Keras 3 gives
is written to `<case>.found.npz`, an error to `<case>.error`.
"""

import glob
import os
import sys
import traceback

os.environ.setdefault("KERAS_BACKEND", "tensorflow")

import numpy as np


def run(path):
    import keras

    model = keras.saving.load_model(path, compile=False)
    given = np.load(path.replace(".keras", ".npz"))
    inputs = [given["input%d" % number] for number in range(len(given.files))]
    outputs = model(inputs[0] if len(inputs) == 1 else inputs, training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    np.savez(path.replace(".keras", ".found"), *[np.asarray(each) for each in outputs])


if __name__ == "__main__":
    for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.keras"))):
        try:
            run(path)
        except Exception:
            with open(path.replace(".keras", ".error"), "w") as file:
                traceback.print_exc(file=file)
