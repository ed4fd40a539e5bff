"""The head for any number of classes at once."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.export_outputs import (
    DEFAULT_KEY,
    ClassificationOutput,
    PredictOutput,
)
from tfkeras_compat.estimator.heads import checks, metrics, names, vocabulary
from tfkeras_compat.estimator.heads.base import Measure, SingleHead
from tfkeras_compat.estimator.heads.classification import (
    PRECISION_RECALL,
    ROC,
    threshold_measures,
)


class MultiLabelHead(SingleHead):
    """The head for any number of ``n_classes`` at once: a sigmoid cross entropy for each of them,
    of which the mean is the loss of an example.

    Labels are an indicator tensor of zeros and ones ``(batch, n_classes)``, or a sparse tensor of
    class numbers or of names of ``label_vocabulary``. ``classes_for_class_based_metrics`` (numbers
    or names) get metrics of their own. Raises ConfigError for an argument outside its range.

    >>> MultiLabelHead(2).logits_dimension
    2
    """

    def __init__(
        self,
        n_classes,
        weight_column=None,
        thresholds=None,
        label_vocabulary=None,
        loss_reduction="sum_over_batch_size",
        loss_fn=None,
        classes_for_class_based_metrics=None,
        name=None,
    ):
        if n_classes is None or n_classes < 2:
            raise ConfigError(
                "n_classes must be > 1 for multi-label classification. Given: %s" % n_classes
            )
        checks.check_vocabulary(label_vocabulary, n_classes)
        self._thresholds = checks.check_thresholds(thresholds)
        super().__init__(weight_column, loss_reduction, loss_fn, name)
        self._n_classes = n_classes
        self._label_vocabulary = label_vocabulary
        self._classes_measured = self._numbers(classes_for_class_based_metrics or ())

    def _numbers(self, classes):
        known = list(self._label_vocabulary or ())
        numbers = [known.index(each) if each in known else each for each in classes]
        for each in numbers:
            if isinstance(each, str) or not 0 <= each < self._n_classes:
                raise ConfigError(
                    "classes_for_class_based_metrics must be names of the label_vocabulary %s or "
                    "numbers in [0, %d]. Given: %s" % (known, self._n_classes - 1, each)
                )
        return tuple(numbers)

    @property
    def logits_dimension(self):
        return self._n_classes

    def predictions(self, logits, keys=None):
        """``logits`` and ``probabilities``; or those of ``keys``."""
        with tf.name_scope("predictions"):
            logits = checks.checked_logits(logits, self._n_classes)
            probabilities = tf.sigmoid(logits, name=names.PROBABILITIES)
            return self._chosen({names.LOGITS: logits, names.PROBABILITIES: probabilities}, keys)

    def _processed_labels(self, logits, labels):
        if isinstance(labels, tf.SparseTensor):
            labels = self._indicator(labels)
        elif labels is not None:
            message = "labels must be an integer indicator Tensor with values in [0, 1]"
            labels = checks.labels_in_range(tf.convert_to_tensor(labels), 2, message)
        return checks.checked_labels(labels, logits, self._n_classes)

    def _indicator(self, labels):
        values = labels.values
        if labels.dtype == tf.string:
            values = vocabulary.ids_of(values, self._label_vocabulary or ())
        if not values.dtype.is_integer:
            raise ConfigError("Labels dtype should be integer. Instead got %s." % values.dtype.name)
        message = "labels must be in [0, %d) or in the label_vocabulary" % self._n_classes
        values = checks.labels_in_range(values, self._n_classes, message)
        ids = tf.SparseTensor(labels.indices, values, labels.dense_shape)
        return tf.cast(tf.sparse_to_indicator(ids, self._n_classes), tf.int64)

    def _losses(self, labels, logits):
        losses = tf.nn.sigmoid_cross_entropy_with_logits(
            labels=tf.cast(labels, tf.float32), logits=logits
        )
        return tf.reduce_mean(losses, axis=-1, keepdims=True)

    def _export_outputs(self, predictions):
        probabilities = predictions[names.PROBABILITIES]
        classes = vocabulary.all_names(probabilities, self._n_classes, self._label_vocabulary)
        classified = ClassificationOutput(scores=probabilities, classes=classes)
        return {
            DEFAULT_KEY: classified,
            names.CLASSIFY: classified,
            names.PREDICT: PredictOutput(predictions),
        }

    def _measures(self):
        measures = super()._measures()
        measures[names.AUC] = Measure(ROC, _all_classes)
        measures[names.AUC_PR] = Measure(PRECISION_RECALL, _all_classes)
        measures.update(threshold_measures(self._thresholds, _all_classes))
        for number in self._classes_measured:
            measures.update(self._measures_of_class(number))
        return measures

    def _measures_of_class(self, number):
        vocabulary_ = self._label_vocabulary
        name = vocabulary_[number] if vocabulary_ else "class%d" % number

        def one_class(batch):
            return [each[..., number : number + 1] for each in _all_classes(batch)]

        def probability(batch):
            return one_class(batch)[1:]

        return {
            names.PROBABILITY_MEAN_OF_CLASS % name: Measure(metrics.Mean, probability),
            names.AUC_OF_CLASS % name: Measure(ROC, one_class),
            names.AUC_PR_OF_CLASS % name: Measure(PRECISION_RECALL, one_class),
        }


def _all_classes(batch):
    return batch.labels, batch.predictions[names.PROBABILITIES]
