import http.server
import json
import sys
import threading
import types
import urllib.parse

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import callbacks
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, MissingDependencyError
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential


class Model:
    """What callbacks see of a model; its weights are the number of the epoch."""

    stop_training = False

    def __init__(self, lr=1.0):
        self.optimizer = types.SimpleNamespace(lr=K.variable(lr))
        self.weights = []

    def get_weights(self):
        return list(self.weights)

    def set_weights(self, weights):
        self.weights = weights


def train(callback, values, name="val_loss", model=None):
    """The number of epochs a callback allows, if a value has these courses; and the logs."""
    model = model or Model()
    model.stop_training = False
    callback.set_model(model)
    callback.on_train_begin()
    seen = []
    for epoch, value in enumerate(values):
        model.weights = [epoch]
        callback.on_epoch_begin(epoch)
        seen.append({name: value})
        callback.on_epoch_end(epoch, seen[-1])
        if model.stop_training:
            break
    callback.on_train_end()
    return seen


def rates(callback, values, name="val_loss", lr=1.0):
    """The learning rates in the logs of all epochs, and the one that is left."""
    model = Model(lr)
    seen = train(callback, values, name, model)
    return [float(logs["lr"]) for logs in seen] + [float(K.get_value(model.optimizer.lr))]


# ---- EarlyStopping ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "options, values, epochs",
    [
        ({}, [2, 1, 1, 0], 3),
        ({"patience": 2}, [2, 1, 1, 0.5, 1, 1, 0], 6),
        ({"min_delta": 0.5}, [3, 2, 1.6, 0], 3),
        ({"mode": "max"}, [1, 2, 1, 3], 3),
        ({"mode": "max", "min_delta": 0.5}, [1, 2, 2.4, 3], 3),
        ({"monitor": "val_acc"}, [0.1, 0.2, 0.2, 0.3], 3),
        ({"baseline": 1.0, "patience": 2}, [3, 2, 0], 2),
        ({"baseline": 1.0, "patience": 2}, [3, 0.5, 1, 1, 1], 4),
    ],
)
def test_training_stops_when_the_value_does_not_improve(options, values, epochs):
    callback = callbacks.EarlyStopping(**options)
    for _ in range(2):  # a callback can be used again
        assert len(train(callback, values, callback.monitor)) == epochs
        assert callback.stopped_epoch == epochs - 1


def test_the_weights_of_the_best_epoch_come_back_if_wanted(capsys):
    for restore, epoch in ((True, 1), (False, 3)):
        model = Model()
        callback = callbacks.EarlyStopping(patience=2, verbose=1, restore_best_weights=restore)
        train(callback, [2, 1, 3, 2, 0], model=model)
        assert model.weights == [epoch]
    assert capsys.readouterr().out == (
        "Restoring model weights from the end of the best epoch\n"
        "Epoch 00004: early stopping\n"
        "Epoch 00004: early stopping\n"
    )


def test_a_stop_is_told_of_its_own_training_only(capsys):
    callback = callbacks.EarlyStopping(verbose=1)
    train(callback, [1, 1])
    train(callback, [2, 1])
    assert capsys.readouterr().out == "Epoch 00002: early stopping\n"


def test_no_weights_come_back_if_no_epoch_was_better_than_the_baseline():
    model = Model()
    train(callbacks.EarlyStopping(baseline=0.0, restore_best_weights=True), [1, 1], model=model)
    assert model.stop_training and model.weights == [0]


