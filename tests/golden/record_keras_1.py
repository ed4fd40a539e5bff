"""Whole models as Keras 1.2.2 saved them, with TensorFlow 1.0 and with Theano.

Run it in an environment with Keras 1.2.2 (``oracles/make_oracles.sh k122`` makes one), once for
each backend:

    KERAS_BACKEND=tensorflow ~/.cache/tfkeras-oracles/k122/bin/python tests/golden/record_keras_1.py
    KERAS_BACKEND=theano ~/.cache/tfkeras-oracles/k122/bin/python tests/golden/record_keras_1.py

It writes ``files/keras_1/NAME.h5``, and ``NAME.npz`` beside it: the inputs, and what the model
gives. Names of models in which axes are ordered as Theano has them end in ``_th``; those that
Theano wrote begin with ``theano_``.
"""

import importlib
import os

import numpy as np

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "files", "keras_1")
BATCH = 3


def mlp(keras):
    """Layers with the most changed arguments, trained with the most used optimizer."""
    layers = keras.layers
    model = keras.models.Sequential()
    model.add(
        layers.Dense(
            5,
            input_dim=4,
            init="he_normal",
            W_regularizer=keras.regularizers.l1l2(0.01, 0.02),
            W_constraint=keras.constraints.maxnorm(2),
            b_constraint=keras.constraints.nonneg(),
        )
    )
    model.add(layers.BatchNormalization(mode=0, gamma_init="one"))
    model.add(layers.advanced_activations.PReLU())
    model.add(layers.Dropout(0.5))
    model.add(layers.MaxoutDense(4, nb_feature=2))
    model.add(layers.Highway(activation="tanh", activity_regularizer=None))
    model.add(layers.noise.GaussianNoise(sigma=0.1))
    model.add(layers.Dense(3, activation="softmax"))
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model, [(4,)]


def cnn(ordering):
    def build(keras):
        layers = keras.layers
        shape = (7, 7, 2) if ordering == "tf" else (2, 7, 7)
        o = {"dim_ordering": ordering}
        model = keras.models.Sequential()
        model.add(layers.ZeroPadding2D((1, 1), input_shape=shape, **o))
        model.add(layers.Convolution2D(3, 3, 3, border_mode="same", init="glorot_normal", **o))
        model.add(layers.BatchNormalization(axis=3 if ordering == "tf" else 1))
        model.add(layers.Activation("relu"))
        model.add(layers.MaxPooling2D((2, 2), strides=(2, 2), border_mode="valid", **o))
        model.add(layers.Convolution2D(2, 2, 3, subsample=(1, 1), bias=False, **o))
        model.add(layers.UpSampling2D((2, 2), **o))
        model.add(layers.Cropping2D(((1, 0), (0, 1)), **o))
        model.add(layers.AtrousConvolution2D(2, 2, 2, atrous_rate=(2, 2), **o))
        model.add(layers.AveragePooling2D((2, 1), **o))
        model.add(layers.Flatten())
        model.add(layers.Dense(2))
        model.compile(keras.optimizers.SGD(lr=0.01, momentum=0.9, nesterov=True), "mse")
        return model, [shape]

    return build


def other_convolutions(keras):
    layers = keras.layers
    series = layers.Input(shape=(6, 3))
    image = layers.Input(shape=(5, 5, 2))
    x = layers.Convolution1D(4, 2, border_mode="same", activation="tanh")(series)
    x = layers.MaxPooling1D(pool_length=2)(layers.UpSampling1D(length=2)(x))
    x = layers.LocallyConnected1D(3, 2)(x)
    y = layers.SeparableConvolution2D(3, 2, 2, depth_multiplier=2)(image)
    y = layers.Deconvolution2D(2, 2, 2, output_shape=(None, 5, 5, 2))(y)
    y = layers.LocallyConnected2D(2, 2, 2)(y)
    outputs = [layers.GlobalMaxPooling1D()(x), layers.GlobalAveragePooling2D()(y)]
    return keras.models.Model([series, image], outputs), [(6, 3), (5, 5, 2)]


