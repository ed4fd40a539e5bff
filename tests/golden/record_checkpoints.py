"""Writes the checkpoints of ``files/checkpoints`` with the originals, for ``convert``.

Run it in the environments that ``oracles/make_oracles.sh`` makes:

    ~/.cache/tfkeras-oracles/k122/bin/python tests/golden/record_checkpoints.py 1.2
    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_checkpoints.py 2.2
    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_checkpoints.py tf.keras
    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_checkpoints.py tf.keras.objects
    ~/.cache/tfkeras-oracles/peer/bin/python tests/golden/record_checkpoints.py tf_keras.objects

For each: ``NAME.json`` (``to_json``), ``NAME.ckpt`` (``tf.train.Saver`` or, of objects,
``save_weights``, with the state of an optimizer) and ``NAME.npz`` (inputs and outputs).
"""

import importlib
import os
import sys

import numpy as np

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files", "checkpoints")
MODULES = {
    "1.2": "keras",
    "2.2": "keras",
    "tf.keras": "tensorflow.keras",
    "tf.keras.objects": "tensorflow.keras",
    "tf_keras.objects": "tf_keras",
}


def built(keras, of_objects):
    layers = keras.layers
    model = keras.models.Sequential()
    model.add(layers.LSTM(3, return_sequences=True, input_shape=(4, 2)))
    if of_objects:
        model.add(layers.Bidirectional(layers.LSTM(2, return_sequences=True)))
        model.add(keras.models.Sequential([layers.Dense(3, input_shape=(4, 4)), layers.PReLU()]))
    model.add(layers.BatchNormalization())
    model.add(layers.GRU(3, return_sequences=True))
    model.add(layers.Flatten())
    model.add(layers.Dense(2, activation="tanh"))
    return model


def record(name):
    import tensorflow as tf

    tf = getattr(tf, "compat", tf).v1 if hasattr(tf, "compat") and name != "1.2" else tf
    keras = importlib.import_module(MODULES[name])
    of_objects = name.endswith("objects")
    model = built(keras, of_objects)
    random = np.random.RandomState(5)
    for layer in model.layers:
        layer.set_weights([random.uniform(0.2, 0.8, w.shape) for w in layer.get_weights()])
    x = random.normal(size=(3, 4, 2)).astype("float32")
    model.compile("adam", "mse")
    model.train_on_batch(x, np.zeros((3, 2)))
    path = os.path.join(HERE, name)
    if of_objects:
        model.save_weights(path + ".ckpt")
    else:
        tf.train.Saver().save(keras.backend.get_session(), path + ".ckpt", write_meta_graph=False)
    os.remove(os.path.join(HERE, "checkpoint"))  # a note of absolute paths
    with open(path + ".json", "w") as file:
        file.write(model.to_json(indent=1) + "\n")
    np.savez_compressed(path + ".npz", input0=x, output0=model.predict(x))


if __name__ == "__main__":
    if not os.path.isdir(HERE):
        os.makedirs(HERE)
    record(sys.argv[1])
