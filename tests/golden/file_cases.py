"""The models whose files are exchanged with Keras 2.2.5, and the mixed graph whose checkpoint is.

``build(keras)`` runs on the original and on ours. What is fed comes from ``arrays``, the same on
both sides.
"""

import collections

import layer_cases
import numpy as np
import tensorflow.compat.v1 as tf
from layer_cases import fixed, floats, ids, padded

FileCase = collections.namedtuple("FileCase", "name build feeds tolerance")


def classifier(keras):
    """A Sequential with BatchNormalization and Dropout."""
    layers = keras.layers
    return keras.models.Sequential(
        [
            layers.Dense(5, activation="relu", input_shape=(4,)),
            layers.BatchNormalization(),
            layers.Dropout(0.5),
            layers.Dense(3, activation="softmax"),
        ]
    )


def two_inputs(keras):
    """A functional model: masked tokens into an LSTM, a sequence of numbers into a GRU."""
    layers = keras.layers
    words = layers.Input(shape=(5,), dtype="int32", name="words")
    series = layers.Input(shape=(5, 4), name="series")
    read = layers.LSTM(3, name="reader")(layers.Embedding(7, 2, mask_zero=True)(words))
    followed = layers.GRU(2, reset_after=True)(series)
    scores = layers.Dense(2, activation="sigmoid")(layers.concatenate([read, followed]))
    return keras.models.Model([words, series], [scores, read])


def nested(keras):
    """A Sequential inside a functional model, used twice."""
    layers = keras.layers
    inner = keras.models.Sequential(name="inner")
    inner.add(layers.Dense(3, activation="tanh", input_shape=(4,)))
    inner.add(layers.BatchNormalization())
    first, second = layers.Input(shape=(4,)), layers.Input(shape=(4,))
    return keras.models.Model(
        [first, second], layers.Dense(2)(layers.subtract([inner(first), inner(second)]))
    )


def stateful(keras):
    """A stateful LSTM."""
    model = keras.models.Sequential()
    model.add(keras.layers.LSTM(3, stateful=True, batch_input_shape=(layer_cases.BATCH, 5, 4)))
    model.add(keras.layers.Dense(2))
    return model


FILES = collections.OrderedDict(
    (case.name, case)
    for case in (
        FileCase("classifier", classifier, (floats(4),), 1e-6),
        FileCase("two_inputs", two_inputs, (padded(ids(5)), floats(5, 4)), 1e-5),
        FileCase("nested", nested, (floats(4), floats(4)), 1e-6),
        FileCase("stateful", stateful, (fixed(floats(5, 4)),), 1e-5),
    )
)


def randomize(keras, weights):
    """Gives all weights small random values: positive ones, so that variances are valid too."""
    random = np.random.RandomState(11)
    keras.backend.batch_set_value(
        [
            (w, random.uniform(0.1, 0.6, w.shape.as_list()) - 0.2 * (w.name[-8:] == "kernel:0"))
            for w in weights
        ]
    )


def predictions(keras, model, inputs):
    """Outputs in phase 0, without updates: states of stateful layers stay at zero."""
    K = keras.backend
    return K.function(list(model.inputs) + [K.learning_phase()], list(model.outputs))(
        list(inputs) + [0]
    )


# A graph as TensorFlow users wrote it: layers on raw placeholders, raw variables between them -----

Mixed = collections.namedtuple("Mixed", "placeholders outputs layers")


def mixed_graph(keras):
    """Layers on placeholders, partly under name scopes, and raw variables."""
    layers = keras.layers
    image = tf.placeholder(tf.float32, (None, 4), name="image")
    series = tf.placeholder(tf.float32, (None, 5, 2), name="series")
    with tf.name_scope("tower"):
        dense, norm = layers.Dense(3, activation="relu"), layers.BatchNormalization()
        hidden = norm(dense(image))
        with tf.name_scope("memory"):
            lstm = layers.LSTM(2)
            remembered = lstm(series)
    head = layers.Dense(2, name="head")
    scale = tf.get_variable("scale", (2,), initializer=tf.ones_initializer())
    outputs = head(tf.concat([hidden, remembered], axis=1)) * scale + tf.Variable(
        [0.5, -0.5], name="offset"
    )
    return Mixed([image, series], outputs, [dense, norm, lstm, head])


def mixed_inputs():
    """What the placeholders are fed."""
    random = np.random.RandomState(12)
    return [random.normal(size=shape).astype("float32") for shape in ((3, 4), (3, 5, 2))]


def mixed_outputs(keras, mixed, session):
    """The outputs in phase 0."""
    fed = dict(zip(mixed.placeholders, mixed_inputs()))
    fed[keras.backend.learning_phase()] = 0
    return session.run(mixed.outputs, fed)
