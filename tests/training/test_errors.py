"""What goes wrong in training: a clear error, the model as it was, and nobody left at work."""

import multiprocessing
import os
import signal
import subprocess
import sys
import textwrap
import threading
import time

import numpy as np
import pytest

from tfkeras_compat import optimizers
from tfkeras_compat._tf import tf
from tfkeras_compat.callbacks import Callback, LambdaCallback, TerminateOnNaN
from tfkeras_compat.errors import ConfigError, DtypeError, ShapeError
from tfkeras_compat.layers import Dense, Input
from tfkeras_compat.models import Model, Sequential
from tfkeras_compat.utils import Sequence

RANDOM = np.random.RandomState(0)
X = RANDOM.normal(size=(8, 3)).astype("float32")
Y = RANDOM.normal(size=(8, 2)).astype("float32")
ONE = X[:, :1]
NOT_NUMBERS = np.array([["a", 1, 2]] * 8, dtype=object)


@pytest.fixture(scope="module")
def model():
    model = Sequential([Dense(2, input_shape=(3,), name="out")], name="plain")
    model.compile(optimizers.SGD(0.01), "mse")
    return model


@pytest.fixture(scope="module")
def two():
    a, b = Input((3,), name="a"), Input((1,), name="b")
    model = Model([a, b], [Dense(2, name="p")(a), Dense(1, name="q")(b)])
    model.compile("sgd", "mse")
    return model


@pytest.fixture(scope="module")
def classes():
    model = Sequential([Dense(3, input_shape=(3,), activation="softmax", name="out")])
    model.compile("sgd", "sparse_categorical_crossentropy")
    return model


@pytest.fixture(autouse=True)
def nobody_is_left():
    before = threading.active_count()
    yield
    deadline = time.time() + 5
    while threading.active_count() > before and time.time() < deadline:
        time.sleep(0.01)
    assert threading.active_count() <= before and not multiprocessing.active_children()


def assert_refused(model, error, message, arguments, method="fit"):
    before = model.get_weights()
    with pytest.raises(error, match=message):
        getattr(model, method)(**arguments)
    for array, old in zip(model.get_weights(), before):
        np.testing.assert_array_equal(array, old)


def assert_usable(model):
    model.set_weights([np.zeros_like(array) for array in model.get_weights()])
    model.compile("sgd", "mse")
    history = model.fit(X, Y, epochs=2, verbose=0).history["loss"]
    assert history[1] < history[0]


@pytest.mark.parametrize(
    "arguments, error, message",
    [
        ({"x": NOT_NUMBERS, "y": Y}, DtypeError, 'input "out_input" has dtype object .*Encode'),
        ({"x": X, "y": NOT_NUMBERS[:, :2]}, DtypeError, 'target "out" has dtype object'),
        ({"x": None, "y": Y}, ShapeError, 'No data provided for input "out_input"'),
        ({"x": X, "y": None}, ShapeError, 'No data provided for target "out"'),
        ({"x": X[:0], "y": Y[:0]}, ShapeError, r"no samples: .* shape \(0, 3\)"),
        ({"x": X[0], "y": Y}, ShapeError, r"expected out_input to have shape \(3,\)"),
        ({"x": X[..., None], "y": Y}, ShapeError, "out_input to have 2 dimensions"),
        ({"x": X, "y": Y[:, :1]}, ShapeError, r"out to have shape \(2,\) .* shape \(1,\)"),
        ({"x": X, "y": Y[:3]}, ShapeError, "8 input samples and 3 target samples"),
        ({"x": [X, X], "y": Y}, ShapeError, r"Expected to see 1 array"),
        ({"x": 3, "y": Y}, TypeError, "should be a Numpy array"),
        ({"x": X, "y": Y, "validation_data": (X[:, :2], Y)}, ShapeError, "^validation_data: .*3,"),
        ({"x": X, "y": Y, "validation_data": (X, Y[:3])}, ShapeError, "^validation_data: "),
        ({"x": X, "y": Y, "validation_data": (X[:0], Y[:0])}, ShapeError, "has no samples"),
        ({"x": X, "y": Y, "validation_data": X}, ConfigError, "validation_data"),
        ({"x": X[:1], "y": Y[:1], "validation_split": 0.5}, ConfigError, "leaves none"),
        ({"x": X, "y": Y, "batch_size": 0}, ConfigError, "batch_size.* 1 or more, found 0"),
        ({"x": X, "y": Y, "batch_size": 4.0}, TypeError, "batch_size.* an integer, found 4.0"),
        ({"x": X, "y": Y, "callbacks": Callback()}, TypeError, "should be a list"),
        ({"x": X, "y": Y, "callbacks": ["stop"]}, TypeError, "found .*stop"),
    ],
)
def test_data_that_do_not_fit_are_refused_before_a_step(model, arguments, error, message):
    assert_refused(model, error, message, dict(arguments, verbose=0))


