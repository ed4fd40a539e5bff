import re

import h5py
import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import optimizers
from tfkeras_compat._tf import tf
from tfkeras_compat.callbacks import Callback, LambdaCallback
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import GRU, BatchNormalization, Dense, Dropout, Input, Masking
from tfkeras_compat.models import Model, Sequential

RANDOM = np.random.RandomState(0)
X = RANDOM.normal(size=(12, 3)).astype("float32")
Y = RANDOM.normal(size=(12, 2)).astype("float32")


def compiled(optimizer="sgd", loss="mse", **options):
    model = Sequential([Dense(2, input_shape=(3,))])
    model.compile(optimizer, loss, **options)
    return model


def squared_error(model, x=X, y=Y):
    kernel, bias = model.get_weights()
    return np.mean((x @ kernel + bias - y) ** 2)


def test_a_step_moves_the_weights_down_the_gradient_and_reports_the_loss_before():
    model = compiled(optimizers.SGD(0.1))
    kernel, bias = model.get_weights()
    expected = squared_error(model)
    difference = X @ kernel + bias - Y
    assert model.train_on_batch(X, Y) == pytest.approx(expected, rel=1e-5)
    new_kernel, new_bias = model.get_weights()
    np.testing.assert_allclose(new_bias, bias - 0.1 * difference.sum(0) / 12, atol=1e-6)
    np.testing.assert_allclose(new_kernel, kernel - 0.1 * X.T @ difference / 12, atol=1e-6)


def test_the_loss_before_the_step_is_reported_with_regularization_too():
    model = Sequential([Dense(2, input_shape=(3,), kernel_regularizer="l2")])
    model.compile(optimizers.SGD(1.0), "mse")
    expected = squared_error(model) + 0.01 * np.sum(model.get_weights()[0] ** 2)
    assert model.train_on_batch(X, Y) == pytest.approx(expected, rel=1e-5)


@pytest.mark.parametrize("optimizer", ["sgd", tf.train.AdamOptimizer()])
def test_a_loop_of_more_steps_than_run_in_parallel_trains(optimizer):
    model = Sequential([Masking(input_shape=(40, 3)), GRU(2)])
    model.compile(optimizer, "mse")
    x, y = RANDOM.normal(size=(4, 40, 3)), np.ones((4, 2))
    expected = model.test_on_batch(x, y)
    assert model.train_on_batch(x, y) == pytest.approx(expected, rel=1e-5)
    assert model.test_on_batch(x, y) < expected


def test_evaluation_does_not_train():
    model = compiled()
    before = model.get_weights()
    assert model.evaluate(X, Y, verbose=0) == pytest.approx(squared_error(model), rel=1e-5)
    assert model.test_on_batch(X, Y) == pytest.approx(squared_error(model), rel=1e-5)
    for array, other in zip(before, model.get_weights()):
        np.testing.assert_array_equal(array, other)


def test_an_evaluation_weighs_batches_by_their_size():
    model = compiled()
    whole = model.evaluate(X, Y, batch_size=12, verbose=0)
    assert model.evaluate(X, Y, batch_size=5, verbose=0) == pytest.approx(whole, rel=1e-5)


def test_the_history_has_a_value_for_each_epoch_and_name():
    model = compiled(metrics=["mae"])
    history = model.fit(X, Y, epochs=5, initial_epoch=2, validation_data=(X, Y), verbose=0)
    assert history is model.history
    assert history.epoch == [2, 3, 4]
    assert set(history.history) == {
        "loss", "mean_absolute_error", "val_loss", "val_mean_absolute_error",
    }  # fmt: skip
    assert all(len(values) == 3 for values in history.history.values())
    assert history.history["loss"][2] < history.history["loss"][0]


def test_a_validation_split_takes_the_last_samples():
    model = compiled(optimizers.SGD(0.0))
    history = model.fit(X, Y, validation_split=0.25, verbose=0).history
    assert history["val_loss"][0] == pytest.approx(squared_error(model, X[9:], Y[9:]), rel=1e-5)
    assert history["loss"][0] == pytest.approx(squared_error(model, X[:9], Y[:9]), rel=1e-5)


@pytest.mark.parametrize("frequency, count", [(1, 4), (2, 2), ([1, 4], 2), ({3}, 1)])
def test_a_validation_may_come_in_some_epochs_only(frequency, count):
    history = compiled().fit(
        X, Y, epochs=4, validation_data=(X, Y), validation_freq=frequency, verbose=0
    )
    assert len(history.history["val_loss"]) == count


def batches_seen(**options):
    """The inputs of each batch of one epoch, as the model was fed them."""
    seen = []
    model = compiled(optimizers.SGD(0.0))
    model._make_train_function()
    function = model.train_function

    class Spy:
        takes_phase = False

        def __call__(self, values):
            seen.append(values[0])
            return function(values)

    model.train_function = Spy()
    numbered = np.arange(36.0).reshape(12, 3)
    model.fit(numbered, Y, verbose=0, batch_size=5, **options)
    return numbered, seen


