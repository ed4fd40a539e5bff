"""What is measured: the networks of the table, their data, and the same networks written by hand.

``KERAS`` holds functions of a Keras (ours, or the peer's), which give a compiled model; ``RAW``
holds functions of ``tensorflow.compat.v1``, which give what an expert writes in their place:
placeholders, a training operation and the outputs. Both draw from ``DATA``.
"""

import collections

import numpy as np

Raw = collections.namedtuple("Raw", "inputs targets train_op outputs loss extra_feed")
Data = collections.namedtuple("Data", "x y batch_size")

_BATCHES = 40


def _random(batch_size, x_shape, y_shape, batches=_BATCHES, classes=None):
    random = np.random.RandomState(0)
    samples = batch_size * batches
    x = random.rand(samples, *x_shape).astype("float32")
    if classes is None:
        return Data(x, random.rand(samples, *y_shape).astype("float32"), batch_size)
    y = np.eye(classes, dtype="float32")[random.randint(classes, size=samples)]
    return Data(x, y, batch_size)


def _words():
    random = np.random.RandomState(0)
    x = random.randint(20000, size=(32 * 8, 80)).astype("float32")
    return Data(x, random.randint(2, size=(32 * 8, 1)).astype("float32"), 32)


DATA = {
    "mlp": lambda: _random(50, (784,), None, batches=200, classes=10),
    "cnn": lambda: _random(64, (28, 28, 1), None, batches=20, classes=10),
    "autoencoder": lambda: _random(64, (32, 32, 3), (32, 32, 3), batches=10),
    "lstm": lambda: _random(32, (20, 64), None, batches=80, classes=10),
    "lstm_hard_sigmoid": lambda: _random(32, (20, 64), None, batches=80, classes=10),
    "embedding_lstm": _words,
    "predict": lambda: _random(32, (784,), None, batches=313, classes=10),
}

# ---- with Keras ---------------------------------------------------------------------------------


