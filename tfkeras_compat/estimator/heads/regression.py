"""Heads for numbers."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.export_outputs import DEFAULT_KEY, PredictOutput, RegressionOutput
from tfkeras_compat.estimator.heads import checks, metrics, names
from tfkeras_compat.estimator.heads.base import Measure, SingleHead


class RegressionHead(SingleHead):
    """The head for ``label_dimension`` numbers, with the squared error.

    Labels and logits have the shape ``(batch, label_dimension)``; ``inverse_link_fn`` makes the
    prediction from the logits, ``loss_fn`` the losses. Raises ConfigError for an argument outside
    its range.

    >>> RegressionHead(label_dimension=2).logits_dimension
    2
    """

    _is_weighted_per_logit = True

    def __init__(
        self,
        label_dimension=1,
        weight_column=None,
        loss_reduction="sum_over_batch_size",
        loss_fn=None,
        inverse_link_fn=None,
        name=None,
    ):
        if label_dimension < 1:
            raise ConfigError("Invalid label_dimension %s: it must be >= 1." % label_dimension)
        super().__init__(weight_column, loss_reduction, loss_fn, name)
        self._logits_dimension = self._loss_dimension = label_dimension
        self._inverse_link_fn = inverse_link_fn

    @property
    def logits_dimension(self):
        return self._logits_dimension

    def predictions(self, logits):
        """``predictions``, and ``logits`` if there is a link function."""
        with tf.name_scope("predictions"):
            logits = checks.checked_logits(logits, self._logits_dimension)
            if not self._inverse_link_fn:
                return {names.PREDICTIONS: logits}
            return {names.PREDICTIONS: self._inverse_link_fn(logits), names.LOGITS: logits}

    def _processed_labels(self, logits, labels):
        labels = checks.checked_labels(labels, logits, self._logits_dimension)
        return tf.cast(labels, tf.float32)

    def _losses(self, labels, logits):
        return tf.squared_difference(logits, labels)

    def _export_outputs(self, predictions):
        regressed = RegressionOutput(predictions[names.PREDICTIONS])
        return {
            DEFAULT_KEY: regressed,
            names.REGRESS: regressed,
            names.PREDICT: PredictOutput(predictions),
        }

    def _measures(self):
        measures = super()._measures()
        measures[names.PREDICTION_MEAN] = Measure(
            metrics.Mean, lambda batch: (batch.predictions[names.PREDICTIONS],)
        )
        measures[names.LABEL_MEAN] = Measure(metrics.Mean, lambda batch: (batch.labels,))
        return measures


class PoissonRegressionHead(RegressionHead):
    """The head for counts: the exponential of the logits, with the Poisson loss (all of it, with
    ``compute_full_loss``, or without the terms that do not depend on the logits)."""

    def __init__(
        self,
        label_dimension=1,
        weight_column=None,
        loss_reduction="sum_over_batch_size",
        compute_full_loss=True,
        name=None,
    ):
        def poisson_loss(labels, logits):
            return tf.nn.log_poisson_loss(labels, logits, compute_full_loss)

        super().__init__(label_dimension, weight_column, loss_reduction, poisson_loss, tf.exp, name)


class LogisticRegressionHead(RegressionHead):
    """The head for one probability: labels between 0 and 1, with the sigmoid cross entropy."""

    def __init__(self, weight_column=None, loss_reduction="sum_over_batch_size", name=None):
        super().__init__(1, weight_column, loss_reduction, _logistic_loss, tf.sigmoid, name)


def _logistic_loss(labels, logits):
    labels = checks.labels_in_range(labels, 2, "Labels must be in range [0, 1]")
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)
