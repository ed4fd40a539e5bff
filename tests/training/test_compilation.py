import time

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import losses, metrics, optimizers
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers import Dense, Input, Lambda, Masking
from tfkeras_compat.models import Model, Sequential
from tfkeras_compat.training.compilation import collect_metrics, weighted_masked_objective

X = np.random.RandomState(0).normal(size=(8, 3)).astype("float32")
Y = np.random.RandomState(1).normal(size=(8, 2)).astype("float32")


def single(units=2, activation=None):
    return Sequential([Dense(units, activation=activation, input_shape=(3,), name="out")])


def double():
    x = Input(shape=(3,))
    return Model(x, [Dense(2, name="a")(x), Dense(1, name="b")(x)])


def losses_of(loss, **options):
    """The reported values of a model of two outputs that predicts zeros, for targets 1 and 2."""
    model = double()
    model.set_weights([np.zeros(K.int_shape(weight)) for weight in model.weights])
    model.compile(optimizers.SGD(0.0), loss, **options)
    y = {"a": np.ones((8, 2)), "b": np.full(8, 2.0)}
    fed = {name: y[name] for name in model._feed_output_names}
    return dict(zip(model.metrics_names, np.ravel(model.test_on_batch(X, fed)).tolist()))


@pytest.mark.parametrize(
    "loss, expected",
    [
        ("mse", {"loss": 5, "a_loss": 1, "b_loss": 4}),
        (["mse", "mae"], {"loss": 3, "a_loss": 1, "b_loss": 2}),
        ({"a": "mae", "b": losses.mse}, {"loss": 5, "a_loss": 1, "b_loss": 4}),
        ([None, "mae"], {"loss": 2, "b_loss": 2}),
    ],
)
def test_each_output_has_the_loss_that_was_given_for_it(loss, expected):
    assert losses_of(loss) == pytest.approx(expected)


@pytest.mark.parametrize("loss_weights", [[0.5, 2.0], {"a": 0.5, "b": 2.0}])
def test_loss_weights_weigh_the_sum_and_not_the_parts(loss_weights):
    found = losses_of("mse", loss_weights=loss_weights)
    assert found == pytest.approx({"loss": 8.5, "a_loss": 1, "b_loss": 4})


def test_an_output_missing_from_the_dictionary_is_not_trained_with_a_warning():
    with pytest.warns(UserWarning, match='"b" missing'):
        assert losses_of({"a": "mse"}) == pytest.approx({"loss": 1, "a_loss": 1})


@pytest.mark.parametrize(
    "units, loss, name",
    [
        (1, "mse", "binary_accuracy"),
        (2, "binary_crossentropy", "binary_accuracy"),
        (2, "sparse_categorical_crossentropy", "sparse_categorical_accuracy"),
        (2, "categorical_crossentropy", "categorical_accuracy"),
        (2, "mse", "categorical_accuracy"),
    ],
)
def test_accuracy_is_chosen_by_the_shape_and_the_loss(units, loss, name):
    model = single(units, "sigmoid")
    model.compile("sgd", loss, metrics=["accuracy"])
    assert model.metrics_names == ["loss", "acc"]
    is_index = units == 1 or loss.startswith("sparse")
    y = np.arange(8) % 2 if is_index else np.eye(2)[np.arange(8) % 2]
    _, found = model.test_on_batch(X, y)
    y_true = K.constant(y.reshape(8, -1))
    expected = getattr(metrics, name)(y_true, K.constant(model.predict(X)))
    assert found == pytest.approx(np.mean(K.eval(expected)), abs=1e-6)


def test_metrics_are_named_in_the_order_of_the_original():
    model = double()
    model.compile(
        "sgd",
        "mse",
        metrics=["mae", "acc", "mae"],
        weighted_metrics={"b": ["mse", "ce"]},
    )
    assert model.metrics_names == [
        "loss", "a_loss", "b_loss",
        "a_mean_absolute_error", "a_acc", "a_mean_absolute_error_1",
        "b_mean_absolute_error", "b_acc", "b_mean_absolute_error_1",
        "b_weighted_mean_squared_error", "b_weighted_ce",
    ]  # fmt: skip


def test_a_function_may_be_loss_and_metric():
    def off_by(y_true, y_pred):
        return K.mean(K.abs(y_true - y_pred) + 1.0, axis=-1)

    model = single()
    model.compile("sgd", off_by, metrics=[off_by])
    assert model.metrics_names == ["loss", "off_by"]
    loss, metric = model.test_on_batch(X, Y)
    assert loss == pytest.approx(np.mean(np.abs(model.predict(X) - Y)) + 1, rel=1e-5)
    assert metric == pytest.approx(loss)


def test_a_loss_of_tensorflow_that_wants_labels_and_logits_is_called_by_name():
    logits = single()
    logits.compile("sgd", tf.nn.softmax_cross_entropy_with_logits_v2)
    y = np.eye(2)[np.arange(8) % 2]
    scores = logits.predict(X)
    expected = np.mean(np.log(np.exp(scores).sum(1)) - scores[np.arange(8), np.arange(8) % 2])
    assert logits.test_on_batch(X, y) == pytest.approx(expected, rel=1e-5)


def test_a_loss_of_tensorflow_that_is_a_scalar_counts_too():
    model = single()
    model.compile("sgd", tf.losses.mean_squared_error)
    expected = np.mean((model.predict(X) - Y) ** 2)
    assert model.test_on_batch(X, Y) == pytest.approx(expected, rel=1e-5)


