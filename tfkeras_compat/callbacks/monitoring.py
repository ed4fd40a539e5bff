"""Callbacks that watch the values of training, and act on it or tell others of it."""

import json
import warnings
from typing import Any, Callable

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.callbacks.base import Callback
from tfkeras_compat.errors import ConfigError, MissingDependencyError

_COMPARISONS = {"min": np.less, "max": np.greater}
# What a monitored value is compared with first, so that anything improves on it.
_WORST = {"min": np.inf, "max": -np.inf}


def known_mode(mode, owner):
    """The mode ``"min"``, ``"max"`` or ``"auto"``; any other is ``"auto"``, with a warning."""
    if mode in ("auto", "min", "max"):
        return mode
    warnings.warn("%s mode %s is unknown, fallback to auto mode." % (owner, mode), RuntimeWarning)
    return "auto"


def comparison(mode, is_accuracy):
    """What compares a value with the best one, and the worst value there can be.

    Args:
        mode: a mode as :func:`known_mode` gives it.
        is_accuracy: whether more is better, in the mode ``"auto"``.

    >>> from tfkeras_compat.callbacks.monitoring import comparison
    >>> is_better, worst = comparison("auto", is_accuracy=True)
    >>> bool(is_better(0.1, worst))
    True
    """
    if mode == "auto":
        mode = "max" if is_accuracy else "min"
    return _COMPARISONS[mode], _WORST[mode]


def _monitored(logs, monitor, action):
    """The monitored value, or ``None`` with a warning that ``action`` has to do without it."""
    if logs.get(monitor) is None:
        warnings.warn(
            "%s conditioned on metric `%s` which is not available. Available metrics are: %s"
            % (action, monitor, ",".join(logs)),
            RuntimeWarning,
        )
    return logs.get(monitor)


def _rate_variable(model):
    if not hasattr(model.optimizer, "lr"):
        raise ConfigError(
            'Optimizer must have a "lr" attribute. Found %r: use an optimizer of keras.optimizers, '
            "or a variable as the learning rate of a tf.train.Optimizer." % model.optimizer
        )
    return model.optimizer.lr


class EarlyStopping(Callback):
    """Stops training when a value does not improve any more.

    Args:
        monitor: name of the value in the logs.
        min_delta: an improvement by less does not count.
        patience: training stops after this many epochs without improvement.
        verbose: whether a stop is printed.
        mode: ``"min"`` or ``"max"``: what is better; ``"auto"`` looks for ``acc`` in the name.
        baseline: what has to be improved on to begin with.
        restore_best_weights: whether the model gets its weights of the best epoch when training
            is stopped. If no epoch was better than the baseline, it keeps those it has.

    >>> from tfkeras_compat.callbacks import EarlyStopping
    >>> from tfkeras_compat.models import Sequential
    >>> stopping = EarlyStopping(monitor="loss", patience=1)
    >>> stopping.set_model(Sequential())
    >>> stopping.on_train_begin()
    >>> for epoch, loss in enumerate([2.0, 1.0, 1.5]):
    ...     stopping.on_epoch_end(epoch, {"loss": loss})
    >>> stopping.model.stop_training, stopping.stopped_epoch, stopping.best
    (True, 2, 1.0)
    """

    def __init__(
        self,
        monitor="val_loss",
        min_delta=0,
        patience=0,
        verbose=0,
        mode="auto",
        baseline=None,
        restore_best_weights=False,
    ):
        super().__init__()
        self.monitor = monitor
        self.baseline = baseline
        self.patience = patience
        self.verbose = verbose
        self.wait = 0
        self.stopped_epoch = 0
        self.restore_best_weights = restore_best_weights
        self.best_weights = None
        mode = known_mode(mode, "EarlyStopping")
        self.monitor_op, self._worst = comparison(mode, "acc" in monitor)
        # Signed, so that it is what a value has to be ahead by: the attribute was ever so.
        self.min_delta = min_delta if self.monitor_op is np.greater else -min_delta

    def on_train_begin(self, logs=None):
        self.wait = 0
        self.stopped_epoch = 0
        self.best = self._worst if self.baseline is None else self.baseline

    def on_epoch_end(self, epoch, logs=None):
        current = self.get_monitor_value(logs or {})
        if current is None:
            return
        if self.monitor_op(current - self.min_delta, self.best):
            self._keep(current)
            return
        self.wait += 1
        if self.wait >= self.patience:
            self._stop(epoch)

    def _keep(self, current):
        self.best = current
        self.wait = 0
        if self.restore_best_weights:
            self.best_weights = self.model.get_weights()

    def _stop(self, epoch):
        self.stopped_epoch = epoch
        self.model.stop_training = True
        if self.restore_best_weights and self.best_weights is not None:
            if self.verbose > 0:
                print("Restoring model weights from the end of the best epoch")
            self.model.set_weights(self.best_weights)

    def on_train_end(self, logs=None):
        if self.stopped_epoch > 0 and self.verbose > 0:
            print("Epoch %05d: early stopping" % (self.stopped_epoch + 1))

    def get_monitor_value(self, logs):
        """The monitored value of an epoch; ``None``, with a warning, if there is none."""
        return _monitored(logs, self.monitor, "Early stopping")


