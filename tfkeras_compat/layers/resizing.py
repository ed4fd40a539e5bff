"""Layers that change the size of an input along its spatial axes: up-sampling, zero padding,
cropping."""

import functools
import warnings

from tfkeras_compat import backend as K
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers.windows import channel_axis, normalize_tuple, shape_of, spatial
from tfkeras_compat.state.generation import trait
from tfkeras_compat.state.structures import to_list

_INTERPOLATIONS = ("nearest", "bilinear")
_ENTRIES = ("1st", "2nd", "3rd")
_SIDES = ("top_pad", "bottom_pad", "left_pad", "right_pad")  # of Keras 1's dictionary, in order


class _Resizing(Layer):
    """What the layers of this file share: ``rank`` spatial axes, each of which gets a new size."""

    rank = None

    def _take_layout(self, data_format):
        self.data_format = K.normalize_data_format(data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2)

    def _resized(self, axis, size):
        """The new size of a spatial axis, counted from 0, whose size is known."""
        raise NotImplementedError

    def compute_output_shape(self, input_shape):
        sizes = [
            None if size is None else self._resized(axis, size)
            for axis, size in enumerate(spatial(input_shape, self.data_format))
        ]
        channels = input_shape[channel_axis(self.data_format)]
        return shape_of(input_shape[0], sizes, channels, self.data_format)


def _with_plain(config, name):
    """The configuration of a layer of one axis, which has the number itself, not a tuple of it."""
    return dict(config, **{name: config[name][0]})


# ---- up-sampling --------------------------------------------------------------------------------