@pytest.mark.parametrize(
    "x, y, message",
    [
        ([X], [Y, ONE], "Expected to see 2 array.*'a', 'b'"),
        ({"a": X}, [Y, ONE], 'No data provided for "b"'),
        ([X, None], [Y, ONE], 'No data provided for input "b"'),
        ([X, ONE], [Y, None], 'No data provided for target "q"'),
        ([X, ONE[:4]], [Y, ONE], "same number of samples"),
    ],
)
def test_every_input_and_output_needs_its_array(two, x, y, message):
    assert_refused(two, ShapeError, message, {"x": x, "y": y, "verbose": 0})


def test_batches_evaluations_and_predictions_are_checked_too(model):
    for method in ("train_on_batch", "test_on_batch"):
        assert_refused(model, ShapeError, "batch has no samples", {"x": X[:0], "y": Y[:0]}, method)
        assert_refused(model, ShapeError, 'target "out"', {"x": X, "y": None}, method)
    assert_refused(model, ShapeError, "no samples", {"x": X[:0], "y": Y[:0]}, "evaluate")
    assert_refused(model, ShapeError, r"shape \(3,\)", {"x": X[:, :2]}, "predict")


def test_classes_that_can_not_be_are_refused(classes):
    numbers = np.arange(8) % 3
    options = {"x": X, "y": numbers, "verbose": 0, "class_weight": {0: 1.0, 1: 2.0}}
    assert_refused(classes, ConfigError, r"The classes \{2\} exist in the data", options)
    options = {"x": X, "y": np.arange(8), "verbose": 0}
    assert_refused(classes, tf.errors.InvalidArgumentError, r"valid range of \[0, 3\)", options)
    assert_refused(classes, ShapeError, r"shape \(1,\)", dict(options, y=np.eye(3)[numbers]))
    with pytest.warns(UserWarning, match="no effect unless it is a dictionary"):
        classes.fit(X, numbers, class_weight="balanced", verbose=0)


def test_a_loss_that_is_no_number_is_reported_or_ends_the_training(model):
    first = model.get_weights()
    spoiled = X * np.nan
    history = model.fit(spoiled, Y, epochs=2, verbose=0).history
    assert np.isnan(history["loss"]).all()
    model.set_weights(first)
    seen = []
    watch = LambdaCallback(on_batch_end=lambda batch, logs: seen.append(batch))
    stop = [TerminateOnNaN(), watch]
    assert model.fit(spoiled, Y, batch_size=2, epochs=3, callbacks=stop, verbose=0).epoch == [0]
    assert seen == [0]
    assert_usable(model)


def test_what_a_callback_raises_comes_out_and_the_model_goes_on(model):
    class Failing(Callback):
        def on_batch_end(self, batch, logs=None):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        model.fit(X, Y, callbacks=[Failing()], verbose=0)
    assert_usable(model)


# ---- generators ---------------------------------------------------------------------------------


class Numbered(Sequence):
    def __len__(self):
        return 4

    def __getitem__(self, index):
        if index == 2:
            raise OSError("disk is gone")
        return X, Y


def failing():
    yield X, Y
    raise OSError("disk is gone")


