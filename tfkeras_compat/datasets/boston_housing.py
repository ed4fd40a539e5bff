"""Prices of houses in Boston's suburbs (Harrison and Rubinfeld, 1978)."""

import numpy as np

from tfkeras_compat.datasets import npz
from tfkeras_compat.datasets.published import fetched
from tfkeras_compat.errors import ConfigError


def load_data(path="boston_housing.npz", test_split=0.2, seed=113):
    """506 suburbs, shuffled: 13 features, and the median price in 1,000 dollars.

    Shapes: ``(n, 13)`` and ``(n,)``, float64; 404 and 102 of them with the default split.

    Args:
        path: the name of the file in the folder of data sets, or a path of its own.
        test_split: the part that is set apart for testing.
        seed: of the order.
    Raises: ConfigError unless ``0 <= test_split < 1``.
    """
    if not 0 <= test_split < 1:
        raise ConfigError("test_split must be from 0 on and below 1, found %r." % (test_split,))
    path = fetched("boston_housing.npz", path)
    x, y = npz.read(path, ["x", "y"])
    npz.check_lengths(path, x, y)
    order = np.arange(len(x))
    np.random.RandomState(seed).shuffle(order)
    end = int(len(x) * (1 - test_split))
    train, test = order[:end], order[end:]
    return (x[train], y[train]), (x[test], y[test])