class _UpSampling(_Resizing):
    """Up-sampling by ``size``, a whole factor for each axis."""

    @configured
    def __init__(self, size=2, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.size = normalize_tuple(size, self.rank, "size")
        self._take_layout(data_format)

    def _resized(self, axis, size):
        return size * self.size[axis]


class UpSampling1D(_UpSampling):
    """Repeats each step ``size`` times.

    Shapes: ``(batch, steps, channels)`` -> ``(batch, size * steps, channels)``.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import UpSampling1D
    >>> K.eval(UpSampling1D(2)(K.constant([[[1], [2]]]))).tolist()
    [[[1.0], [1.0], [2.0], [2.0]]]
    """

    rank = 1
    config_excludes = ("data_format",)

    @configured
    def __init__(self, size=2, **kwargs):
        super().__init__((int(size),), "channels_last", **kwargs)

    def call(self, inputs):
        return K.repeat_elements(inputs, self.size[0], axis=1)

    def get_config(self):
        return _with_plain(super().get_config(), "size")


class UpSampling2D(_UpSampling):
    """Makes images larger by whole factors: ``size`` is one for both axes, or ``(rows, columns)``.

    ``interpolation`` is ``"nearest"``, which repeats rows and columns, or ``"bilinear"``.

    Shapes: ``(batch, rows, columns, channels)`` -> ``(batch, new rows, new columns, channels)``, or
    channels second.
    Raises: ConfigError for another interpolation.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import UpSampling2D
    >>> UpSampling2D((2, 3))(K.placeholder((None, 4, 4, 1))).shape.as_list()
    [None, 8, 12, 1]
    """

    rank = 2

    @configured
    def __init__(self, size=(2, 2), data_format=None, interpolation="nearest", **kwargs):
        super().__init__(size, data_format, **kwargs)
        if interpolation not in _INTERPOLATIONS:
            raise ConfigError(
                'interpolation should be one of "nearest" or "bilinear". Layer %s was given %r.'
                % (self.name, interpolation)
            )

    def call(self, inputs):
        rows, columns = self.size
        return K.resize_images(inputs, rows, columns, self.data_format, self.interpolation)


class UpSampling3D(_UpSampling):
    """Makes volumes larger by whole factors: repeats along all three spatial axes.

    Shapes: ``(batch, x, y, z, channels)`` -> ``(batch, new x, new y, new z, channels)``, or
    channels second.
    """

    rank = 3

    @configured
    def __init__(self, size=(2, 2, 2), data_format=None, **kwargs):
        super().__init__(size, data_format, **kwargs)

    def call(self, inputs):
        return K.resize_volumes(inputs, *self.size + (self.data_format,))


# ---- what padding and cropping take -------------------------------------------------------------


def _pairs(value, rank, name):
    """The amounts ``(before, after)`` for each axis, from an int, or an int or a pair per axis."""
    if isinstance(value, int):
        return ((value, value),) * rank
    if not hasattr(value, "__len__") or len(value) != rank:
        raise ConfigError(
            "`%s` should be an int, or should have %d elements, each an int or a pair "
            "(before, after). Found: %s" % (name, rank, value)
        )
    return tuple(
        normalize_tuple(each, 2, "%s entry of %s" % (entry, name))
        for entry, each in zip(_ENTRIES, value)
    )


# ---- zero padding -------------------------------------------------------------------------------


class _ZeroPadding(_Resizing):
    """Zeros before and after each spatial axis."""

    @configured
    def __init__(self, padding=1, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.padding = _pairs(padding, self.rank, "padding")
        self._take_layout(data_format)

    def _resized(self, axis, size):
        return size + sum(self.padding[axis])


class ZeroPadding1D(_ZeroPadding):
    """Zeros before and after the steps: ``padding`` is one number for both, or a pair.

    Shapes: ``(batch, steps, channels)`` -> ``(batch, padded steps, channels)``.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import ZeroPadding1D
    >>> K.eval(ZeroPadding1D((1, 0))(K.constant([[[3], [4]]]))).tolist()
    [[[0.0], [3.0], [4.0]]]
    """

    rank = 1
    config_excludes = ("data_format",)

    @configured
    def __init__(self, padding=1, **kwargs):
        pair = normalize_tuple(padding, 2, "padding")
        super().__init__((pair,), "channels_last", **kwargs)

    def call(self, inputs):
        return K.temporal_padding(inputs, padding=self.padding[0])

    def get_config(self):
        return _with_plain(super().get_config(), "padding")


def _accepts_sides(init):
    """Lets the padding be a dictionary of sides, as in Keras 1."""

    @functools.wraps(init)
    def wrapper(self, padding=(1, 1), *args, **kwargs):
        if isinstance(padding, dict) and set(padding) <= set(_SIDES):
            top, bottom, left, right = [padding.get(side, 0) for side in _SIDES]
            padding = ((top, bottom), (left, right))
            warnings.warn(
                "%s was called with Keras 1's dictionary of sides; Keras 2 writes padding=%s."
                % (type(self).__name__, padding),
                stacklevel=2,
            )
        if trait("speaks_keras_1") and len(to_list(padding, allow_tuple=True)) == 4:
            padding = (tuple(padding[:2]), tuple(padding[2:]))  # four sides in a row
        init(self, padding, *args, **kwargs)

    return wrapper


class ZeroPadding2D(_ZeroPadding):
    """Zeros around images.

    ``padding`` is an int for all sides, a pair for rows and columns, or ``((top, bottom), (left,
    right))``.

    Shapes: ``(batch, rows, columns, channels)`` -> ``(batch, padded rows, padded columns,
    channels)``, or channels second.
    Raises: ConfigError for any other padding.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import ZeroPadding2D
    >>> ZeroPadding2D(((1, 0), (2, 2)))(K.placeholder((None, 4, 4, 1))).shape.as_list()
    [None, 5, 8, 1]
    """

    rank = 2

    @_accepts_sides
    @configured
    def __init__(self, padding=(1, 1), data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)

    def call(self, inputs):
        return K.spatial_2d_padding(inputs, padding=self.padding, data_format=self.data_format)


class ZeroPadding3D(_ZeroPadding):
    """Zeros around volumes; ``padding`` as for ZeroPadding2D, with three axes.

    Shapes: ``(batch, x, y, z, channels)`` -> ``(batch, padded x, padded y, padded z, channels)``,
    or channels second.
    Raises: ConfigError for any other padding.
    """

    rank = 3

    @configured
    def __init__(self, padding=(1, 1, 1), data_format=None, **kwargs):
        super().__init__(padding, data_format, **kwargs)

    def call(self, inputs):
        return K.spatial_3d_padding(inputs, padding=self.padding, data_format=self.data_format)


# ---- cropping -----------------------------------------------------------------------------------


class _Cropping(_Resizing):
    """Cuts off the beginning and the end of each spatial axis."""

    @configured
    def __init__(self, cropping=0, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.cropping = _pairs(cropping, self.rank, "cropping")
        self._take_layout(data_format)

    def call(self, inputs):
        kept = [slice(before, -after or None) for before, after in self.cropping]
        return inputs[tuple(shape_of(slice(None), kept, slice(None), self.data_format))]

    def _resized(self, axis, size):
        return size - sum(self.cropping[axis])


class Cropping1D(_Cropping):
    """Cuts off the first and the last steps: ``cropping`` is one number for both, or a pair.

    Shapes: ``(batch, steps, channels)`` -> ``(batch, cropped steps, channels)``.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import Cropping1D
    >>> K.eval(Cropping1D((1, 0))(K.constant([[[3], [4]]]))).tolist()
    [[[4.0]]]
    """

    rank = 1
    config_excludes = ("data_format",)

    @configured
    def __init__(self, cropping=(1, 1), **kwargs):
        pair = normalize_tuple(cropping, 2, "cropping")
        super().__init__((pair,), "channels_last", **kwargs)

    def get_config(self):
        return _with_plain(super().get_config(), "cropping")


class Cropping2D(_Cropping):
    """Cuts off the margins of images.

    ``cropping`` is an int for all sides, a pair for rows and columns, or ``((top, bottom), (left,
    right))``.

    Shapes: ``(batch, rows, columns, channels)`` -> ``(batch, cropped rows, cropped columns,
    channels)``, or channels second.
    Raises: ConfigError for any other cropping.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import Cropping2D
    >>> Cropping2D(((1, 0), (1, 1)))(K.placeholder((None, 4, 4, 1))).shape.as_list()
    [None, 3, 2, 1]
    """

    rank = 2

    @configured
    def __init__(self, cropping=((0, 0), (0, 0)), data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)


class Cropping3D(_Cropping):
    """Cuts off the margins of volumes; ``cropping`` as for Cropping2D, with three axes.

    Shapes: ``(batch, x, y, z, channels)`` -> ``(batch, cropped x, cropped y, cropped z,
    channels)``, or channels second.
    Raises: ConfigError for any other cropping.
    """

    rank = 3

    @configured
    def __init__(self, cropping=((1, 1), (1, 1), (1, 1)), data_format=None, **kwargs):
        super().__init__(cropping, data_format, **kwargs)


# ---- the batch ----------------------------------------------------------------------------------


class BatchSlice(Layer):
    """One of ``parts`` equal parts of a batch, counted from 0; the last one also takes the rest.

    The replicas of ``keras.utils.multi_gpu_model`` begin with it.
    Shapes: ``(batch, ...)`` -> ``(part of the batch, ...)``.
    """

    @configured
    def __init__(self, part, parts, **kwargs):
        super().__init__(**kwargs)

    def call(self, inputs):
        size = K.shape(inputs)[0]
        step = size // self.parts
        is_last = self.part == self.parts - 1
        return inputs[step * self.part : size if is_last else step * (self.part + 1)]
