"""What ``compile`` makes: for each output a loss, targets and weights; the total loss; metrics."""

import warnings

from tfkeras_compat import backend as K
from tfkeras_compat import losses as loss_module
from tfkeras_compat import metrics as metric_module
from tfkeras_compat.backend.fused import cross_entropy
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state.naming import snake_case
from tfkeras_compat.state.structures import has_arg, to_list

# 'accuracy' and 'crossentropy': the name in logs, and the function for outputs that answer yes or
# no, for targets that are class numbers, and for targets that are distributions.
_CHOSEN_BY_OUTPUT = {
    "acc": (
        metric_module.binary_accuracy,
        metric_module.sparse_categorical_accuracy,
        metric_module.categorical_accuracy,
    ),
    "ce": (
        metric_module.binary_crossentropy,
        metric_module.sparse_categorical_crossentropy,
        metric_module.categorical_crossentropy,
    ),
}
_SHORT_NAMES = {"accuracy": "acc", "acc": "acc", "crossentropy": "ce", "ce": "ce"}


class CompiledOutput:
    """One output of a compiled model, and what it is compared with.

    Attributes:
        loss: a function of true and predicted values, or ``None``: this output is not trained.
        target: the tensor of true values, or ``None``.
        sample_weight: the placeholder of weights, or ``None`` where nothing is fed.
        sample_weight_mode: ``"temporal"`` for weights ``(samples, steps)``, else ``None``.
        mask: the mask that came out with the output, or ``None``.
    """

    def __init__(self, name, tensor, mask, loss, loss_weight):
        self.name = name
        self.tensor = tensor
        self.mask = mask
        self.loss = loss
        self.loss_weight = loss_weight
        self.target = None
        self.sample_weight = None
        self.sample_weight_mode = None

    @property
    def is_trained(self):
        return self.loss is not None

    @property
    def is_fed(self):
        """Whether arrays of targets, and of weights, are expected for this output."""
        return self.target is not None and K.is_placeholder(self.target)

    def make_target(self, given):
        """Takes the given tensor for target, or makes a placeholder."""
        if not self.is_trained:
            return
        self.target = given
        if given is None:
            self.target = K.placeholder(
                ndim=len(K.int_shape(self.tensor)),
                name=self.name + "_target",
                sparse=K.is_sparse(self.tensor),
                dtype=K.dtype(self.tensor),
            )

    def make_sample_weight(self, mode):
        """Makes the placeholder of weights."""
        if not self.is_fed:
            return
        self.sample_weight_mode = "temporal" if mode == "temporal" else None
        ndim = 2 if self.sample_weight_mode else 1
        self.sample_weight = K.placeholder(ndim=ndim, name=self.name + "_sample_weights")

    def compute_loss(self):
        """The scalar loss of this output, without its weight in the total."""
        with K.name_scope(self.name + "_loss"):
            return weighted_masked_objective(self.loss)(
                self.target, self.tensor, self.sample_weight, self.mask
            )

    def target_shape(self):
        """The shape that an array of targets must have, or ``None`` if only the loss knows."""
        shape = K.int_shape(self.tensor)
        if self.loss is loss_module.sparse_categorical_crossentropy:
            if K.image_data_format() == "channels_first" and len(shape) in (4, 5):
                return (shape[0], 1) + shape[2:]
            return shape[:-1] + (1,)
        is_ours = getattr(loss_module, getattr(self.loss, "__name__", ""), None) is not None
        return shape if is_ours else None


# ---- arguments with a part for each output ------------------------------------------------------


def _check_names(argument, given, output_names):
    unknown = [name for name in given if name not in output_names]
    if unknown:
        raise ConfigError(
            'Unknown entry in %s dictionary: "%s". Only expected the following keys: %s'
            % (argument, unknown[0], output_names)
        )


def _check_length(argument, given, output_names):
    if len(given) != len(output_names):
        raise ConfigError(
            "When passing a list as `%s`, it should have one entry per model output. The model has "
            "%d outputs, but you passed %s=%s" % (argument, len(output_names), argument, given)
        )


def _by_output(argument, given, output_names, default=None):
    """The part of each output, of a dictionary or a list; ``None`` if ``given`` is neither."""
    if isinstance(given, dict):
        _check_names(argument, given, output_names)
        return [given.get(name, default) for name in output_names]
    if isinstance(given, (list, tuple)):
        _check_length(argument, given, output_names)
        return list(given)
    return None


