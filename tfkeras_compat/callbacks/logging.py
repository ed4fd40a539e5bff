"""The progress of training, printed as the original printed it."""

from tfkeras_compat.callbacks.base import Callback
from tfkeras_compat.callbacks.progress import Progbar


class ProgbarLogger(Callback):
    """Prints epochs, a progress bar, and the values of metrics.

    Args:
        count_mode: ``"samples"`` or ``"steps"``: what the bar counts.
        stateful_metrics: names of values that are shown as they are, and not as their mean.
    """

    def __init__(self, count_mode="samples", stateful_metrics=None):
        super().__init__()
        if count_mode not in ("samples", "steps"):
            raise ValueError(
                "Unknown `count_mode`: %s. Expected 'samples' or 'steps'." % count_mode
            )
        self.use_steps = count_mode == "steps"
        self.stateful_metrics = set(stateful_metrics or ())

    def on_train_begin(self, logs=None):
        self.verbose = self.params["verbose"]
        self.epochs = self.params["epochs"]

    def on_epoch_begin(self, epoch, logs=None):
        if self.verbose:
            print("Epoch %d/%d" % (epoch + 1, self.epochs))
            self.target = self.params["steps" if self.use_steps else "samples"]
            self.progbar = Progbar(
                self.target, verbose=self.verbose, stateful_metrics=self.stateful_metrics
            )
        self.seen = 0

    def on_batch_begin(self, batch, logs=None):
        self.log_values = []

    def on_batch_end(self, batch, logs=None):
        logs = logs or {}
        self.seen += 1 if self.use_steps else logs.get("size", 0)
        self.log_values = self._shown(logs)
        if self.verbose and (self.target is None or self.seen < self.target):
            self.progbar.update(self.seen, self.log_values)  # the last one waits for validation

    def on_epoch_end(self, epoch, logs=None):
        known = {name for name, _ in self.log_values}
        self.log_values += [pair for pair in self._shown(logs or {}) if pair[0] not in known]
        if self.verbose:
            self.progbar.target = self.params["steps" if self.use_steps else "samples"]
            self.progbar.update(self.seen, self.log_values)

    def _shown(self, logs):
        return [(name, logs[name]) for name in self.params["metrics"] if name in logs]
