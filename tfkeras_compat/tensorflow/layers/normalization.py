"""The core layer that normalizes batches; ``tensorflow.python.layers.normalization``."""

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.backend.conv import channels_to_back, channels_to_front, supports_channels_first
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer as KerasLayer
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import normalization as keras_layers
from tfkeras_compat.tensorflow.layers import renormalization
from tfkeras_compat.tensorflow.layers.base import Layer, OfKeras
from tfkeras_compat.tensorflow.layers.renormalization import moved
from tfkeras_compat.tensorflow.layers.signatures import function_of, like
from tfkeras_compat.tensorflow.layers.switch import known, switch

_WEIGHTS = (
    "axis momentum epsilon center scale beta_initializer gamma_initializer moving_mean_initializer "
    "moving_variance_initializer beta_regularizer gamma_regularizer beta_constraint "
    "gamma_constraint "
)
_FUSED_TYPES = ("float16", "bfloat16", "float32")
_CLIPPED = ("rmax", "rmin", "dmax")


class BatchNormalization(OfKeras, keras_layers.BatchNormalization, Layer):
    """Normalizes the activations of a batch by its own statistics if ``training``, a bool or a
    tensor of one, else by moving averages of them.

    The averages are moved by the operations in ``tf.GraphKeys.UPDATE_OPS``, which have to be run.

    Args, beside those of the Keras layer:
        axis: an int, or a list of the axes that keep their own statistics.
        renorm, renorm_clipping, renorm_momentum: batch renormalization, arXiv:1702.03275.
        fused: False to do without the fused operation, which serves images.
        virtual_batch_size: the size of the parts of a batch that are normalized on their own.
        adjustment: function of the shape of the inputs, gives scale and offset for training.
    Shapes: any with a known size of ``axis`` -> the same.
    Weights: gamma, beta, moving_mean, moving_variance; for ``renorm`` moving_stddev, renorm_mean,
    renorm_stddev. Half-precision inputs have weights of float32.
    Raises: ShapeError for an unknown size or rank; ConfigError for arguments that exclude each
    other.

    >>> import tfkeras_compat.tensorflow as tf
    >>> y = tf.layers.batch_normalization(tf.placeholder(tf.float32, [None, 3]), training=True)
    >>> [op.name for op in tf.get_collection(tf.GraphKeys.UPDATE_OPS)]
    ['batch_normalization/AssignMovingAvg', 'batch_normalization/AssignMovingAvg_1']
    """

    __init__ = like(
        keras_layers.BatchNormalization,
        order=_WEIGHTS + "renorm renorm_clipping renorm_momentum fused trainable "
        "virtual_batch_size adjustment name",
        renorm=False,
        renorm_clipping=None,
        renorm_momentum=0.99,
        fused=None,
        virtual_batch_size=None,
        adjustment=None,
    )

    # ---- weights --------------------------------------------------------------------------------

    def build(self, input_shape):
        sizes = tf.TensorShape(input_shape)
        if not sizes.ndims:
            raise ShapeError("The input of layer %s has an unknown rank." % self.name)
        sizes = sizes.as_list()
        self._axes = self._checked_axes(sizes)
        self._check_arguments()
        self.fused = len(sizes) == 4 and self._can_be_fused()
        self.input_spec = InputSpec(
            ndim=len(sizes), axes={axis: sizes[axis] for axis in self._axes}
        )
        self._parameter_shape = self._shape_of_parameters(sizes)
        if self.renorm:
            self.renorm_mean_initializer = self.moving_mean_initializer
            self.moving_stddev_initializer = self.renorm_stddev_initializer = (
                renormalization.root_of(self.moving_variance_initializer)
            )
        KerasLayer.build(self, input_shape)

    def _checked_axes(self, sizes):
        given = [self.axis] if isinstance(self.axis, int) else list(self.axis)
        axes = [axis + len(sizes) if axis < 0 else axis for axis in given]
        if not all(0 <= axis < len(sizes) for axis in axes) or len(set(axes)) < len(axes):
            raise ConfigError(
                "Layer %s: axis must name different axes of the input %s, found %s."
                % (self.name, sizes, self.axis)
            )
        if any(sizes[axis] is None for axis in axes):
            raise ShapeError(
                "Layer %s: the input has an undefined size on axis %s of %s."
                % (self.name, self.axis, sizes)
            )
        return axes

    def _check_arguments(self):
        unknown = set(self.renorm_clipping or {}) - set(_CLIPPED)
        if unknown:
            raise ConfigError(
                "Layer %s: renorm_clipping may have the keys %s, found %s."
                % (self.name, ", ".join(_CLIPPED), ", ".join(sorted(unknown)))
            )
        if self.virtual_batch_size is None:
            return
        if self.virtual_batch_size <= 0 or 0 in self._axes or self.adjustment is not None:
            raise ConfigError(
                "Layer %s: virtual_batch_size must be a positive divisor of the size of the batch, "
                "axis may not be the one of the batch, and there may be no adjustment; found %r, "
                "%s, %r." % (self.name, self.virtual_batch_size, self.axis, self.adjustment)
            )

    def _can_be_fused(self):
        plain = not self.renorm and self.virtual_batch_size is None and self.adjustment is None
        return (
            self.fused is not False
            and plain
            and self._axes in ([1], [3])
            and self.dtype in _FUSED_TYPES
        )

    def _shape_of_parameters(self, sizes):
        if len(self._axes) == 1 and self.virtual_batch_size is None:
            return (sizes[self._axes[0]],)
        shape = [size if axis in self._axes else 1 for axis, size in enumerate(sizes)]
        return tuple(shape if self.virtual_batch_size is None else shape[:1] + [1] + shape[1:])

    @property
    def _parameter_dtype(self):
        return "float32" if self.dtype in ("float16", "bfloat16") else self.dtype or "float32"

    def weight_specs(self, input_shape):
        shape, dtype = self._parameter_shape, self._parameter_dtype
        yield self.weight("gamma", shape, wanted=self.scale, dtype=dtype)
        yield self.weight("beta", shape, wanted=self.center, dtype=dtype)
        averages = ["moving_mean", "moving_variance"]
        averages += ["moving_stddev", "renorm_mean", "renorm_stddev"] if self.renorm else []
        for name in averages:
            yield self.weight(name, shape, trainable=False, dtype=dtype)

    def add_weight(self, name, shape=None, *args, **kwargs):
        """As of every core layer, but averages are never partitioned, and averaged over
        replicas."""
        if kwargs.get("trainable", True):
            return super().add_weight(name, shape, *args, **kwargs)
        kwargs.setdefault("synchronization", tf.VariableSynchronization.ON_READ)
        kwargs.setdefault("aggregation", tf.VariableAggregation.MEAN)
        if self._keras_style:
            return super().add_weight(name, shape, *args, **kwargs)
        partitioner = self._scope.partitioner
        self._scope.set_partitioner(None)
        try:
            return super().add_weight(name, shape, *args, **kwargs)
        finally:
            self._scope.set_partitioner(partitioner)

    # ---- calling --------------------------------------------------------------------------------

    def call(self, inputs, training=False):
        updates = []
        if self.fused:
            outputs = self._fused_outputs(inputs, training, updates)
        elif self.virtual_batch_size is None:
            outputs = self._outputs(inputs, self._axes, training, updates)
        else:
            outputs = self._outputs_of_parts(inputs, training, updates)
        self.add_update([getattr(each, "op", each) for each in updates], inputs)
        return outputs

    def _outputs_of_parts(self, inputs, training, updates):
        sizes = K.int_shape(inputs)[1:]
        parts = tf.reshape(inputs, (self.virtual_batch_size, -1) + sizes)
        axes = [axis + 1 for axis in self._axes]
        return tf.reshape(self._outputs(parts, axes, training, updates), (-1,) + sizes)

    def _fused_outputs(self, inputs, training, updates):
        is_last = self._axes == [3]
        if is_last or supports_channels_first():
            return self._by_fused_operation(
                inputs, "NHWC" if is_last else "NCHW", training, updates
            )
        inputs = tf.transpose(inputs, channels_to_back(range(4)))
        outputs = self._by_fused_operation(inputs, "NHWC", training, updates)
        return tf.transpose(outputs, channels_to_front(range(4)))

    def _by_fused_operation(self, inputs, layout, training, updates):
        gamma = self.gamma if self.scale else tf.ones(self._parameter_shape)
        beta = self.beta if self.center else tf.zeros(self._parameter_shape)
        common = {"epsilon": self.epsilon, "data_format": layout}

        def by_batch():
            return tf.nn.fused_batch_norm(inputs, gamma, beta, **common)[:3]

        def by_averages():
            averages = {"mean": self.moving_mean, "variance": self.moving_variance}
            return tf.nn.fused_batch_norm(
                inputs, gamma, beta, is_training=False, **dict(averages, **common)
            )[:3]

        outputs, mean, variance = switch(training, by_batch, by_averages)
        if known(training) is not False:
            # With momentum 1 the averages stay as they are.
            momentum = switch(training, lambda: self._momentum(), lambda: tf.constant(1.0))
            updates.append(moved(self.moving_mean, mean, momentum))
            updates.append(moved(self.moving_variance, variance, momentum))
        return outputs

    def _momentum(self):
        return tf.convert_to_tensor(self.momentum, tf.float32)

    def _outputs(self, inputs, axes, training, updates):
        scale, offset = self._aligned(inputs, axes, self.gamma, self.beta)
        if known(training) is False:
            mean, variance = self.moving_mean, self.moving_variance
        else:
            if self.adjustment is not None:
                adjusted = _in_training(training, *self.adjustment(tf.shape(inputs)))
                scale, offset = composed(adjusted, (scale, offset))
            mean, variance = self._statistics(inputs, axes, training)
            corrected = self._move_averages(mean, variance, training, updates)
            scale, offset = composed(self._aligned(inputs, axes, *corrected), (scale, offset))
        mean, variance = self._aligned(inputs, axes, mean, variance)
        parameters = [
            None if x is None else tf.cast(x, inputs.dtype) for x in (mean, variance, offset, scale)
        ]
        outputs = tf.nn.batch_normalization(inputs, *parameters, variance_epsilon=self.epsilon)
        outputs.set_shape(inputs.get_shape())
        return outputs

    def _aligned(self, inputs, axes, *parameters):
        ndim = K.ndim(inputs)
        if len(self._parameter_shape) == ndim or axes == [ndim - 1]:
            return parameters
        shape = [1] * ndim
        shape[axes[0]] = K.int_shape(inputs)[axes[0]]
        return [None if x is None else tf.reshape(x, shape) for x in parameters]

    def _statistics(self, inputs, axes, training):
        in_parts = self.virtual_batch_size is not None
        reduced = [axis for axis in range(K.ndim(inputs)) if axis not in axes]
        if in_parts:
            del reduced[1]
        mean, variance = tf.nn.moments(
            tf.cast(inputs, self._parameter_dtype), reduced, keepdims=in_parts or len(axes) > 1
        )
        return (
            switch(training, lambda: mean, lambda: tf.identity(self.moving_mean)),
            switch(training, lambda: variance, lambda: tf.identity(self.moving_variance)),
        )

    def _move_averages(self, mean, variance, training, updates):
        """Makes the updates; gives the scale and offset by which the statistics are corrected."""
        if self.virtual_batch_size is not None:
            mean = tf.reduce_mean(mean, axis=1, keepdims=True)
            variance = tf.reduce_mean(variance, axis=1, keepdims=True)
        corrected = (None, None)
        if self.renorm:
            corrected, mean, variance = renormalization.corrected(self, mean, variance, training)

        def move_variance():
            if self.renorm:
                return renormalization.moved_variance(self, variance)
            return moved(self.moving_variance, variance, self.momentum)

        updates.append(
            switch(
                training,
                lambda: moved(self.moving_mean, mean, self.momentum),
                lambda: tf.identity(self.moving_mean),
            )
        )
        updates.append(switch(training, move_variance, lambda: tf.identity(self.moving_variance)))
        return corrected


def composed(first, then):
    """Two transformations, each a scale and an offset or None, as one."""
    (scale, offset), (then_scale, then_offset) = first, then
    if scale is None:
        return then
    if then_scale is not None:
        scale, offset = scale * then_scale, offset * then_scale
    return scale, offset if then_offset is None else offset + then_offset


def _in_training(training, scale, offset):
    return (
        switch(training, lambda: scale, lambda: tf.ones_like(scale)),
        switch(training, lambda: offset, lambda: tf.zeros_like(offset)),
    )


batch_normalization = function_of(
    BatchNormalization,
    order=_WEIGHTS + "training trainable name reuse renorm renorm_clipping renorm_momentum fused "
    "virtual_batch_size adjustment",
    training=False,
)