def recurrent(keras):
    """Layers of gates, in all ways to compute them; wrapped, stateful, with dropout."""
    layers = keras.layers
    model = keras.models.Sequential()
    model.add(layers.LSTM(4, return_sequences=True, input_dim=3, input_length=5, dropout_W=0.2))
    model.add(layers.Bidirectional(layers.LSTM(3, return_sequences=True, consume_less="gpu")))
    model.add(layers.GRU(3, return_sequences=True, inner_activation="sigmoid"))
    model.add(layers.TimeDistributed(layers.Dense(2, activation="tanh")))
    model.add(layers.SimpleRNN(2, consume_less="mem", U_regularizer="l2"))
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"])
    return model, [(5, 3)]


def functional(keras):
    """Merged, shared and nested: as ``merge`` wrote it into a graph of layers."""
    layers = keras.layers
    left, right = layers.Input(shape=(4,), name="left"), layers.Input(shape=(4,), name="right")
    shared = layers.Dense(3, activation="tanh", name="shared")
    inner = keras.models.Sequential([layers.Dense(3, input_dim=4), layers.BatchNormalization()])
    a, b, c = shared(left), shared(right), inner(right)
    merged = [layers.merge([a, b], mode=mode) for mode in ("sum", "mul", "ave", "max")]
    joined = layers.merge(merged + [c], mode="concat", concat_axis=-1, name="joined")
    dotted = layers.merge([a, c], mode="dot", dot_axes=1)
    turned = layers.merge([b, c], mode="cos", dot_axes=1)
    outputs = [layers.Dense(2, name="value")(joined), dotted, turned]
    return keras.models.Model([left, right], outputs), [(4,), (4,)]


def merged_branches(keras):
    """A Sequential on top of two, joined by a ``Merge`` layer, as Keras 1's examples had it."""
    layers = keras.layers
    left, right = keras.models.Sequential(), keras.models.Sequential()
    left.add(layers.Dense(3, input_dim=4))
    left.add(layers.Activation("relu"))
    right.add(layers.Embedding(6, 3, input_length=2))
    right.add(layers.Flatten())
    right.add(layers.Dense(3, name="deeper"))  # the branches are stored one after the other
    model = keras.models.Sequential()
    model.add(layers.Merge([left, right], mode="concat"))
    model.add(layers.Dense(2, activation="softmax"))
    model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    return model, [(4,), None]


CASES = {
    "tensorflow": {
        "mlp": mlp,
        "cnn": cnn("tf"),
        "cnn_th": cnn("th"),
        "other_convolutions": other_convolutions,
        "recurrent": recurrent,
        "functional": functional,
        "merged_branches": merged_branches,
    },
    "theano": {"theano_cnn_th": cnn("th"), "theano_cnn": cnn("tf"), "theano_recurrent": recurrent},
}


def _inputs(shapes):
    random = np.random.RandomState(8)
    return [
        random.randint(0, 6, (BATCH, 2)) if shape is None else random.normal(size=(BATCH,) + shape)
        for shape in shapes
    ]


def record(keras, name, build):
    model, shapes = build(keras)
    random = np.random.RandomState(9)
    model.set_weights(
        [random.uniform(0.1, 0.9, w.shape) - 0.4 * (w.ndim > 1) for w in model.get_weights()]
    )
    inputs = _inputs(shapes)
    outputs = _as_list(model.predict(inputs if len(inputs) > 1 else inputs[0]))
    if hasattr(model, "optimizer"):
        model.train_on_batch(
            inputs if len(inputs) > 1 else inputs[0], np.eye(BATCH)[:, : outputs[0].shape[1]]
        )
        outputs = _as_list(model.predict(inputs if len(inputs) > 1 else inputs[0]))
    model.save(os.path.join(FOLDER, name + ".h5"))
    arrays = {"input%d" % i: x for i, x in enumerate(inputs)}
    arrays.update(("output%d" % i, y) for i, y in enumerate(outputs))
    np.savez_compressed(os.path.join(FOLDER, name + ".npz"), **arrays)


def _as_list(value):
    return value if isinstance(value, list) else [value]


if __name__ == "__main__":
    import keras

    if keras.backend.backend() == "theano":
        importlib.import_module("theano.ifelse")  # as Theano 0.8 did, which Keras 1.2 was made for

    os.makedirs(FOLDER, exist_ok=True)
    for name, build in CASES[keras.backend.backend()].items():
        record(keras, name, build)
