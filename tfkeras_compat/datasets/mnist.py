"""MNIST: handwritten digits (LeCun, Cortes, Burges)."""

from tfkeras_compat.datasets.npz import read_parts
from tfkeras_compat.datasets.published import fetched


def load_data(path="mnist.npz"):
    """70,000 digits.

    Shapes: images ``(60000, 28, 28)`` and ``(10000, 28, 28)``, labels ``(60000,)`` and
    ``(10000,)``; all uint8.

    Args:
        path: the name of the file in the folder of data sets, or a path of its own.
    """
    return read_parts(fetched("mnist.npz", path))
