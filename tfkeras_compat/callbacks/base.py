"""The base of callbacks, and the list that a training loop tells of its progress."""

import collections
import time
import warnings
from typing import Any, Dict

import numpy as np

_MODES = ("train", "test", "predict")
_MOMENTS = tuple("on_%s_%s" % (mode, end) for mode in _MODES for end in ("begin", "end"))
_BATCH_MOMENTS = tuple(
    "on_%s_batch_%s" % (mode, end) for mode in _MODES for end in ("begin", "end")
)
# Batches were those of training alone before Keras 2.2.5.
_OLD_NAMES = {"on_batch_begin": "on_train_batch_begin", "on_batch_end": "on_train_batch_end"}

# What is in the logs of a batch beside loss and metrics.
_COUNTS = ("batch", "size")

# A callback counts as slow if it takes this part of a batch's time, and this many seconds.
_SLOW_PART, _SLOW_SECONDS = 0.95, 0.1


class Callback:
    """What is told of the progress of training: override the methods of the moments to act at.

    ``self.model`` is the model, ``self.params`` what it is trained with, as far as it is known
    (``epochs``, ``steps``, ``batch_size``, ``samples``, ``verbose``, ``do_validation``,
    ``metrics``), and ``self.validation_data`` the arrays of the validation. ``logs`` is a
    dictionary of sizes and values: loss and metrics at the end of a batch or epoch, with ``val_``
    for the validation.
    """

    def __init__(self):
        self.validation_data: Any = None
        self.model: Any = None

    def set_params(self, params):
        self.params = params

    def set_model(self, model):
        self.model = model

    def on_train_begin(self, logs=None):
        pass

    def on_train_end(self, logs=None):
        pass

    def on_epoch_begin(self, epoch, logs=None):
        pass

    def on_epoch_end(self, epoch, logs=None):
        pass

    def on_batch_begin(self, batch, logs=None):
        """A batch of training begins: the older name of ``on_train_batch_begin``."""

    def on_batch_end(self, batch, logs=None):
        """A batch of training ended: the older name of ``on_train_batch_end``."""

    def on_train_batch_begin(self, batch, logs=None):
        self.on_batch_begin(batch, logs=logs)

    def on_train_batch_end(self, batch, logs=None):
        self.on_batch_end(batch, logs=logs)

    def on_test_begin(self, logs=None):
        """An evaluation begins, or a validation."""

    def on_test_end(self, logs=None):
        pass

    def on_test_batch_begin(self, batch, logs=None):
        pass

    def on_test_batch_end(self, batch, logs=None):
        pass

    def on_predict_begin(self, logs=None):
        pass

    def on_predict_end(self, logs=None):
        pass

    def on_predict_batch_begin(self, batch, logs=None):
        pass

    def on_predict_batch_end(self, batch, logs=None):
        """A batch of a prediction ended: ``logs["outputs"]`` is the list of its outputs."""


class CallbackList:
    """Callbacks that are told together, in order: it has all the methods of :class:`Callback`."""

    _batch_begin: float
    _told: Dict[str, Any]
    _times: Dict[str, Any]

    def __init__(self, callbacks=None, queue_length=10):
        self.callbacks = list(callbacks or ())
        self.queue_length = queue_length
        self.params = {}
        self.model = None
        self._reset_times()

    def __iter__(self):
        return iter(self.callbacks)

    def append(self, callback):
        self.callbacks.append(callback)
        self._told = {}

    def set_params(self, params):
        self.params = params
        for callback in self.callbacks:
            callback.set_params(params)

    def set_model(self, model):
        self.model = model
        for callback in self.callbacks:
            callback.set_model(model)

    def on_epoch_begin(self, epoch, logs=None):
        self._tell("on_epoch_begin", epoch, logs or {})
        self._reset_times()

    def on_epoch_end(self, epoch, logs=None):
        # The one dictionary goes through all of them: a logger fills it for those behind it.
        self._tell("on_epoch_end", epoch, {} if logs is None else logs)

    def _tell(self, moment, *arguments):
        for callback in self.callbacks:
            getattr(callback, moment)(*arguments)

    def _tell_of_run(self, moment, logs=None):
        self._reset_times()
        self._tell(moment, {} if logs is None else logs)

    def _tell_of_batch_begin(self, moment, batch, logs=None):
        self._tell_listeners(moment, batch, logs)
        self._batch_begin = time.time()

    def _tell_of_batch_end(self, moment, batch, logs=None):
        self._batch_time = time.time() - self._batch_begin
        self._tell_listeners(moment, batch, logs)

    def _tell_listeners(self, moment, batch, logs):
        listeners = self._told.get(moment)
        if listeners is None:
            listeners = self._told[moment] = self._listeners(moment)
        if listeners:
            before = time.time()
            for listener in listeners:
                listener(batch, {} if logs is None else logs)
            self._warn_if_slow(moment, time.time() - before)

    def _listeners(self, moment):
        """The methods to call for each batch: those that do nothing cost time."""
        return [getattr(each, moment) for each in self.callbacks if _acts(each, moment)]

    def _reset_times(self):
        self._told = {}
        self._batch_begin = time.time()
        self._batch_time = 0.0
        self._times = collections.defaultdict(lambda: collections.deque(maxlen=self.queue_length))

    def _warn_if_slow(self, moment, seconds):
        self._times[moment].append(seconds)
        if self._batch_time <= 0 or seconds <= _SLOW_SECONDS:
            return
        median = np.median(self._times[moment])
        if median > _SLOW_SECONDS and median > _SLOW_PART * self._batch_time:
            warnings.warn(
                "Method (%s) is slow compared to the batch update (%f). Check your callbacks."
                % (moment, median),
                RuntimeWarning,
            )


