"""The callbacks of every training: averages over an epoch, the progress bar, the history."""

import numpy as np

from tfkeras_compat.callbacks.base import Callback
from tfkeras_compat.callbacks.progress import Progbar
from tfkeras_compat.errors import ConfigError


class BaseLogger(Callback):
    """Puts the averages of an epoch into the logs of its end, for the callbacks after it.

    ``stateful_metrics`` are names of metrics that carry the average themselves.
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
                # In double precision: single would show after some thousand batches.
                self.totals[name] = self.totals.get(name, 0) + value * np.float64(size)

    def on_epoch_end(self, epoch, logs=None):
        if logs is None:
            return
        for name in self.params["metrics"]:
            if name in self.totals:
                divisor = 1 if name in self.stateful_metrics else self.seen
                logs[name] = self.totals[name] / divisor


class ProgbarLogger(Callback):
    """Prints a progress bar for each epoch.

    ``count_mode`` is ``"samples"`` or ``"steps"``; ``stateful_metrics`` as in :class:`BaseLogger`.
    Raises ConfigError for another mode.
    """

    def __init__(self, count_mode="samples", stateful_metrics=None):
        super().__init__()
        if count_mode not in ("samples", "steps"):
            raise ConfigError(
                "Unknown `count_mode`: %s. Expected 'samples' or 'steps'." % (count_mode,)
            )
        self.use_steps = count_mode == "steps"
        self.stateful_metrics = set(stateful_metrics or ())

    def on_train_begin(self, logs=None):
        self.verbose = self.params["verbose"]
        self.epochs = self.params["epochs"]

    def on_epoch_begin(self, epoch, logs=None):
        self.seen = 0
        self.log_values = []
        self.target = self.params["steps" if self.use_steps else "samples"]
        if self.verbose:
            print("Epoch %d/%d" % (epoch + 1, self.epochs))
            self.progbar = Progbar(
                target=self.target, verbose=self.verbose, stateful_metrics=self.stateful_metrics
            )

    def on_batch_begin(self, batch, logs=None):
        if self._has_more():
            self.log_values = []

    def _has_more(self):
        return self.target is None or self.seen < self.target

    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        self.seen += 1 if self.use_steps else logs.get("size", 0)
        self._take(logs)
        # The last batch is shown with the validation, at the end of the epoch.
        if self.verbose and self._has_more():
            self.progbar.update(self.seen, self.log_values)

    def _take(self, logs):
        self.log_values += [(name, logs[name]) for name in self.params["metrics"] if name in logs]

    def on_epoch_end(self, epoch, logs=None):
        self._take(logs or {})
        if self.verbose:
            self.progbar.update(self.seen, self.log_values)


class History(Callback):
    """Records the logs of all epochs; what ``fit`` returns.

    Attributes:
        epoch: list of the epochs' numbers.
        history: dictionary of lists: ``history["loss"][epoch]``.
    """

    def on_train_begin(self, logs=None):
        self.epoch = []
        self.history = {}

    def on_epoch_end(self, epoch, logs=None):
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
