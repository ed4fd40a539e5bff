import multiprocessing
import threading

import numpy as np
import pytest

from tfkeras_compat import optimizers
from tfkeras_compat.callbacks import Callback, LambdaCallback
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import Dense, Input
from tfkeras_compat.models import Model, Sequential
from tfkeras_compat.utils import Sequence

RANDOM = np.random.RandomState(0)
X = RANDOM.normal(size=(10, 3)).astype("float32")
Y = RANDOM.normal(size=(10, 2)).astype("float32")
WEIGHTS = RANDOM.uniform(size=10)

WORKERS = pytest.mark.parametrize(
    "options",
    [
        {"workers": 0},
        {"workers": 1},
        {"workers": 2, "max_queue_size": 1},
        {"workers": 2, "use_multiprocessing": True},
    ],
    ids=["no workers", "a thread", "threads", "processes"],
)


class Batches(Sequence):
    """Batches of four, four and two samples."""

    def __init__(self, *arrays):
        self.arrays = arrays
        self.epochs = 0

    def __len__(self):
        return 3

    def __getitem__(self, index):
        return tuple(array[4 * index : 4 * index + 4] for array in self.arrays)

    def on_epoch_end(self):
        self.epochs += 1


def endless(*arrays):
    while True:
        yield from Batches(*arrays)


def compiled(optimizer="sgd", **options):
    kernel = np.arange(6.0).reshape(3, 2) / 10
    model = Sequential([Dense(2, input_shape=(3,), weights=[kernel, np.zeros(2)])])
    model.compile(optimizer, "mse", **options)
    return model


@WORKERS
def test_batches_train_as_the_same_arrays_do_in_their_order(options):
    expected = compiled()
    history = expected.fit(X, Y, batch_size=4, epochs=3, shuffle=False, verbose=0).history
    model = compiled()
    found = model.fit_generator(Batches(X, Y), epochs=3, shuffle=False, verbose=0, **options)
    assert found is model.history
    np.testing.assert_allclose(found.history["loss"], history["loss"], rtol=1e-6)
    for array, other in zip(model.get_weights(), expected.get_weights()):
        np.testing.assert_allclose(array, other, rtol=1e-5, atol=1e-7)


@WORKERS
def test_a_sequence_is_evaluated_and_predicted_as_its_arrays_are(options):
    model = compiled(metrics=["mae"])
    expected = model.evaluate(X, Y, sample_weight=WEIGHTS, batch_size=4, verbose=0)
    found = model.evaluate_generator(Batches(X, Y, WEIGHTS), **options)
    np.testing.assert_allclose(found, expected, rtol=1e-6)
    for source in (Batches(X, Y), Batches(X, Y, WEIGHTS)):
        found = model.predict_generator(source, **options)
        np.testing.assert_allclose(found, model.predict(X), rtol=1e-6)
    assert not multiprocessing.active_children()


@pytest.mark.parametrize("workers", [0, 1])
def test_a_generator_is_taken_step_by_step(workers):
    model = compiled(optimizers.SGD(0.0))
    source = endless(X, Y)
    options = {"workers": workers}
    loss = model.evaluate_generator(endless(X, Y), 3, **options)
    history = model.fit_generator(source, 3, 2, validation_data=endless(X, Y), validation_steps=3,
                                  verbose=0, **options).history  # fmt: skip
    for name in ("loss", "val_loss"):
        np.testing.assert_allclose(history[name], [loss] * 2, rtol=1e-6)
    only_inputs = (x for x, _ in endless(X, Y))
    found = model.predict_generator(only_inputs, 4, **options)
    np.testing.assert_allclose(found, model.predict(np.concatenate([X, X[:4]])), rtol=1e-6)


def test_fit_evaluate_and_predict_hand_generators_over():
    model = compiled(optimizers.SGD(0.0))
    loss = model.evaluate(X, Y, verbose=0)
    sequence = Batches(X, Y)
    history = model.fit(sequence, epochs=4, initial_epoch=1, validation_data=Batches(X, Y),
                        validation_freq=2, verbose=0)  # fmt: skip
    assert history.epoch == [1, 2, 3] and sequence.epochs >= 2
    assert history.history["loss"] == pytest.approx([loss] * 3, rel=1e-5)
    assert model.evaluate(endless(X, Y), steps=3, verbose=0) == pytest.approx(loss, rel=1e-5)
    np.testing.assert_allclose(model.predict(Batches(X, Y)), model.predict(X), rtol=1e-6)
    assert model.predict(endless(X, Y), steps=2).shape == (8, 2)


@pytest.mark.parametrize(
    "method, arguments, named",
    [
        ("fit", {"y": Y}, "`y`"),
        ("fit", {"batch_size": 4}, "`batch_size`"),
        ("fit", {"validation_split": 0.5}, "`validation_split`"),
        ("evaluate", {"sample_weight": WEIGHTS}, "`sample_weight`"),
        ("predict", {"batch_size": 4}, "`batch_size`"),
    ],
)
def test_arguments_that_a_generator_replaces_are_refused(method, arguments, named):
    with pytest.raises(ConfigError, match=named):
        getattr(compiled(), method)(Batches(X, Y), **arguments)


def test_arrays_may_validate_and_callbacks_see_them():
    model = compiled(optimizers.SGD(0.0))
    seen = Callback()
    history = model.fit_generator(Batches(X, Y), epochs=1, validation_data=(X, Y, WEIGHTS),
                                  callbacks=[seen], verbose=0).history  # fmt: skip
    expected = model.evaluate(X, Y, sample_weight=WEIGHTS, batch_size=2, verbose=0)
    assert history["val_loss"] == [pytest.approx(expected, rel=1e-6)]
    np.testing.assert_array_equal(seen.validation_data[2], WEIGHTS)
    assert seen.params == {
        "epochs": 1, "steps": 3, "verbose": 0, "do_validation": True,
        "metrics": ["loss", "val_loss"],
    }  # fmt: skip