def loss_functions(loss, output_names):
    """The loss function of each output, or ``None`` for one that is not trained.

    ``loss`` is one for all outputs, a list, or a dictionary by output.
    Raises: ConfigError for unknown names and lists of another length.
    """
    parts = _by_output("loss", loss, output_names)
    for name in output_names if isinstance(loss, dict) else ():
        if name not in loss:
            warnings.warn(
                'Output "%s" missing from loss dictionary. We assume this was done on purpose, and '
                'we will not be expecting any data to be passed to "%s" during training.'
                % (name, name)
            )
    if parts is None:
        parts = [loss] * len(output_names)
    return [loss_module.get(part) for part in parts]


def _loss_weights(loss_weights, output_names):
    if loss_weights is None:
        return [1.0] * len(output_names)
    parts = _by_output("loss_weights", loss_weights, output_names, 1.0)
    # A tuple is more likely to be a mistake than weights, and is refused as in the original.
    if parts is None or isinstance(loss_weights, tuple):
        raise TypeError(
            "Could not interpret loss_weights argument: %s - expected a list or a dictionary by "
            "output: %s." % (loss_weights, output_names)
        )
    return parts


def _target_tensors(target_tensors, output_names):
    if target_tensors is None:
        return [None] * len(output_names)
    if K.is_tensor(target_tensors):
        if len(output_names) > 1:
            raise ConfigError(
                "The model has %d outputs, but you passed a single tensor as `target_tensors`. "
                "Expected a list or a dict of tensors." % len(output_names)
            )
        target_tensors = [target_tensors]
    parts = _by_output("target_tensors", target_tensors, output_names)
    if parts is None:
        raise TypeError(
            "Expected `target_tensors` to be a tensor, a list of tensors, or dict of tensors, but "
            "got: %s" % (target_tensors,)
        )
    return parts


def _sample_weight_modes(mode, outputs):
    names = [output.name for output in outputs]
    parts = _by_output("sample_weight_mode", mode, names)
    for output in outputs if isinstance(mode, dict) else ():
        if output.is_fed and output.name not in mode:
            raise ConfigError(
                'Output "%s" missing from sample_weight_modes dictionary' % output.name
            )
    return [mode] * len(outputs) if parts is None else parts


def collect_metrics(metrics, output_names):
    """The metrics of each output: a list of lists.

    A list counts for every output; a dictionary has one metric or a list of them by output.
    Raises: TypeError for anything else.
    """
    if not metrics:
        return [[] for _ in output_names]
    if isinstance(metrics, list):
        return [list(metrics) for _ in output_names]
    if not isinstance(metrics, dict):
        raise TypeError(
            "Type of `metrics` argument not understood. Expected a list or dictionary, found: %s"
            % (metrics,)
        )
    unknown = [name for name in metrics if name not in output_names]
    if unknown:
        warnings.warn(
            "Invalid layer name for metric computations: %s. Available names are %s."
            % (unknown, output_names)
        )
    return [list(to_list(metrics.get(name, []), allow_tuple=True)) for name in output_names]


def compiled_outputs(names, tensors, masks, loss, loss_weights, sample_weight_mode, target_tensors):
    """The :class:`CompiledOutput` of each output, with placeholders for what has to be fed."""
    functions = loss_functions(loss, names)
    weights = _loss_weights(loss_weights, names)
    outputs = [CompiledOutput(*each) for each in zip(names, tensors, masks, functions, weights)]
    for output, given in zip(outputs, _target_tensors(target_tensors, names)):
        output.make_target(given)
    for output, mode in zip(outputs, _sample_weight_modes(sample_weight_mode, outputs)):
        output.make_sample_weight(mode)
    return outputs


# ---- the loss -----------------------------------------------------------------------------------


def weighted_masked_objective(fn):
    """The mean of a loss or metric over samples, with a weight for each and without masked steps.

    Gives ``f(y_true, y_pred, weights, mask=None)``, a scalar, or ``None`` for ``None``.
    """
    if fn is None:
        return None

    def weighted(y_true, y_pred, weights, mask=None):
        scores = _called(fn, y_true, y_pred)
        if mask is not None:
            mask = K.cast(mask, K.floatx())
            # The fewer steps are left, the more each counts.
            scores = scores * mask / (K.mean(mask) + K.epsilon())
        if weights is not None:
            further_axes = list(range(K.ndim(weights), K.ndim(scores)))
            scores = K.mean(scores, axis=further_axes) if further_axes else scores
            return _weighted_mean(scores, weights)
        return K.mean(scores)

    return weighted


