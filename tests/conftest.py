"""What every test gets: graph mode on both TensorFlow ends, a fresh default graph, fixed seeds."""

import os
import random
import warnings
import zlib

import numpy as np
import pytest

with warnings.catch_warnings():  # TensorFlow warns about itself while it is imported
    warnings.simplefilter("ignore")
    from tfkeras_compat import _tf
    from tfkeras_compat._tf import tf

_tf.use_graph_mode()
tf.logging.set_verbosity(tf.logging.ERROR)

# Environment variable: a number, where both ends are tested together, as CI does.
SHARED = "TFKERAS_COMPAT_SHARED"


def pytest_collection_modifyitems(config, items):
    """Where both ends are tested together, a case that is marked ``either_end`` runs on one of
    them, and with the next number on the other."""
    number = os.environ.get(SHARED)
    if not number:
        return
    mine = (int(number) + (_tf.VERSION >= (2, 0))) % 2
    left = [
        each
        for each in items
        if each.get_closest_marker("either_end") and zlib.crc32(each.nodeid.encode()) % 2 != mine
    ]
    config.hook.pytest_deselected(items=left)
    kept = set(items).difference(left)
    items[:] = [each for each in items if each in kept]


@pytest.fixture(autouse=True)
def fresh_graph():
    """A new default graph; what we know about a graph hangs on it, so nothing else is to be reset.

    The value of the fixture does it once more, for a test that runs several examples.
    """
    _start_afresh()
    return _start_afresh


def _start_afresh():
    tf.reset_default_graph()
    tf.set_random_seed(1234)
    np.random.seed(1234)
    random.seed(1234)
