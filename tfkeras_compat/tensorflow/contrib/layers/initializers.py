"""Initializers by the number of inputs and outputs of a weight."""

import math

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import KindError

_FANS = {
    "FAN_IN": lambda into, out: into,
    "FAN_OUT": lambda into, out: out,
    "FAN_AVG": lambda into, out: (into + out) / 2.0,
}
# A normal distribution that is cut at two deviations has less than its own variance.
_CUT = 1.3


def xavier_initializer(uniform=True, seed=None, dtype=tf.float32):
    """Values that keep the scale of activations and gradients about the same in every layer.

    Source: Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural
    networks", 2010.
    """
    return variance_scaling_initializer(1.0, "FAN_AVG", uniform, seed, dtype)


xavier_initializer_conv2d = xavier_initializer


def variance_scaling_initializer(
    factor=2.0, mode="FAN_IN", uniform=False, seed=None, dtype=tf.float32
):
    """Values of variance ``factor / n``, n being the inputs, the outputs or their mean.

    Raises: KindError for an integer dtype or an unknown mode.

    >>> variance_scaling_initializer(mode="FAN_AVG")([2, 3]).get_shape().as_list()
    [2, 3]
    """
    _check_floating(dtype)
    if mode not in _FANS:
        raise KindError("mode must be one of %s; found %r." % (", ".join(_FANS), mode))

    def initialize(shape, dtype=dtype, partition_info=None):
        _check_floating(dtype)
        scale = factor / _FANS[mode](*_fans(shape))
        if uniform:
            limit = math.sqrt(3.0 * scale)
            return tf.random_uniform(shape, -limit, limit, dtype, seed=seed)
        return tf.truncated_normal(shape, 0.0, math.sqrt(_CUT * scale), dtype, seed=seed)

    return initialize


def _fans(shape):
    """The inputs and outputs of one unit."""
    sizes = [float(each) for each in shape] or [1.0]
    field = 1.0
    for size in sizes[:-2]:
        field *= size
    return field * sizes[-2 if len(sizes) > 1 else -1], field * sizes[-1]


def _check_floating(dtype):
    if not dtype.is_floating:
        raise KindError("Only floating-point weights can be initialized; found %r." % (dtype,))
