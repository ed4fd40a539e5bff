"""Callbacks that write files: checkpoints of the model, tables of the logs."""

import csv
import os
import warnings
from collections.abc import Iterable
from typing import Any

import numpy as np

from tfkeras_compat.callbacks.base import Callback
from tfkeras_compat.callbacks.monitoring import comparison, known_mode


class ModelCheckpoint(Callback):
    """Saves the model, or its weights, after epochs: always in HDF5, whatever the path ends in.

    Args:
        filepath: the path, in which ``{epoch}``, counted from 1, and names of the logs are replaced
            as ``str.format`` does it: ``"weights.{epoch:02d}-{val_loss:.2f}.hdf5"``.
        monitor: name of the value in the logs that says which model is the best.
        verbose: whether to print what is saved.
        save_best_only: whether only a model better than all before is saved.
        save_weights_only: whether ``model.save_weights`` is called, and not ``model.save``.
        mode: ``"min"`` or ``"max"``: what is better; ``"auto"`` looks for ``acc`` in the name, or
            ``fmeasure`` at its beginning.
        period: epochs from one checkpoint to the next.
    Raises: KeyError if the path has a name that is not in the logs; what saving raises.

    >>> import os, tempfile
    >>> from tfkeras_compat.callbacks import ModelCheckpoint
    >>> from tfkeras_compat.layers import Dense
    >>> from tfkeras_compat.models import Sequential
    >>> folder = tempfile.TemporaryDirectory()
    >>> checkpoint = ModelCheckpoint(os.path.join(folder.name, "{epoch:02d}-{loss:.1f}.h5"))
    >>> checkpoint.set_model(Sequential([Dense(1, input_shape=(1,))]))
    >>> checkpoint.on_epoch_end(4, {"loss": 0.25})
    >>> os.listdir(folder.name)
    ['05-0.2.h5']
    >>> folder.cleanup()
    """

    def __init__(
        self,
        filepath,
        monitor="val_loss",
        verbose=0,
        save_best_only=False,
        save_weights_only=False,
        mode="auto",
        period=1,
    ):
        super().__init__()
        self.monitor = monitor
        self.verbose = verbose
        self.filepath = filepath
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.period = period
        self.epochs_since_last_save = 0
        self.monitor_op, self.best = comparison(
            known_mode(mode, "ModelCheckpoint"),
            is_accuracy="acc" in monitor or monitor.startswith("fmeasure"),
        )

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        self.epochs_since_last_save += 1
        if self.epochs_since_last_save < self.period:
            return
        self.epochs_since_last_save = 0
        path = self._path(epoch, logs)
        if self.save_best_only:
            self._save_if_best(epoch, path, logs.get(self.monitor))
            return
        self._print(epoch, "saving model to %s" % path)
        self._save(path)

    def _path(self, epoch, logs):
        pattern = os.fspath(self.filepath)
        try:
            return pattern.format(epoch=epoch + 1, **logs)
        except KeyError as error:
            raise KeyError(
                "The path of ModelCheckpoint, %r, has a name that is not logged: %s. Available "
                "are: %s." % (pattern, error, ", ".join(["epoch"] + sorted(logs)))
            ) from error

    def _save_if_best(self, epoch, path, current):
        if current is None:
            warnings.warn(
                "Can save best model only with %s available, skipping." % self.monitor,
                RuntimeWarning,
            )
            return
        names = (self.monitor, self.best)
        if not self.monitor_op(current, self.best):
            self._print(epoch, "%s did not improve from %0.5f" % names)
            return
        self._print(
            epoch, "%s improved from %0.5f to %0.5f, saving model to %s" % (names + (current, path))
        )
        self.best = current
        self._save(path)

    def _print(self, epoch, text):
        if self.verbose > 0:
            print("\nEpoch %05d: %s" % (epoch + 1, text))

    def _save(self, path):
        save = self.model.save_weights if self.save_weights_only else self.model.save
        save(path, overwrite=True)


class CSVLogger(Callback):
    """Writes the logs of epochs to a CSV file, a line each, with the logs' names in the first.

    The columns are ``epoch``, counted from 0, and the names of the first epoch, sorted. Where an
    epoch has no value, because it had no validation or training was stopped, there is ``NA``.

    Args:
        filename: the path.
        separator: what is between two columns.
        append: whether an existing file is continued; otherwise it is replaced.

    >>> import os, tempfile
    >>> from tfkeras_compat.callbacks import CSVLogger
    >>> folder = tempfile.TemporaryDirectory()
    >>> logger = CSVLogger(os.path.join(folder.name, "log.csv"))
    >>> logger.on_train_begin()
    >>> logger.on_epoch_end(0, {"loss": 0.5, "acc": 1.0})
    >>> logger.on_train_end()
    >>> with open(logger.filename) as file:
    ...     print(file.read().strip())
    epoch,acc,loss
    0,1.0,0.5
    >>> folder.cleanup()
    """

    writer: Any
    keys: Any

    def __init__(self, filename, separator=",", append=False):
        super().__init__()
        self.sep = separator
        self.filename = filename
        self.append = append
        self.writer = None
        self.keys = None
        self.append_header = True

    def on_train_begin(self, logs=None):
        if self.append and os.path.exists(self.filename):
            self.append_header = os.path.getsize(self.filename) == 0
        # The lines' ends are csv's own.
        self.csv_file = open(  # noqa: SIM115 - on_train_end closes it
            self.filename, "a" if self.append else "w", newline="\n", encoding="utf-8"
        )

    def on_epoch_end(self, epoch, logs=None):
        logs = logs or {}
        if self.keys is None:
            self.keys = sorted(logs)
        if self.writer is None:
            self._begin_table()
        row = {name: _cell(logs.get(name, "NA")) for name in self.keys}
        self.writer.writerow(dict(row, epoch=epoch))
        self.csv_file.flush()

    def _begin_table(self):
        self.writer = csv.DictWriter(
            self.csv_file, fieldnames=["epoch"] + self.keys, delimiter=self.sep
        )
        if self.append_header:
            self.writer.writeheader()

    def on_train_end(self, logs=None):
        self.csv_file.close()
        self.writer = None


def _cell(value):
    """A value as the table shows it: text and numbers as they are, others as a list in quotes."""
    is_scalar = isinstance(value, np.ndarray) and value.ndim == 0
    if isinstance(value, str) or is_scalar or not isinstance(value, Iterable):
        return value
    return '"[%s]"' % ", ".join(map(str, value))
