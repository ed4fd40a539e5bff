"""Pooling: the maximum or the average of each window, or of all that an input has."""

from tfkeras_compat import backend as K
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.layers.windows import (
    channel_axis,
    conv_output_length,
    normalize_padding,
    normalize_tuple,
    shape_of,
    spatial,
)

# ---- of windows ---------------------------------------------------------------------------------


class _Pooling(Layer):
    """Pooling of windows over ``rank`` spatial axes; ``mode`` is ``"max"`` or ``"avg"``."""

    rank = mode = None

    @configured
    def __init__(self, pool_size=2, strides=None, padding="valid", data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.pool_size = normalize_tuple(pool_size, self.rank, "pool_size")
        self.strides = normalize_tuple(
            pool_size if strides is None else strides, self.rank, "strides"
        )
        self.padding = normalize_padding(padding)
        self.data_format = K.normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def call(self, inputs):
        pool = K.pool3d if self.rank == 3 else K.pool2d
        return pool(
            inputs,
            self.pool_size,
            self.strides,
            self.padding,
            self.data_format,
            pool_mode=self.mode,
        )

    def compute_output_shape(self, input_shape):
        sizes = [
            conv_output_length(size, self.pool_size[axis], self.padding, self.strides[axis])
            for axis, size in enumerate(spatial(input_shape, self.data_format))
        ]
        return shape_of(
            input_shape[0], sizes, input_shape[channel_axis(self.data_format)], self.data_format
        )


class _Pooling1D(_Pooling):
    """Pooling over steps: that of images one column wide."""

    rank = 1

    @configured
    def __init__(
        self, pool_size=2, strides=None, padding="valid", data_format="channels_last", **kwargs
    ):
        super().__init__(pool_size, strides, padding, data_format, **kwargs)

    def call(self, inputs):
        column = 3 if self.data_format == "channels_first" else 2
        pooled = K.pool2d(
            K.expand_dims(inputs, column),
            self.pool_size + (1,),
            self.strides + (1,),
            self.padding,
            self.data_format,
            pool_mode=self.mode,
        )
        return K.squeeze(pooled, column)


class MaxPooling1D(_Pooling1D):
    """The maximum of each window of steps; ``strides`` is the size of the window if not given.

    Shapes: ``(batch, steps, channels)`` -> ``(batch, new steps, channels)``, or channels second.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import MaxPooling1D
    >>> K.eval(MaxPooling1D()(K.constant([[[1], [2], [4], [3]]]))).tolist()
    [[[2.0], [4.0]]]
    """

    mode = "max"


class AveragePooling1D(_Pooling1D):
    """The average of each window of steps; zeros of padding do not count.

    Shapes: as MaxPooling1D.
    """

    mode = "avg"


class MaxPooling2D(_Pooling):
    """The maximum of each window of an image; ``strides`` is the size of the window if not given.

    Shapes: ``(batch, rows, columns, channels)`` -> ``(batch, new rows, new columns, channels)``, or
    channels second.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import MaxPooling2D
    >>> MaxPooling2D((2, 3))(K.placeholder((None, 8, 9, 5))).shape.as_list()
    [None, 4, 3, 5]
    """

    rank = 2
    mode = "max"


class AveragePooling2D(_Pooling):
    """The average of each window of an image; zeros of padding do not count.

    Shapes: as MaxPooling2D.
    """

    rank = 2
    mode = "avg"


class MaxPooling3D(_Pooling):
    """The maximum of each window of a volume.

    Shapes: ``(batch, x, y, z, channels)`` -> ``(batch, new x, new y, new z, channels)``, or
    channels second.
    """

    rank = 3
    mode = "max"


class AveragePooling3D(_Pooling):
    """The average of each window of a volume; zeros of padding do not count.

    Shapes: as MaxPooling3D.
    """

    rank = 3
    mode = "avg"


# ---- of everything ------------------------------------------------------------------------------


class _GlobalPooling(Layer):
    """Pooling over all of the ``rank`` spatial axes by ``reduce``: one number for each channel."""

    rank = reduce = None

    @configured
    def __init__(self, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.data_format = K.normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def call(self, inputs):
        return self.reduce(inputs, axis=spatial(range(self.rank + 2), self.data_format))

    def compute_output_shape(self, input_shape):
        return (input_shape[0], input_shape[channel_axis(self.data_format)])


class _GlobalPooling1D(_GlobalPooling):
    """Pooling over all steps."""

    rank = 1

    @configured
    def __init__(self, data_format="channels_last", **kwargs):
        super().__init__(data_format, **kwargs)


class GlobalMaxPooling1D(_GlobalPooling1D):
    """The maximum of all steps.

    Shapes: ``(batch, steps, channels)``, or channels second -> ``(batch, channels)``.
    """

    reduce = staticmethod(K.max)


class GlobalAveragePooling1D(_GlobalPooling1D):
    """The average of all steps, or of those that a mask leaves.

    Shapes: ``(batch, steps, channels)``, or channels second -> ``(batch, channels)``.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import GlobalAveragePooling1D, Masking
    >>> K.eval(GlobalAveragePooling1D()(Masking()(K.constant([[[2], [4], [0]]])))).tolist()
    [[3.0]]
    """

    reduce = staticmethod(K.mean)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.supports_masking = True

    def call(self, inputs, mask=None):
        if mask is None:
            return super().call(inputs)
        (steps,) = spatial(range(3), self.data_format)
        kept = K.expand_dims(K.cast(mask, K.floatx()), channel_axis(self.data_format))
        return K.sum(inputs * kept, axis=steps) / K.sum(kept, axis=steps)

    def compute_mask(self, inputs, mask=None):
        return None


class GlobalMaxPooling2D(_GlobalPooling):
    """The maximum of all positions.

    Shapes: ``(batch, rows, columns, channels)`` -> ``(batch, channels)``.
    """

    rank = 2
    reduce = staticmethod(K.max)


class GlobalAveragePooling2D(_GlobalPooling):
    """The average of all positions.

    Shapes: ``(batch, rows, columns, channels)`` -> ``(batch, channels)``.
    """

    rank = 2
    reduce = staticmethod(K.mean)


class GlobalMaxPooling3D(_GlobalPooling):
    """The maximum of all positions.

    Shapes: ``(batch, x, y, z, channels)`` -> ``(batch, channels)``.
    """

    rank = 3
    reduce = staticmethod(K.max)


class GlobalAveragePooling3D(_GlobalPooling):
    """The average of all positions.

    Shapes: ``(batch, x, y, z, channels)`` -> ``(batch, channels)``.
    """

    rank = 3
    reduce = staticmethod(K.mean)


# Short names; configurations may have them too.
MaxPool1D = LAYERS.register(MaxPooling1D, "MaxPool1D")
MaxPool2D = LAYERS.register(MaxPooling2D, "MaxPool2D")
MaxPool3D = LAYERS.register(MaxPooling3D, "MaxPool3D")
AvgPool1D = LAYERS.register(AveragePooling1D, "AvgPool1D")
AvgPool2D = LAYERS.register(AveragePooling2D, "AvgPool2D")
AvgPool3D = LAYERS.register(AveragePooling3D, "AvgPool3D")
GlobalMaxPool1D = LAYERS.register(GlobalMaxPooling1D, "GlobalMaxPool1D")
GlobalMaxPool2D = LAYERS.register(GlobalMaxPooling2D, "GlobalMaxPool2D")
GlobalMaxPool3D = LAYERS.register(GlobalMaxPooling3D, "GlobalMaxPool3D")
GlobalAvgPool1D = LAYERS.register(GlobalAveragePooling1D, "GlobalAvgPool1D")
GlobalAvgPool2D = LAYERS.register(GlobalAveragePooling2D, "GlobalAvgPool2D")
GlobalAvgPool3D = LAYERS.register(GlobalAveragePooling3D, "GlobalAvgPool3D")
