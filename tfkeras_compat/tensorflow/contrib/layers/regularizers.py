"""Penalties for large weights."""

import numbers

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, ShapeError


def l1_regularizer(scale, scope=None):
    """``scale`` times the sum of the absolute values.

    Raises: ConfigError if the scale is an integer or negative.
    """
    return _regularizer(scale, scope, "l1_regularizer", lambda w: tf.reduce_sum(tf.abs(w)))


def l2_regularizer(scale, scope=None):
    """``scale`` times half the sum of the squares.

    Raises: ConfigError if the scale is an integer or negative.

    >>> from tfkeras_compat._tf import tf
    >>> with tf.Session() as sess:
    ...     print(sess.run(l2_regularizer(0.5)(tf.constant([2.0]))))
    1.0
    """
    return _regularizer(scale, scope, "l2_regularizer", tf.nn.l2_loss)


def _regularizer(scale, scope, name, penalty):
    _check_scale(scale)
    if isinstance(scale, numbers.Real) and scale == 0.0:
        tf.logging.info("Scale of 0 disables regularizer.")
        return lambda _: None

    def regularize(weights):
        with tf.name_scope(scope, name, [weights]) as full_name:
            factor = tf.convert_to_tensor(scale, dtype=weights.dtype.base_dtype, name="scale")
            return tf.multiply(factor, penalty(weights), name=full_name)

    return regularize


def _check_scale(scale):
    if isinstance(scale, numbers.Integral):
        raise ConfigError("scale must be a float: found the integer %r." % scale)
    if isinstance(scale, numbers.Real) and scale < 0.0:
        raise ConfigError("scale must not be negative: found %g." % scale)


def l1_l2_regularizer(scale_l1=1.0, scale_l2=1.0, scope=None):
    """The sum of both penalties."""
    _check_scale(scale_l1)
    _check_scale(scale_l2)
    scope = scope or "l1_l2_regularizer"
    if scale_l1 == 0.0:
        return l2_regularizer(scale_l2, scope)
    if scale_l2 == 0.0:
        return l1_regularizer(scale_l1, scope)
    return sum_regularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope=scope)


def sum_regularizer(regularizer_list, scope=None):
    """The sum of several penalties; ``None`` if there are none."""
    regularizers = [each for each in regularizer_list if each is not None]
    if not regularizers:
        return None

    def regularize(weights):
        with tf.name_scope(scope, "sum_regularizer", [weights]) as full_name:
            penalties = [each(weights) for each in regularizers]
            penalties = [each for each in penalties if each is not None]
            return tf.add_n(penalties, name=full_name) if penalties else None

    return regularize


def apply_regularization(regularizer, weights_list=None):
    """The penalty of several weights, which goes to ``REGULARIZATION_LOSSES``.

    The weights are those of the collection ``WEIGHTS``, if none are given.

    Raises: ConfigError if there are none; ShapeError if a penalty is no scalar.
    """
    weights_list = weights_list or tf.get_collection(tf.GraphKeys.WEIGHTS)
    if not weights_list:
        raise ConfigError("No weights to regularize: pass weights_list.")
    with tf.name_scope("get_regularization_penalty", values=weights_list) as scope:
        found = [regularizer(each) for each in weights_list]
        penalties = [tf.constant(0.0) if each is None else each for each in found]
        for each in penalties:
            _check_scalar(each)
        total = tf.add_n(penalties, name=scope)
        tf.add_to_collection(tf.GraphKeys.REGULARIZATION_LOSSES, total)
        return total


def _check_scalar(penalty):
    if penalty.get_shape().ndims != 0:
        raise ShapeError(
            "A regularizer must return a scalar; found the shape %s." % penalty.get_shape()
        )
