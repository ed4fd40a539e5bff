"""Dense, Activation, Dropout and the layers that reshape, repeat or mask."""

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.aliases import lazy_attributes
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.regularizers import L1L2

__getattr__, __dir__ = lazy_attributes(__name__)


class Dense(Layer):
    """A densely connected layer: ``activation(dot(inputs, kernel) + bias)``.

    Shapes: ``(batch, ..., in)`` -> ``(batch, ..., units)``.
    Weights: kernel ``(in, units)``, bias ``(units,)``.
    Raises: ShapeError for inputs of one axis, or of another size than the first time.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import Dense
    >>> Dense(2, activation="relu")(K.placeholder((None, 3))).shape.as_list()
    [None, 2]
    """

    @configured
    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        kernel_initializer="glorot_uniform",
        bias_initializer="zeros",
        kernel_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(**kwargs)
        self.input_spec = InputSpec(min_ndim=2)
        self.supports_masking = True

    def weight_specs(self, input_shape):
        yield self.weight("kernel", (input_shape[-1], self.units))
        yield self.weight("bias", (self.units,), wanted=self.use_bias)

    def build(self, input_shape):
        if len(input_shape) < 2 or input_shape[-1] is None:
            raise ShapeError(
                "Layer %s needs inputs of at least two axes whose last size is known, found shape "
                "%s." % (self.name, input_shape)
            )
        super().build(input_shape)
        self.input_spec = InputSpec(min_ndim=2, axes={-1: input_shape[-1]})

    def call(self, inputs):
        outputs = K.dot(inputs, self.kernel)
        if self.use_bias:
            outputs = K.bias_add(outputs, self.bias, data_format="channels_last")
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[:-1]) + (self.units,)


class Activation(Layer):
    """Applies an activation function, given by name or as a function of a tensor.

    Shapes: any -> the same.
    """

    @configured
    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(self, inputs):
        return self.activation(inputs)

    def compute_output_shape(self, input_shape):
        return input_shape


class Dropout(Layer):
    """Sets a random fraction ``rate`` of the inputs to zero in the training phase, and scales up
    the others.

    ``noise_shape``, with ``None`` for the sizes of the input, says along which axes (size 1) the
    choice is shared.

    Shapes: any -> the same. Source: Srivastava et al., JMLR 15 (2014).

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import Dropout
    >>> x = K.constant([[1.0, 2.0]])
    >>> K.eval(Dropout(0.5)(x)).tolist()
    [[1.0, 2.0]]
    """

    @configured
    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        self.rate = min(1.0, max(0.0, rate))
        self.supports_masking = True

    def _get_noise_shape(self, inputs):
        if self.noise_shape is None:
            return None
        sizes = K.shape(inputs)
        return tuple(
            sizes[axis] if size is None else size for axis, size in enumerate(self.noise_shape)
        )

    def call(self, inputs, training=None):
        if not 0.0 < self.rate < 1.0:
            return inputs
        noise_shape = self._get_noise_shape(inputs)
        return K.dropout_in_train_phase(inputs, self.rate, noise_shape, self.seed, training)

    def compute_output_shape(self, input_shape):
        return input_shape


class SpatialDropout1D(Dropout):
    """Dropout of whole channels of sequences. Shapes: ``(batch, steps, channels)`` -> the same."""

    @configured
    def __init__(self, rate, **kwargs):
        super().__init__(rate, **kwargs)
        self.input_spec = InputSpec(ndim=3)

    def _get_noise_shape(self, inputs):
        sizes = K.shape(inputs)
        return (sizes[0], 1, sizes[2])


class _SpatialDropoutND(Dropout):
    """Dropout of whole channels of images."""

    ndim = None

    @configured
    def __init__(self, rate, data_format=None, **kwargs):
        super().__init__(rate, **kwargs)
        self.data_format = K.normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.ndim)

    def _get_noise_shape(self, inputs):
        channel_axis = 1 if self.data_format == "channels_first" else self.ndim - 1
        sizes = K.shape(inputs)
        return tuple(sizes[axis] if axis in (0, channel_axis) else 1 for axis in range(self.ndim))


class SpatialDropout2D(_SpatialDropoutND):
    """Dropout of whole channels of images. Shapes: ``(batch, rows, columns, channels)`` -> the
    same."""

    ndim = 4


class SpatialDropout3D(_SpatialDropoutND):
    """Dropout of whole channels of volumes. Shapes: ``(batch, x, y, z, channels)`` -> the same."""

    ndim = 5


