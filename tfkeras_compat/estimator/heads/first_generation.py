"""The heads of canned estimators: those of the generation before ``tf.estimator.Head``.

They differ from the public ones in three numbers: losses are summed by default, the area under the
curve of precision and recall takes the trapezoidal rule, and a probability equal to a threshold is
above it. A training also writes the average loss, and the optimizer's own variables are named by
the scope of the head: ``dnn/head/beta1_power``.
"""

import contextlib
from functools import partial

from tfkeras_compat._tf import tf
from tfkeras_compat.estimator.heads import metrics, names
from tfkeras_compat.estimator.heads.base import SingleHead
from tfkeras_compat.estimator.heads.classification import BinaryClassHead, MultiClassHead
from tfkeras_compat.estimator.heads.regression import RegressionHead


class _FirstGeneration(SingleHead):
    @contextlib.contextmanager
    def _training_scope(self):
        yield

    def _summarize_training(self, batch, loss):
        if self._reduction != tf.losses.Reduction.SUM:
            return
        ones = tf.ones_like(batch.losses)
        weights = ones if batch.weights is None else batch.weights * ones
        self._scalar(names.AVERAGE_LOSS, loss / tf.reduce_sum(weights))


class CannedBinaryHead(_FirstGeneration, BinaryClassHead):
    """Two classes."""

    _is_positive = staticmethod(tf.greater_equal)
    _area_of_precision_and_recall = staticmethod(partial(metrics.AreaUnderCurve, curve="PR"))


class CannedMultiClassHead(_FirstGeneration, MultiClassHead):
    """Three classes and more."""


class CannedRegressionHead(_FirstGeneration, RegressionHead):
    """Numbers."""


def classifier_head(n_classes, weight_column, label_vocabulary, loss_reduction):
    """The head of a canned classifier. Raises ConfigError for an argument outside its range."""
    arguments = {
        "weight_column": weight_column,
        "label_vocabulary": label_vocabulary,
        "loss_reduction": loss_reduction,
    }
    if n_classes == 2:
        return CannedBinaryHead(**arguments)
    return CannedMultiClassHead(n_classes, **arguments)


def regressor_head(label_dimension, weight_column, loss_reduction):
    """The head of a canned regressor. Raises ConfigError for an argument outside its range."""
    return CannedRegressionHead(
        label_dimension, weight_column=weight_column, loss_reduction=loss_reduction
    )