def _weighted_mean(scores, weights):
    if _may_be_broadcast(K.int_shape(scores), K.int_shape(weights)):
        return K.mean(scores * weights / K.mean(K.cast(K.not_equal(weights, 0), K.floatx())))
    return cross_entropy.weighted_mean(scores, weights)


def _may_be_broadcast(shape, other):
    return len(shape) != len(other) or any(
        size != other_size and 1 in (size, other_size) for size, other_size in zip(shape, other)
    )


def _called(function, y_true, y_pred):
    # TensorFlow's own cross-entropies insist on being called by name.
    if takes_labels_and_logits(function):
        return function(labels=y_true, logits=y_pred)
    return function(y_true, y_pred)


def takes_labels_and_logits(function):
    """Whether a loss is one of TensorFlow's cross-entropies, or called as these are."""
    try:
        return has_arg(function, "labels") and has_arg(function, "logits")
    except (TypeError, ValueError):  # it does not tell its arguments
        return False


def total_loss(outputs, other_losses):
    """``(total, [(name, loss) of each trained output])``: the sum with all regularization.

    Raises: ConfigError if there is nothing to sum.
    """
    trained = [output for output in outputs if output.is_trained]
    if not trained and not other_losses:
        raise ConfigError(
            "The model cannot be compiled because it has no loss to optimize: give compile() a "
            "loss, or a layer a regularizer or add_loss()."
        )
    with K.name_scope("loss"):
        found = [(output.name + "_loss", output.compute_loss()) for output in trained]
        terms = [output.loss_weight * loss for output, (_, loss) in zip(trained, found)]
        total = terms[0] if terms else 0.0
        for term in terms[1:] + list(other_losses):
            total += term
    return total, found


# ---- metrics ------------------------------------------------------------------------------------


class MetricRecord:
    """The names and tensors of everything that is reported, in order; first the loss."""

    def __init__(self, output_count, output_losses):
        self.names = ["loss"]
        self.tensors = []
        self.stateful_names = []
        self.stateful_functions = []
        self.updates = []
        self._prefixes_outputs = output_count > 1
        if self._prefixes_outputs:
            self.names += [name for name, _ in output_losses]
            self.tensors += [loss for _, loss in output_losses]

    def add_all(self, outputs, metrics, weighted_metrics):
        """Adds the metrics of every trained output, the weighted ones last."""
        names = [output.name for output in outputs]
        plain, weighted = [collect_metrics(each, names) for each in (metrics, weighted_metrics)]
        with K.name_scope("metrics"):
            for output, own, own_weighted in zip(outputs, plain, weighted):
                for metric in own if output.is_trained else ():
                    self._add(output, metric, None)
                for metric in own_weighted if output.is_trained else ():
                    self._add(output, metric, output.sample_weight)

    def add_tensors(self, named):
        """Adds ``(name, tensor)`` pairs as they are."""
        for name, tensor in named:
            self.names.append(self._unused(name))
            self.tensors.append(tensor)

    def _add(self, output, metric, weights):
        name, function = named_metric(metric, output)
        name = name if weights is None else "weighted_" + name
        with K.name_scope(name):
            value = weighted_masked_objective(function)(
                output.target, output.tensor, weights, output.mask
            )
        name = self._unused(output.name + "_" + name if self._prefixes_outputs else name)
        self.names.append(name)
        self.tensors.append(value)
        if isinstance(function, Layer) and function.stateful:
            self.stateful_names.append(name)
            self.stateful_functions.append(function)
            self.updates += function.updates

    def _unused(self, name):
        numbered = ("%s_%d" % (name, number) for number in range(1, len(self.names) + 1))
        return (
            name
            if name not in self.names
            else next(each for each in numbered if each not in self.names)
        )


def named_metric(metric, output):
    """``(name in logs, function)`` of a metric given by name, as function or as a layer.

    ``'accuracy'`` and ``'crossentropy'`` depend on the output's size and loss.
    """
    short = _SHORT_NAMES.get(metric) if isinstance(metric, str) else None
    if short is not None:
        return short, _CHOSEN_BY_OUTPUT[short][_kind_of_answer(output)]
    function = metric_module.get(metric)
    name = getattr(function, "name", None) or getattr(function, "__name__", None)
    return name or snake_case(type(function).__name__), function


def _kind_of_answer(output):
    if K.int_shape(output.tensor)[-1] == 1 or output.loss is loss_module.binary_crossentropy:
        return 0
    return 1 if output.loss is loss_module.sparse_categorical_crossentropy else 2