class Flatten(Layer):
    """All axes but the first become one; channels come last in it for either data format.

    Shapes: ``(batch, a, b, ...)`` -> ``(batch, a * b * ...)``. Raises: ShapeError if a size is
    unknown.
    """

    @configured
    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.input_spec = InputSpec(min_ndim=3)
        self.data_format = K.normalize_data_format(data_format)

    def call(self, inputs):
        if self.data_format == "channels_first":
            inputs = K.permute_dimensions(inputs, [0] + list(range(2, K.ndim(inputs))) + [1])
        return K.batch_flatten(inputs)

    def compute_output_shape(self, input_shape):
        if not all(input_shape[1:]):
            raise ShapeError(
                'The shape of the input to "Flatten" is not fully defined (got %s). Make sure to '
                'pass a complete "input_shape" or "batch_input_shape" argument to the first layer '
                "in your "
                "model." % (tuple(input_shape[1:]),)
            )
        return (input_shape[0], int(np.prod(input_shape[1:])))


class Reshape(Layer):
    """Gives all axes but the first another shape; one size may be -1, and is computed.

    Shapes: ``(batch, ...)`` -> ``(batch,) + target_shape``. Raises: ShapeError if the numbers of
    elements differ.
    """

    @configured
    def __init__(self, target_shape, **kwargs):
        super().__init__(**kwargs)
        self.target_shape = tuple(target_shape)

    def call(self, inputs):
        return K.reshape(inputs, (K.shape(inputs)[0],) + self.target_shape)

    def compute_output_shape(self, input_shape):
        if None in input_shape[1:]:  # what -1 stands for is then unknown too
            return (input_shape[0],) + tuple(
                size if size != -1 else None for size in self.target_shape
            )
        return (input_shape[0],) + self._known_shape(tuple(input_shape[1:]))

    def _known_shape(self, input_shape):
        total = int(np.prod(input_shape))
        known = int(np.prod([size for size in self.target_shape if size >= 0]))
        missing = sum(size < 0 for size in self.target_shape)
        if missing > 1:
            raise ShapeError(
                "Layer %s can only compute one unknown size, found %s."
                % (self.name, self.target_shape)
            )
        if (missing and (known == 0 or total % known)) or (not missing and total != known):
            raise ShapeError(
                "Layer %s: total size of new array must be unchanged. Expected a target shape of "
                "%d elements for inputs of shape %s, found %s."
                % (self.name, total, input_shape, self.target_shape)
            )
        return tuple(total // known if size < 0 else size for size in self.target_shape)


class Permute(Layer):
    """Orders the axes anew; ``dims`` counts them from 1, the batch axis stays.

    Shapes: ``(batch, a, b)`` -> ``(batch, b, a)`` for ``dims=(2, 1)``.
    """

    @configured
    def __init__(self, dims, **kwargs):
        super().__init__(**kwargs)
        self.dims = tuple(dims)
        self.input_spec = InputSpec(ndim=len(self.dims) + 1)

    def call(self, inputs):
        return K.permute_dimensions(inputs, (0,) + self.dims)

    def compute_output_shape(self, input_shape):
        return (input_shape[0],) + tuple(input_shape[axis] for axis in self.dims)


class RepeatVector(Layer):
    """Repeats a vector ``n`` times. Shapes: ``(batch, features)`` -> ``(batch, n, features)``."""

    @configured
    def __init__(self, n, **kwargs):
        super().__init__(**kwargs)
        self.input_spec = InputSpec(ndim=2)

    def call(self, inputs):
        return K.repeat(inputs, self.n)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.n, input_shape[1])


class Masking(Layer):
    """Masks the steps of sequences at which all features equal ``mask_value``, and sets them to
    zero.

    Shapes: ``(batch, steps, features)`` -> the same, with a mask ``(batch, steps)``.
    """

    @configured
    def __init__(self, mask_value=0.0, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def compute_mask(self, inputs, mask=None):
        return K.any(K.not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs):
        kept = K.any(K.not_equal(inputs, self.mask_value), axis=-1, keepdims=True)
        return inputs * K.cast(kept, K.dtype(inputs))

    def compute_output_shape(self, input_shape):
        return input_shape


class ActivityRegularization(Layer):
    """Passes its input on, and adds a cost for its size to the losses.

    Shapes: any -> the same.
    """

    @configured
    def __init__(self, l1=0.0, l2=0.0, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True
        self.activity_regularizer = L1L2(l1=l1, l2=l2)

    def compute_output_shape(self, input_shape):
        return input_shape
