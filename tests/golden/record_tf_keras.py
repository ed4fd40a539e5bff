"""Whole models as tf.keras of TensorFlow 1.15, tf_keras, Keras 3 and other Keras 2 save them.

Run it in the environments that ``oracles/make_oracles.sh`` makes; the argument is the module:

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_tf_keras.py tensorflow.keras
    ~/.cache/tfkeras-oracles/peer/bin/python tests/golden/record_tf_keras.py tf_keras
    ~/.cache/tfkeras-oracles/peer/bin/python tests/golden/record_tf_keras.py keras

and, in the first of them, with ``keras`` from ``pip download --no-deps keras==2.0.8`` (or 2.3.1)
ahead on the path, and the folder and names as further arguments:

    PYTHONPATH=keras-2.0.8 .../python tests/golden/record_tf_keras.py keras keras_2_0 nested
    PYTHONPATH=keras-2.3.1 .../python tests/golden/record_tf_keras.py keras keras_2_3 nested images

It writes ``files/MODULE/NAME.h5`` in HDF5 and
``NAME.npz``: the inputs, and what the model gives. Of Keras 3, whose models are not for us, it
writes one model and its weights in the layout that it uses for them.
"""

import importlib
import os
import sys

import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files")
BATCH = 3


def images(keras):
    """Convolutions of most kinds, normalization of named axes, a frozen layer."""
    layers = keras.layers
    model = keras.models.Sequential(name="images")
    model.add(layers.Conv2D(3, 3, activation="relu", input_shape=(8, 8, 2)))
    model.add(layers.BatchNormalization())
    model.add(layers.SeparableConv2D(4, 2, padding="same", kernel_regularizer="l2"))
    model.add(layers.DepthwiseConv2D(2, activation="tanh"))
    model.add(layers.MaxPooling2D())
    model.add(layers.Conv2DTranspose(2, 2, trainable=False, use_bias=False))
    model.add(layers.GlobalAveragePooling2D())
    model.add(layers.Dense(2, kernel_constraint="max_norm", kernel_initializer="he_normal"))
    model.compile("rmsprop", "mse", metrics=["mae"])
    return model, [(8, 8, 2)]


def series(keras):
    """Recurrent layers, wrapped and not, on embedded tokens."""
    layers = keras.layers
    tokens = layers.Input((5,), name="tokens")
    x = layers.Embedding(6, 3, mask_zero=True)(tokens)
    x = layers.LSTM(3, return_sequences=True)(x)
    x = layers.Bidirectional(layers.GRU(2, return_sequences=True))(x)
    outputs = layers.Dense(2, activation="softmax", name="kind")(layers.SimpleRNN(3)(x))
    model = keras.models.Model(tokens, outputs)
    model.compile("sgd", {"kind": "categorical_crossentropy"}, metrics=["accuracy"])
    return model, [None]


def nested(keras):
    """A model of models, with two outputs and a loss for each."""
    layers = keras.layers
    inner = keras.models.Sequential(name="inner")
    inner.add(layers.Dense(3, activation="tanh", input_shape=(4,)))
    inner.add(layers.BatchNormalization())
    left, right = layers.Input((4,), name="left"), layers.Input((4,), name="right")
    joined = layers.concatenate([inner(left), inner(right)])
    outputs = [layers.Dense(2, name="a")(joined), layers.PReLU(name="b")(joined)]
    model = keras.models.Model([left, right], outputs, name="outer")
    model.compile(
        keras.optimizers.Adam(0.01),
        {"a": "mse", "b": keras.losses.mean_absolute_error},
        metrics={"a": ["mae"], "b": ["mse"]},
        loss_weights={"a": 1.0, "b": 0.5},
    )
    return model, [(4,), (4,)]


CASES = {"images": images, "series": series, "nested": nested}


def _inputs(shapes):
    random = np.random.RandomState(8)
    return [
        random.randint(0, 6, (BATCH, 5)) if shape is None else random.normal(size=(BATCH,) + shape)
        for shape in shapes
    ]


def record(keras, name, folder):
    model, shapes = CASES[name](keras)
    random = np.random.RandomState(9)
    model.set_weights(
        [random.uniform(0.1, 0.9, w.shape) - 0.4 * (w.ndim > 1) for w in model.get_weights()]
    )
    inputs = _inputs(shapes)
    fed = inputs if len(inputs) > 1 else inputs[0]
    targets = [np.full_like(y, 0.5) for y in _as_list(model.predict(fed))]
    model.train_on_batch(fed, targets if len(targets) > 1 else targets[0])
    arrays = {"input%d" % i: x for i, x in enumerate(inputs)}
    arrays.update(("output%d" % i, y) for i, y in enumerate(_as_list(model.predict(fed))))
    np.savez_compressed(os.path.join(folder, name + ".npz"), **arrays)
    model.save(os.path.join(folder, name + ".h5"))
    return model


def _as_list(value):
    return value if isinstance(value, list) else [value]


def record_keras_3(keras, folder):
    model = record(keras, "nested", folder)
    model.save_weights(os.path.join(folder, "nested.weights.h5"))


if __name__ == "__main__":
    module = sys.argv[1]
    folder = sys.argv[2] if len(sys.argv) > 2 else module.replace(".", "_")
    folder = os.path.join(FOLDER, folder)
    os.makedirs(folder, exist_ok=True)
    keras = importlib.import_module(module)
    if keras.__version__.startswith("3"):
        record_keras_3(keras, folder)
    else:
        for name in sys.argv[3:] or CASES:
            keras.backend.clear_session()
            record(keras, name, folder)
