"""Random tensors: drawn anew at every run.

Where no seed is given, one is drawn from numpy when the tensor is made, so that
``numpy.random.seed`` repeats a graph.
"""

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.state import graph as graph_state
from tfkeras_compat.state.config import floatx

_SEEDS = 10000000


def draw_seed(seed=None):
    """The given seed, or one drawn from numpy's global generator."""
    return np.random.randint(_SEEDS) if seed is None else seed


def random_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """A tensor drawn from the normal distribution.

    >>> from tfkeras_compat import backend as K
    >>> K.int_shape(K.random_normal((2, 3)))
    (2, 3)
    """
    graph_state.current()
    return tf.random_normal(
        shape, mean=mean, stddev=stddev, dtype=dtype or floatx(), seed=draw_seed(seed)
    )


def random_uniform(shape, minval=0.0, maxval=1.0, dtype=None, seed=None):
    """A tensor drawn from the uniform distribution over ``[minval, maxval)``."""
    graph_state.current()
    return tf.random_uniform(
        shape, minval=minval, maxval=maxval, dtype=dtype or floatx(), seed=draw_seed(seed)
    )


def random_binomial(shape, p=0.0, dtype=None, seed=None):
    """A tensor of ones, each with probability ``p``, and zeros."""
    graph_state.current()
    dtype = dtype or floatx()
    return tf.cast(tf.random_uniform(shape, dtype=dtype, seed=draw_seed(seed)) <= p, dtype)


def truncated_normal(shape, mean=0.0, stddev=1.0, dtype=None, seed=None):
    """A tensor drawn from the normal distribution, no value beyond two standard deviations."""
    graph_state.current()
    return tf.truncated_normal(shape, mean, stddev, dtype=dtype or floatx(), seed=draw_seed(seed))