def test_a_real_training_is_stopped():
    model = Sequential([Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    x, y = np.ones((4, 2)), np.ones((4, 1))
    stopping = callbacks.EarlyStopping("loss", min_delta=1e9, restore_best_weights=True)
    model.fit(x, y, epochs=1, verbose=0, callbacks=[stopping])
    best = stopping.best_weights
    history = model.fit(x, y, epochs=9, verbose=0, callbacks=[stopping])
    assert history.epoch == [0, 1]
    assert not np.array_equal(best[0], stopping.best_weights[0])
    np.testing.assert_array_equal(model.get_weights()[0], stopping.best_weights[0])


@pytest.mark.parametrize(
    "callback, message",
    [
        (callbacks.EarlyStopping, "Early stopping conditioned on metric `val_loss` which is not"),
        (callbacks.ReduceLROnPlateau, "Reduce LR on plateau conditioned on metric `val_loss`"),
    ],
)
def test_a_value_that_is_not_logged_gives_a_warning(callback, message):
    with pytest.warns(RuntimeWarning, match=message + ".*Available metrics are: loss"):
        train(callback(), [1.0], name="loss")


@pytest.mark.parametrize(
    "make, name",
    [
        (callbacks.EarlyStopping, "EarlyStopping"),
        (callbacks.ReduceLROnPlateau, "Learning Rate Plateau Reducing"),
        (lambda mode: callbacks.ModelCheckpoint("x", mode=mode), "ModelCheckpoint"),
    ],
)
def test_an_unknown_mode_is_auto_with_a_warning(make, name):
    with pytest.warns(RuntimeWarning, match="%s mode up is unknown, fallback to auto" % name):
        callback = make(mode="up")
    assert callback.monitor_op(0.0, 1.0)


# ---- the learning rate --------------------------------------------------------------------------


def test_a_schedule_sets_the_learning_rate_of_each_epoch(capsys):
    by_epoch = callbacks.LearningRateScheduler(lambda epoch: 1.0 / (1.0 + epoch))
    assert rates(by_epoch, [0, 0]) == [1.0, 0.5, 0.5]
    by_rate = callbacks.LearningRateScheduler(lambda epoch, lr: lr / 2, verbose=1)
    assert rates(by_rate, [0, 0]) == [0.5, 0.25, 0.25]
    assert capsys.readouterr().out == (
        "\nEpoch 00001: LearningRateScheduler setting learning rate to 0.5.\n"
        "\nEpoch 00002: LearningRateScheduler setting learning rate to 0.25.\n"
    )


def test_a_schedule_whose_second_argument_is_no_rate_is_called_without():
    def schedule(epoch, drops=(1, 2)):
        return 0.5 if epoch in drops else 1.0

    assert rates(callbacks.LearningRateScheduler(schedule), [0, 0]) == [1.0, 0.5, 0.5]


def test_a_schedule_has_to_give_a_float():
    with pytest.raises(ConfigError, match='"schedule" function should be float. Found 1'):
        train(callbacks.LearningRateScheduler(lambda epoch: 1), [0])


@pytest.mark.parametrize(
    "callback",
    [callbacks.LearningRateScheduler(lambda epoch: 0.5), callbacks.ReduceLROnPlateau("loss")],
)
def test_an_optimizer_without_a_learning_rate_is_named(callback):
    model = Sequential([Dense(1, input_shape=(2,))])
    model.compile(tf.train.GradientDescentOptimizer(0.1), "mse")
    with pytest.raises(ConfigError, match='must have a "lr" attribute. Found .*TFOptimizer'):
        model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0, callbacks=[callback])


def test_a_real_training_goes_at_the_scheduled_rate():
    model = Sequential([Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    before = model.get_weights()
    freeze = callbacks.LearningRateScheduler(lambda epoch: 0.0)
    with tf.Graph().as_default():  # the model knows its own
        history = model.fit(np.ones((4, 2)), np.ones((4, 1)), verbose=0, callbacks=[freeze])
    np.testing.assert_array_equal(model.get_weights()[0], before[0])
    assert history.history["lr"] == [0.0]


@pytest.mark.parametrize(
    "options, values, expected",
    [
        ({"patience": 1}, [1, 1, 1], [1, 1, 0.5, 0.25]),
        ({"patience": 2}, [1, 1, 0.5, 1, 1], [1, 1, 1, 1, 1, 0.5]),
        ({"patience": 1, "min_delta": 1.0}, [3, 2.5, 1.9], [1, 1, 0.5, 0.5]),
        ({"patience": 1, "cooldown": 2}, [1, 1, 1, 1, 1], [1, 1, 0.5, 0.5, 0.25, 0.25]),
        (
            {"patience": 1, "min_lr": 0.4},
            [1, 1, 1, 1],
            [1, 1, 0.5, np.float32(0.4), np.float32(0.4)],
        ),
        ({"patience": 1, "mode": "max"}, [1, 2, 3, 3], [1, 1, 1, 1, 0.5]),
        ({"patience": 1, "monitor": "val_acc"}, [1, 2, 2], [1, 1, 1, 0.5]),
    ],
)
def test_the_learning_rate_is_lowered_on_a_plateau(options, values, expected):
    callback = callbacks.ReduceLROnPlateau(factor=0.5, **options)
    for _ in range(2):  # a callback can be used again
        assert rates(callback, values, callback.monitor) == expected


def test_a_reduction_is_printed(capsys):
    callback = callbacks.ReduceLROnPlateau(factor=0.5, patience=1, verbose=1)
    train(callback, [1, 1])
    expected = "\nEpoch 00002: ReduceLROnPlateau reducing learning rate to 0.5.\n"
    assert capsys.readouterr().out == expected


def test_epsilon_is_the_old_name_of_the_smallest_improvement():
    with pytest.warns(UserWarning, match="`epsilon` argument is deprecated"):
        assert callbacks.ReduceLROnPlateau(epsilon=0.25).min_delta == 0.25


def test_a_factor_has_to_be_less_than_one():
    with pytest.raises(ConfigError, match="factor >= 1.0. Found 1.5"):
        callbacks.ReduceLROnPlateau(factor=1.5)


# ---- RemoteMonitor ------------------------------------------------------------------------------


@pytest.fixture
def server(monkeypatch):
    """A server for one request on the loopback; it keeps the request, and ends by itself."""
    pytest.importorskip("requests")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"])).decode("utf-8")
            self.server.request = (self.path, self.headers, body)
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    server.timeout = 20
    server.root = "http://127.0.0.1:%d" % server.server_port
    thread = threading.Thread(target=server.handle_request, daemon=True)
    thread.start()
    yield server
    thread.join()
    server.server_close()


@pytest.fixture
def posted(monkeypatch):
    """The calls of ``requests.post``, which do nothing."""
    calls = []
    fake = types.ModuleType("requests")
    fake.exceptions = types.SimpleNamespace(RequestException=OSError)
    fake.post = lambda *args, **kwargs: calls.append((args, kwargs))
    monkeypatch.setitem(sys.modules, "requests", fake)
    return calls


LOGS = {"loss": np.float32(0.5), "acc": np.array(1), "lr": 2.0}
SENT = {"epoch": 3, "loss": 0.5, "acc": 1, "lr": 2.0}


def test_a_server_gets_the_logs_in_a_form(server):
    monitor = callbacks.RemoteMonitor(server.root, "/here", "field", headers={"X-Key": "k"})
    monitor.on_train_begin()
    monitor.on_epoch_end(3, LOGS)
    path, headers, body = server.request
    assert path == "/here" and headers["X-Key"] == "k"
    assert json.loads(urllib.parse.parse_qs(body)["field"][0]) == SENT


def test_a_server_gets_the_logs_as_json(server):
    callbacks.RemoteMonitor(server.root, send_as_json=True).on_epoch_end(3, LOGS)
    path, headers, body = server.request
    assert path == "/publish/epoch/end/" and headers["Content-Type"] == "application/json"
    assert json.loads(body) == SENT


def test_the_logs_are_posted_in_a_form_or_as_json(posted):
    callbacks.RemoteMonitor().on_epoch_end(3, LOGS)
    callbacks.RemoteMonitor("http://a", "/b", send_as_json=True).on_epoch_end(3, LOGS)
    (form_url, form), (json_url, sent) = posted
    assert form_url == ("http://localhost:9000/publish/epoch/end/",)
    assert json.loads(form["data"]["data"]) == SENT and form["headers"] is None
    assert json_url == ("http://a/b",) and sent == {"json": SENT, "headers": None}


def test_a_server_that_can_not_be_reached_gives_a_warning(posted, monkeypatch):
    def post(*args, **kwargs):
        raise OSError("no route")

    monkeypatch.setattr(sys.modules["requests"], "post", post)
    with pytest.warns(UserWarning, match="could not reach RemoteMonitor root server at http://a"):
        callbacks.RemoteMonitor("http://a").on_epoch_end(0)


def test_without_the_library_training_does_not_begin(monkeypatch):
    monkeypatch.setitem(sys.modules, "requests", None)
    with pytest.raises(MissingDependencyError, match="tfkeras_compat.remote"):
        callbacks.RemoteMonitor().on_train_begin()
