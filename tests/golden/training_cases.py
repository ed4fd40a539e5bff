"""Models, data and optimizers for runs of training: 20 steps from equal weights on equal batches.

``Runs(keras, name).run(optimizer_name)`` works with Keras 2.2.5 and with ours.
"""

import numpy as np
import tensorflow.compat.v1 as tf

STEPS = 20
BATCH = 8
DISTINCT_BATCHES = 4


class Case:
    """A model: how it is built and compiled, and what data it takes."""

    def __init__(self, build, inputs, targets, loss, metrics, loss_weights=None):
        self.build = build
        self.inputs = inputs
        self.targets = targets
        self.compiled_with = {"loss": loss, "metrics": metrics, "loss_weights": loss_weights}


def _mlp(keras):
    layers = keras.layers
    return keras.models.Sequential(
        [
            layers.Dense(8, activation="tanh", input_shape=(5,)),
            layers.Dense(6, activation="relu", kernel_regularizer=keras.regularizers.l2(0.01)),
            layers.Dense(3, activation="softmax"),
        ]
    )


def _cnn(keras):
    layers = keras.layers
    return keras.models.Sequential(
        [
            layers.Conv2D(3, 3, activation="tanh", input_shape=(8, 8, 2)),
            layers.MaxPooling2D(2),
            layers.Conv2D(4, 2, padding="same", activation="tanh"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax"),
        ]
    )


def _lstm(keras):
    layers = keras.layers
    return keras.models.Sequential(
        [layers.LSTM(5, input_shape=(4, 3)), layers.Dense(1, activation="sigmoid")]
    )


def _several_outputs(keras):
    layers = keras.layers
    left, right = layers.Input((4,), name="left"), layers.Input((3,), name="right")
    shared = layers.Dense(5, activation="tanh", name="shared")
    hidden = layers.concatenate([shared(left), layers.Dense(4, activation="elu")(right)])
    value = layers.Dense(2, name="value")(hidden)
    kind = layers.Dense(1, activation="sigmoid", name="kind")(layers.add([hidden, hidden]))
    return keras.models.Model([left, right], [value, kind])


def _normalized(keras):
    layers = keras.layers
    return keras.models.Sequential(
        [
            # A bias here would have no gradient but rounding errors, which Adam makes steps of.
            layers.Dense(6, use_bias=False, input_shape=(5,)),
            layers.BatchNormalization(momentum=0.9),
            layers.Activation("tanh"),
            layers.Dropout(0.0),
            layers.Dense(2),
        ]
    )


def _shared_embedding(keras):
    # Gradients come as slices: rows repeat within an input and between the two, some never occur.
    layers = keras.layers
    inputs = [layers.Input((4,), dtype="int32", name=name) for name in ("left", "right")]
    words = layers.Embedding(9, 3, name="words")
    codes = layers.concatenate([layers.Flatten()(words(each)) for each in inputs])
    return keras.models.Model(inputs, layers.Dense(1, activation="sigmoid")(codes))


def _classes(random, count):
    return np.eye(3)[random.randint(0, 3, count)]


def _values(*shape):
    return lambda random, count: random.normal(size=(count,) + shape)


def _rows(below):
    return lambda random, count: random.randint(0, below, (count, 4))


def _bits(random, count):
    return random.randint(0, 2, (count, 1)).astype(float)


MODELS = {
    "mlp": Case(_mlp, [_values(5)], [_classes], "categorical_crossentropy", ["accuracy"]),
    "cnn": Case(_cnn, [_values(8, 8, 2)], [_classes], "categorical_crossentropy", ["acc", "mse"]),
    "lstm": Case(_lstm, [_values(4, 3)], [_bits], "binary_crossentropy", ["accuracy"]),
    "several_outputs": Case(
        _several_outputs,
        [_values(4), _values(3)],
        [_values(2), _bits],
        ["mse", "binary_crossentropy"],
        {"value": ["mae"], "kind": ["accuracy"]},
        [0.5, 2.0],
    ),
    "normalized": Case(_normalized, [_values(5)], [_values(2)], "mean_squared_error", ["mae"]),
    "shared_embedding": Case(
        _shared_embedding, [_rows(8), _rows(5)], [_bits], "binary_crossentropy", ["accuracy"]
    ),
}

# Rates are such that twenty steps go somewhere.
OPTIMIZERS = {
    "sgd": lambda keras: keras.optimizers.SGD(0.1),
    "sgd_momentum": lambda keras: keras.optimizers.SGD(0.05, momentum=0.9),
    "sgd_nesterov": lambda keras: keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True),
    "sgd_decay": lambda keras: keras.optimizers.SGD(0.2, decay=0.1),
    "sgd_clipnorm": lambda keras: keras.optimizers.SGD(0.3, clipnorm=0.2),
    "sgd_clipvalue": lambda keras: keras.optimizers.SGD(0.3, clipvalue=0.05),
    "rmsprop": lambda keras: keras.optimizers.RMSprop(0.005),
    "rmsprop_decay": lambda keras: keras.optimizers.RMSprop(0.01, decay=0.1),
    "adagrad": lambda keras: keras.optimizers.Adagrad(0.05),
    "adadelta": lambda keras: keras.optimizers.Adadelta(),
    "adam": lambda keras: keras.optimizers.Adam(0.01),
    "adam_amsgrad": lambda keras: keras.optimizers.Adam(0.01, amsgrad=True, decay=0.01),
    "adamax": lambda keras: keras.optimizers.Adamax(0.01),
    "nadam": lambda keras: keras.optimizers.Nadam(0.01),
    "tf_adam": lambda keras: tf.train.AdamOptimizer(0.01),
    "tf_momentum": lambda keras: tf.train.MomentumOptimizer(0.05, 0.9),
}


def _batches(case):
    random = np.random.RandomState(5)
    return [
        tuple([make(random, BATCH) for make in kind] for kind in (case.inputs, case.targets))
        for _ in range(DISTINCT_BATCHES)
    ]


class Runs:
    """The runs of one model, built once, with one optimizer after another."""

    def __init__(self, keras, name):
        self.keras = keras
        self.case = MODELS[name]
        self.model = self.case.build(keras)
        self.start = initial_weights(self.model)
        self.batches = _batches(self.case)

    def run(self, optimizer_name):
        """``history`` (a row for each step) and ``weights`` (all in one row)."""
        model = self.model
        model.set_weights(self.start)
        model.compile(OPTIMIZERS[optimizer_name](self.keras), **self.case.compiled_with)
        history = [
            model.train_on_batch(*self.batches[step % DISTINCT_BATCHES]) for step in range(STEPS)
        ]
        weights = np.concatenate([weight.ravel() for weight in model.get_weights()])
        return {"history": np.array(history), "weights": weights}

    def questions(self):
        """``evaluated`` and ``predicted``: what the model gives that was trained last."""
        inputs, targets = self.batches[0]
        evaluated = self.model.evaluate(inputs, targets, batch_size=5, verbose=0)
        predicted = self.model.predict(inputs, batch_size=5)
        predicted = predicted if isinstance(predicted, list) else [predicted]
        return {
            "evaluated": np.array(evaluated),
            "predicted": np.concatenate([each.ravel() for each in predicted]),
        }


def initial_weights(model):
    """Kernels drawn at random, all else constant: as variances and scales have to be positive."""
    random = np.random.RandomState(3)
    return [
        random.normal(0.0, np.prod(shape[:-1]) ** -0.5, shape)
        if len(shape) > 1
        else np.full(shape, 0.5)
        for shape in (weight.shape for weight in model.get_weights())
    ]