class LearningRateScheduler(Callback):
    """Sets the learning rate before each epoch.

    Args:
        schedule: a function of the epoch, counted from 0, or of the epoch and the present learning
            rate, that gives the learning rate as a float.
        verbose: whether the learning rate is printed.
    Raises: ConfigError if the optimizer has no variable ``lr``, or the schedule gives no float.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.callbacks import LearningRateScheduler
    >>> from tfkeras_compat.layers import Dense
    >>> from tfkeras_compat.models import Sequential
    >>> model = Sequential([Dense(1, input_shape=(1,))])
    >>> model.compile("sgd", "mse")
    >>> halving = LearningRateScheduler(lambda epoch, lr: 0.5 ** epoch)
    >>> halving.set_model(model)
    >>> halving.on_epoch_begin(2)
    >>> float(K.get_value(model.optimizer.lr))
    0.25
    """

    def __init__(self, schedule, verbose=0):
        super().__init__()
        self.schedule = schedule
        self.verbose = verbose

    def on_epoch_begin(self, epoch, logs=None):
        variable = _rate_variable(self.model)
        rate = self._scheduled(epoch, float(K.get_value(variable)))
        K.set_value(variable, rate)
        if self.verbose > 0:
            print(
                "\nEpoch %05d: LearningRateScheduler setting learning rate to %s."
                % (epoch + 1, rate)
            )

    def _scheduled(self, epoch, rate):
        try:
            rate = self.schedule(epoch, rate)
        except TypeError:
            # Also one from inside: a schedule's second argument may be something else.
            rate = self.schedule(epoch)
        if not isinstance(rate, (float, np.float32, np.float64)):
            raise ConfigError(
                'The output of the "schedule" function should be float. Found %r for epoch %d.'
                % (rate, epoch)
            )
        return rate

    def on_epoch_end(self, epoch, logs=None):
        if logs is not None:
            logs["lr"] = K.get_value(_rate_variable(self.model))


