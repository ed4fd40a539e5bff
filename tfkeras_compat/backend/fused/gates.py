"""Activations whose slope follows from what they were given and what they gave."""

import collections

from tfkeras_compat._tf import tf

# `activate` takes ``scale * x + offset``, which is made for all steps at once; `slope` takes that,
# and what `activate` made of it, and gives the derivative of the latter.
Activation = collections.namedtuple("Activation", "scale offset activate slope")


def _clip(z):
    zero, one = (tf.constant(value, z.dtype) for value in (0.0, 1.0))
    return tf.raw_ops.ClipByValue(t=z, clip_value_min=zero, clip_value_max=one)


def _is_inside(z, y):
    # Both ends count, as they do in `K.hard_sigmoid`.
    return tf.cast(tf.equal(z, y), z.dtype)


GATES = {
    "hard_sigmoid": Activation(0.2, 0.5, _clip, _is_inside),
    "relu": Activation(1, 0, tf.nn.relu, lambda z, y: tf.cast(y > 0, y.dtype)),
    "sigmoid": Activation(1, 0, tf.sigmoid, lambda z, y: y * (1 - y)),
    "tanh": Activation(1, 0, tf.tanh, lambda z, y: 1 - y * y),
}

# Those that take what they are given as it is.
CANDIDATES = {name: each for name, each in GATES.items() if (each.scale, each.offset) == (1, 0)}


def scaled(x, activation, columns):
    """``x`` in the scale of the gates' activation.

    ``columns`` tells for each block of columns whether it is a gate's; another stays as it is.
    """
    return x if activation.scale == 1 else x * _by_column(x, columns, activation.scale, 1)


def prepared(x, activation, columns):
    """``x`` as the gates' activation takes it: scaled, and with the offset added."""
    if activation.offset == 0:
        return scaled(x, activation, columns)
    return scaled(x, activation, columns) + _by_column(x, columns, activation.offset, 0)


def _by_column(x, columns, of_gate, other):
    units = x.get_shape().as_list()[-1] // len(columns)
    values = [of_gate if is_gate else other for is_gate in columns for _ in range(units)]
    return tf.constant(values, x.dtype.base_dtype)