@pytest.mark.parametrize("workers, processes", [(0, False), (2, False), (2, True)])
@pytest.mark.parametrize("source", [Numbered, failing])
@pytest.mark.filterwarnings("ignore")
def test_what_a_generator_raises_comes_out_of_fit(model, source, workers, processes):
    if source is failing and workers > 1 and not processes:
        workers = 1  # a plain generator is for one thread
    with pytest.raises(OSError, match="disk is gone"):
        model.fit_generator(
            source(),
            steps_per_epoch=4,
            epochs=2,
            workers=workers,
            use_multiprocessing=processes,
            shuffle=False,
            verbose=0,
        )
    assert_usable(model)


@pytest.mark.parametrize("workers", [0, 1])
def test_a_generator_that_ends_too_early_says_after_which_step(model, workers):
    with pytest.raises(StopIteration, match="ended after 2 of 3 steps"):
        model.fit_generator(
            ((X, Y) for _ in range(2)), steps_per_epoch=3, workers=workers, verbose=0
        )
    assert_usable(model)


@pytest.mark.parametrize(
    "batch, error, message",
    [
        (X, ConfigError, "should be a tuple"),
        ((X[:, :2], Y), ShapeError, r"expected out_input to have shape \(3,\)"),
        ((X[:0], Y[:0]), ShapeError, "empty batch"),
        ((X, None), ShapeError, 'No data provided for target "out"'),
    ],
)
def test_batches_of_generators_are_checked(model, batch, error, message):
    arguments = {"generator": iter([batch]), "steps_per_epoch": 1, "verbose": 0}
    assert_refused(model, error, message, arguments, "fit_generator")


# ---- interruptions ------------------------------------------------------------------------------

_INTERRUPTED = """
    import multiprocessing, signal, time
    import numpy as np
    from tfkeras_compat.callbacks import Callback
    from tfkeras_compat.layers import Dense
    from tfkeras_compat.models import Sequential
    from tfkeras_compat.training import enqueue
    from tfkeras_compat.utils import Sequence

    # A shell makes what it runs in the background deaf to the signal.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    enqueue._STOP_SECONDS = 0.2  # for the thread that hangs
    X, Y = np.ones((8, 3)), np.ones((8, 2))

    class Tell(Callback):
        def __init__(self, batch):
            self.batch = batch
        def on_batch_end(self, batch, logs=None):
            if batch == self.batch:
                print("ready", flush=True)
                self.batch = None

    class Hanging(Sequence):
        def __len__(self):
            return 10
        def __getitem__(self, index):
            if index > 3:
                time.sleep(1000)
            return X, Y

    def hanging():
        yield X, Y
        print("ready", flush=True)
        while True:
            time.sleep(0.05)

    model = Sequential([Dense(2, input_shape=(3,))])
    model.compile("sgd", "mse")
    options = {"verbose": 0, "shuffle": False}

    def arrays():
        model.fit(X, Y, batch_size=4, epochs=10 ** 9, callbacks=[Tell(1)], **options)
    def generator(workers):
        model.fit_generator(hanging(), 9, workers=workers, **options)
    def processes():
        model.fit_generator(
            Hanging(), workers=2, use_multiprocessing=True, callbacks=[Tell(3)], **options
        )
    for train in (arrays, lambda: generator(0), lambda: generator(1), processes):
        try:
            train()
            print("ended by itself", flush=True)
        except KeyboardInterrupt:
            model.fit(X, Y, verbose=0)
            print("went on", np.isfinite(model.predict(X)).all(), multiprocessing.active_children())
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_an_interruption_from_the_keyboard_ends_the_training_and_nothing_else():
    child = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", textwrap.dedent(_INTERRUPTED)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        universal_newlines=True,
        env=dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", PYTHONPATH=os.pathsep.join(sys.path)),
    )
    watchdog = threading.Timer(120, child.kill)
    watchdog.start()
    told = []
    try:
        for line in child.stdout:
            told.append(line.strip())
            if line == "ready\n":
                time.sleep(0.1)
                child.send_signal(signal.SIGINT)
        assert child.wait() == 0
    finally:
        child.kill()
        child.stdout.close()
        watchdog.cancel()
        watchdog.join()
    assert told == ["ready", "went on True []"] * 4
