"""``tf.contrib.metrics``: metrics that are computed batch by batch, predictions first.

Each gives ``(value, update)``, of local variables, as ``tf.metrics`` does.
"""

import inspect

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.tensorflow import offered

_LAST = ("weights", "metrics_collections", "updates_collections", "name")


def _metric(target, *names):
    """A metric of ``tf.metrics`` whose arguments come in another order; the last four have a
    default."""

    def metric(*arguments, **keywords):
        bound = signature.bind(*arguments, **keywords)
        return target(**bound.arguments)

    parameters = [inspect.Parameter(each, _EITHER) for each in names]
    parameters += [inspect.Parameter(each, _EITHER, default=None) for each in _LAST]
    signature = inspect.Signature(parameters)
    setattr(metric, "__signature__", signature)  # noqa: B010 - as mypy wants it
    metric.__name__ = metric.__qualname__ = "streaming_" + target.__name__
    metric.__doc__ = "``tf.metrics.%s``." % target.__name__
    return metric


_EITHER = inspect.Parameter.POSITIONAL_OR_KEYWORD
_BOTH = ("predictions", "labels")
_of = tf.metrics

streaming_accuracy = _metric(_of.accuracy, *_BOTH)
streaming_false_negatives = _metric(_of.false_negatives, *_BOTH)
streaming_false_positives = _metric(_of.false_positives, *_BOTH)
streaming_mean = _metric(_of.mean, "values")
streaming_mean_absolute_error = _metric(_of.mean_absolute_error, *_BOTH)
streaming_mean_cosine_distance = _metric(_of.mean_cosine_distance, *_BOTH, "dim")
streaming_mean_iou = _metric(_of.mean_iou, *_BOTH, "num_classes")
streaming_mean_relative_error = _metric(_of.mean_relative_error, *_BOTH, "normalizer")
streaming_mean_squared_error = _metric(_of.mean_squared_error, *_BOTH)
streaming_mean_tensor = _metric(_of.mean_tensor, "values")
streaming_percentage_less = _metric(_of.percentage_below, "values", "threshold")
streaming_precision = _metric(_of.precision, *_BOTH)
streaming_precision_at_thresholds = _metric(_of.precision_at_thresholds, *_BOTH, "thresholds")
streaming_recall = _metric(_of.recall, *_BOTH)
streaming_recall_at_thresholds = _metric(_of.recall_at_thresholds, *_BOTH, "thresholds")
streaming_root_mean_squared_error = _metric(_of.root_mean_squared_error, *_BOTH)
streaming_sparse_average_precision_at_k = _metric(_of.average_precision_at_k, *_BOTH, "k")
streaming_true_negatives = _metric(_of.true_negatives, *_BOTH)
streaming_true_positives = _metric(_of.true_positives, *_BOTH)

confusion_matrix = tf.confusion_matrix
set_difference = tf.sets.set_difference
set_intersection = tf.sets.set_intersection
set_size = tf.sets.set_size
set_union = tf.sets.set_union


def streaming_auc(
    predictions,
    labels,
    weights=None,
    num_thresholds=200,
    metrics_collections=None,
    updates_collections=None,
    curve="ROC",
    name=None,
):
    """``tf.metrics.auc``."""
    return _of.auc(
        labels,
        predictions,
        weights=weights,
        num_thresholds=num_thresholds,
        metrics_collections=metrics_collections,
        updates_collections=updates_collections,
        curve=curve,
        name=name,
    )


def _at_rate(target, rate):
    def metric(
        predictions,
        labels,
        at,
        weights=None,
        num_thresholds=200,
        metrics_collections=None,
        updates_collections=None,
        name=None,
    ):
        return target(
            labels,
            predictions,
            at,
            weights=weights,
            num_thresholds=num_thresholds,
            metrics_collections=metrics_collections,
            updates_collections=updates_collections,
            name=name,
        )

    def named(*arguments, **keywords):
        if rate in keywords:
            keywords["at"] = keywords.pop(rate)
        return metric(*arguments, **keywords)

    named.__doc__ = "``tf.metrics.%s``." % target.__name__
    return named


streaming_sensitivity_at_specificity = _at_rate(_of.sensitivity_at_specificity, "specificity")
streaming_specificity_at_sensitivity = _at_rate(_of.specificity_at_sensitivity, "sensitivity")


def _at_k(target):
    def metric(
        predictions,
        labels,
        k,
        class_id=None,
        weights=None,
        metrics_collections=None,
        updates_collections=None,
        name=None,
    ):
        return target(
            labels,
            predictions,
            k,
            class_id=class_id,
            weights=weights,
            metrics_collections=metrics_collections,
            updates_collections=updates_collections,
            name=name,
        )

    metric.__doc__ = "``tf.metrics.%s``." % target.__name__
    return metric


streaming_sparse_precision_at_k = _at_k(_of.precision_at_k)
streaming_sparse_recall_at_k = _at_k(_of.recall_at_k)


def streaming_recall_at_k(
    predictions,
    labels,
    k,
    weights=None,
    metrics_collections=None,
    updates_collections=None,
    name=None,
):
    """The part of examples whose label is among the ``k`` best predictions."""
    is_in = tf.cast(tf.nn.in_top_k(predictions, labels, k), tf.float32)
    name = name or "recall_at_%d" % k
    return _of.mean(is_in, weights, metrics_collections, updates_collections, name)


def accuracy(predictions, labels, weights=None, name=None):
    """The part of right predictions, in this batch alone.

    Raises: ConfigError if predictions and labels are of different or fractional types.
    """
    if predictions.dtype != labels.dtype or predictions.dtype.is_floating:
        raise ConfigError(
            "accuracy compares integers, booleans or text of one type; found %s and %s. Round or "
            "cast them first." % (predictions.dtype, labels.dtype)
        )
    predictions.get_shape().assert_is_compatible_with(labels.get_shape())
    with tf.name_scope(name, "accuracy", values=[predictions, labels]):
        is_right = tf.cast(tf.equal(predictions, labels), tf.float32)
        if weights is None:
            return tf.reduce_mean(is_right)
        counted = tf.cast(weights, tf.float32) * tf.ones_like(is_right)
        return tf.div_no_nan(tf.reduce_sum(is_right * counted), tf.reduce_sum(counted))


def aggregate_metrics(*value_update_tuples):
    """``(values, updates)`` of several metrics. Raises ConfigError if there are none."""
    if not value_update_tuples:
        raise ConfigError("Expected at least one (value, update) tuple.")
    values, updates = zip(*value_update_tuples)
    return list(values), list(updates)


def aggregate_metric_map(names_to_tuples):
    """``(values, updates)`` of several metrics, by name.

    >>> aggregate_metric_map({"accuracy": ("value", "update")})
    ({'accuracy': 'value'}, {'accuracy': 'update'})
    """
    values = {name: value for name, (value, _) in names_to_tuples.items()}
    return values, {name: update for name, (_, update) in names_to_tuples.items()}


__getattr__, __dir__ = offered.names_of(__name__)
