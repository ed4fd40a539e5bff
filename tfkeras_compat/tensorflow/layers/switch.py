"""A choice by a Python value, or at run time by a tensor."""

from tfkeras_compat import _tf
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf


def known(condition):
    """The value of a condition as a bool, or ``None`` if only running the graph tells.

    ``None`` itself stands for the learning phase.
    """
    condition = phase_if_none(condition)
    if not _tf.is_tensor(condition):
        return bool(condition)
    value = None if _tf.is_variable(condition) else tf.get_static_value(condition)
    return None if value is None else bool(value)


def phase_if_none(condition):
    """The learning phase where no condition is given."""
    return K.learning_phase() if condition is None else condition


def switch(condition, if_true, if_false):
    """The result of one of two functions: called now if the condition is known, else put into the
    branches of a ``tf.cond``."""
    value = known(condition)
    if value is None:
        return tf.cond(tf.cast(phase_if_none(condition), tf.bool), if_true, if_false)
    return if_true() if value else if_false()
