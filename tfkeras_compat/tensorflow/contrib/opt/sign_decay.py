"""How much the signs of ``AddSignOptimizer`` and ``PowerSignOptimizer`` count, by the step.

Each function here gives one that takes the global step, and gives a number of float32: 1 at first.
Raises: ConfigError if the optimizer is not given a global step.
"""

import math

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError


def get_linear_decay_fn(decay_steps):
    """To zero in ``decay_steps``, evenly.

    >>> from tfkeras_compat._tf import tf
    >>> with tf.Graph().as_default(), tf.Session() as session:
    ...     print(round(float(session.run(get_linear_decay_fn(10)(3))), 4))
    0.7
    """

    def linear_decay(global_step):
        return 1.0 - _within(global_step, decay_steps) / decay_steps

    return linear_decay


def get_cosine_decay_fn(decay_steps, num_periods=0.5, zero_after=None):
    """Along ``num_periods`` of a cosine in ``decay_steps``; zero from ``zero_after`` periods on."""

    def cosine_decay(global_step):
        periods = num_periods * _within(global_step, decay_steps) / decay_steps
        return _ended(_half_cosine(2.0 * periods), periods, zero_after)

    return cosine_decay


def get_restart_decay_fn(decay_steps, num_periods=1, zero_after=None):
    """To zero along half a cosine, ``num_periods`` times in ``decay_steps``
    (https://arxiv.org/abs/1608.03983); zero from ``zero_after`` periods on."""

    def restart_decay(global_step):
        steps = num_periods * _within(global_step, decay_steps)
        since = tf.mod(steps, decay_steps) / decay_steps
        return _ended(_half_cosine(since), steps / decay_steps, zero_after)

    return restart_decay


def _within(global_step, decay_steps):
    """The global step, or the last one of the decay."""
    if global_step is None:
        raise ConfigError(
            "A decay of signs goes by the global step, and there is none: give minimize() or "
            "apply_gradients() the argument global_step=tf.train.get_or_create_global_step()."
        )
    return tf.minimum(tf.cast(global_step, tf.float32), decay_steps)


def _half_cosine(halves):
    return 0.5 * (1.0 + tf.cos(math.pi * halves))


def _ended(value, periods, zero_after):
    return value if zero_after is None else tf.where(periods >= zero_after, 0.0, value)
