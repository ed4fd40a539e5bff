"""A Keras model once more, in the graph of an Estimator: its predictions, loss, metrics and
training."""

import copy

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input import InputLayer
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.models import clone_model
from tfkeras_compat.optimizers import TFOptimizer
from tfkeras_compat.state.registry import custom_object_scope
from tfkeras_compat.state.structures import to_list
from tfkeras_compat.training import compilation


class Blueprint:
    """A compiled model, and what is needed to build it again in another graph.

    The settings of the optimizer are those of the moment this is made: they may be variables of the
    model's own graph.
    """

    def __init__(self, model, custom_objects=None):
        self.model = model
        self.custom_objects = custom_objects or {}
        self._optimizer_config = _config_of(model.optimizer)

    def built_on(self, tensors):
        """The model on these inputs in the current graph, with new weights."""
        with custom_object_scope(self.custom_objects):
            clone = clone_model(self.model, tensors)
        _copy_trainable(self.model, clone)
        return clone

    def new_optimizer(self):
        """The optimizer in the current graph, with a new state."""
        optimizer = self.model.optimizer
        if self._optimizer_config is not None:
            with custom_object_scope(self.custom_objects):
                return type(optimizer).from_config(dict(self._optimizer_config))
        if isinstance(optimizer, TFOptimizer):
            return TFOptimizer(copy.copy(optimizer.optimizer))  # it makes its slots by graph
        raise ConfigError(
            "The optimizer %s has no get_config, so that it can not be made once more in the "
            "graph of an Estimator: let get_config return the arguments it was made with."
            % type(optimizer).__name__
        )


def _config_of(optimizer):
    try:
        return optimizer.get_config()
    except (NotImplementedError, AttributeError):
        return None


def _copy_trainable(source, target):
    """What was frozen in a model is frozen in its clone: also a model in the model."""
    target.trainable = source.trainable
    if isinstance(source, Network):
        for old, new in zip(_without_inputs(source), _without_inputs(target)):
            _copy_trainable(old, new)


def _without_inputs(network):
    return [layer for layer in network.layers if not isinstance(layer, InputLayer)]


class Judged:
    """The loss and the metrics of a clone.

    Attributes:
        loss: the scalar that is minimized.
        metrics: ``(name, tensor of one batch, updates)`` of each.
    """

    def __init__(self, clone, model, targets=None, sample_weights=None):
        outputs = compilation.compiled_outputs(
            clone.output_names,
            clone.outputs,
            clone._output_masks(),
            model.loss or None,
            model.loss_weights,
            model.sample_weight_mode,
            targets,
        )
        for output, weight in zip(outputs, sample_weights or ()):
            output.sample_weight = weight
        total, output_losses = compilation.total_loss(outputs, clone.losses)
        record = compilation.MetricRecord(len(outputs), output_losses)
        record.add_all(
            outputs, _in_this_graph(model.metrics), _in_this_graph(model.weighted_metrics)
        )
        self.loss = tf.convert_to_tensor(total)
        self.metrics = _own_metrics(record, len(output_losses) if len(outputs) > 1 else 0)


def _own_metrics(record, loss_count):
    """Without the losses of single outputs, which come first where there are several."""
    names = record.names[1:]
    updates = {
        name: function.updates
        for name, function in zip(record.stateful_names, record.stateful_functions)
    }
    found = [(n, tensor, updates.get(n, [])) for n, tensor in zip(names, record.tensors)]
    return found[loss_count:]


def _in_this_graph(metrics):
    """The metrics, with those that are layers made anew: their variables are of another graph."""
    if isinstance(metrics, dict):
        return {name: _in_this_graph(to_list(each)) for name, each in metrics.items()}
    return [_new(metric) for metric in metrics or ()]


def _new(metric):
    if not isinstance(metric, Layer):
        return metric
    before = {id(variable) for variable in tf.global_variables()}
    made = type(metric).from_config(metric.get_config())
    _make_local([each for each in tf.global_variables() if id(each) not in before])
    return made


def _make_local(variables):
    """Lets each session start with their initial values: no checkpoint keeps them."""
    ids = {id(variable) for variable in variables}
    everywhere = tf.get_collection_ref(tf.GraphKeys.GLOBAL_VARIABLES)
    everywhere[:] = [each for each in everywhere if id(each) not in ids]
    for variable in variables:
        tf.add_to_collection(tf.GraphKeys.LOCAL_VARIABLES, variable)


def training_step(clone, judged, optimizer):
    """The operation of a step of training; it counts the step as well."""
    before = [judged.loss] + [tensor for _, tensor, _ in judged.metrics]
    with K.name_scope("training"):
        # What is reported is the loss before the step, also where a weight is read twice.
        with K.name_scope(type(optimizer).__name__), tf.control_dependencies(before):
            steps = optimizer.get_updates(params=clone.trainable_weights, loss=judged.loss)
        # Of a new model the optimizer's own counter is the same number; one that was trained
        # before has counted those steps already.
        with tf.control_dependencies(steps):
            counted = tf.assign_add(tf.train.get_or_create_global_step(), 1)
        return tf.group(counted, *clone.updates)


def evaluated(judged, sample_count):
    """``eval_metric_ops``: the mean of each metric over all samples.

    A metric with a state of its own gives the value after the last batch.
    """
    count = tf.cast(sample_count, K.floatx())
    return {
        name: _last_value(name, tensor, updates) if updates else tf.metrics.mean(tensor, count)
        for name, tensor, updates in judged.metrics
    }


def _last_value(name, tensor, updates):
    local = [tf.GraphKeys.LOCAL_VARIABLES, tf.GraphKeys.METRIC_VARIABLES]
    last = tf.get_variable(
        name + "_last_value",
        initializer=tf.zeros([], tensor.dtype),
        trainable=False,
        collections=local,
        use_resource=True,
    )
    return last.value(), tf.group(tf.assign(last, tensor), *updates)