def _acts(callback, moment):
    """Whether a callback defines what happens at a moment, under its name or the older one."""
    names = [moment] + [old for old, new in _OLD_NAMES.items() if new == moment]
    methods = [(getattr(callback, name), getattr(Callback, name)) for name in names]
    return any(getattr(own, "__func__", None) is not inherited for own, inherited in methods)


def _teller(tell, moment):
    return lambda self, *arguments, **logs: tell(self, moment, *arguments, **logs)


_TELL_OF_BATCH = {
    "begin": CallbackList._tell_of_batch_begin,
    "end": CallbackList._tell_of_batch_end,
}
for _name in _MOMENTS:
    setattr(CallbackList, _name, _teller(CallbackList._tell_of_run, _name))
for _name in _BATCH_MOMENTS + tuple(_OLD_NAMES):
    _moment = _OLD_NAMES.get(_name, _name)
    _tell = _TELL_OF_BATCH[_moment.rsplit("_", 1)[1]]
    setattr(CallbackList, _name, _teller(_tell, _moment))


class BaseLogger(Callback):
    """Gives the epoch's logs the means of the batches' values, weighted by batch size.

    Args:
        stateful_metrics: names of values of which the last counts, and not the mean.
    """

    def __init__(self, stateful_metrics=None):
        super().__init__()
        self.stateful_metrics = set(stateful_metrics or ())

    def on_epoch_begin(self, epoch, logs=None):
        self.seen = 0.0
        self.totals = {}

    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        size = np.float64(logs.get("size", 0))
        self.seen += size
        for name, value in logs.items():
            if name in self.stateful_metrics:
                self.totals[name] = value
            elif name not in _COUNTS:
                # In double precision: single would show after some thousand batches.
                self.totals[name] = self.totals.get(name, 0) + value * size

    def on_epoch_end(self, epoch, logs=None):
        if logs is None:
            return
        for name in self.params["metrics"]:
            if name in self.totals:
                is_stateful = name in self.stateful_metrics
                logs[name] = self.totals[name] if is_stateful else self.totals[name] / self.seen


class History(Callback):
    """Keeps the logs of all epochs: ``history.history["loss"]``. ``fit`` returns one."""

    def on_train_begin(self, logs=None):
        self.epoch = []
        self.history = {}

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)


class LambdaCallback(Callback):
    """A callback made of functions, each with the arguments of the method it stands for."""

    def __init__(
        self,
        on_epoch_begin=None,
        on_epoch_end=None,
        on_batch_begin=None,
        on_batch_end=None,
        on_train_begin=None,
        on_train_end=None,
        **kwargs,
    ):
        super().__init__()
        given = dict(
            kwargs,
            on_epoch_begin=on_epoch_begin,
            on_epoch_end=on_epoch_end,
            on_batch_begin=on_batch_begin,
            on_batch_end=on_batch_end,
            on_train_begin=on_train_begin,
            on_train_end=on_train_end,
        )
        vars(self).update(
            (name, function) for name, function in given.items() if function is not None
        )


class TerminateOnNaN(Callback):
    """Stops training when a loss is not a number, or infinite."""

    def on_batch_end(self, batch, logs=None):
        loss = (logs or {}).get("loss")
        if loss is not None and not np.isfinite(loss):
            print("Batch %d: Invalid loss, terminating training" % batch)
            self.model.stop_training = True
