"""Core layers that convolve; ``tensorflow.python.layers.convolutional``."""

from tfkeras_compat.layers import convolution, separable, transposed
from tfkeras_compat.tensorflow.layers.base import Layer, OfKeras
from tfkeras_compat.tensorflow.layers.signatures import function_of, like

_FROM_SCOPE = {"kernel_initializer": None, "data_format": "channels_last"}
_SEPARABLE = {
    "depthwise_initializer": None,
    "pointwise_initializer": None,
    "data_format": "channels_last",
}
# TensorFlow's transposed convolutions are not dilated, and compute the padding of the output.
_NOT_TRANSPOSED = ("dilation_rate",)


class Conv1D(OfKeras, convolution.Conv1D, Layer):
    """Convolution over one axis.

    Shapes: ``(batch, steps, in)`` -> ``(batch, new steps, filters)``.
    Weights: kernel ``(size, in, filters)``, bias ``(filters,)``.
    """

    __init__ = like(convolution.Conv1D, convolution._Conv, **_FROM_SCOPE)


class Conv2D(OfKeras, convolution.Conv2D, Layer):
    """Convolution over images.

    Shapes: ``(batch, rows, columns, in)`` -> ``(batch, new rows, new columns, filters)``.
    Weights: kernel ``(height, width, in, filters)``, bias ``(filters,)``.

    >>> import tfkeras_compat.tensorflow as tf
    >>> images = tf.placeholder(tf.float32, [None, 8, 8, 3])
    >>> tf.layers.conv2d(images, 5, 3, activation=tf.nn.relu).name
    'conv2d/Relu:0'
    >>> [variable.name for variable in tf.trainable_variables()]
    ['conv2d/kernel:0', 'conv2d/bias:0']
    """

    __init__ = like(
        convolution.Conv2D, convolution._Conv, strides=(1, 1), dilation_rate=(1, 1), **_FROM_SCOPE
    )


class Conv3D(OfKeras, convolution.Conv3D, Layer):
    """Convolution over volumes.

    Shapes: ``(batch, x, y, z, in)`` -> ``(batch, new x, new y, new z, filters)``.
    Weights: kernel ``(size x, size y, size z, in, filters)``, bias ``(filters,)``.
    """

    __init__ = like(
        convolution.Conv3D,
        convolution._Conv,
        strides=(1, 1, 1),
        dilation_rate=(1, 1, 1),
        **_FROM_SCOPE,
    )


class SeparableConv1D(OfKeras, separable.SeparableConv1D, Layer):
    """Convolution of each channel over one axis, then a mixture of the channels.

    Shapes: ``(batch, steps, in)`` -> ``(batch, new steps, filters)``.
    Weights: depthwise_kernel, pointwise_kernel, bias.
    """

    __init__ = like(separable.SeparableConv1D, separable._SeparableConv, **_SEPARABLE)


class SeparableConv2D(OfKeras, separable.SeparableConv2D, Layer):
    """Convolution of each channel over images, then a mixture of the channels.

    Shapes: ``(batch, rows, columns, in)`` -> ``(batch, new rows, new columns, filters)``.
    Weights: depthwise_kernel, pointwise_kernel, bias.
    """

    __init__ = like(
        separable.SeparableConv2D,
        separable._SeparableConv,
        strides=(1, 1),
        dilation_rate=(1, 1),
        **_SEPARABLE,
    )


class Conv2DTranspose(OfKeras, transposed.Conv2DTranspose, Layer):
    """The transpose of a convolution over images.

    Shapes: ``(batch, rows, columns, in)`` -> ``(batch, new rows, new columns, filters)``.
    Weights: kernel ``(height, width, filters, in)``, bias ``(filters,)``.
    """

    __init__ = like(
        transposed.Conv2DTranspose,
        convolution._Conv,
        without=_NOT_TRANSPOSED,
        strides=(1, 1),
        **_FROM_SCOPE,
    )


class Conv3DTranspose(OfKeras, transposed.Conv3DTranspose, Layer):
    """The transpose of a convolution over volumes.

    Shapes: ``(batch, x, y, z, in)`` -> ``(batch, new x, new y, new z, filters)``.
    Weights: kernel ``(size x, size y, size z, filters, in)``, bias ``(filters,)``.
    """

    __init__ = like(
        transposed.Conv3DTranspose,
        convolution._Conv,
        without=_NOT_TRANSPOSED,
        strides=(1, 1, 1),
        **_FROM_SCOPE,
    )


conv1d = function_of(Conv1D)
conv2d = function_of(Conv2D)
conv3d = function_of(Conv3D)
separable_conv1d = function_of(SeparableConv1D)
separable_conv2d = function_of(SeparableConv2D)
conv2d_transpose = function_of(Conv2DTranspose)
conv3d_transpose = function_of(Conv3DTranspose)
