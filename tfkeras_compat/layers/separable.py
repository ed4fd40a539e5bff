"""Convolutions that treat each channel on its own: separable and depthwise."""

from tfkeras_compat import backend as K
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.engine.weights import WeightSpec
from tfkeras_compat.layers.convolution import Conv2D, _Conv, joins_keras_1_sizes
from tfkeras_compat.layers.windows import channel_axis, convolved_shape, known_channels

_OF_ONE_KERNEL = ("kernel_initializer", "kernel_regularizer", "kernel_constraint")


def _kernel(layer, kind, shape):
    """The declaration of ``<kind>_kernel``, whose initializer and so on lack the ``kernel``."""
    return WeightSpec(
        kind + "_kernel",
        shape,
        getattr(layer, kind + "_initializer"),
        getattr(layer, kind + "_regularizer"),
        getattr(layer, kind + "_constraint"),
    )


# ---- separable ----------------------------------------------------------------------------------


class _SeparableConv(_Conv):
    """Convolution of each channel over ``rank`` axes, then a mixture of the channels."""

    config_excludes = _OF_ONE_KERNEL

    @joins_keras_1_sizes
    @configured
    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format=None,
        dilation_rate=1,
        depth_multiplier=1,
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        pointwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        pointwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        pointwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            bias_constraint=bias_constraint,
            **kwargs,
        )

    def weight_specs(self, input_shape):
        channels = known_channels(self, input_shape)
        mixed = channels * self.depth_multiplier
        yield _kernel(self, "depthwise", self.kernel_size + (channels, self.depth_multiplier))
        yield _kernel(self, "pointwise", (1,) * self.rank + (mixed, self.filters))
        yield self.weight("bias", (self.filters,), wanted=self.use_bias)

    def _convolve(self, inputs):
        convolve = {1: K.separable_conv1d, 2: K.separable_conv2d}[self.rank]
        return convolve(
            inputs,
            self.depthwise_kernel,
            self.pointwise_kernel,
            strides=self.strides,
            padding=self.padding,
            data_format=self.data_format,
            dilation_rate=self.dilation_rate,
        )


class SeparableConv1D(_SeparableConv):
    """Convolution of each channel over one axis, then a mixture of the channels.

    Shapes: ``(batch, steps, in)`` -> ``(batch, new steps, filters)``, or channels second.
    Weights: depthwise kernel ``(size, in, depth_multiplier)``, pointwise kernel ``(1, in *
    depth_multiplier, filters)``, bias ``(filters,)``.
    Raises: ShapeError if the number of channels is unknown.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import SeparableConv1D
    >>> SeparableConv1D(4, 3)(K.placeholder((None, 10, 2))).shape.as_list()
    [None, 8, 4]
    """

    rank = 1

    @configured
    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        data_format="channels_last",
        *args,
        **kwargs,
    ):
        super().__init__(filters, kernel_size, strides, padding, data_format, *args, **kwargs)


class SeparableConv2D(_SeparableConv):
    """Convolution of each channel over images, then a mixture of the channels.

    Shapes: ``(batch, rows, columns, in)`` -> ``(batch, new rows, new columns, filters)``, or
    channels second.
    Weights: depthwise kernel ``(height, width, in, depth_multiplier)``, pointwise kernel ``(1, 1,
    in * depth_multiplier, filters)``, bias ``(filters,)``.
    Raises: ShapeError if the number of channels is unknown.

    Source: Chollet, Xception, CVPR 2017.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import SeparableConv2D
    >>> layer = SeparableConv2D(5, (3, 3), depth_multiplier=2)
    >>> layer(K.placeholder((None, 8, 8, 3))).shape.as_list(), layer.count_params()
    ([None, 6, 6, 5], 89)
    """

    rank = 2
    keras_1_sizes = ("nb_row", "nb_col")


# ---- depthwise ----------------------------------------------------------------------------------


class DepthwiseConv2D(Conv2D):
    """Convolution of each channel over images: the first half of a separable one.

    Shapes: ``(batch, rows, columns, in)`` -> ``(batch, new rows, new columns, in *
    depth_multiplier)``, or channels second.
    Weights: depthwise kernel ``(height, width, in, depth_multiplier)``, bias ``(in *
    depth_multiplier,)``.
    Raises: ShapeError if the number of channels is unknown.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import DepthwiseConv2D
    >>> DepthwiseConv2D(3, depth_multiplier=2)(K.placeholder((None, 8, 8, 3))).shape.as_list()
    [None, 6, 6, 6]
    """

    config_excludes = ("filters",) + _OF_ONE_KERNEL

    @configured
    def __init__(
        self,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        depth_multiplier=1,
        data_format=None,
        dilation_rate=(1, 1),
        activation=None,
        use_bias=True,
        depthwise_initializer="glorot_uniform",
        bias_initializer="zeros",
        depthwise_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        depthwise_constraint=None,
        bias_constraint=None,
        **kwargs,
    ):
        super().__init__(
            None,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            bias_constraint=bias_constraint,
            **kwargs,
        )

    def weight_specs(self, input_shape):
        channels = known_channels(self, input_shape)
        yield _kernel(self, "depthwise", self.kernel_size + (channels, self.depth_multiplier))
        yield self.weight("bias", (channels * self.depth_multiplier,), wanted=self.use_bias)

    def _convolve(self, inputs):
        return K.depthwise_conv2d(
            inputs,
            self.depthwise_kernel,
            strides=self.strides,
            padding=self.padding,
            data_format=self.data_format,
            dilation_rate=self.dilation_rate,
        )

    def compute_output_shape(self, input_shape):
        channels = input_shape[channel_axis(self.data_format)] * self.depth_multiplier
        return convolved_shape(self, input_shape, channels)


# Keras 1's names, which are still written, and stand in its files.
SeparableConvolution1D = LAYERS.register(SeparableConv1D, "SeparableConvolution1D")
SeparableConvolution2D = LAYERS.register(SeparableConv2D, "SeparableConvolution2D")
