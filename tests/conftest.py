"""What every test gets: graph mode on both TensorFlow ends, a fresh default graph, fixed seeds."""

import random
import warnings

import numpy as np
import pytest

with warnings.catch_warnings():  # TensorFlow warns about itself while it is imported
    warnings.simplefilter("ignore")
    from tfkeras_compat import _tf
    from tfkeras_compat._tf import tf

_tf.use_graph_mode()
tf.logging.set_verbosity(tf.logging.ERROR)


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
