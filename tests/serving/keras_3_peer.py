"""Keras 3, by itself, on the files that were converted: `keras_3_peer.py <folder>`, or
`keras_3_peer.py -` for those whose paths come line by line; a line is the answer when one is done.

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
    inputs = [given[name] for name in given.files if name.startswith("input")]
    outputs = model(inputs[0] if len(inputs) == 1 else inputs, training=False)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    np.savez(path.replace(".keras", ".found"), *[np.asarray(each) for each in outputs])
    if "target0" in given.files:
        train(path, inputs, [given[name] for name in given.files if name.startswith("target")])


def train(path, inputs, targets):
    """Steps of training as the file says; what the model then gives."""
    import keras

    model = keras.saving.load_model(path)
    inputs, targets = [each if len(each) > 1 else each[0] for each in (inputs, targets)]
    for _ in range(3):
        model.train_on_batch(inputs, targets)
    outputs = model.predict(inputs, verbose=0)
    outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
    np.savez(path.replace(".keras", ".trained"), *outputs)


def attempt(path):
    try:
        run(path)
    except Exception:
        with open(path.replace(".keras", ".error"), "w") as file:
            traceback.print_exc(file=file)


if __name__ == "__main__":
    if sys.argv[1] == "-":
        for line in sys.stdin:
            attempt(line.strip())
            print("done", flush=True)
    else:
        for path in sorted(glob.glob(os.path.join(sys.argv[1], "*.keras"))):
            attempt(path)