def _mlp(keras):
    layers = keras.layers
    model = keras.models.Sequential(
        [
            layers.Dense(128, activation="relu", input_shape=(784,)),
            layers.Dropout(0.5),
            layers.Dense(128, activation="relu"),
            layers.Dropout(0.5),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    return model


def _cnn(keras):
    layers = keras.layers
    model = keras.models.Sequential(
        [
            layers.Conv2D(32, 3, activation="relu", input_shape=(28, 28, 1)),
            layers.MaxPooling2D(2),
            layers.Conv2D(64, 3, activation="relu"),
            layers.MaxPooling2D(2),
            layers.Flatten(),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("adam", "categorical_crossentropy", metrics=["accuracy"])
    return model


def _autoencoder(keras):
    layers = keras.layers
    model = keras.models.Sequential(
        [
            layers.Conv2D(32, 3, activation="relu", padding="same", input_shape=(32, 32, 3)),
            layers.MaxPooling2D(2, padding="same"),
            layers.Conv2D(32, 3, activation="relu", padding="same"),
            layers.UpSampling2D(2),
            layers.Conv2D(3, 3, activation="sigmoid", padding="same"),
        ]
    )
    model.compile("adadelta", "binary_crossentropy", metrics=["accuracy"])
    return model


def _lstm(keras, gates="sigmoid"):
    layers = keras.layers
    model = keras.models.Sequential(
        [
            layers.LSTM(32, recurrent_activation=gates, input_shape=(20, 64)),
            layers.Dense(10, activation="softmax"),
        ]
    )
    model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"])
    return model


def _embedding_lstm(keras):
    layers = keras.layers
    model = keras.models.Sequential(
        [
            layers.Embedding(20000, 128, input_length=80),
            layers.LSTM(128, recurrent_activation="sigmoid"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )
    model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
    return model


KERAS = {
    "mlp": _mlp,
    "cnn": _cnn,
    "autoencoder": _autoencoder,
    "lstm": _lstm,
    "lstm_hard_sigmoid": lambda keras: _lstm(keras, "hard_sigmoid"),
    "embedding_lstm": _embedding_lstm,
    "predict": _mlp,
}

# ---- by hand ------------------------------------------------------------------------------------


def _weight(tf, shape, name):
    fan = float(np.prod(shape[:-1]) + shape[-1])
    return tf.Variable(tf.random_uniform(shape, -1.0, 1.0) * (6.0 / fan) ** 0.5, name=name)


def _bias(tf, units):
    return tf.Variable(tf.zeros([units]))


def _dense(tf, x, units):
    return tf.matmul(x, _weight(tf, [int(x.shape[-1]), units], "w")) + _bias(tf, units)


def _conv(tf, x, filters, padding):
    kernel = _weight(tf, [3, 3, int(x.shape[-1]), filters], "k")
    return tf.nn.conv2d(x, kernel, [1, 1, 1, 1], padding) + _bias(tf, filters)


def _classified(tf, logits, y):
    return tf.reduce_mean(tf.nn.softmax_cross_entropy_with_logits_v2(labels=y, logits=logits))


def _raw_mlp(tf, x=None, y=None, global_step=None):
    x = tf.placeholder(tf.float32, [None, 784]) if x is None else x
    y = tf.placeholder(tf.float32, [None, 10]) if y is None else y
    rate = tf.placeholder_with_default(0.0, [])  # so that the network can be used, too
    hidden = tf.nn.dropout(tf.nn.relu(_dense(tf, x, 128)), rate=rate)
    hidden = tf.nn.dropout(tf.nn.relu(_dense(tf, hidden, 128)), rate=rate)
    logits = _dense(tf, hidden, 10)
    loss = _classified(tf, logits, y)
    train_op = tf.train.GradientDescentOptimizer(0.01).minimize(loss, global_step)
    return Raw(x, y, train_op, tf.nn.softmax(logits), loss, {rate: 0.5})


def _raw_cnn(tf):
    x, y = tf.placeholder(tf.float32, [None, 28, 28, 1]), tf.placeholder(tf.float32, [None, 10])
    hidden = tf.nn.max_pool2d(tf.nn.relu(_conv(tf, x, 32, "VALID")), 2, 2, "VALID")
    hidden = tf.nn.max_pool2d(tf.nn.relu(_conv(tf, hidden, 64, "VALID")), 2, 2, "VALID")
    logits = _dense(tf, tf.reshape(hidden, [-1, 5 * 5 * 64]), 10)
    loss = _classified(tf, logits, y)
    train_op = tf.train.AdamOptimizer(0.001).minimize(loss)
    return Raw(x, y, train_op, tf.nn.softmax(logits), loss, {})


def _raw_autoencoder(tf):
    x, y = [tf.placeholder(tf.float32, [None, 32, 32, 3]) for _ in range(2)]
    hidden = tf.nn.max_pool2d(tf.nn.relu(_conv(tf, x, 32, "SAME")), 2, 2, "SAME")
    hidden = tf.nn.relu(_conv(tf, hidden, 32, "SAME"))
    logits = _conv(tf, tf.image.resize_nearest_neighbor(hidden, [32, 32]), 3, "SAME")
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits))
    train_op = tf.train.AdadeltaOptimizer(1.0, 0.95, 1e-7).minimize(loss)
    return Raw(x, y, train_op, tf.sigmoid(logits), loss, {})


def _lstm_loop(tf, x, units, gate):
    """The last output of an LSTM as a loop: all inputs in one product, one product each step."""
    steps, size = int(x.shape[1]), int(x.shape[2])
    kernel, recurrent = _weight(tf, [size, 4 * units], "w"), _weight(tf, [units, 4 * units], "u")
    projected = tf.reshape(x, [-1, size]) @ kernel + _bias(tf, 4 * units)
    projected = tf.transpose(tf.reshape(projected, [-1, steps, 4 * units]), [1, 0, 2])
    inputs = tf.TensorArray(tf.float32, steps).unstack(projected)

    def body(time, output, carry):
        i, f, c, o = tf.split(inputs.read(time) + output @ recurrent, 4, axis=1)
        carry = gate(f) * carry + gate(i) * tf.tanh(c)
        return time + 1, gate(o) * tf.tanh(carry), carry

    zeros = tf.zeros([tf.shape(x)[0], units])
    return tf.while_loop(lambda time, *_: time < steps, body, [0, zeros, zeros])[1]


def _raw_lstm(tf, gate=None):
    x, y = tf.placeholder(tf.float32, [None, 20, 64]), tf.placeholder(tf.float32, [None, 10])
    logits = _dense(tf, _lstm_loop(tf, x, 32, gate or tf.sigmoid), 10)
    loss = _classified(tf, logits, y)
    train_op = tf.train.GradientDescentOptimizer(0.01).minimize(loss)
    return Raw(x, y, train_op, tf.nn.softmax(logits), loss, {})


def _raw_lstm_hard_sigmoid(tf):
    return _raw_lstm(tf, lambda x: tf.clip_by_value(0.2 * x + 0.5, 0.0, 1.0))


def _raw_embedding_lstm(tf):
    x, y = tf.placeholder(tf.int32, [None, 80]), tf.placeholder(tf.float32, [None, 1])
    embeddings = tf.Variable(tf.random_uniform([20000, 128], -0.05, 0.05))
    hidden = _lstm_loop(tf, tf.nn.embedding_lookup(embeddings, x), 128, tf.sigmoid)
    logits = _dense(tf, hidden, 1)
    loss = tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits))
    train_op = tf.train.AdamOptimizer(0.001).minimize(loss)
    return Raw(x, y, train_op, tf.sigmoid(logits), loss, {})


RAW = {
    "mlp": _raw_mlp,
    "cnn": _raw_cnn,
    "autoencoder": _raw_autoencoder,
    "lstm": _raw_lstm,
    "lstm_hard_sigmoid": _raw_lstm_hard_sigmoid,
    "embedding_lstm": _raw_embedding_lstm,
    "predict": _raw_mlp,
}
