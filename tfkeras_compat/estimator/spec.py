"""What a model function returns."""

import collections

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, GraphError, KindError
from tfkeras_compat.estimator import export_outputs as outputs
from tfkeras_compat.estimator.mode_keys import ModeKeys
from tfkeras_compat.state.ledger import Update

_Fields = collections.namedtuple(
    "_Fields",
    [
        "mode",
        "predictions",
        "loss",
        "train_op",
        "eval_metric_ops",
        "export_outputs",
        "training_chief_hooks",
        "training_hooks",
        "scaffold",
        "evaluation_hooks",
        "prediction_hooks",
    ],
)


class EstimatorSpec(_Fields):
    """The operations and objects that an ``Estimator`` runs: what a model function returns.

    ``mode`` TRAIN needs ``loss`` and ``train_op``, EVAL needs ``loss``, PREDICT ``predictions``;
    what a mode does not need is kept and left alone. ``loss`` is a scalar or has one element;
    ``predictions`` is a tensor or a dictionary of tensors; ``eval_metric_ops`` maps names to pairs
    ``(value, update)`` or to metric objects that were updated (``updates``, ``result()``,
    ``variables``).

    Raises: ConfigError for what is missing or of a wrong shape, KindError for another type,
    GraphError for a tensor of another graph.
    """

    def __new__(
        cls,
        mode,
        predictions=None,
        loss=None,
        train_op=None,
        eval_metric_ops=None,
        export_outputs=None,
        training_chief_hooks=None,
        training_hooks=None,
        scaffold=None,
        evaluation_hooks=None,
        prediction_hooks=None,
    ):
        train_op = _checked_train_op(train_op, mode)
        loss = _checked_loss(loss, mode)
        predictions = _checked_predictions(predictions, mode)
        if mode == ModeKeys.PREDICT:
            export_outputs = outputs.completed(export_outputs, predictions)
        return super().__new__(
            cls,
            mode=mode,
            predictions=predictions,
            loss=loss,
            train_op=train_op,
            eval_metric_ops=_checked_metrics(eval_metric_ops),
            export_outputs=export_outputs,
            training_chief_hooks=tuple(checked_hooks(training_chief_hooks)),
            training_hooks=tuple(checked_hooks(training_hooks)),
            scaffold=_checked_scaffold(scaffold),
            evaluation_hooks=tuple(checked_hooks(evaluation_hooks)),
            prediction_hooks=tuple(checked_hooks(prediction_hooks)),
        )

    def _replace(self, **fields):
        """A new, checked spec with other values for the given fields; the mode stays."""
        if fields.get("mode", self.mode) != self.mode:
            raise ConfigError("mode of EstimatorSpec cannot be changed.")
        return EstimatorSpec(**dict(zip(self._fields, self), **fields))


def checked_hooks(hooks):
    """A list of the hooks. Raises KindError if one is no SessionRunHook."""
    hooks = list(hooks or [])
    for hook in hooks:
        if not isinstance(hook, tf.train.SessionRunHook):
            raise KindError("All hooks must be SessionRunHook instances, given: %s" % (hook,))
    return hooks


def _checked_train_op(train_op, mode):
    if train_op is None:
        if mode == ModeKeys.TRAIN:
            raise ConfigError("Missing train_op.")
        return None
    if isinstance(train_op, Update):
        train_op = train_op.op
    if not (isinstance(train_op, tf.Operation) or _is_dense(train_op)):
        raise KindError("train_op must be Operation or Tensor, given: %s" % (train_op,))
    if _tf.is_variable(train_op):
        train_op = train_op.op
    _check_graph(train_op, "train_op", train_op.name)
    return train_op


def _checked_loss(loss, mode):
    if loss is None:
        if mode != ModeKeys.PREDICT:
            raise ConfigError("Missing loss.")
        return None
    _check_is_tensor(loss, "loss")
    shape = loss.get_shape()
    if shape.num_elements() not in (None, 1):
        raise ConfigError("Loss must be scalar, given: %s" % (loss,))
    _check_graph(loss, "loss", loss.name)
    return loss if shape.is_compatible_with([]) else tf.reshape(loss, [])


def _checked_predictions(predictions, mode):
    if predictions is None:
        if mode == ModeKeys.PREDICT:
            raise ConfigError("Missing predictions.")
        return {}
    if not isinstance(predictions, dict):
        _check_is_tensor(predictions, "predictions")
        _check_graph(predictions, "prediction values", predictions.name)
        return predictions
    for key, value in predictions.items():
        _check_is_tensor(value, "predictions[%s]" % (key,))
        _check_graph(value, "prediction values", "%s: %s" % (key, value.name))
    return dict(predictions)


def _checked_scaffold(scaffold):
    scaffold = scaffold or tf.train.Scaffold()
    if not isinstance(scaffold, tf.train.Scaffold):
        raise KindError("scaffold must be tf.train.Scaffold. Given: %s" % (scaffold,))
    return scaffold


def _checked_metrics(eval_metric_ops):
    if eval_metric_ops is None:
        return {}
    if not isinstance(eval_metric_ops, dict):
        raise KindError("eval_metric_ops must be a dict, given: %s" % (eval_metric_ops,))
    pairs = {key: _metric_pair(key, value) for key, value in eval_metric_ops.items()}
    for key, pair in pairs.items():
        for each in _flat(pair):
            _check_graph(each, "eval_metric_ops", "%s: %s" % (key, each.name))
    return pairs


def _metric_pair(key, value):
    if _is_metric(value):
        return _pair_of_metric(value)
    if not isinstance(value, tuple) or len(value) != 2:
        raise KindError(
            "Values of eval_metric_ops must be (metric_value, update_op) tuples, given: %s for "
            "key: %s" % (value, key)
        )
    return value


def _is_metric(value):
    return all(hasattr(value, name) for name in ("updates", "result", "variables"))


def _pair_of_metric(metric):
    updates = list(metric.updates)
    if not updates:
        raise ConfigError(
            'Please call update_state(...) on the "%s" metric' % getattr(metric, "name", metric)
        )
    for collection in (tf.GraphKeys.LOCAL_VARIABLES, tf.GraphKeys.METRIC_VARIABLES):
        known = {id(each) for each in tf.get_collection(collection)}
        for variable in metric.variables:
            if id(variable) not in known:
                tf.add_to_collection(collection, variable)
    update = updates[0] if len(updates) == 1 else tf.group(*updates)
    return metric.result(), update


def _flat(value):
    if isinstance(value, dict):
        value = list(value.values())
    if not isinstance(value, (list, tuple)):
        return [value]
    return [leaf for element in value for leaf in _flat(element)]


def _is_dense(value):
    return isinstance(value, tf.Tensor) or _tf.is_variable(value)


def _check_is_tensor(value, name):
    if not _is_dense(value):
        raise KindError("%s must be Tensor, given: %s" % (name, value))


def _check_graph(value, role, name):
    if _tf.graph_of(value) is not tf.get_default_graph():
        raise GraphError(
            '%s with "%s" must be from the default graph. Either it was made outside of the call '
            "of model_fn, which has a graph of its own, or in an earlier call: make it inside, on "
            "each call." % (role, name)
        )
