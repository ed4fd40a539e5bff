"""Convolution with weights of its own at each position."""

from tfkeras_compat import backend as K
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers.convolution import joins_keras_1_sizes
from tfkeras_compat.layers.windows import (
    channel_axis,
    conv_output_length,
    known_channels,
    normalize_padding,
    normalize_tuple,
    shape_of,
    spatial,
)


class _LocallyConnected(Layer):
    """What both layers share: ``rank`` spatial axes, all of them of known size."""

    rank = None
    keras_1_sizes = ()

    @joins_keras_1_sizes
    @configured
    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
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
        self.kernel_size = normalize_tuple(kernel_size, self.rank, "kernel_size")
        self.strides = normalize_tuple(strides, self.rank, "strides")
        self.padding = normalize_padding(padding)
        self.data_format = self._layout(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self._check_padding()

    def _layout(self, data_format):
        return K.normalize_data_format(data_format)

    def _check_padding(self):
        if self.padding != "valid":
            raise ConfigError(
                'Invalid border mode for %s (only "valid" is supported): %s. Put a ZeroPadding '
                "layer before %s." % (type(self).__name__, self.padding, self.name)
            )

    def _positions(self, input_shape):
        return tuple(
            conv_output_length(size, window, self.padding, stride)
            for size, window, stride in zip(
                spatial(input_shape, self.data_format), self.kernel_size, self.strides
            )
        )

    def weight_specs(self, input_shape):
        channels, positions = known_channels(self, input_shape), self._positions(input_shape)
        if None in positions:
            raise ShapeError(
                "The spatial dimensions of the inputs to a %s layer should be fully-defined, "
                "but layer %s received the inputs shape %s."
                % (type(self).__name__, self.name, tuple(input_shape))
            )
        kernel_shape = (_product(positions), _product(self.kernel_size) * channels, self.filters)
        yield self.weight("kernel", kernel_shape)
        yield self.weight("bias", positions + (self.filters,), wanted=self.use_bias)

    def build(self, input_shape):
        super().build(input_shape)
        self.input_spec = InputSpec(
            ndim=self.rank + 2,
            axes={channel_axis(self.data_format): known_channels(self, input_shape)},
        )

    def call(self, inputs):
        outputs = self._convolve(inputs)
        if self.use_bias:
            outputs = K.bias_add(outputs, self.bias, data_format=self.data_format)
        return self.activation(outputs)

    def compute_output_shape(self, input_shape):
        return shape_of(
            input_shape[0], self._positions(input_shape), self.filters, self.data_format
        )


def _product(sizes):
    product = 1
    for size in sizes:
        product *= size
    return product


class LocallyConnected1D(_LocallyConnected):
    """Convolution over one axis with weights of its own at each position.

    The layout is always channels last: ``data_format`` is accepted as in Keras 2.2, and has no
    effect, as there.

    Shapes: ``(batch, steps, in)`` -> ``(batch, new steps, filters)``.
    Weights: kernel ``(new steps, size * in, filters)``, bias ``(new steps, filters)``.
    Raises: ShapeError if the number of steps or channels is unknown; ConfigError for a padding
    other than ``"valid"``.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import LocallyConnected1D
    >>> layer = LocallyConnected1D(4, 3)
    >>> layer(K.placeholder((None, 10, 2))).shape.as_list(), layer.count_params()
    ([None, 8, 4], 224)
    """

    rank = 1
    config_excludes = ("data_format",)

    def _layout(self, data_format):
        K.normalize_data_format(data_format)
        return "channels_last"

    def _convolve(self, inputs):
        return K.local_conv1d(inputs, self.kernel, self.kernel_size, self.strides, self.data_format)


class LocallyConnected2D(_LocallyConnected):
    """Convolution over images with weights of its own at each position.

    Shapes: ``(batch, rows, columns, in)`` -> ``(batch, new rows, new columns, filters)``, or
    channels second.
    Weights: kernel ``(new rows * new columns, height * width * in, filters)``, bias ``(new rows,
    new columns, filters)`` in both layouts; with channels first, the numbers of the bias are
    nevertheless in the order of ``(filters, new rows, new columns)``, as in Keras 2.2.
    Raises: ShapeError if the number of rows, columns or channels is unknown; ConfigError for a
    padding other than ``"valid"``.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import LocallyConnected2D
    >>> LocallyConnected2D(4, (3, 2))(K.placeholder((None, 8, 8, 3))).shape.as_list()
    [None, 6, 7, 4]
    """

    rank = 2
    keras_1_sizes = ("nb_row", "nb_col")

    def _convolve(self, inputs):
        return K.local_conv2d(
            inputs,
            self.kernel,
            self.kernel_size,
            self.strides,
            self._positions(K.int_shape(inputs)),
            self.data_format,
        )
