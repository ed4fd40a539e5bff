"""Losses: functions of true and predicted values, one number per sample.

Shapes: ``(..., n), (..., n) -> (...)``, float tensors of one type;
``sparse_categorical_crossentropy`` takes class numbers ``(...)`` or ``(..., 1)`` instead. They are
plain functions of tensors and serve TensorFlow code as well:

>>> from tfkeras_compat._tf import tf
>>> from tfkeras_compat.losses import categorical_crossentropy
>>> labels = tf.constant([[0., 1.], [1., 0.]])
>>> loss = tf.reduce_mean(categorical_crossentropy(labels, tf.constant([[.5, .5], [.5, .5]])))
>>> with tf.Session() as session:
...     print(round(float(session.run(loss)), 4))
0.6931
"""

import math

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state import registry

_known = registry.Registry("loss function")


@_known.register
def mean_squared_error(y_true, y_pred):
    """The mean of squared differences."""
    return K.mean(K.square(y_pred - y_true), axis=-1)


@_known.register
def mean_absolute_error(y_true, y_pred):
    """The mean of absolute differences."""
    return K.mean(K.abs(y_pred - y_true), axis=-1)


@_known.register
def mean_absolute_percentage_error(y_true, y_pred):
    """The mean of absolute differences in per cent of the true values."""
    sizes = K.clip(K.abs(y_true), K.epsilon(), None)
    return 100.0 * K.mean(K.abs((y_true - y_pred) / sizes), axis=-1)


def _log_of_one_more(y):
    return K.log(K.clip(y, K.epsilon(), None) + 1.0)


@_known.register
def mean_squared_logarithmic_error(y_true, y_pred):
    """The mean of squared differences of ``log(1 + y)``; negative values count as zero."""
    return K.mean(K.square(_log_of_one_more(y_pred) - _log_of_one_more(y_true)), axis=-1)


@_known.register
def squared_hinge(y_true, y_pred):
    """The mean of ``max(1 - y_true * y_pred, 0) ** 2``, for true values -1 and 1."""
    return K.mean(K.square(K.maximum(1.0 - y_true * y_pred, 0.0)), axis=-1)


@_known.register
def hinge(y_true, y_pred):
    """The mean of ``max(1 - y_true * y_pred, 0)``, for true values -1 and 1."""
    return K.mean(K.maximum(1.0 - y_true * y_pred, 0.0), axis=-1)


@_known.register
def categorical_hinge(y_true, y_pred):
    """How far the true class fails to exceed the best other by one; true values are one-hot."""
    true_score = K.sum(y_true * y_pred, axis=-1)
    best_other_score = K.max((1.0 - y_true) * y_pred, axis=-1)
    lack = best_other_score - true_score + 1.0
    return K.maximum(tf.zeros_like(lack), lack)  # in this order: no gradient where there is no lack


@_known.register
def logcosh(y_true, y_pred):
    """The mean of ``log(cosh(difference))``.

    That is like half the square of small differences, and like the size of large ones.
    """
    difference = y_pred - y_true
    return K.mean(difference + K.softplus(-2.0 * difference) - math.log(2.0), axis=-1)


@_known.register
def categorical_crossentropy(y_true, y_pred):
    """The cross-entropy of two distributions over classes; predictions are probabilities."""
    return K.categorical_crossentropy(y_true, y_pred)


@_known.register
def sparse_categorical_crossentropy(y_true, y_pred):
    """The cross-entropy of class numbers and a distribution over classes."""
    return K.sparse_categorical_crossentropy(y_true, y_pred)


@_known.register
def binary_crossentropy(y_true, y_pred):
    """The mean cross-entropy of yes-or-no answers; predictions are probabilities."""
    return K.mean(K.binary_crossentropy(y_true, y_pred), axis=-1)


@_known.register
def kullback_leibler_divergence(y_true, y_pred):
    """The divergence of the predicted distribution from the true one."""
    y_true = K.clip(y_true, K.epsilon(), 1)
    y_pred = K.clip(y_pred, K.epsilon(), 1)
    return K.sum(y_true * K.log(y_true / y_pred), axis=-1)


@_known.register
def poisson(y_true, y_pred):
    """The mean of ``y_pred - y_true * log(y_pred)``."""
    return K.mean(y_pred - y_true * K.log(y_pred + K.epsilon()), axis=-1)


@_known.register
def cosine_proximity(y_true, y_pred):
    """Minus the cosine of the angle between true and predicted vector: -1 is best."""
    return -K.sum(K.l2_normalize(y_true, axis=-1) * K.l2_normalize(y_pred, axis=-1), axis=-1)


mse = MSE = _known.register(mean_squared_error, "mse", "MSE")
mae = MAE = _known.register(mean_absolute_error, "mae", "MAE")
mape = MAPE = _known.register(mean_absolute_percentage_error, "mape", "MAPE")
msle = MSLE = _known.register(mean_squared_logarithmic_error, "msle", "MSLE")
kld = KLD = _known.register(kullback_leibler_divergence, "kld", "KLD")
cosine = _known.register(cosine_proximity, "cosine")


def serialize(loss):
    """The configuration of a loss: a name, or the dictionary of an object with ``get_config``."""
    return registry.serialize(loss)


def deserialize(name, custom_objects=None):
    """The loss that a name or configuration stands for.

    Raises:
        ConfigError: the name is unknown.
    """
    return _known.deserialize(name, custom_objects)


def get(identifier):
    """A loss from a name, a configuration or a callable; ``None`` stays ``None``.

    Raises:
        ConfigError: unknown name, or something else.

    >>> from tfkeras_compat import losses
    >>> losses.get("mse") is losses.mean_squared_error
    True
    """
    if isinstance(identifier, (str, dict)):
        return deserialize(identifier)
    if identifier is None or callable(identifier):
        return identifier
    raise ConfigError(
        "Could not interpret loss function identifier: %r. Expected a name, a configuration or a "
        "function of true and predicted values." % (identifier,)
    )