def test_without_shuffling_batches_come_in_order():
    numbered, seen = batches_seen(shuffle=False)
    assert [len(batch) for batch in seen] == [5, 5, 2]
    np.testing.assert_array_equal(np.concatenate(seen), numbered)


def test_shuffling_changes_the_order_and_loses_no_sample():
    numbered, seen = batches_seen()
    order = np.concatenate(seen)
    assert not np.array_equal(order, numbered)
    np.testing.assert_array_equal(np.sort(order[:, 0]), numbered[:, 0])


def test_shuffling_by_batch_keeps_neighbours_together():
    numbered, seen = batches_seen(shuffle="batch")
    for batch in seen:
        np.testing.assert_array_equal(np.diff(batch[:, 0]), np.full(len(batch) - 1, 3.0))


def test_training_prints_what_the_original_printed(capsys):
    model = compiled(metrics=["mae"])
    model.fit(X, Y, batch_size=4, epochs=1, validation_data=(X, Y))
    out = capsys.readouterr().out
    assert out.startswith("Train on 12 samples, validate on 12 samples\nEpoch 1/1\n")
    assert re.search(r"12/12 \[={30}\] - \ds ", out)
    assert "s/step - loss: " in out and " - val_mean_absolute_error: " in out
    model.fit(X, Y, verbose=2)
    assert re.match(r"Epoch 1/1\n - \ds - loss: ", capsys.readouterr().out)
    model.fit(X, Y, verbose=0)
    assert capsys.readouterr().out == ""


def test_callbacks_are_told_everything_in_order():
    told = []
    watch = LambdaCallback(
        on_train_begin=lambda logs: told.append("begin"),
        on_epoch_begin=lambda epoch, logs: told.append("epoch %d" % epoch),
        on_batch_end=lambda batch, logs: told.append((batch, logs["size"], "loss" in logs)),
        on_epoch_end=lambda epoch, logs: told.append(sorted(logs)),
        on_train_end=lambda logs: told.append("end"),
    )
    compiled().fit(X, Y, batch_size=8, callbacks=[watch], validation_split=0.25, verbose=0)
    assert told == ["begin", "epoch 0", (0, 8, True), (1, 1, True), ["loss", "val_loss"], "end"]


def test_a_callback_can_stop_the_training():
    class Stop(Callback):
        def on_epoch_end(self, epoch, logs=None):
            self.model.stop_training = epoch == 1

    assert compiled().fit(X, Y, epochs=5, callbacks=[Stop()], verbose=0).epoch == [0, 1]


def test_callbacks_know_the_parameters_of_the_training():
    watch = Callback()
    compiled().fit(
        X, Y, batch_size=4, epochs=2, validation_data=(X, Y), callbacks=[watch], verbose=0
    )
    assert watch.params == {
        "batch_size": 4,
        "epochs": 2,
        "steps": None,
        "samples": 12,
        "verbose": 0,
        "do_validation": True,
        "metrics": ["loss", "val_loss"],
    }
    assert [len(array) for array in watch.validation_data] == [12, 12, 12]


def test_weights_of_samples_and_classes_weigh_their_losses():
    model = compiled(optimizers.SGD(0.0))
    weights = np.array([1.0] * 6 + [0.0] * 6)
    found = model.train_on_batch(X, Y, sample_weight=weights)
    assert found == pytest.approx(squared_error(model, X[:6], Y[:6]), rel=1e-5)
    classes = Sequential([Dense(1, input_shape=(3,), activation="sigmoid")])
    classes.compile(optimizers.SGD(0.0), "mse")
    y = np.array([0, 1] * 6)
    by_class = classes.train_on_batch(X, y, class_weight={0: 1.0, 1: 3.0})
    by_sample = classes.train_on_batch(X, y, sample_weight=np.where(y == 1, 3.0, 1.0))
    assert by_class == pytest.approx(by_sample, rel=1e-6)


def test_moving_statistics_move_in_training_and_not_in_evaluation():
    model = Sequential([BatchNormalization(input_shape=(3,)), Dropout(0.5), Dense(2)])
    model.compile("sgd", "mse")
    mean = model.layers[0].moving_mean
    model.evaluate(X, Y, verbose=0)
    assert np.all(K.get_value(mean) == 0)
    model.fit(X, Y, batch_size=12, verbose=0)
    np.testing.assert_allclose(K.get_value(mean), X.mean(0), atol=1e-6)


def test_frozen_weights_stay_and_a_later_freeze_warns():
    model = Sequential([Dense(3, input_shape=(3,), name="base"), Dense(2)])
    model.layers[0].trainable = False
    model.compile(optimizers.SGD(0.5), "mse")
    before = model.layers[0].get_weights()
    model.train_on_batch(X, Y)
    np.testing.assert_array_equal(model.layers[0].get_weights()[0], before[0])
    model.layers[1].trainable = False
    with pytest.warns(UserWarning, match="Discrepancy"):
        model.train_on_batch(X, Y)


