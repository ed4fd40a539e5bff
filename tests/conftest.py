"""What every test gets: graph mode on both TensorFlow ends, a fresh default graph, fixed seeds."""

import random

import numpy as np
import pytest

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf

_tf.use_graph_mode()
tf.logging.set_verbosity(tf.logging.ERROR)


@pytest.fixture(autouse=True)
def fresh_graph():
    """A new default graph; state of ours hangs on the graph, so nothing else is to be reset."""
    tf.reset_default_graph()
    tf.set_random_seed(1234)
    np.random.seed(1234)
    random.seed(1234)
    yield
