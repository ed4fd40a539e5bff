"""Linear models."""

import math
from typing import Any, Dict, List

from tfkeras_compat._tf import tf
from tfkeras_compat.estimator.canned.arguments import (
    check_features,
    input_partitioner,
    optimizer_of,
)
from tfkeras_compat.estimator.estimator import Estimator
from tfkeras_compat.estimator.heads.first_generation import classifier_head, regressor_head
from tfkeras_compat.estimator.notices import without_deprecations

_LEARNING_RATE = 0.2


def linear_logit_fn_builder(units, feature_columns, sparse_combiner="sum"):
    """A function from a dictionary of features to the logits ``(batch, units)`` of a linear model.

    Its variables are ``linear_model/<column>/weights`` and ``linear_model/bias_weights``, below the
    variable scope that it is called in. ``sparse_combiner`` is ``sum``, ``mean`` or ``sqrtn``.
    """

    def linear_logit_fn(features):
        variables: Dict[Any, Any] = {}
        logits = _linear_model(features, feature_columns, units, sparse_combiner, variables)
        bias = _flat([variables.pop("bias")])
        if units > 1:
            tf.summary.histogram("bias", tf.concat(bias, 0))
        else:
            tf.summary.scalar("bias", bias[0][0])
        weights = _flat(variables.values())
        tf.summary.scalar("fraction_of_zero_weights", _fraction_of_zeros(weights))
        return logits

    return linear_logit_fn


def _linear_model(features, columns, units, sparse_combiner, variables):
    with without_deprecations():
        return tf.feature_column.linear_model(
            features, columns, units, sparse_combiner, cols_to_vars=variables
        )


def _flat(values):
    """The variables of lists and of partitioned variables, also within each other."""
    flat: List[Any] = []
    for value in values:
        parts = list(value) if isinstance(value, (list, tuple)) else _parts(value)
        flat.extend(_flat(parts) if parts else [value])
    return flat


def _parts(value):
    return list(value) if hasattr(value, "partitions") else []


def _fraction_of_zeros(variables):
    sizes = [tf.size(each, out_type=tf.int64) for each in variables]
    others = [tf.math.count_nonzero(each, dtype=tf.int64) for each in variables]
    size = tf.add_n(sizes)
    zeros = tf.cast(size - tf.add_n(others), tf.float32)
    return zeros / tf.cast(size, tf.float32)


def _model_fn(head, feature_columns, optimizer, partitioner, sparse_combiner):
    columns = tuple(feature_columns or ())

    def model_fn(features, labels, mode, config):
        check_features(features)
        with tf.variable_scope("linear", partitioner=partitioner or input_partitioner(config)):
            logit_fn = linear_logit_fn_builder(head.logits_dimension, columns, sparse_combiner)
            logits = logit_fn(features)
            return head.create_estimator_spec(
                features=features,
                mode=mode,
                logits=logits,
                labels=labels,
                optimizer=optimizer_of(optimizer or _default_optimizer(columns), _LEARNING_RATE),
            )

    return model_fn


def _default_optimizer(columns):
    rate = min(_LEARNING_RATE, 1.0 / math.sqrt(len(columns)))
    return tf.train.FtrlOptimizer(learning_rate=rate)


class LinearClassifier(Estimator):
    """A linear model of feature columns that chooses one of ``n_classes``.

    Its loss is the sigmoid cross entropy of one logit, or the softmax cross entropy of three and
    more, summed over the batch with ``loss_reduction='weighted_sum'``. Features are a dictionary by
    the columns' keys; labels are numbers below ``n_classes`` or names of ``label_vocabulary``,
    of shape ``(batch, 1)`` or ``(batch,)``; ``weight_column`` names the weights among the features.
    The optimizer is one of ``tf.train``, a function that makes it, or a name.

    Raises: ConfigError for arguments that are wrong by themselves.

    >>> import tempfile
    >>> from tfkeras_compat._tf import tf
    >>> x = tf.feature_column.numeric_column("x")
    >>> classifier = LinearClassifier([x], model_dir=tempfile.mkdtemp())
    >>> batch = lambda: ({"x": tf.constant([[1.0], [-1.0]])}, tf.constant([[1], [0]]))
    >>> float(classifier.train(batch, steps=3).evaluate(batch, steps=1)["accuracy"])
    1.0
    """

    def __init__(
        self,
        feature_columns,
        model_dir=None,
        n_classes=2,
        weight_column=None,
        label_vocabulary=None,
        optimizer="Ftrl",
        config=None,
        partitioner=None,
        warm_start_from=None,
        loss_reduction="weighted_sum",
        sparse_combiner="sum",
    ):
        head = classifier_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        super().__init__(
            _model_fn(head, feature_columns, optimizer, partitioner, sparse_combiner),
            model_dir=model_dir,
            config=config,
            warm_start_from=warm_start_from,
        )


class LinearRegressor(Estimator):
    """A linear model of feature columns for ``label_dimension`` numbers, with the squared error.

    The other arguments are those of :class:`LinearClassifier`.
    """

    def __init__(
        self,
        feature_columns,
        model_dir=None,
        label_dimension=1,
        weight_column=None,
        optimizer="Ftrl",
        config=None,
        partitioner=None,
        warm_start_from=None,
        loss_reduction="weighted_sum",
        sparse_combiner="sum",
    ):
        head = regressor_head(label_dimension, weight_column, loss_reduction)
        super().__init__(
            _model_fn(head, feature_columns, optimizer, partitioner, sparse_combiner),
            model_dir=model_dir,
            config=config,
            warm_start_from=warm_start_from,
        )


class LinearEstimator(Estimator):
    """A linear model of feature columns with a head of your choice."""

    def __init__(
        self,
        head,
        feature_columns,
        model_dir=None,
        optimizer="Ftrl",
        config=None,
        partitioner=None,
        sparse_combiner="sum",
    ):
        super().__init__(
            _model_fn(head, feature_columns, optimizer, partitioner, sparse_combiner),
            model_dir=model_dir,
            config=config,
        )
