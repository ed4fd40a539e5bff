"""What CIFAR-10 and CIFAR-100 share: pickled batches of pictures (Krizhevsky, 2009)."""

import os

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.datasets import unpickling
from tfkeras_compat.errors import FileFormatError

_PIXELS = 3 * 32 * 32


def load_batch(fpath, label_key="labels"):
    """The pictures and labels of a batch.

    Shapes: ``(n, 3, 32, 32)`` uint8, and a list of n ints.
    Raises: FileFormatError if it is damaged; UnsafeConfigError if it holds code.
    """
    with open(fpath, "rb") as file:
        batch = unpickling.load(file.read(), fpath, encoding="bytes")
    data, labels = (_entry(batch, key, fpath) for key in ("data", label_key))
    if getattr(data, "shape", None) != (len(labels), _PIXELS) or data.dtype != np.uint8:
        raise FileFormatError(
            "%s is no batch of CIFAR: expected uint8 data of shape (%d, %d), found %s."
            % (fpath, len(labels), _PIXELS, getattr(data, "shape", type(data).__name__))
        )
    return data.reshape(-1, 3, 32, 32), labels


def _entry(batch, key, fpath):
    found = batch.get(key.encode()) if isinstance(batch, dict) else None
    if not isinstance(found, (list, np.ndarray)):
        raise FileFormatError("%s is no batch of CIFAR: it has no entry %r." % (fpath, key))
    return found


def load_part(folder, names, label_key):
    """The pictures, in the default image layout, and labels ``(n, 1)`` of some batches."""
    batches = [load_batch(os.path.join(folder, name), label_key) for name in names]
    x = np.concatenate([data for data, _ in batches])
    y = np.concatenate([labels for _, labels in batches]).reshape(-1, 1)
    return (x.transpose(0, 2, 3, 1) if K.image_data_format() == "channels_last" else x), y
