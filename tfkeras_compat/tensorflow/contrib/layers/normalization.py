"""Normalization of activations, by statistics of the batch or of each example."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.tensorflow.contrib.framework.scopes import add_arg_scope
from tfkeras_compat.tensorflow.contrib.framework.variables import model_variable
from tfkeras_compat.tensorflow.contrib.layers import outputs as ends
from tfkeras_compat.tensorflow.contrib.layers.weights import Weights
from tfkeras_compat.tensorflow.layers import BatchNormalization

_averages = _tf.submodule("python.training.moving_averages")
_FORMATS = ("NHWC", "NCHW")
_INITIALIZERS = {
    "beta": tf.zeros_initializer(),
    "gamma": tf.ones_initializer(),
    "moving_mean": tf.zeros_initializer(),
    "moving_variance": tf.ones_initializer(),
}


class _Parameters:
    """Makes beta, gamma and the moving statistics, with the initializers and regularizers that
    the caller has for them."""

    def __init__(self, weights, size, initializers=None, regularizers=None):
        self.weights, self.size = weights, size
        self.initializers = dict(_INITIALIZERS, **(initializers or {}))
        self.regularizers = regularizers or {}

    def add(self, name, wanted=True):
        if not wanted:
            return None
        initializer, regularizer = self.initializers[name], self.regularizers.get(name)
        return self.weights.add(name, [self.size], initializer, regularizer)

    def moving(self):
        """The moving mean and variance. They can not be partitioned: their update could not."""
        self.weights.trainable = False
        with tf.variable_scope(tf.get_variable_scope()) as scope:
            scope.set_partitioner(None)
            return self.add("moving_mean"), self.add("moving_variance")


@add_arg_scope
def batch_norm(
    inputs,
    decay=0.999,
    center=True,
    scale=False,
    epsilon=0.001,
    activation_fn=None,
    param_initializers=None,
    param_regularizers=None,
    updates_collections=tf.GraphKeys.UPDATE_OPS,
    is_training=True,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    batch_weights=None,
    fused=None,
    data_format="NHWC",
    zero_debias_moving_mean=False,
    scope=None,
    renorm=False,
    renorm_clipping=None,
    renorm_decay=0.99,
    adjustment=None,
):
    """The inputs with mean 0 and variance 1 for each channel, over the batch; outside of training
    by the moving statistics.

    The updates of the moving statistics go to ``updates_collections`` and must be run with the
    training step; with ``updates_collections=None`` they run whenever the output does.

    Variables: beta, gamma (with ``scale``), moving_mean, moving_variance. Source: Ioffe and
    Szegedy, "Batch Normalization", 2015.

    Raises: ShapeError if rank or channels are not known; ConfigError for an unknown
    ``data_format``, or for arguments that exclude each other.
    """
    axis = 1 if ends.checked_format(data_format, _FORMATS) == "channels_first" else -1
    inputs = tf.convert_to_tensor(inputs)
    rank = len(ends.known_shape(inputs, min_rank=2))
    usual = updates_collections is tf.GraphKeys.UPDATE_OPS and not zero_debias_moving_mean
    plain = batch_weights is None and not renorm and adjustment is None
    is_fused = fused is not False and plain and rank in (2, 4)
    if renorm and not (usual and batch_weights is None):
        raise ConfigError(
            "renorm excludes batch_weights, updates_collections and zero_debias_moving_mean."
        )
    by_layer = usual and batch_weights is None and not (is_fused and rank == 2)
    getter = _as_model_variable if by_layer else None
    with tf.variable_scope(scope, "BatchNorm", [inputs], reuse=reuse, custom_getter=getter) as sc:
        if by_layer:
            layer = BatchNormalization(
                axis=axis,
                momentum=decay,
                epsilon=epsilon,
                center=center,
                scale=scale,
                trainable=trainable,
                renorm=renorm,
                renorm_clipping=renorm_clipping,
                renorm_momentum=renorm_decay,
                adjustment=adjustment,
                fused=fused is not False,
                name=sc.name,
                _scope=sc,
                _reuse=reuse,
                **_layer_arguments(param_initializers, param_regularizers),
            )
            outputs = layer.apply(inputs, training=is_training)
            _collect(layer, variables_collections)
        else:
            dtype = tf.float32 if is_fused else inputs.dtype
            made = _Parameters(
                Weights(dtype, trainable, variables_collections),
                ends.known_dimension(inputs, axis),
                param_initializers,
                param_regularizers if is_fused else None,  # as in the original
            )
            kind = _FusedBatch if is_fused else _PlainBatch
            beta, gamma = made.add("beta", center), made.add("gamma", scale)
            batch = kind(inputs, axis % rank, beta, gamma, epsilon, batch_weights)
            average = _moving_average(made.moving(), decay, zero_debias_moving_mean)
            outputs = _normalized(batch, average, is_training, updates_collections)
            outputs = batch.shaped(outputs)
            outputs.set_shape(inputs.get_shape())
        return ends.finished(outputs, sc.name, outputs_collections, activation_fn)


def _as_model_variable(getter, name, *arguments, **keywords):
    keywords = {key: value for key, value in keywords.items() if key in _OF_VARIABLE}
    return model_variable(name, *arguments, custom_getter=getter, **keywords)


_OF_VARIABLE = {
    "aggregation",
    "caching_device",
    "collections",
    "dtype",
    "initializer",
    "partitioner",
    "regularizer",
    "shape",
    "synchronization",
    "trainable",
    "use_resource",
}


def _layer_arguments(initializers, regularizers):
    found = dict(_INITIALIZERS, **(initializers or {}))
    arguments = {name + "_initializer": found[name] for name in _INITIALIZERS}
    for name in ("beta", "gamma"):
        arguments[name + "_regularizer"] = (regularizers or {}).get(name)
    return arguments


def _collect(layer, variables_collections):
    for name in ("moving_mean", "moving_variance", "beta", "gamma"):
        variable = getattr(layer, name, None)
        wanted = ends.collections_of(variables_collections, name)
        if variable is not None and wanted:
            tf.add_to_collections(wanted, variable)


class _PlainBatch:
    """Normalization of a batch by operations, each of its own."""

    def __init__(self, inputs, axis, beta, gamma, epsilon, weights):
        self.inputs, self.axis, self.weights = inputs, axis, weights
        self.beta, self.gamma, self.epsilon = beta, gamma, epsilon
        self.rank = inputs.get_shape().ndims

    def by_itself(self):
        """Outputs, mean and variance by the statistics of the batch."""
        axes = [each for each in range(self.rank) if each != self.axis]
        if self.weights is None:
            mean, variance = tf.nn.moments(self.inputs, axes)
        else:
            weights = tf.reshape(self.weights, [-1] + [1] * (self.rank - 1))
            mean, variance = tf.nn.weighted_moments(self.inputs, axes, weights)
        return self.by(mean, variance), mean, variance

    def shaped(self, outputs):
        """The outputs in the shape of the inputs."""
        return outputs

    def by(self, mean, variance, name=None):
        """Outputs by given statistics."""
        found = [self._broadcast(each) for each in (mean, variance, self.beta, self.gamma)]
        return tf.nn.batch_normalization(
            self.inputs, *found, variance_epsilon=self.epsilon, name=name
        )

    def _broadcast(self, values):
        if values is None or self.axis == self.rank - 1:
            return values
        return tf.reshape(values, [1, -1] + [1] * (self.rank - 2))


class _FusedBatch:
    """Normalization of a batch of rows or images by one operation. Its variance is that of the
    population the batch was drawn from."""

    def __init__(self, inputs, axis, beta, gamma, epsilon, weights):
        self.format = "NCHW" if axis == 1 and inputs.get_shape().ndims == 4 else "NHWC"
        self.shape = tf.shape(inputs)
        channels = ends.known_dimension(inputs, axis)
        self.inputs, self.is_rows = inputs, inputs.get_shape().ndims == 2
        if self.is_rows:
            self.inputs = tf.reshape(inputs, [-1, 1, 1, channels])
        self.beta = tf.zeros([channels]) if beta is None else beta
        self.gamma = tf.ones([channels]) if gamma is None else gamma
        self.epsilon = epsilon

    def by_itself(self):
        outputs, mean, variance = self._run()
        return outputs, mean, variance

    def by(self, mean, variance):
        return self._run(mean=mean, variance=variance, is_training=False)[0]

    def shaped(self, outputs):
        return tf.reshape(outputs, self.shape) if self.is_rows else outputs

    def _run(self, **statistics):
        return tf.nn.fused_batch_norm(
            self.inputs,
            self.gamma,
            self.beta,
            epsilon=self.epsilon,
            data_format=self.format,
            **statistics,
        )


def _moving_average(moving, decay, zero_debias):
    """``(variables, function of a mean and a variance that gives the updates)``."""

    def updates(mean, variance):
        return [
            _averages.assign_moving_average(moving[0], mean, decay, zero_debias=zero_debias),
            _averages.assign_moving_average(moving[1], variance, decay, zero_debias=False),
        ]

    return moving, updates


def _normalized(batch, average, is_training, updates_collections):
    moving, updates = average

    def in_training():
        outputs, mean, variance = batch.by_itself()
        if updates_collections is not None:
            return outputs, mean, variance
        with tf.control_dependencies(updates(mean, variance)):
            return tf.identity(outputs), mean, variance

    def otherwise():
        mean, variance = tf.identity(moving[0]), tf.identity(moving[1])
        return batch.by(mean, variance), mean, variance

    outputs, mean, variance = ends.smart_cond(is_training, in_training, otherwise)
    if updates_collections is not None and ends.constant_value(is_training) is not False:
        made = ends.smart_cond(is_training, lambda: updates(mean, variance), lambda: list(moving))
        for each in made:
            tf.add_to_collections(updates_collections, each)
    return outputs


@add_arg_scope
def layer_norm(
    inputs,
    center=True,
    scale=True,
    activation_fn=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    begin_norm_axis=1,
    begin_params_axis=-1,
    scope=None,
):
    """Each example with mean 0 and variance 1, over the axes from ``begin_norm_axis`` on.

    Variables: beta, gamma, of the shape of the axes from ``begin_params_axis`` on. Source: Ba,
    Kiros and Hinton, "Layer Normalization", 2016.
    """
    with tf.variable_scope(scope, "LayerNorm", [inputs], reuse=reuse) as sc:
        inputs = tf.convert_to_tensor(inputs)
        shape = ends.known_shape(inputs)
        rank = len(shape)
        if max(begin_norm_axis, begin_params_axis) >= rank:
            raise ConfigError(
                "begin_params_axis (%d) and begin_norm_axis (%d) must be less than the rank of "
                "the inputs, %d." % (begin_params_axis, begin_norm_axis, rank)
            )
        if None in shape[begin_params_axis:]:
            raise ShapeError(
                "The axes of %s from %d on must have a known size; the shape is %s."
                % (inputs.name, begin_params_axis, inputs.get_shape())
            )
        made = Weights(inputs.dtype, trainable, variables_collections)
        sizes = shape[begin_params_axis:]
        beta = made.add("beta", sizes, tf.zeros_initializer()) if center else None
        gamma = made.add("gamma", sizes, tf.ones_initializer()) if scale else None
        mean, variance = tf.nn.moments(
            inputs, list(range(begin_norm_axis % rank, rank)), keepdims=True
        )
        epsilon = 1e-3 if inputs.dtype == tf.float16 else 1e-12
        outputs = tf.nn.batch_normalization(inputs, mean, variance, beta, gamma, epsilon)
        outputs.set_shape(inputs.get_shape())
        return ends.finished(outputs, sc.name, outputs_collections, activation_fn)


@add_arg_scope
def instance_norm(
    inputs,
    center=True,
    scale=True,
    epsilon=1e-6,
    activation_fn=None,
    param_initializers=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    data_format="NHWC",
    scope=None,
):
    """Each channel of each example with mean 0 and variance 1. Variables: beta, gamma.

    Source: Ulyanov, Vedaldi and Lempitsky, "Instance Normalization", 2016.
    """
    first = ends.checked_format(data_format, _FORMATS) == "channels_first"
    with tf.variable_scope(scope, "InstanceNorm", [inputs], reuse=reuse) as sc:
        inputs = tf.convert_to_tensor(inputs)
        rank = len(ends.known_shape(inputs))
        axis = 1 if first else rank - 1
        size = ends.known_dimension(inputs, axis)
        weights = Weights(inputs.dtype, trainable, variables_collections)
        made = _Parameters(weights, size, param_initializers)
        beta, gamma = made.add("beta", center), made.add("gamma", scale)
        batch = _PlainBatch(inputs, axis, beta, gamma, epsilon, None)
        axes = [each for each in range(1, rank) if each != axis]
        mean, variance = tf.nn.moments(inputs, axes, keepdims=True)
        outputs = batch.by(mean, variance, "instancenorm")
        outputs.set_shape(inputs.get_shape())
        return ends.finished(outputs, sc.name, outputs_collections, activation_fn)


@add_arg_scope
def group_norm(
    inputs,
    groups=32,
    channels_axis=-1,
    reduction_axes=(-3, -2),
    center=True,
    scale=True,
    epsilon=1e-6,
    activation_fn=None,
    param_initializers=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
    mean_close_to_zero=False,
):
    """Each group of channels of each example with mean 0 and variance 1. Variables: beta, gamma.

    Source: Wu and He, "Group Normalization", 2018.

    Raises: ShapeError if the channels can not be divided into so many groups; ConfigError if the
    channels are among the axes to reduce.
    """
    inputs = tf.convert_to_tensor(inputs)
    rank = len(ends.known_shape(inputs))
    axis = channels_axis % rank
    reduced = sorted(each % rank for each in reduction_axes)
    channels = ends.known_dimension(inputs, axis)
    _check_groups(channels, groups, axis, reduced)
    apart = [groups, channels // groups]
    sizes = _sizes(inputs)
    grouped = tf.reshape(inputs, sizes[:axis] + apart + sizes[axis + 1 :])
    broadcast = [1] * axis + apart + [1] * (rank - axis - 1)
    with tf.variable_scope(scope, "GroupNorm", [inputs], reuse=reuse) as sc:
        weights = Weights(inputs.dtype, trainable, variables_collections)
        made = _Parameters(weights, channels, param_initializers)
        beta, gamma = [
            None if each is None else tf.reshape(each, broadcast)
            for each in (made.add("beta", center), made.add("gamma", scale))
        ]
        axes = [axis + 1] + [each + 1 if each > axis else each for each in reduced]
        mean, variance = _moments(grouped, axes, mean_close_to_zero)
        outputs = tf.nn.batch_normalization(grouped, mean, variance, beta, gamma, epsilon)
        outputs = tf.reshape(outputs, sizes)
        outputs.set_shape(inputs.get_shape())
        return ends.finished(outputs, sc.name, outputs_collections, activation_fn)


def _sizes(inputs):
    """The size of each axis, where known as a number."""
    now = tf.unstack(tf.shape(inputs), num=inputs.get_shape().ndims)
    known = inputs.get_shape().as_list()
    return [now[at] if size is None else size for at, size in enumerate(known)]


def _check_groups(channels, groups, axis, reduced):
    if groups > channels or channels % groups:
        raise ShapeError("%d channels can not be divided into %d groups." % (channels, groups))
    if axis in reduced:
        raise ConfigError("reduction_axes must leave out the channels; found axis %d." % axis)


def _moments(inputs, axes, mean_close_to_zero):
    if not mean_close_to_zero:
        return tf.nn.moments(inputs, axes, keepdims=True)
    counts, sums, squares, _ = tf.nn.sufficient_statistics(inputs, axes, keep_dims=True)
    return tf.nn.normalize_moments(counts, sums, squares, shift=None)
