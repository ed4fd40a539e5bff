"""The base of all heads, and of those with one output."""

import collections
import contextlib

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.export_outputs import DEFAULT_KEY, PredictOutput
from tfkeras_compat.estimator.heads import checks, metrics, names
from tfkeras_compat.estimator.heads.training import train_op_of
from tfkeras_compat.estimator.mode_keys import ModeKeys
from tfkeras_compat.estimator.spec import EstimatorSpec

# What one batch says: checked labels and logits, the loss and weight of each example.
Batch = collections.namedtuple("Batch", ["labels", "logits", "losses", "weights", "predictions"])

# What is measured on a batch: how the metric is made, and what it is fed besides the weights.
Measure = collections.namedtuple("Measure", ["make", "feed"])


class Head:
    """Base of all heads: from logits to predictions, loss, metrics and training step.

    A subclass gives ``name``, ``logits_dimension``, ``loss_reduction``, ``loss``, ``predictions``,
    ``metrics`` and ``update_metrics``; what ``create_estimator_spec`` makes of them it may change.
    """

    @property
    def name(self):
        raise NotImplementedError("Calling an abstract method.")

    @property
    def logits_dimension(self):
        raise NotImplementedError("Calling an abstract method.")

    @property
    def loss_reduction(self):
        raise NotImplementedError("Calling an abstract method.")

    def loss(self, labels, logits, features=None, mode=None, regularization_losses=None):
        """The scalar to be minimized."""
        raise NotImplementedError("Calling an abstract method.")

    def predictions(self, logits, keys=None):
        """A dictionary of tensors, of ``keys`` only if given."""
        raise NotImplementedError("Calling an abstract method.")

    def metrics(self, regularization_losses=None):
        """A dictionary of new metric objects, for ``update_metrics``."""
        raise NotImplementedError("Calling an abstract method.")

    def update_metrics(
        self, eval_metrics, features, logits, labels, mode=None, regularization_losses=None
    ):
        """The metric objects, fed with one batch."""
        raise NotImplementedError("Calling an abstract method.")

    def create_estimator_spec(
        self,
        features,
        mode,
        logits,
        labels=None,
        optimizer=None,
        trainable_variables=None,
        train_op_fn=None,
        update_ops=None,
        regularization_losses=None,
    ):
        """The ``EstimatorSpec`` of one mode.

        To train give ``optimizer`` (of ``tf.train`` or of Keras; it trains
        ``trainable_variables``, or all) or ``train_op_fn``, which makes the operation from the
        loss; ``update_ops`` run with it. Raises ConfigError for both or neither, and for an unknown
        mode.
        """
        with tf.name_scope(self.name, "head"):
            predictions = self.predictions(logits)
            if mode == ModeKeys.PREDICT:
                outputs = self._export_outputs(predictions)
                return EstimatorSpec(mode, predictions, export_outputs=outputs)
            given = {
                "features": features,
                "labels": labels,
                "logits": logits,
                "regularization_losses": regularization_losses,
            }
            loss = self.loss(mode=mode, **given)
            if mode == ModeKeys.EVAL:
                measured = self.update_metrics(self.metrics(regularization_losses), **given)
                return EstimatorSpec(mode, predictions, loss, eval_metric_ops=measured)
            if mode != ModeKeys.TRAIN:
                raise ConfigError("mode=%s unrecognized" % mode)
            with self._training_scope():
                train_op = train_op_of(
                    loss, optimizer, trainable_variables, train_op_fn, update_ops
                )
        self._summarize(loss, regularization_losses)
        return EstimatorSpec(mode, predictions, loss, train_op)

    @contextlib.contextmanager
    def _training_scope(self):
        """The name scope of the optimizer, which is part of the names of some of its variables."""
        with tf.name_scope(""), tf.name_scope("training"):
            yield

    def _export_outputs(self, predictions):
        output = PredictOutput(predictions)
        return {DEFAULT_KEY: output, names.PREDICT: output}

    def _summary_key(self, key):
        return "%s/%s" % (key, self.name) if self.name else key

    def _summarize(self, loss, regularization_losses):
        self._scalar(names.LOSS, loss)
        if regularization_losses:
            self._scalar(names.REGULARIZATION_LOSS, tf.add_n(regularization_losses))

    def _scalar(self, key, value):
        """Writes a summary, not below the scopes that the head is called in."""
        with tf.name_scope(""):
            tf.summary.scalar(self._summary_key(key), value)


