"""Fashion-MNIST: pictures of clothes in MNIST's format (Xiao, Rasul, Vollgraf)."""

import os

from tfkeras_compat.datasets import idx
from tfkeras_compat.datasets.npz import check_lengths
from tfkeras_compat.datasets.published import fetched

_FOLDER = os.path.join("datasets", "fashion-mnist")


def load_data():
    """70,000 pictures of 10 kinds of clothes.

    Shapes: pictures ``(60000, 28, 28)`` and ``(10000, 28, 28)``, labels ``(60000,)`` and
    ``(10000,)``; all uint8, and not to be written to.
    """
    return _part("train"), _part("t10k")


def _part(prefix):
    labels = _read(prefix + "-labels-idx1-ubyte.gz", idx.LABELS)
    images = _read(prefix + "-images-idx3-ubyte.gz", idx.IMAGES)
    check_lengths("Fashion-MNIST, %s," % prefix, images, labels)
    return images, labels


def _read(name, magic):
    with open(fetched(name, cache_subdir=_FOLDER), "rb") as file:
        return idx.read(file, magic)
