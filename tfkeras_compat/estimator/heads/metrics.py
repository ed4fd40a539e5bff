"""The metrics of heads: objects that are given one batch, once, and stream over all of them.

Each stands on a function of ``tf.metrics``. A head makes them (``metrics``) before it feeds them
(``update_metrics``), and an ``EstimatorSpec`` takes them as they are.
"""

import re

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.notices import without_deprecations


class StreamedMetric:
    """Base: ``update_state`` builds the operations, ``updates`` and ``result`` give them.

    Raises ConfigError on a second ``update_state``: one object stands for one stream.
    """

    # What `tf.metrics` makes is in the collections of local and metric variables already.
    variables = ()

    def __init__(self, name, **options):
        self.name = name
        self._options = options
        self._operations = None

    @property
    def updates(self):
        return [self._operations[1]] if self._operations else []

    def result(self):
        """The value over all batches. Raises ConfigError before ``update_state``."""
        if not self._operations:
            raise ConfigError("Metric %r was given no batch: call update_state." % self.name)
        return self._operations[0]

    def _stream(self, function, **arguments):
        if self._operations:
            raise ConfigError(
                "Metric %r was given its batch already. Take new ones from head.metrics()."
                % self.name
            )
        arguments.update(self._options, name=re.sub(r"[^\w./-]", "_", self.name))
        with without_deprecations():
            self._operations = self._finished(*function(**arguments))
        return self._operations[1]

    def _finished(self, value, update):
        return value, update


class Mean(StreamedMetric):
    """The weighted mean of numbers."""

    def update_state(self, values, sample_weight=None):
        return self._stream(
            tf.metrics.mean, values=tf.cast(values, tf.float32), weights=sample_weight
        )


class MajorityRate(Mean):
    """The accuracy of always predicting the more frequent of two classes, from labels 0 and 1."""

    def _finished(self, value, update):
        return tf.maximum(value, 1.0 - value), tf.maximum(update, 1.0 - update)


class _Comparison(StreamedMetric):
    """Base of the metrics that compare labels with predictions through a ``tf.metrics`` name."""

    _function = ""

    def update_state(self, y_true, y_pred, sample_weight=None):
        function = getattr(tf.metrics, self._function)
        return self._stream(function, labels=y_true, predictions=y_pred, weights=sample_weight)


class Accuracy(_Comparison):
    """How often the prediction is the label."""

    _function = "accuracy"


class Precision(_Comparison):
    """How often a predicted 1 is right."""

    _function = "precision"


class Recall(_Comparison):
    """How often a label of 1 was predicted."""

    _function = "recall"


class AreaUnderCurve(_Comparison):
    """The area under the curve named ``curve``, from 200 thresholds."""

    _function = "auc"


class AccuracyAtThreshold(StreamedMetric):
    """How often a probability is on the label's side of a threshold; ``is_positive`` compares."""

    def __init__(self, name, threshold, is_positive=tf.greater):
        super().__init__(name)
        self._threshold = threshold
        self._is_positive = is_positive

    def update_state(self, y_true, y_pred, sample_weight=None):
        is_right = tf.equal(
            tf.cast(self._is_positive(y_pred, self._threshold), tf.float32),
            tf.cast(y_true, tf.float32),
        )
        return self._stream(
            tf.metrics.mean, values=tf.cast(is_right, tf.float32), weights=sample_weight
        )


class _AtThreshold(_Comparison):
    def __init__(self, name, threshold):
        super().__init__(name, thresholds=(threshold,))

    def _finished(self, value, update):
        return tf.squeeze(value), tf.squeeze(update)


class PrecisionAtThreshold(_AtThreshold):
    """How often a probability above the threshold is right."""

    _function = "precision_at_thresholds"


class RecallAtThreshold(_AtThreshold):
    """How often a label of 1 has a probability above the threshold."""

    _function = "recall_at_thresholds"
