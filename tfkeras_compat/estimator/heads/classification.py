"""Heads for one class out of two, and out of several."""

from functools import partial

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.export_outputs import (
    DEFAULT_KEY,
    ClassificationOutput,
    PredictOutput,
    RegressionOutput,
)
from tfkeras_compat.estimator.heads import checks, metrics, names, vocabulary
from tfkeras_compat.estimator.heads.base import Measure, SingleHead


class _ClassHead(SingleHead):
    """Base of both: a class is a number, or a name of a vocabulary."""

    def __init__(self, label_vocabulary, weight_column, loss_reduction, loss_fn, name):
        super().__init__(weight_column, loss_reduction, loss_fn, name)
        self._label_vocabulary = label_vocabulary

    def _class_predictions(self, class_logits, n_classes):
        """What both say about the classes, from the logits of each of them."""
        class_ids = tf.expand_dims(tf.argmax(class_logits, axis=-1), -1)
        known = self._label_vocabulary
        return {
            names.PROBABILITIES: tf.nn.softmax(class_logits, name=names.PROBABILITIES),
            names.CLASS_IDS: class_ids,
            names.CLASSES: vocabulary.names_of(class_ids, known),
            names.ALL_CLASS_IDS: vocabulary.all_ids(class_logits, n_classes),
            names.ALL_CLASSES: vocabulary.all_names(class_logits, n_classes, known),
        }

    def _export_outputs(self, predictions):
        classified = ClassificationOutput(
            scores=predictions[names.PROBABILITIES], classes=predictions[names.ALL_CLASSES]
        )
        return {
            DEFAULT_KEY: classified,
            names.CLASSIFY: classified,
            names.PREDICT: PredictOutput(predictions),
        }

    def _measures(self):
        return dict(super()._measures(), **{names.ACCURACY: Measure(metrics.Accuracy, _classes)})


def _classes(batch):
    return batch.labels, batch.predictions[names.CLASS_IDS]


def _probabilities(batch):
    return batch.labels, batch.predictions[names.LOGISTIC]


def threshold_measures(thresholds, feed, is_positive=tf.greater):
    """Accuracy, precision and recall at each threshold."""
    measures = {}
    for threshold in thresholds:
        accuracy = partial(
            metrics.AccuracyAtThreshold, threshold=threshold, is_positive=is_positive
        )
        precision = partial(metrics.PrecisionAtThreshold, threshold=threshold)
        recall = partial(metrics.RecallAtThreshold, threshold=threshold)
        measures[names.ACCURACY_AT_THRESHOLD % threshold] = Measure(accuracy, feed)
        measures[names.PRECISION_AT_THRESHOLD % threshold] = Measure(precision, feed)
        measures[names.RECALL_AT_THRESHOLD % threshold] = Measure(recall, feed)
    return measures


ROC = partial(metrics.AreaUnderCurve, curve="ROC")
PRECISION_RECALL = partial(
    metrics.AreaUnderCurve, curve="PR", summation_method="careful_interpolation"
)


