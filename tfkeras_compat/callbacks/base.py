"""The base of callbacks, and the list that a training loop tells of its progress."""

import numpy as np


class Callback:
    """What is told of the progress of training: override the methods of the moments to act at.

    ``self.model`` is the model, ``self.params`` what it is trained with (``epochs``, ``steps``,
    ``batch_size``, ``samples``, ``verbose``, ``do_validation``, ``metrics``). ``logs`` is a dictionary
    of sizes and values.
    """

    def __init__(self):
        self.validation_data = None
        self.model = None

    def set_params(self, params):
        self.params = params

    def set_model(self, model):
        self.model = model

    def on_epoch_begin(self, epoch, logs=None):
        pass

    def on_epoch_end(self, epoch, logs=None):
        pass

    def on_batch_begin(self, batch, logs=None):
        pass

    def on_batch_end(self, batch, logs=None):
        pass

    def on_train_begin(self, logs=None):
        pass

    def on_train_end(self, logs=None):
        pass


class CallbackList:
    """Callbacks that are told together, in order."""

    def __init__(self, callbacks=None, queue_length=10):
        self.callbacks = list(callbacks or ())
        self.queue_length = queue_length

    def append(self, callback):
        self.callbacks.append(callback)

    def set_params(self, params):
        for callback in self.callbacks:
            callback.set_params(params)

    def set_model(self, model):
        for callback in self.callbacks:
            callback.set_model(model)

    def _tell(self, moment, *arguments):
        for callback in self.callbacks:
            getattr(callback, moment)(*arguments)

    def on_epoch_begin(self, epoch, logs=None):
        self._tell("on_epoch_begin", epoch, logs or {})

    def on_epoch_end(self, epoch, logs=None):
        # The one dictionary goes through all of them: a logger fills it for those behind it.
        self._tell("on_epoch_end", epoch, {} if logs is None else logs)

    def on_batch_begin(self, batch, logs=None):
        self._tell("on_batch_begin", batch, logs or {})

    def on_batch_end(self, batch, logs=None):
        self._tell("on_batch_end", batch, {} if logs is None else logs)

    def on_train_begin(self, logs=None):
        self._tell("on_train_begin", logs or {})

    def on_train_end(self, logs=None):
        self._tell("on_train_end", logs or {})

    def __iter__(self):
        return iter(self.callbacks)


class BaseLogger(Callback):
    """Gives the epoch's logs the means of the batches' values, weighted by batch size.

    Args:
        stateful_metrics: names of values of which the last counts, and not the mean.
    """

    def __init__(self, stateful_metrics=None):
        super().__init__()
        self.stateful_metrics = set(stateful_metrics or ())

    def on_epoch_begin(self, epoch, logs=None):
        self.seen = 0
        self.totals = {}

    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        size = logs.get("size", 0)
        self.seen += size
        for name, value in logs.items():
            if name in self.stateful_metrics:
                self.totals[name] = value
            else:
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
        vars(self).update((name, function) for name, function in given.items() if function is not None)


class TerminateOnNaN(Callback):
    """Stops training when a loss is not a number, or infinite."""

    def on_batch_end(self, batch, logs=None):
        loss = (logs or {}).get("loss")
        if loss is not None and not np.isfinite(loss):
            print("Batch %d: Invalid loss, terminating training" % batch)
            self.model.stop_training = True