def test_a_tensorflow_optimizer_trains_a_model():
    model = compiled(tf.train.GradientDescentOptimizer(0.1))
    reference = compiled(optimizers.SGD(0.1))
    reference.set_weights(model.get_weights())
    for each in (model, reference):
        each.fit(X, Y, batch_size=4, shuffle=False, verbose=0)
    for array, other in zip(model.get_weights(), reference.get_weights()):
        np.testing.assert_allclose(array, other, atol=1e-6)


def test_a_model_fits_under_a_foreign_default_graph():
    with tf.Graph().as_default():
        model = compiled()
    with tf.Graph().as_default() as other:
        model.fit(X, Y, verbose=0)
        model.evaluate(X, Y, verbose=0)
        assert other.get_operations() == []


def test_data_may_come_from_tensors_alone():
    x = Input(tensor=K.constant(X))
    model = Model(x, Dense(2)(x))
    model.compile("sgd", "mse", target_tensors=K.constant(Y))
    history = model.fit(epochs=2, steps_per_epoch=3, validation_steps=2, verbose=0).history
    assert len(history["val_loss"]) == 2
    assert model.evaluate(steps=2, verbose=0) < history["loss"][0]
    for message, options in (("steps_per_epoch", {}), ("batch_size", {"batch_size": 3})):
        with pytest.raises(ConfigError, match=message):
            model.fit(steps_per_epoch=3 if options else None, **options)


def test_targets_may_be_tensors_and_inputs_arrays():
    x = Input(shape=(3,))
    model = Model(x, Dense(2)(x))
    model.compile("sgd", "mse", target_tensors=[K.constant(Y)])
    found = model.train_on_batch(X, None)
    assert np.isfinite(found)


def test_a_model_without_input_shape_is_compiled_by_the_first_data():
    model = Sequential([Dense(2)])
    model.compile("sgd", "mse", metrics=["mae"])
    history = model.fit(X, Y, verbose=0).history
    assert sorted(history) == ["loss", "mean_absolute_error"]


def test_a_model_that_defines_call_trains():
    class Plain(Model):
        def __init__(self):
            super().__init__()
            self.dense = Dense(2)

        def call(self, inputs):
            return self.dense(inputs)

    model = Plain()
    model.compile(optimizers.SGD(0.1), "mse")
    losses = model.fit(X, Y, epochs=3, verbose=0).history["loss"]
    assert losses[2] < losses[0]


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"x": X, "y": Y[:5]}, ShapeError, "same number of samples"),
        ({"x": X, "y": Y[:, :1]}, ShapeError, r"expected dense_1 to have shape \(2,\)"),
        ({"x": X, "y": Y, "sample_weight": np.ones((12, 2))}, ShapeError, "sample_weight"),
        ({"x": X, "y": Y, "sample_weight": np.ones(5)}, ShapeError, "cannot be broadcast"),
        ({"x": X, "y": Y, "class_weight": {0: 1.0}}, ConfigError, "all classes"),
        ({"x": X, "y": Y, "validation_data": (X,)}, ConfigError, "validation_data"),
        ({"x": X, "y": Y, "validation_steps": 2}, ConfigError, "step-wise"),
        (
            {"x": X, "y": Y, "validation_data": (X, Y), "validation_freq": 0},
            ConfigError,
            "less than 1",
        ),
        ({"x": X, "y": Y, "epoch": 2}, TypeError, "epoch"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(arguments, error, message):
    with pytest.raises(error, match=message):
        compiled().fit(verbose=0, **arguments)


def test_keras_1_called_epochs_nb_epoch():
    with pytest.warns(UserWarning, match="nb_epoch"):
        assert compiled().fit(X, Y, nb_epoch=2, verbose=0).epoch == [0, 1]


def test_training_needs_compile_first():
    model = Sequential([Dense(2, input_shape=(3,))])
    with pytest.raises(RuntimeError, match="compile"):
        model.fit(X, Y)
    with pytest.raises(RuntimeError, match="compile"):
        model.evaluate(X, Y)


def test_a_model_fits_arrays_in_a_file_batch_by_batch(tmp_path):
    model, twin = compiled(), compiled()
    twin.set_weights(model.get_weights())
    with h5py.File(str(tmp_path / "data.h5"), "w") as file:
        x, y = file.create_dataset("x", data=X), file.create_dataset("y", data=Y)
        for each, data in ((model, (x, y)), (twin, (X, Y))):
            np.random.seed(1)
            each.fit(*data, batch_size=5, epochs=2, shuffle="batch", verbose=0)
        for array, other in zip(model.get_weights(), twin.get_weights()):
            np.testing.assert_allclose(array, other, atol=1e-6)
        history = model.fit(x, y, shuffle=False, validation_split=0.25, verbose=0).history
        assert model.evaluate(x, y, verbose=0) > 0 and len(history["val_loss"]) == 1
        np.testing.assert_allclose(model.predict(x), model.predict(X), rtol=1e-6)
        with pytest.raises(TypeError, match='pass shuffle="batch"'):
            model.fit(x, y, verbose=0)
