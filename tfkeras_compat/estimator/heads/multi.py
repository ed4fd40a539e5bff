"""One head made of several."""

from typing import Any, Dict

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.estimator.export_outputs import DEFAULT_KEY, PredictOutput, completed
from tfkeras_compat.estimator.heads import metrics, names
from tfkeras_compat.estimator.heads.base import Head
from tfkeras_compat.estimator.mode_keys import ModeKeys


class MultiHead(Head):
    """Several named heads on one model: the loss is the sum of theirs, each times its weight.

    Labels are a dictionary by the heads' names; logits too, or one tensor with the logits of one
    head after the other. Predictions have pairs ``(head name, key)`` as keys. Raises ConfigError
    for heads without names, and for as many weights as there are no heads.

    >>> from tfkeras_compat.estimator.heads.regression import RegressionHead
    >>> MultiHead([RegressionHead(name="near"), RegressionHead(2, name="far")]).logits_dimension
    3
    """

    def __init__(self, heads, head_weights=None):
        if not heads:
            raise ConfigError("Must specify heads. Given: %s" % heads)
        if head_weights and len(head_weights) != len(heads):
            raise ConfigError(
                "heads and head_weights must have the same size. Given len(heads): %d. Given "
                "len(head_weights): %d." % (len(heads), len(head_weights))
            )
        if any(head.name is None for head in heads):
            raise ConfigError("All given heads must have name specified. Given: %s" % (heads,))
        self._heads = tuple(heads)
        self._head_weights = tuple(head_weights or [1.0] * len(heads))

    @property
    def name(self):
        return "_".join(head.name for head in self._heads)

    @property
    def logits_dimension(self):
        return sum(head.logits_dimension for head in self._heads)

    @property
    def loss_reduction(self):
        reductions = sorted({head.loss_reduction for head in self._heads})
        if len(reductions) > 1:
            raise ConfigError(
                "The loss_reduction must be the same for different heads. Given: %s" % reductions
            )
        return reductions[0]

    def _of_heads(self, logits, labels=None):
        """``(head, its logits, its labels)`` for each head."""
        logits = logits if isinstance(logits, dict) else self._split(logits)
        self._check_names("logits", logits)
        if labels is None:
            return [(head, logits[head.name], None) for head in self._heads]
        if not isinstance(labels, dict):
            raise ConfigError("labels must be a dict by the heads' names. Given: %s" % (labels,))
        self._check_names("labels", labels)
        return [(head, logits[head.name], labels[head.name]) for head in self._heads]

    def _check_names(self, role, values):
        missing = [head.name for head in self._heads if head.name not in values]
        if missing:
            raise ConfigError("%s has missing values for head(s): %s" % (role, missing))

    def _split(self, logits):
        logits = tf.convert_to_tensor(logits)
        sizes = [head.logits_dimension for head in self._heads]
        found = logits.get_shape().as_list()[-1]
        if found not in (None, sum(sizes)):
            raise ShapeError(
                "Could not split logits of shape %s among heads of the dimensions %s: the last one "
                "should be %d but is %d." % (logits.get_shape(), sizes, sum(sizes), found)
            )
        parts = tf.split(logits, sizes, axis=-1)
        return {head.name: part for head, part in zip(self._heads, parts)}

    def loss(self, labels, logits, features=None, mode=None, regularization_losses=None):
        """The weighted sum of the heads' losses, and the regularization losses."""
        losses = [
            head.loss(its_labels, its_logits, features=features, mode=mode)
            for head, its_logits, its_labels in self._of_heads(logits, labels)
        ]
        if mode == ModeKeys.TRAIN:
            self._summarize_each(losses)
        weighted = [weight * loss for weight, loss in zip(self._head_weights, losses)]
        return tf.add_n(weighted + list(regularization_losses or []))

    def _summarize_each(self, losses):
        with tf.name_scope(""):
            for head, loss in zip(self._heads, losses):
                tf.summary.scalar(self._loss_key(head), loss)

    def predictions(self, logits, keys=None):
        """The predictions of all heads, by ``(head name, key)``; or those of ``keys``."""
        merged: Dict[Any, Any] = {}
        for head, its_logits, _ in self._of_heads(logits):
            predictions = head.predictions(its_logits)
            merged.update(((head.name, key), value) for key, value in predictions.items())
        return {key: merged[key] for key in keys or merged}

    def metrics(self, regularization_losses=None):
        """New metric objects for the loss of each head; ``update_metrics`` adds those of the
        heads."""
        keys = [self._loss_key(head) for head in self._heads]
        if regularization_losses:
            keys.append(self._summary_key(names.REGULARIZATION_LOSS))
        return {key: metrics.Mean(key) for key in keys}

    def _loss_key(self, head):
        return "%s/%s" % (names.LOSS, head.name)

    def update_metrics(self, eval_metrics, features, logits, labels, regularization_losses=None):
        """The metric objects, and those of the heads, fed with one batch."""
        for head, its_logits, its_labels in self._of_heads(logits, labels):
            loss = head.loss(its_labels, its_logits, features=features)
            eval_metrics[self._loss_key(head)].update_state(loss)
            eval_metrics.update(
                head.update_metrics(
                    head.metrics(), features=features, logits=its_logits, labels=its_labels
                )
            )
        if regularization_losses:
            key = self._summary_key(names.REGULARIZATION_LOSS)
            eval_metrics[key].update_state(tf.add_n(regularization_losses))
        return eval_metrics

    def _export_outputs(self, predictions):
        outputs: Dict[Any, Any] = {}
        merged: Dict[Any, Any] = {}
        for head in self._heads:
            own = {key: value for (name, key), value in predictions.items() if name == head.name}
            of_head = completed(head._export_outputs(own), own)
            outputs.setdefault(DEFAULT_KEY, of_head[DEFAULT_KEY])
            for key, output in of_head.items():
                suffix = "" if key == DEFAULT_KEY else "/" + key
                outputs[head.name + suffix] = output
            merged.update(("%s/%s" % (head.name, key), value) for key, value in own.items())
        return dict(outputs, **{names.PREDICT: PredictOutput(merged)})

    def _scalar(self, key, value):
        with tf.name_scope(""):
            tf.summary.scalar(key, value)
