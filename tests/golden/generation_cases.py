"""Models for comparing generations with their originals, each in the words of its original; those
of Keras 1 are in ``keras_1_cases``.

The same functions build them there (``record_generations.py``) and here, and observe the same.
"""

import numpy as np

BATCH = 6
STEPS = 20


def sequential(*make, **options):
    """A case: layers, made in order of functions of ``keras.layers``; see :func:`observe`."""

    def build(keras):
        model = keras.models.Sequential()
        for each in make:
            model.add(each(keras.layers))
        return model

    return dict({"build": build, "optimizer": "sgd", "trains": True}, **options)


# ---- tf.keras -----------------------------------------------------------------------------------

_MLP = (
    lambda layers: layers.Dense(5, activation="tanh", input_shape=(4,)),
    lambda layers: layers.Dense(4, activation="relu"),
    lambda layers: layers.Dense(2, activation="softmax"),
)


def _named(keras):
    """Most kinds of layers, named by themselves; what it gives does not matter."""
    layers = keras.layers
    steps, image = layers.Input((5, 3)), layers.Input((8, 8, 2))
    a = layers.LSTM(2)(layers.Bidirectional(layers.GRU(2, return_sequences=True))(steps))
    b = layers.SimpleRNN(2)(layers.TimeDistributed(layers.Dense(3))(layers.Conv1D(2, 2)(steps)))
    c = layers.SeparableConv2D(3, 2)(layers.DepthwiseConv2D(2)(layers.Conv2D(2, 2)(image)))
    c = layers.MaxPooling2D()(layers.BatchNormalization()(layers.PReLU()(c)))
    c = layers.Flatten()(layers.Conv2DTranspose(2, 2)(c))
    inner = keras.models.Sequential([layers.Dense(2, input_shape=(2,)), layers.Activation("relu")])
    joined = layers.concatenate([inner(a), layers.add([a, b]), layers.Dropout(0.0)(c)])
    return keras.models.Model([steps, image], [layers.Dense(1)(joined), joined])


OF_TF_KERAS = {
    "named": {"build": _named, "optimizer": "sgd", "trains": False},
    "normalized": sequential(
        lambda layers: layers.Dense(3, input_shape=(4,)),
        lambda layers: layers.BatchNormalization(momentum=0.8),
        lambda layers: layers.Dense(2),
    ),
    "normalized_images": sequential(
        lambda layers: layers.Conv2D(3, 2, input_shape=(5, 5, 2)),
        lambda layers: layers.BatchNormalization(momentum=0.8),
        lambda layers: layers.Flatten(),
        lambda layers: layers.Dense(2),
    ),
    "recurrent": sequential(
        lambda layers: layers.LSTM(3, return_sequences=True, input_shape=(4, 2)),
        lambda layers: layers.GRU(2),
    ),
}
OF_TF_KERAS.update(
    ("mlp_" + name.lower(), sequential(*_MLP, optimizer=optimizer))
    for name, optimizer in {
        "SGD": "sgd",
        "momentum": lambda keras: keras.optimizers.SGD(learning_rate=0.1, momentum=0.9),
        "RMSprop": "rmsprop",
        "Adadelta": lambda keras: keras.optimizers.Adadelta(),
        "Adam": "adam",
        "amsgrad": lambda keras: keras.optimizers.Adam(lr=0.01, amsgrad=True),
        "Adamax": "adamax",
    }.items()
)

# ---- what is observed ---------------------------------------------------------------------------


def _inputs(model, case):
    random = np.random.RandomState(8)
    shapes = [tuple(x.get_shape().as_list())[1:] for x in model.inputs]
    if "integers" in case:
        return [random.randint(0, case["integers"], (BATCH,) + shape) for shape in shapes]
    return [random.normal(size=(BATCH,) + shape).astype("float32") for shape in shapes]


def start(model):
    """Gives a model the weights that every observation begins with."""
    random = np.random.RandomState(9)
    values = [
        0.6 * random.uniform(0.1, 0.9, w.shape) - 0.24 * (w.ndim > 1) for w in model.get_weights()
    ]
    model.set_weights(values)


def _only(values):
    return values[0] if len(values) == 1 else values


def outputs(model, case):
    """What a model gives for the inputs of a case: a list of arrays."""
    found = model.predict(_only(_inputs(model, case)))
    return found if isinstance(found, list) else [found]


def observe(keras, case):
    """``(facts, arrays)`` of a case: names, outputs, and what some steps of training make of it."""
    keras.backend.clear_session()
    np.random.seed(3)
    model = case["build"](keras)
    start(model)
    found = outputs(
        model, case
    )  # before all: only then has a Sequential of Keras 1 names of outputs
    facts = {
        "model": model.name,
        "layers": [layer.name for layer in model.layers],
        "weights": [weight.name for weight in model.weights],
        "outputs": model.output_names,
        "inputs": model.input_names,
    }
    arrays = {"output%d" % index: value for index, value in enumerate(found)}
    if case["trains"]:
        _train(keras, model, case, _inputs(model, case), facts, arrays)
    return facts, arrays


def _train(keras, model, case, inputs, facts, arrays):
    _compile(keras, model, case)
    losses = _steps(model, inputs, STEPS)
    facts["metrics"] = model.metrics_names
    arrays["losses"] = np.array(losses)
    arrays.update(("weight%d" % i, value) for i, value in enumerate(model.get_weights()))


def _compile(keras, model, case):
    optimizer = case["optimizer"]
    optimizer = optimizer(keras) if callable(optimizer) else optimizer
    model.compile(optimizer, "mse", metrics=["accuracy"])


def _steps(model, inputs, count):
    """The losses of some steps of training."""
    random = np.random.RandomState(10)
    targets = random.uniform(size=(BATCH,) + model.output_shape[1:]).astype("float32")
    return [model.train_on_batch(_only(inputs), targets)[0] for _ in range(count)]


# ---- saved models -------------------------------------------------------------------------------


def save(keras, case, path):
    """Saves the model of a case after two steps of training, if it trains, as ``PATH.h5``, and as
    ``PATH.npz`` what it gives and becomes when it is loaded."""
    keras.backend.clear_session()
    model = case["build"](keras)
    start(model)
    if case["trains"]:
        _compile(keras, model, case)
        _steps(model, _inputs(model, case), 2)
    model.save(path + ".h5")
    np.savez(path + ".npz", **_given_and_become(loaded(keras, path), case))


def loaded(keras, path):
    """The model in ``PATH.h5``."""
    keras.backend.clear_session()
    return keras.models.load_model(path + ".h5")


def _given_and_become(model, case):
    """What a model gives, and the losses of further steps of training, if it is compiled."""
    model.reset_states()
    arrays = {"output%d" % index: value for index, value in enumerate(outputs(model, case))}
    if case["trains"]:
        arrays["losses"] = np.array(_steps(model, _inputs(model, case), 5))
    return arrays


def assert_gives(model, case, path):
    """Raises AssertionError unless a model gives and becomes what is in ``PATH.npz``."""
    found = _given_and_become(model, case)
    with np.load(path + ".npz") as expected:
        assert sorted(found) == sorted(expected.files), path
        for key in expected.files:
            np.testing.assert_allclose(found[key], expected[key], 1e-4, 1e-5, path + " " + key)