class BinaryClassHead(_ClassHead):
    """The head for two classes, with the sigmoid cross entropy of one logit.

    Labels are 0 and 1 (or probabilities between), or names of ``label_vocabulary``, of shape
    ``(batch, 1)`` or ``(batch,)``. ``thresholds`` add accuracy, precision and recall at them.
    ``loss_fn`` takes ``labels, logits`` and, if it likes, ``features``, and gives the losses of the
    examples. Raises ConfigError for an argument outside its range.

    >>> from tfkeras_compat._tf import tf
    >>> head = BinaryClassHead()
    >>> with tf.Session():
    ...     print("%.4f" % head.loss(tf.constant([1, 0]), tf.constant([[2.0], [0.0]])).eval())
    0.4100
    """

    _is_positive = staticmethod(tf.greater)
    _area_of_precision_and_recall = staticmethod(PRECISION_RECALL)

    def __init__(
        self,
        weight_column=None,
        thresholds=None,
        label_vocabulary=None,
        loss_reduction="sum_over_batch_size",
        loss_fn=None,
        name=None,
    ):
        checks.check_vocabulary(label_vocabulary)
        self._thresholds = checks.check_thresholds(thresholds)
        super().__init__(label_vocabulary, weight_column, loss_reduction, loss_fn, name)

    @property
    def logits_dimension(self):
        return 1

    def predictions(self, logits, keys=None):
        """``logits``, ``logistic`` (the probability of class 1), ``probabilities`` of both,
        ``class_ids``, ``classes``, ``all_class_ids``, ``all_classes``; or those of ``keys``."""
        with tf.name_scope("predictions"):
            logits = checks.checked_logits(logits, 1)
            both = tf.concat([tf.zeros_like(logits), logits], axis=-1)
            logistic = tf.sigmoid(logits, name=names.LOGISTIC)
            predictions = {names.LOGITS: logits, names.LOGISTIC: logistic}
            predictions.update(self._class_predictions(both, 2))
            return self._chosen(predictions, keys)

    def _processed_labels(self, logits, labels):
        labels = checks.checked_labels(labels, logits, 1)
        if self._label_vocabulary is not None:
            labels = vocabulary.ids_of(labels, self._label_vocabulary)
        if labels.dtype == tf.string:
            raise ConfigError(
                "Labels are strings: give their names as label_vocabulary, in the order of classes."
            )
        return checks.labels_in_range(tf.cast(labels, tf.float32), 2)

    def _losses(self, labels, logits):
        return tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits)

    def _export_outputs(self, predictions):
        regressed = RegressionOutput(predictions[names.LOGISTIC])
        return dict(super()._export_outputs(predictions), **{names.REGRESS: regressed})

    def _measures(self):
        measures = super()._measures()
        pr = self._area_of_precision_and_recall
        measures.update(
            {
                names.PRECISION: Measure(metrics.Precision, _classes),
                names.RECALL: Measure(metrics.Recall, _classes),
                names.PREDICTION_MEAN: Measure(metrics.Mean, lambda b: _probabilities(b)[1:]),
                names.LABEL_MEAN: Measure(metrics.Mean, lambda b: (b.labels,)),
                names.ACCURACY_BASELINE: Measure(metrics.MajorityRate, lambda b: (b.labels,)),
                names.AUC: Measure(ROC, _probabilities),
                names.AUC_PR: Measure(pr, _probabilities),
            }
        )
        measures.update(threshold_measures(self._thresholds, _probabilities, self._is_positive))
        return measures


class MultiClassHead(_ClassHead):
    """The head for one out of ``n_classes`` (three at least), with the softmax cross entropy.

    Labels are integers below ``n_classes``, or names of ``label_vocabulary``, of shape
    ``(batch, 1)`` or ``(batch,)``. Raises ConfigError for an argument outside its range.

    >>> MultiClassHead(3).logits_dimension
    3
    """

    def __init__(
        self,
        n_classes,
        weight_column=None,
        label_vocabulary=None,
        loss_reduction="sum_over_batch_size",
        loss_fn=None,
        name=None,
    ):
        if n_classes is None or n_classes <= 2:
            raise ConfigError(
                "n_classes must be > 2: %s. For two classes use BinaryClassHead." % n_classes
            )
        checks.check_vocabulary(label_vocabulary, n_classes)
        super().__init__(label_vocabulary, weight_column, loss_reduction, loss_fn, name)
        self._n_classes = n_classes

    @property
    def logits_dimension(self):
        return self._n_classes

    def predictions(self, logits, keys=None):
        """``logits``, ``probabilities``, ``class_ids``, ``classes``, ``all_class_ids``,
        ``all_classes``; or those of ``keys``."""
        with tf.name_scope("predictions"):
            logits = checks.checked_logits(logits, self._n_classes)
            predictions = {names.LOGITS: logits}
            predictions.update(self._class_predictions(logits, self._n_classes))
            return self._chosen(predictions, keys)

    def _processed_labels(self, logits, labels):
        labels = checks.checked_labels(labels, logits, 1)
        if self._label_vocabulary is not None:
            labels = self._ids(labels)
        if not labels.dtype.is_integer:
            raise ConfigError(
                "Labels dtype should be integer. Instead got %s. Names of classes need a "
                "label_vocabulary." % labels.dtype.name
            )
        return checks.labels_in_range(labels, self._n_classes)

    def _ids(self, labels):
        if labels.dtype != tf.string:
            raise ConfigError(
                "Labels dtype should be string if there is a vocabulary. Instead got %s"
                % labels.dtype.name
            )
        return vocabulary.ids_of(labels, self._label_vocabulary)

    def _losses(self, labels, logits):
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=tf.squeeze(labels, -1), logits=logits
        )
        return tf.expand_dims(losses, -1)
