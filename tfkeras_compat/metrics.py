"""Metrics: functions of true and predicted values that are watched, not trained on.

Shapes: ``(..., n), (..., n) -> (...)``, one number per sample; ``sparse_`` metrics take class
numbers ``(...)`` or ``(..., 1)`` instead. Most losses are metrics too. A metric with a state is a
layer with ``stateful = True``, as in Keras 2.2.5: there is no base class for it in this module.
"""

import functools

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.losses import (
    binary_crossentropy,
    categorical_crossentropy,
    cosine_proximity,
    hinge,
    kullback_leibler_divergence,
    logcosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
)
from tfkeras_compat.state import registry
from tfkeras_compat.state.generation import trait

_known = registry.Registry("metric function")

for _loss in (
    binary_crossentropy,
    categorical_crossentropy,
    cosine_proximity,
    hinge,
    kullback_leibler_divergence,
    logcosh,
    mean_absolute_error,
    mean_absolute_percentage_error,
    mean_squared_error,
    mean_squared_logarithmic_error,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
):
    _known.register(_loss)


def _scalar_in_keras_1(metric):
    @functools.wraps(metric)
    def wrapper(*args, **kwargs):
        value = metric(*args, **kwargs)
        return K.mean(value) if trait("scalar_metrics") else value

    return wrapper


@_known.register
@_scalar_in_keras_1
def binary_accuracy(y_true, y_pred):
    """The part of yes-or-no answers that is right; a prediction above one half is a yes."""
    return K.mean(K.equal(y_true, K.round(y_pred)), axis=-1)


@_known.register
@_scalar_in_keras_1
def categorical_accuracy(y_true, y_pred):
    """1 where the highest prediction is at the highest true value, else 0.

    >>> from tfkeras_compat import backend as K, metrics
    >>> y_true, y_pred = K.constant([[0., 1.], [1., 0.]]), K.constant([[.2, .8], [.3, .7]])
    >>> K.eval(metrics.categorical_accuracy(y_true, y_pred)).tolist()
    [1.0, 0.0]
    """
    return K.cast(K.equal(K.argmax(y_true, axis=-1), K.argmax(y_pred, axis=-1)), K.floatx())


@_known.register
@_scalar_in_keras_1
def sparse_categorical_accuracy(y_true, y_pred):
    """1 where the highest prediction is at the true class number, else 0.

    Class numbers may be of any numeric type.
    """
    if K.ndim(y_true) == K.ndim(y_pred):
        y_true = K.squeeze(y_true, -1)
    predicted = K.cast(K.argmax(y_pred, axis=-1), K.dtype(y_true))
    return K.cast(K.equal(y_true, predicted), K.floatx())


@_known.register
@_scalar_in_keras_1
def top_k_categorical_accuracy(y_true, y_pred, k=5):
    """1 where the highest true value is among the ``k`` highest predictions, else 0.

    Shapes: ``(samples, classes)`` twice.
    """
    return K.cast(K.in_top_k(y_pred, K.argmax(y_true, axis=-1), k), K.floatx())


@_known.register
@_scalar_in_keras_1
def sparse_top_k_categorical_accuracy(y_true, y_pred, k=5):
    """1 where the true class number is among the ``k`` highest predictions, else 0.

    Shapes: class numbers ``(samples,)`` or ``(samples, 1)``, predictions ``(samples, classes)``.
    """
    return K.cast(K.in_top_k(y_pred, K.cast(K.flatten(y_true), "int32"), k), K.floatx())


# ---- of Keras 1, for answers that are 0 or 1; each one number for a whole batch ------------------


def _answers(values):
    return K.round(K.clip(values, 0, 1))


def _share(part, whole):
    return part / (whole + K.epsilon())


@_known.register
def precision(y_true, y_pred):
    """The share of the predicted ones that are right: a scalar, as Keras 1 gave it.

    >>> from tfkeras_compat import backend as K, metrics
    >>> y_true, y_pred = K.constant([1.0, 0.0, 1.0]), K.constant([0.9, 0.8, 0.2])
    >>> round(float(K.eval(metrics.precision(y_true, y_pred))), 3)
    0.5
    """
    return _share(K.sum(_answers(y_true * y_pred)), K.sum(_answers(y_pred)))


@_known.register
def recall(y_true, y_pred):
    """The share of the true ones that are found: a scalar, as Keras 1 gave it."""
    return _share(K.sum(_answers(y_true * y_pred)), K.sum(_answers(y_true)))


@_known.register
def fbeta_score(y_true, y_pred, beta=1):
    """The harmonic mean of precision and recall, which counts ``beta`` times as much: a scalar.

    Raises: ConfigError if ``beta`` is negative.
    """
    if beta < 0:
        raise ConfigError("The lowest choosable beta is zero (only precision), found %r." % beta)
    found, right = recall(y_true, y_pred), precision(y_true, y_pred)
    return (1 + beta**2) * _share(right * found, beta**2 * right + found)


@_known.register
def fmeasure(y_true, y_pred):
    """The harmonic mean of precision and recall: a scalar."""
    return fbeta_score(y_true, y_pred, beta=1)


fscore = f1score = _known.register(fmeasure, "fscore", "f1score")


@_known.register
def matthews_correlation(y_true, y_pred):
    """The correlation of true and predicted answers, from -1 to 1: a scalar."""
    true, predicted = _answers(y_true), _answers(y_pred)
    hits, misses = K.sum(true * predicted), K.sum(true * (1 - predicted))
    alarms, rest = K.sum((1 - true) * predicted), K.sum((1 - true) * (1 - predicted))
    product = (hits + alarms) * (hits + misses) * (rest + alarms) * (rest + misses)
    return _share(hits * rest - alarms * misses, K.sqrt(product))


mse = MSE = _known.register(mean_squared_error, "mse", "MSE")
mae = MAE = _known.register(mean_absolute_error, "mae", "MAE")
mape = MAPE = _known.register(mean_absolute_percentage_error, "mape", "MAPE")
msle = MSLE = _known.register(mean_squared_logarithmic_error, "msle", "MSLE")
cosine = _known.register(cosine_proximity, "cosine")


def serialize(metric):
    """The configuration of a metric: a name, or the dictionary of an object with ``get_config``."""
    return registry.serialize(metric)


def deserialize(config, custom_objects=None):
    """The metric that a name or configuration stands for.

    Raises:
        ConfigError: the name is unknown.
    """
    return _known.deserialize(config, custom_objects)


def get(identifier):
    """A metric from a name, a configuration or a callable.

    Raises:
        ConfigError: unknown name, or something else.

    >>> from tfkeras_compat import metrics
    >>> metrics.get("MAE") is metrics.mean_absolute_error
    True
    """
    if isinstance(identifier, (str, dict)):
        return deserialize(identifier)
    if callable(identifier):
        return identifier
    raise ConfigError(
        "Could not interpret metric function identifier: %r. Expected a name, a configuration or a "
        "function of true and predicted values." % (identifier,)
    )
