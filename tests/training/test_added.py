"""``add_loss`` and ``add_metric`` of models and layers."""

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import optimizers
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers import Dense, Input, Layer
from tfkeras_compat.models import Model, Sequential

X = np.random.RandomState(0).normal(size=(6, 3)).astype("float32")
Y = np.zeros((6, 2), "float32")


class Watching(Layer):
    """Adds a loss and a metric of what passes through it."""

    def call(self, inputs):
        self.add_loss(K.mean(inputs), inputs=True)
        self.add_metric(inputs, name="passed", aggregation="mean")
        return inputs


class Subclassed(Model):
    def __init__(self):
        super().__init__()
        self.dense = Dense(2)

    def call(self, inputs):
        outputs = self.dense(inputs)
        self.add_loss(K.mean(K.square(outputs)))
        self.add_metric(K.max(outputs), name="highest")
        return outputs


def functional():
    x = Input((3,))
    y = Dense(2)(x)
    return Model(x, y), x, y


def test_a_model_may_be_trained_on_added_losses_alone():
    model, _, y = functional()
    model.add_loss(K.mean(K.square(y)))
    model.compile(optimizers.SGD(0.1))
    expected = np.mean(model.predict(X) ** 2)
    losses = model.fit(X, epochs=3, shuffle=False, verbose=0).history["loss"]
    assert losses[0] == pytest.approx(expected, rel=1e-5) and losses[2] < losses[0]
    assert model.evaluate(X, verbose=0) < losses[2]


def test_a_loss_may_be_a_function_that_is_called_when_the_weights_are_there():
    model = Sequential([Dense(2)])
    model.add_loss(lambda: K.sum(K.abs(model.layers[0].kernel)))
    model.compile("sgd", "mse")
    model.build((None, 3))
    model.compile("sgd", "mse")
    expected = np.mean(model.predict(X) ** 2) + np.abs(model.get_weights()[0]).sum()
    assert model.test_on_batch(X, Y) == pytest.approx(expected, rel=1e-5)
    assert len(model.losses) == 1 and model.losses[0] is model.losses[0]
    assert any(loss is model.losses[0] for loss in tf.losses.get_regularization_losses())


def test_metrics_of_models_and_layers_come_after_those_of_compile():
    x = Input((3,))
    y = Dense(2, name="dense")(Watching()(x))
    model = Model(x, y)
    model.add_metric(y, name="mean_output", aggregation="mean")
    model.compile(optimizers.SGD(0.0), "mse", metrics=["mae"])
    assert model.metrics_names == ["loss", "mean_absolute_error", "mean_output", "passed"]
    history = model.fit(X, Y, validation_data=(X, Y), verbose=0).history
    for prefix in ("", "val_"):
        assert history[prefix + "passed"][0] == pytest.approx(X.mean(), abs=1e-5)
        mean = model.predict(X).mean()
        assert history[prefix + "mean_output"][0] == pytest.approx(mean, abs=1e-5)
    expected = np.mean(model.predict(X) ** 2) + X.mean()
    assert model.test_on_batch(X, Y)[0] == pytest.approx(expected, rel=1e-4)


def test_what_a_call_adds_belongs_to_that_call():
    model = Subclassed()
    other = tf.placeholder(tf.float32, (None, 3))
    model(other)
    model.compile(optimizers.SGD(0.1))
    values = [model.train_on_batch(X, None) for _ in range(3)]
    assert model.metrics_names == ["loss", "highest"]
    assert values[2][0] < values[0][0]
    assert values[0][1] != values[2][1]
    assert len(model.losses) == len(model.get_losses_for(other)) == 1


@pytest.mark.parametrize(
    "arguments, message",
    [
        ({}, "provide a name"),
        ({"name": "a", "aggregation": "sum"}, "aggregation of metric a"),
        ({"name": "a"}, r"has shape \(None, 2\); give a scalar"),
        ({"name": "a", "value": 1.0}, "should be a tensor"),
    ],
)
def test_metrics_that_can_not_be_reported_are_refused(arguments, message):
    model, _, y = functional()
    with pytest.raises(ConfigError, match=message):
        model.add_metric(**dict({"value": y}, **arguments))


def test_without_any_loss_there_is_nothing_to_train():
    model, _, _ = functional()
    with pytest.raises(ConfigError, match="no loss to optimize"):
        model.compile("sgd")
