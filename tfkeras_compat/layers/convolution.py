"""Convolution over one, two and three spatial axes."""

import functools
import warnings

from tfkeras_compat import backend as K
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.keras_1 import in_order_of_generation
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers.windows import (
    channel_axis,
    convolved_shape,
    known_channels,
    normalize_windows,
)
from tfkeras_compat.state.generation import trait

_CONVOLUTIONS = {1: K.conv1d, 2: K.conv2d, 3: K.conv3d}


def joins_keras_1_sizes(init):
    """Lets the sizes of a kernel be given one by one: ``Convolution2D(filters, rows, columns)``."""

    @functools.wraps(init)
    def wrapper(self, *args, **kwargs):
        args, kwargs = in_order_of_generation(self, init, args, kwargs)
        names = self.keras_1_sizes
        later = [name for name in names[max(len(args) - 1, 0) :] if name in kwargs]
        sizes = tuple(args[1:]) + tuple(kwargs[name] for name in later)
        if (
            len(names) > 1
            and len(sizes) == len(names)
            and all(isinstance(size, int) for size in sizes)
        ):
            _check_means_sizes(self, kwargs)
            if not trait("speaks_keras_1"):
                warnings.warn(
                    "%s was called with Keras 1's separate %s; Keras 2 calls them kernel_size=%s."
                    % (type(self).__name__, ", ".join(names), sizes),
                    stacklevel=2,
                )
            args = args[:1]
            kwargs = {name: value for name, value in kwargs.items() if name not in later}
            kwargs["kernel_size"] = sizes
        init(self, *args, **kwargs)

    return wrapper


def _check_means_sizes(layer, kwargs):
    new = [name for name in ("padding", "strides", "data_format") if name in kwargs]
    if new:
        raise ConfigError(
            "%s was given the sizes of its kernel one by one, as in Keras 1, or kernel_size and "
            "strides as "
            "positional ints, together with Keras 2's %s. Write kernel_size and strides as "
            "keywords." % (type(layer).__name__, ", ".join(new))
        )


class _Conv(Layer):
    """Convolution over ``rank`` spatial axes: what Conv1D, Conv2D and Conv3D share."""

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
        dilation_rate=1,
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
        normalize_windows(self, self.rank)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def weight_specs(self, input_shape):
        yield self.weight("kernel", self._kernel_shape(known_channels(self, input_shape)))
        yield self.weight("bias", (self.filters,), wanted=self.use_bias)

    def _kernel_shape(self, channels):
        return self.kernel_size + (channels, self.filters)

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

    def _convolve(self, inputs):
        return _CONVOLUTIONS[self.rank](
            inputs,
            self.kernel,
            strides=self.strides,
            padding=self.padding,
            data_format=self.data_format,
            dilation_rate=self.dilation_rate,
        )

    def compute_output_shape(self, input_shape):
        return convolved_shape(self, input_shape, self.filters)


class Conv1D(_Conv):
    """Convolution over one axis, of time for example.

    Shapes: ``(batch, steps, in)`` -> ``(batch, new steps, filters)``. Padding ``"causal"`` puts
    zeros before the first step only, so that no step sees a later one.
    Weights: kernel ``(size, in, filters)``, bias ``(filters,)``.
    Raises: ShapeError if the number of channels is unknown; ConfigError for causal padding with
    channels first.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import Conv1D
    >>> Conv1D(4, 3, padding="causal")(K.placeholder((None, 10, 2))).shape.as_list()
    [None, 10, 4]
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
        if self.padding == "causal" and self.data_format != "channels_last":
            raise ConfigError(
                'When using causal padding in `Conv1D`, `data_format` must be "channels_last" '
                "(temporal "
                "data). Layer %s has %s." % (self.name, self.data_format)
            )


class Conv2D(_Conv):
    """Convolution over images.

    Shapes: ``(batch, rows, columns, in)`` -> ``(batch, new rows, new columns, filters)``; with
    ``data_format="channels_first"`` the channels are the second axis.
    Weights: kernel ``(height, width, in, filters)``, bias ``(filters,)``.
    Raises: ShapeError if the number of channels is unknown.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import Conv2D
    >>> Conv2D(5, (3, 3), padding="same", strides=2)(K.placeholder((None, 8, 8, 3))).shape.as_list()
    [None, 4, 4, 5]
    """

    rank = 2
    keras_1_sizes = ("nb_row", "nb_col")


class Conv3D(_Conv):
    """Convolution over volumes.

    Shapes: ``(batch, x, y, z, in)`` -> ``(batch, new x, new y, new z, filters)``, or channels
    second.
    Weights: kernel ``(size x, size y, size z, in, filters)``, bias ``(filters,)``.
    Raises: ShapeError if the number of channels is unknown.
    """

    rank = 3
    keras_1_sizes = ("kernel_dim1", "kernel_dim2", "kernel_dim3")


# Keras 1's names, which are still written, and stand in its files.
Convolution1D = LAYERS.register(Conv1D, "Convolution1D")
Convolution2D = LAYERS.register(Conv2D, "Convolution2D")
Convolution3D = LAYERS.register(Conv3D, "Convolution3D")