class ReduceLROnPlateau(Callback):
    """Lowers the learning rate when a value does not improve any more.

    Args:
        monitor: name of the value in the logs.
        factor: what the learning rate is multiplied with; less than 1.
        patience: it is lowered after this many epochs without improvement.
        verbose: whether this is printed.
        mode: ``"min"`` or ``"max"``: what is better; ``"auto"`` looks for ``acc`` in the name.
        min_delta: an improvement by less does not count. ``epsilon`` is its old name.
        cooldown: epochs that are not counted after a reduction.
        min_lr: the learning rate is not set lower.
    Raises: ConfigError if the factor is not less than 1, or the optimizer has no variable ``lr``.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.callbacks import ReduceLROnPlateau
    >>> from tfkeras_compat.layers import Dense
    >>> from tfkeras_compat.models import Sequential
    >>> model = Sequential([Dense(1, input_shape=(1,))])
    >>> model.compile("adadelta", "mse")
    >>> reduction = ReduceLROnPlateau(monitor="loss", factor=0.5, patience=1)
    >>> reduction.set_model(model)
    >>> for epoch, loss in enumerate([2.0, 1.0, 1.0]):
    ...     reduction.on_epoch_end(epoch, {"loss": loss})
    >>> float(K.get_value(model.optimizer.lr))
    0.5
    """

    monitor_op: Callable[[Any, Any], Any]

    def __init__(
        self,
        monitor="val_loss",
        factor=0.1,
        patience=10,
        verbose=0,
        mode="auto",
        min_delta=1e-4,
        cooldown=0,
        min_lr=0,
        **kwargs,
    ):
        super().__init__()
        if factor >= 1.0:
            raise ConfigError(
                "ReduceLROnPlateau does not support a factor >= 1.0. Found %s." % factor
            )
        if "epsilon" in kwargs:
            min_delta = kwargs["epsilon"]
            warnings.warn(
                "`epsilon` argument is deprecated and will be removed, use `min_delta` instead."
            )
        self.monitor = monitor
        self.factor = factor
        self.min_lr = min_lr
        self.min_delta = min_delta
        self.patience = patience
        self.verbose = verbose
        self.cooldown = cooldown
        self.mode = mode
        self._reset()

    def _reset(self):
        self.mode = known_mode(self.mode, "Learning Rate Plateau Reducing")
        is_better, self.best = comparison(self.mode, "acc" in self.monitor)
        sign = 1 if is_better is np.greater else -1
        self.monitor_op = lambda value, best: is_better(value, best + sign * self.min_delta)
        self.cooldown_counter = 0
        self.wait = 0

    def on_train_begin(self, logs=None):
        self._reset()

    def on_epoch_end(self, epoch, logs=None):
        logs = {} if logs is None else logs
        logs["lr"] = K.get_value(_rate_variable(self.model))
        current = _monitored(logs, self.monitor, "Reduce LR on plateau")
        if current is None:
            return
        if self.in_cooldown():
            self.cooldown_counter -= 1
            self.wait = 0
        if self.monitor_op(current, self.best):
            self.best = current
            self.wait = 0
        elif not self.in_cooldown():
            self.wait += 1
            if self.wait >= self.patience:
                self._reduce(epoch, float(logs["lr"]))

    def _reduce(self, epoch, old_rate):
        if old_rate <= self.min_lr:
            return
        rate = max(old_rate * self.factor, self.min_lr)
        K.set_value(self.model.optimizer.lr, rate)
        if self.verbose > 0:
            print(
                "\nEpoch %05d: ReduceLROnPlateau reducing learning rate to %s." % (epoch + 1, rate)
            )
        self.cooldown_counter = self.cooldown
        self.wait = 0

    def in_cooldown(self):
        return self.cooldown_counter > 0


class RemoteMonitor(Callback):
    """Posts the logs of each epoch to a server, as JSON. It needs the library ``requests``.

    A server that can not be reached gives a warning, and training goes on.

    Args:
        root: address of the server.
        path: what follows it.
        field: name of the form's field that holds the JSON.
        headers: further headers of the request, by name.
        send_as_json: whether the JSON is the body itself and no form is used.
    Raises: MissingDependencyError without ``requests``, when training begins.
    """

    def __init__(
        self,
        root="http://localhost:9000",
        path="/publish/epoch/end/",
        field="data",
        headers=None,
        send_as_json=False,
    ):
        super().__init__()
        self.root = root
        self.path = path
        self.field = field
        self.headers = headers
        self.send_as_json = send_as_json

    def on_train_begin(self, logs=None):
        _requests()  # not after an epoch of hours

    def on_epoch_end(self, epoch, logs=None):
        requests = _requests()
        sent = {"epoch": epoch}
        sent.update((name, _plain(value)) for name, value in (logs or {}).items())
        body = {"json": sent} if self.send_as_json else {"data": {self.field: json.dumps(sent)}}
        try:
            requests.post(self.root + self.path, headers=self.headers, **body)
        except requests.exceptions.RequestException:
            warnings.warn("Warning: could not reach RemoteMonitor root server at %s" % (self.root,))


def _plain(value):
    return value.item() if isinstance(value, (np.ndarray, np.generic)) else value


def _requests():
    try:
        import requests
    except ImportError as error:
        raise MissingDependencyError(
            "RemoteMonitor requires the `requests` library: pip install 'tfkeras_compat[remote]'."
        ) from error
    return requests