def test_masked_steps_do_not_count_in_the_loss():
    model = Sequential([Masking(input_shape=(2, 1)), Lambda(lambda x: x, mask=lambda x, m: m)])
    model.compile("sgd", "mse")
    x = np.array([[[1.0], [0.0]], [[3.0], [2.0]]])
    y = np.array([[[2.0], [9.0]], [[3.0], [4.0]]])
    assert model.test_on_batch(x, y) == pytest.approx((1 + 0 + 4) / 3.0, rel=1e-5)


def test_weights_leave_samples_of_weight_zero_out():
    weighted = weighted_masked_objective(losses.mse)
    y_true, y_pred = K.constant([[0.0], [0.0], [0.0]]), K.constant([[1.0], [2.0], [3.0]])
    found = weighted(y_true, y_pred, K.constant([1.0, 2.0, 0.0]))
    assert K.eval(found) == pytest.approx((1 * 1 + 2 * 4) / 2.0)
    assert weighted_masked_objective(None) is None


def test_weights_of_steps_weigh_steps():
    model = Sequential([Lambda(lambda x: x, input_shape=(2, 1))])
    model.compile("sgd", "mse", sample_weight_mode="temporal")
    assert K.int_shape(model.sample_weights[0]) == (None, None)
    x, y = np.ones((1, 2, 1)), np.array([[[0.0], [3.0]]])
    assert model.test_on_batch(x, y, np.array([[1.0, 0.0]])) == pytest.approx(1.0)


def test_a_metric_with_a_state_is_a_layer_and_begins_anew_each_epoch():
    class Count(Layer):
        def __init__(self):
            super().__init__(name="count")
            self.stateful = True
            self.total = K.variable(0.0, trainable=False)

        def reset_states(self):
            K.set_value(self.total, 0.0)

        def __call__(self, y_true, y_pred):
            now = self.total + K.sum(K.ones_like(y_true[:, 0]))
            self.add_update(K.update(self.total, now), inputs=[y_true, y_pred])
            return now

    model = single()
    model.compile("sgd", "mse", metrics=[Count()])
    history = model.fit(X, Y, batch_size=3, epochs=2, validation_data=(X, Y), verbose=0).history
    assert history["count"] == [8.0, 8.0] and history["val_count"] == [8.0, 8.0]
    assert model.evaluate(X, Y, batch_size=5, verbose=0)[1] == 8.0


def test_a_state_changes_after_a_metric_has_read_it_however_late_that_is():
    def late(value):
        time.sleep(0.05)
        return value

    class Late(Layer):
        stateful = True

        def __init__(self):
            super().__init__(name="late")
            self.total = K.variable(0.0, trainable=False)

        def reset_states(self):
            K.set_value(self.total, 0.0)

        def __call__(self, y_true, y_pred):
            size = K.sum(K.ones_like(y_true[:, 0]))
            with tf.control_dependencies([tf.py_func(late, [size], tf.float32)]):
                before = K.identity(self.total)
            self.add_update(K.update_add(self.total, size), inputs=[y_true, y_pred])
            return before + size

    model = single()
    model.compile("sgd", "mse", metrics=[Late()])
    history = model.fit(X, Y, batch_size=4, validation_data=(X, Y), verbose=0).history
    assert history["late"] == history["val_late"] == [8.0]


def test_placeholders_are_named_after_their_output():
    model = double()
    model.compile("sgd", "mse")
    assert [x.name for x in model.targets] == ["a_target:0", "b_target:0"]
    assert [x.name for x in model.sample_weights] == ["a_sample_weights:0", "b_sample_weights:0"]


def test_a_model_with_nothing_but_added_losses_trains():
    x = Input(shape=(3,))
    layer = Dense(1, use_bias=False, kernel_regularizer="l2", kernel_initializer="ones")
    model = Model(x, layer(x))
    model.compile(optimizers.SGD(0.1), None)
    assert model.train_on_batch(X, None) == pytest.approx(0.03)
    plain = single()
    with pytest.raises(ConfigError, match="no loss to optimize"):
        plain.compile("sgd", None)


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"loss": {"c": "mse"}}, ConfigError, "Unknown entry in loss .*c"),
        ({"loss": ["mse"]}, ConfigError, "one entry per model output"),
        ({"loss": "none such"}, ConfigError, "none such"),
        ({"loss": "mse", "loss_weights": [1.0]}, ConfigError, "one entry per model output"),
        ({"loss": "mse", "loss_weights": {"c": 1.0}}, ConfigError, "loss_weights"),
        ({"loss": "mse", "loss_weights": 3}, TypeError, "loss_weights"),
        ({"loss": "mse", "loss_weights": (1.0, 2.0)}, TypeError, "expected a list or a dict"),
        ({"loss": "mse", "sample_weight_mode": {"a": None}}, ConfigError, '"b" missing'),
        ({"loss": "mse", "target_tensors": 3}, TypeError, "target_tensors"),
        ({"loss": "mse", "metrics": ["none such"]}, ConfigError, "none such"),
        ({"loss": "mse", "metrics": {"a", "b"}}, TypeError, "metrics"),
    ],
)
def test_arguments_that_do_not_fit_the_outputs_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        double().compile("sgd", **arguments)


def test_metrics_of_an_unknown_output_warn():
    with pytest.warns(UserWarning, match="nowhere"):
        assert collect_metrics({"nowhere": "mse"}, ["a"]) == [[]]


def test_one_target_tensor_is_not_enough_for_two_outputs():
    with pytest.raises(ConfigError, match="has 2 outputs, but you passed a single tensor"):
        double().compile("sgd", "mse", target_tensors=K.zeros((8, 2)))