class SingleHead(Head):
    """Base of the heads with one output; a subclass says what its labels and losses are."""

    _is_weighted_per_logit = False
    _loss_dimension = 1

    def __init__(self, weight_column, loss_reduction, loss_fn, name):
        checks.check_loss_fn(loss_fn)
        self._reduction = checks.reduction_of(loss_reduction)
        self._loss_reduction = loss_reduction
        self._weight_column = weight_column
        self._loss_fn = loss_fn
        self._name = name

    @property
    def name(self):
        return self._name

    @property
    def loss_reduction(self):
        return self._loss_reduction

    def _processed_labels(self, logits, labels):
        raise NotImplementedError("Calling an abstract method.")

    def _losses(self, labels, logits):
        """The loss of each example where no ``loss_fn`` was given."""
        raise NotImplementedError("Calling an abstract method.")

    def _measures(self):
        """A dictionary of :class:`Measure` by name."""
        return {
            names.AVERAGE_LOSS: Measure(metrics.Mean, lambda batch: (batch.losses,)),
        }

    def _batch(self, labels, logits, features):
        logits = checks.checked_logits(logits, self.logits_dimension)
        labels = self._processed_labels(logits, labels)
        if self._loss_fn:
            losses = checks.call_loss_fn(
                self._loss_fn, labels, logits, features or {}, self._loss_dimension
            )
        else:
            losses = self._losses(labels, logits)
        weights = checks.weights_of(
            features or {}, self._weight_column, logits, self._is_weighted_per_logit
        )
        return Batch(labels, logits, losses, weights, self.predictions(logits))

    def loss(self, labels, logits, features=None, mode=None, regularization_losses=None):
        """The losses of the examples, weighted and reduced, and the regularization losses."""
        with tf.name_scope("losses"):
            batch = self._batch(labels, logits, features)
            loss = tf.losses.compute_weighted_loss(
                batch.losses,
                weights=1.0 if batch.weights is None else batch.weights,
                reduction=self._reduction,
            )
            if mode == ModeKeys.TRAIN:
                self._summarize_training(batch, loss)
            return tf.add_n([loss] + list(regularization_losses or []))

    def _summarize_training(self, batch, loss):
        """Writes what a training says about a batch besides its loss: nothing."""

    def metrics(self, regularization_losses=None):
        """A dictionary of new metric objects, for ``update_metrics``."""
        made = {
            self._summary_key(name): measure.make(name)
            for name, measure in self._measures().items()
        }
        if regularization_losses:
            key = self._summary_key(names.REGULARIZATION_LOSS)
            made[key] = metrics.Mean(names.REGULARIZATION_LOSS)
        return made

    def update_metrics(self, eval_metrics, features, logits, labels, regularization_losses=None):
        """The metric objects, fed with one batch."""
        with tf.name_scope("metrics"):
            batch = self._batch(labels, logits, features)
            for name, measure in self._measures().items():
                metric = eval_metrics[self._summary_key(name)]
                metric.update_state(*measure.feed(batch), sample_weight=batch.weights)
            if regularization_losses:
                metric = eval_metrics[self._summary_key(names.REGULARIZATION_LOSS)]
                metric.update_state(tf.add_n(regularization_losses))
        return eval_metrics

    def _chosen(self, predictions, keys):
        for key in keys or ():
            if key not in predictions:
                raise ConfigError(
                    "Unknown prediction key %r. Valid prediction keys are %s."
                    % (key, list(predictions))
                )
        return {key: predictions[key] for key in keys or predictions}
