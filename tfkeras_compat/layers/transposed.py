"""Transposed convolution over images and volumes."""

import functools
import warnings

from tfkeras_compat import backend as K
from tfkeras_compat.backend.shape import dimensions
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.keras_1 import in_order_of_generation
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers.convolution import Conv2D, Conv3D, joins_keras_1_sizes
from tfkeras_compat.layers.windows import deconv_length, normalize_tuple, shape_of, spatial
from tfkeras_compat.state.generation import trait_of


def _takes_output_shape(init):
    """Lets the shape of the output be given, which Keras 1 wanted and Keras 2 computes."""

    @functools.wraps(init)
    def wrapper(self, *args, **kwargs):
        args, kwargs = in_order_of_generation(self, init, args, kwargs)
        by_position = len(args) == 4 and isinstance(args[3], tuple)
        is_kept = "output_shape" in trait_of("kept_words", type(self))
        if (by_position or "output_shape" in kwargs) and not is_kept:
            warnings.warn(
                "%s was called with Keras 1's `output_shape`, which is computed now, and ignored."
                % type(self).__name__,
                stacklevel=2,
            )
            args = args[:3]
            kwargs = {name: kwargs[name] for name in kwargs if name != "output_shape"}
        self.given_output_shape = kwargs.pop("output_shape", None)
        init(self, *args, **kwargs)

    return wrapper


class _Transposed:
    """What is the same in both ranks: the shapes, and the padding of the output."""

    def _take_output_padding(self, output_padding):
        if output_padding is not None:
            self.output_padding = normalize_tuple(output_padding, self.rank, "output_padding")
            self._check_output_padding()

    def _check_output_padding(self):
        if any(pad >= stride for pad, stride in zip(self.output_padding, self.strides)):
            raise ConfigError(
                "Stride %s must be greater than output padding %s, on each axis of layer %s."
                % (self.strides, self.output_padding, self.name)
            )

    def _kernel_shape(self, channels):
        return self.kernel_size + (self.filters, channels)

    given_output_shape = None

    def compute_output_shape(self, input_shape):
        if self.given_output_shape is not None:
            return (input_shape[0],) + tuple(self.given_output_shape[1:])
        sizes = [
            deconv_length(
                size,
                self.strides[axis],
                self.kernel_size[axis],
                self.padding,
                None if self.output_padding is None else self.output_padding[axis],
                self.dilation_rate[axis],
            )
            for axis, size in enumerate(spatial(input_shape, self.data_format))
        ]
        return shape_of(input_shape[0], sizes, self.filters, self.data_format)


class Conv2DTranspose(_Transposed, Conv2D):
    """The transpose of a convolution over images: from the shape of its output to its input's.

    Shapes: ``(batch, rows, columns, in)`` -> ``(batch, new rows, new columns, filters)``; with
    ``data_format="channels_first"`` the channels are the second axis. ``output_padding``, less than
    the stride on each axis, is what the output has more than the smallest possible; if it is
    ``None``, the output has the size that a convolution with these arguments leads back to the
    input.
    Weights: kernel ``(height, width, filters, in)``, bias ``(filters,)``.
    Raises: ShapeError if the number of channels is unknown; ConfigError if the output is padded by
    a stride or more.

    In generation "1.2" the shape of the output is given, as ``output_shape`` with the batch axis.

    Source: Zeiler et al., Deconvolutional Networks, CVPR 2010.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import Conv2DTranspose
    >>> Conv2DTranspose(5, 3, strides=2)(K.placeholder((None, 4, 6, 3))).shape.as_list()
    [None, 9, 13, 5]
    """

    @_takes_output_shape
    @joins_keras_1_sizes
    @configured
    def __init__(
        self,
        filters,
        kernel_size,
        strides=1,
        padding="valid",
        output_padding=None,
        data_format=None,
        *args,
        **kwargs,
    ):
        super().__init__(filters, kernel_size, strides, padding, data_format, *args, **kwargs)
        self._take_output_padding(output_padding)

    def get_config(self):
        given = {"output_shape": self.given_output_shape} if self.given_output_shape else {}
        return dict(super().get_config(), **given)

    def _convolve(self, inputs):
        return K.conv2d_transpose(
            inputs,
            self.kernel,
            self.compute_output_shape(dimensions(inputs)),
            self.strides,
            padding=self.padding,
            data_format=self.data_format,
            dilation_rate=self.dilation_rate,
        )


class Conv3DTranspose(_Transposed, Conv3D):
    """The transpose of a convolution over volumes: from the shape of its output to its input's.

    Shapes: ``(batch, x, y, z, in)`` -> ``(batch, new x, new y, new z, filters)``, or channels
    second. ``output_padding`` as for Conv2DTranspose. There is no dilation.
    Weights: kernel ``(size x, size y, size z, filters, in)``, bias ``(filters,)``.
    Raises: ShapeError if the number of channels is unknown; ConfigError if the output is padded by
    a stride or more.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import Conv3DTranspose
    >>> Conv3DTranspose(5, 3, strides=2)(K.placeholder((None, 2, 3, 4, 1))).shape.as_list()
    [None, 5, 7, 9, 5]
    """

    config_excludes = ("dilation_rate",)

    @configured
    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1, 1),
        padding="valid",
        output_padding=None,
        data_format=None,
        *args,
        **kwargs,
    ):
        super().__init__(filters, kernel_size, strides, padding, data_format, 1, *args, **kwargs)
        self._take_output_padding(output_padding)

    def _convolve(self, inputs):
        return K.conv3d_transpose(
            inputs,
            self.kernel,
            self.compute_output_shape(dimensions(inputs)),
            self.strides,
            padding=self.padding,
            data_format=self.data_format,
        )


# Other names of them; those that begin with Deconvolution are Keras 1's, and stand in its files.
Convolution2DTranspose = Conv2DTranspose
Deconvolution2D = LAYERS.register(Conv2DTranspose, "Deconvolution2D")
Deconvolution3D = LAYERS.register(Conv3DTranspose, "Deconvolution3D")
