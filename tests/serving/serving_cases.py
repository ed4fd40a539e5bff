"""What is exported: models and plain tensors, each with the arrays to feed."""

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.layers import (
    LSTM,
    BatchNormalization,
    Conv2D,
    Dense,
    Dropout,
    Flatten,
    Input,
    Masking,
    MaxPooling2D,
    concatenate,
)
from tfkeras_compat.models import Model, Sequential


def mlp():
    model = Sequential([Dense(8, input_shape=(5,), activation="relu"), Dropout(0.5)])
    model.add(Dense(3, activation="softmax"))
    return model, [np.random.rand(4, 5)]


def cnn():
    model = Sequential([Conv2D(4, 3, input_shape=(8, 8, 2), activation="relu")])
    for layer in (BatchNormalization(), Dropout(0.3), MaxPooling2D(), Flatten()):
        model.add(layer)
    model.add(Dense(3, activation="softmax"))
    model.compile("adam", "categorical_crossentropy")
    model.fit(np.random.rand(8, 8, 8, 2), np.eye(3)[np.arange(8) % 3], verbose=0)
    return model, [np.random.rand(4, 8, 8, 2)]


def masked_lstm():
    model = Sequential([Masking(0.0, input_shape=(5, 3)), LSTM(4, dropout=0.2), Dense(2)])
    x = np.random.rand(4, 5, 3)
    x[1, 2:] = x[2, :1] = 0.0
    return model, [x]


def two_and_two():
    a, b = Input((3,), name="a"), Input((2,), name="b")
    hidden = Dropout(0.5)(concatenate([a, b]))
    outputs = [Dense(2, name="p")(hidden), Dense(1, name="q", activation="sigmoid")(hidden)]
    return Model([a, b], outputs), [np.random.rand(4, 3), np.random.rand(4, 2)]


def raw():
    x = tf.placeholder(tf.float32, (None, 4), name="x")
    factor = tf.Variable(2.0, name="factor")
    hidden = Dropout(0.5)(BatchNormalization()(Dense(3)(x * factor)))
    scores = tf.nn.softmax(hidden, name="scores")
    tf.train.AdamOptimizer().minimize(tf.reduce_sum(scores))
    return ({"x": x}, {"scores": scores}), [np.random.rand(4, 4)]


CASES = {each.__name__: each for each in (mlp, cnn, masked_lstm, two_and_two, raw)}


def made(name):
    """What is exported, the arrays to feed by name, and what the session gives for them."""
    from tfkeras_compat.serving.inference import named_tensors

    exported, arrays = CASES[name]()
    inputs, outputs = named_tensors(exported)
    fed = {key: array.astype("float32") for key, array in zip(inputs, arrays)}
    values = K.get_session().run(outputs, {inputs[key]: array for key, array in fed.items()})
    return exported, fed, values
