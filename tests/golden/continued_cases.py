"""Models that are trained, saved, loaded and trained on: what the file keeps decides the numbers.

``train_and_save`` and ``go_on`` run on Keras 2.2.5 and on ours.
"""

import collections

import numpy as np
import training_cases
from training_cases import Case

STEPS_BEFORE = 3
STEPS_AFTER = 4

Continued = collections.namedtuple("Continued", "case optimizer custom")


def _cnn(keras):
    layers = keras.layers
    return keras.models.Sequential(
        [
            layers.Conv2D(3, 3, use_bias=False, input_shape=(8, 8, 2)),
            layers.BatchNormalization(momentum=0.9),
            layers.Activation("tanh"),
            layers.AveragePooling2D(2),
            layers.SeparableConv2D(4, 2, padding="same", activation="tanh"),
            layers.Flatten(),
            layers.Dense(3, activation="softmax", kernel_constraint="max_norm"),
        ]
    )


def _stacked_lstm(keras):
    layers = keras.layers
    return keras.models.Sequential(
        [
            layers.Bidirectional(layers.LSTM(4, return_sequences=True), input_shape=(4, 3)),
            layers.Bidirectional(layers.LSTM(3), merge_mode="sum"),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def _nested(keras):
    layers = keras.layers
    innermost = keras.models.Sequential([layers.Dense(4, activation="tanh", input_shape=(4,))])
    x = layers.Input((4,))
    inner = keras.models.Model(
        x, layers.BatchNormalization(momentum=0.8)(innermost(x)), name="inner"
    )
    left, right = layers.Input((4,)), layers.Input((4,))
    # Called once: of the updates of a normalization that is called twice, either may be the last.
    joined = layers.subtract([inner(left), innermost(right)])
    return keras.models.Model([left, right], layers.Dense(2)(joined))


def _with_own_layer(keras):
    layers = keras.layers
    return keras.models.Sequential(
        [
            layers.Dense(4, activation="tanh", input_shape=(5,)),
            _own_layer(keras)(power=2.0),
            layers.Dense(2),
        ]
    )


def _own_layer(keras):
    """A layer as users write it, in the words of whichever Keras it is for."""

    class PoweredScale(keras.layers.Layer):
        def __init__(self, power, **kwargs):
            super().__init__(**kwargs)
            self.power = power

        def build(self, input_shape):
            self.scale = self.add_weight(name="scale", shape=(input_shape[-1],), initializer="ones")
            super().build(input_shape)

        def call(self, inputs):
            return inputs * self.scale**self.power

        def get_config(self):
            return dict(super().get_config(), power=self.power)

    return PoweredScale


def _own_loss(keras):
    def quartic(y_true, y_pred):
        return keras.backend.mean(keras.backend.pow(y_true - y_pred, 4.0), axis=-1)

    return quartic


def _own_objects(keras):
    return {"PoweredScale": _own_layer(keras), "quartic": _own_loss(keras)}


def _nothing(keras):
    return {}


_values, _classes, _bits = training_cases._values, training_cases._classes, training_cases._bits
_MLP = training_cases.MODELS["mlp"]
_SEVERAL_OUTPUTS = training_cases.MODELS["several_outputs"]
_CNN = Case(_cnn, [_values(8, 8, 2)], [_classes], "categorical_crossentropy", ["accuracy"])
_LSTM = Case(_stacked_lstm, [_values(4, 3)], [_bits], "binary_crossentropy", ["acc"])
_NESTED = Case(_nested, [_values(4), _values(4)], [_values(2)], "mse", ["mae"])
_OWN = Case(_with_own_layer, [_values(5)], [_values(2)], "quartic", ["mae"])

CASES = {
    "mlp_adam": Continued(
        _MLP, lambda keras: keras.optimizers.Adam(0.02, amsgrad=True, decay=0.1), _nothing
    ),
    "mlp_adagrad": Continued(_MLP, lambda keras: keras.optimizers.Adagrad(0.05), _nothing),
    "mlp_adamax": Continued(_MLP, lambda keras: keras.optimizers.Adamax(0.01), _nothing),
    "cnn_sgd": Continued(
        _CNN,
        lambda keras: keras.optimizers.SGD(0.05, momentum=0.9, nesterov=True, decay=0.1),
        _nothing,
    ),
    "stacked_lstm_rmsprop": Continued(
        _LSTM, lambda keras: keras.optimizers.RMSprop(0.005, clipnorm=1.0), _nothing
    ),
    "nested_nadam": Continued(_NESTED, lambda keras: keras.optimizers.Nadam(0.01), _nothing),
    "several_outputs_adam": Continued(
        _SEVERAL_OUTPUTS, lambda keras: keras.optimizers.Adam(0.01, clipvalue=0.5), _nothing
    ),
    "own_layer_adadelta": Continued(_OWN, lambda keras: keras.optimizers.Adadelta(), _own_objects),
}


def train_and_save(keras, name, path):
    """Builds the model, trains it for some steps, and saves it."""
    case, optimizer, custom = CASES[name]
    with keras.utils.CustomObjectScope(custom(keras)):
        model = case.build(keras)
        model.compile(optimizer(keras), **case.compiled_with)
    model.set_weights(training_cases.initial_weights(model))
    _train(model, case, range(STEPS_BEFORE))
    model.save(path)


def go_on(keras, name, path):
    """Loads the model and trains on: ``history`` (a row for each step) and ``weights`` (one row).

    ``evaluated`` is what it gives as it was loaded.
    """
    case, _, custom = CASES[name]
    model = keras.models.load_model(path, custom_objects=custom(keras))
    evaluated = model.test_on_batch(*training_cases._batches(case)[0])
    history = _train(model, case, range(STEPS_BEFORE, STEPS_BEFORE + STEPS_AFTER))
    weights = np.concatenate([weight.ravel() for weight in model.get_weights()])
    return {"evaluated": np.array(evaluated), "history": history, "weights": weights}


def _train(model, case, steps):
    batches = training_cases._batches(case)
    return np.array([model.train_on_batch(*batches[step % len(batches)]) for step in steps])