def test_an_epoch_without_validation_shows_the_values_of_the_last_one():
    history = compiled().fit_generator(Batches(X, Y), epochs=3, validation_data=Batches(X, Y),
                                       validation_freq=[2], verbose=0).history  # fmt: skip
    assert len(history["loss"]) == 3
    first, second = history["val_loss"]
    assert first == second


def test_callbacks_are_told_of_all_batches_with_their_sizes():
    told = []
    callback = LambdaCallback(
        on_batch_end=lambda batch, logs: told.append((batch, logs["size"])),
        on_test_batch_end=lambda batch, logs: told.append(("test", batch, logs["size"])),
        on_predict_batch_end=lambda batch, logs: told.append(logs["outputs"][0].shape),
    )
    model = compiled()
    model.fit_generator(Batches(X, Y), shuffle=False, callbacks=[callback], verbose=0)
    model.evaluate_generator(Batches(X, Y), callbacks=[callback])
    model.predict_generator(Batches(X, Y), callbacks=[callback])
    assert told == [
        (0, 4), (1, 4), (2, 2), ("test", 0, 4), ("test", 1, 4), ("test", 2, 2),
        (4, 2), (4, 2), (2, 2),
    ]  # fmt: skip


def test_a_callback_can_stop_training_within_an_epoch():
    model = compiled()

    def stop(batch, logs):
        model.stop_training = batch == 1

    stopper = LambdaCallback(on_batch_end=stop)
    history = model.fit_generator(
        Batches(X, Y), epochs=3, validation_data=Batches(X, Y), callbacks=[stopper], verbose=0
    )
    assert history.epoch == [0] and "val_loss" not in history.history


def test_class_weights_count():
    model = compiled(optimizers.SGD(0.0))
    y = np.eye(2)[[0, 1] * 5]
    halves = {0: 0.5, 1: 2.0}
    expected = model.evaluate(X, y, sample_weight=np.array([0.5, 2.0] * 5), verbose=0)
    history = model.fit_generator(Batches(X, y), class_weight=halves, verbose=0).history
    assert history["loss"] == [pytest.approx(expected, rel=1e-5)]


def test_several_inputs_and_outputs_come_as_lists_or_by_name():
    a, b = Input(shape=(3,), name="a"), Input(shape=(2,), name="b")
    model = Model([a, b], [Dense(2, name="c")(a), Dense(1, name="d")(b)])
    model.compile("sgd", "mse")
    lists = [([X, Y], [Y, Y[:, :1]])]
    names = [({"b": Y, "a": X}, {"d": Y[:, :1], "c": Y})]
    found = [model.evaluate_generator(iter(each), 1, workers=0) for each in (lists, names)]
    assert found[0] == found[1] and len(found[0]) == 3
    outputs = model.predict_generator(iter(lists * 2), 2)
    assert [output.shape for output in outputs] == [(20, 2), (20, 1)]


@pytest.mark.parametrize("workers", [0, 1])
def test_an_error_of_the_generator_reaches_the_caller_and_no_thread_is_left(workers):
    def failing():
        yield X, Y
        raise KeyError("broken file")

    before = threading.active_count()
    model = compiled()
    options = {"workers": workers, "verbose": 0}
    with pytest.raises(KeyError, match="broken file"):
        model.fit_generator(failing(), 5, validation_data=Batches(X, Y), **options)
    with pytest.raises(KeyError, match="broken file"):
        model.evaluate_generator(failing(), 5, **options)
    with pytest.raises(KeyError, match="broken file"):
        model.predict_generator(failing(), 5, **options)
    assert threading.active_count() <= before


@pytest.mark.parametrize("workers", [0, 1])
def test_a_generator_that_ends_too_early_says_so(workers):
    with pytest.raises(StopIteration, match="after 1 of 3 steps"):
        compiled().fit_generator(iter([(X, Y)]), 3, workers=workers, verbose=0)


@pytest.mark.parametrize("batch", [X, (X,), (X, Y, WEIGHTS, 1), 7, {"x": X, "y": Y}])
def test_batches_that_are_no_tuple_of_two_or_three_are_refused(batch):
    with pytest.raises(ConfigError, match=r"should be a tuple `\(x, y, sample_weight\)`"):
        compiled().fit_generator(iter([batch]), 1, verbose=0)


def test_a_batch_without_samples_is_refused():
    with pytest.raises(ShapeError, match="empty batch"):
        compiled().evaluate_generator(iter([(X[:0], Y[:0])]), 1)


def test_a_generator_needs_steps():
    model = compiled()
    for call in (model.fit_generator, model.evaluate_generator, model.predict_generator):
        with pytest.raises(ConfigError, match="keras.utils.Sequence"):
            call(endless(X, Y))
    with pytest.raises(ConfigError, match="validation_steps"):
        model.fit_generator(Batches(X, Y), validation_data=endless(X, Y))


def test_processes_that_copy_a_generator_cost_a_warning():
    with pytest.warns(UserWarning, match="may duplicate your data"):
        compiled().predict_generator(endless(X, Y), 2, workers=2, use_multiprocessing=True)


def test_the_bar_counts_steps(capsys):
    model = compiled()
    model.fit_generator(Batches(X, Y))
    model.evaluate_generator(Batches(X, Y), verbose=1)
    lines = capsys.readouterr().out.replace("\r", "\n").splitlines()
    assert sum(line.startswith("3/3 [====") for line in lines) == 2
