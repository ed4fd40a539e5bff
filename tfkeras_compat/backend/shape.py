"""Joining, cutting, repeating, padding and reshaping tensors."""

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.backend.variables import int_shape, is_sparse, is_tensor, ndim, to_dense
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.state import graph as graph_state
from tfkeras_compat.state.config import normalize_data_format

_RESIZE = {"nearest": tf.image.resize_nearest_neighbor, "bilinear": tf.image.resize_bilinear}


def dimensions(x):
    """The sizes of all axes of a tensor: ints where they are known, scalar tensors where not.

    Raises ShapeError if the rank is unknown.
    """
    static = int_shape(x)
    if static is None:
        raise ShapeError(
            "The rank of %r must be known here. Give it a shape with set_shape or K.reshape." % (x,)
        )
    if None not in static:
        return list(static)
    symbolic = tf.shape(x)
    return [symbolic[axis] if size is None else size for axis, size in enumerate(static)]


# ---- joining and cutting ------------------------------------------------------------------------


def concatenate(tensors, axis=-1):
    """The tensors joined along an axis; sparse if all of them are.

    >>> from tfkeras_compat import backend as K
    >>> K.int_shape(K.concatenate([K.ones((2, 3)), K.ones((2, 4))]))
    (2, 7)
    """
    if axis < 0:
        rank = ndim(tensors[0])
        axis = axis % rank if rank else 0
    if all(is_sparse(x) for x in tensors):
        return tf.sparse_concat(axis, tensors)
    return tf.concat([to_dense(x) for x in tensors], axis)


def stack(x, axis=0):
    """The tensors of a list stacked along a new axis."""
    return tf.stack(x, axis=axis)


def slice(x, start, size):
    """The part of a tensor that begins at ``start`` and has the given size, along every axis.

    Raises ShapeError unless ``start`` and ``size`` have one number for each axis.

    >>> from tfkeras_compat import backend as K
    >>> K.eval(K.slice(K.constant([[1, 2, 3], [4, 5, 6]]), [0, 1], [2, 2])).tolist()
    [[2.0, 3.0], [5.0, 6.0]]
    """
    shape = int_shape(x)
    if shape and shape[0] is not None and not len(shape) == _length(start) == _length(size):
        raise ShapeError(
            "slice needs one start and one size for each of the %d axes of %s, found %d and %d."
            % (len(shape), shape, _length(start), _length(size))
        )
    return tf.slice(x, start, size)


def _length(values):
    return int_shape(values)[0] if is_tensor(values) else len(values)


def reverse(x, axes):
    """The tensor with its order reversed along an axis or several."""
    return tf.reverse(x, [axes] if isinstance(axes, int) else axes)


# ---- reshaping ----------------------------------------------------------------------------------


def reshape(x, shape):
    """The same elements in another shape; one size may be -1."""
    return tf.reshape(x, shape)


def permute_dimensions(x, pattern):
    """The tensor with its axes in the order of ``pattern``, which names them from 0."""
    return tf.transpose(x, perm=pattern)


def flatten(x):
    """All elements along one axis."""
    return tf.reshape(x, [-1])


def batch_flatten(x):
    """The elements of each sample along one axis: shape ``(batch, elements)``.

    >>> from tfkeras_compat import backend as K
    >>> K.int_shape(K.batch_flatten(K.placeholder((None, 3, 4))))
    (None, 12)
    """
    sizes = int_shape(x)
    if sizes and None not in sizes[1:]:
        return tf.reshape(x, [-1, int(np.prod(sizes[1:], dtype="int64"))])
    return tf.reshape(x, tf.stack([-1, tf.reduce_prod(tf.shape(x)[1:])]))


def expand_dims(x, axis=-1):
    """The tensor with a new axis of size 1."""
    return tf.expand_dims(x, axis)


def squeeze(x, axis):
    """The tensor without an axis of size 1."""
    return tf.squeeze(x, [axis])


# ---- repeating ----------------------------------------------------------------------------------


def repeat_elements(x, rep, axis):
    """Each element repeated ``rep`` times along an axis, as ``numpy.repeat`` does.

    >>> from tfkeras_compat import backend as K
    >>> K.eval(K.repeat_elements(K.constant([[1, 2]]), 2, axis=1)).tolist()
    [[1.0, 1.0, 2.0, 2.0]]
    """
    sizes = dimensions(x)
    axis %= len(sizes)
    multiples = [1] * (len(sizes) + 1)
    multiples[axis + 1] = rep
    repeated = tf.tile(tf.expand_dims(x, axis + 1), multiples)
    result = tf.reshape(repeated, sizes[:axis] + [sizes[axis] * rep] + sizes[axis + 1 :])
    result._keras_shape = int_shape(result)  # the original sets it here, and its users read it
    return result


def repeat(x, n):
    """A matrix ``(batch, features)`` repeated along a new axis: ``(batch, n, features)``.

    Raises ShapeError if ``x`` is no matrix.
    """
    if ndim(x) != 2:
        raise ShapeError(
            "repeat needs a tensor of shape (batch, features), found shape %s." % (int_shape(x),)
        )
    return tf.tile(tf.expand_dims(x, 1), tf.stack([1, n, 1]))


def tile(x, n):
    """The tensor laid out several times: ``n`` has a number for each axis, or for the last ones.

    Raises ShapeError if ``n`` has more numbers than ``x`` has axes.
    """
    if is_tensor(n):
        return tf.tile(x, n)
    n = (n,) if isinstance(n, int) else tuple(n)
    missing = ndim(x) - len(n)
    if missing < 0:
        raise ShapeError(
            "tile needs at most one number for each of the %d axes of %s, found %s."
            % (ndim(x), int_shape(x), n)
        )
    return tf.tile(x, (1,) * missing + n)


def arange(start, stop=None, step=1, dtype="int32"):
    """The numbers from ``start`` up to, not including, ``stop``.

    If there is no ``stop``, ``start`` takes its place and the numbers begin with 0.

    >>> from tfkeras_compat import backend as K
    >>> K.eval(K.arange(2, 8, 3)).tolist(), K.eval(K.arange(-1)).tolist()
    ([2, 5], [])
    """
    graph_state.current()
    if stop is None:
        start = tf.maximum(start, 0) if is_tensor(start) else max(start, 0)
    numbers = tf.range(start, limit=stop, delta=step, name="arange")
    return numbers if dtype == "int32" else tf.cast(numbers, dtype)


def one_hot(indices, num_classes):
    """A last axis of ``num_classes`` with 1 at the index and 0 elsewhere."""
    return tf.one_hot(indices, depth=num_classes, axis=-1)


# ---- padding ------------------------------------------------------------------------------------


def temporal_padding(x, padding=(1, 1)):
    """Zeros before and after the middle axis of a tensor ``(batch, time, features)``."""
    return tf.pad(x, _pattern((padding,), "channels_last"))


def spatial_2d_padding(x, padding=((1, 1), (1, 1)), data_format=None):
    """Zeros around images: ``padding`` is ``((top, bottom), (left, right))``.

    >>> from tfkeras_compat import backend as K
    >>> K.int_shape(K.spatial_2d_padding(K.ones((1, 2, 2, 3)), ((0, 1), (2, 2))))
    (1, 3, 6, 3)
    """
    return tf.pad(x, _pattern(padding, data_format, axes=2))


def spatial_3d_padding(x, padding=((1, 1), (1, 1), (1, 1)), data_format=None):
    """Zeros around volumes: ``padding`` has a pair for depth, height and width."""
    return tf.pad(x, _pattern(padding, data_format, axes=3))


def _pattern(padding, data_format, axes=1):
    if len(padding) != axes or any(len(pair) != 2 for pair in padding):
        raise ShapeError(
            "Padding needs a pair (before, after) for each of %d axes, found %s." % (axes, padding)
        )
    spatial = [list(pair) for pair in padding]
    return _around_spatial([0, 0], spatial, [0, 0], data_format)


def _around_spatial(batch, spatial, channels, data_format):
    if normalize_data_format(data_format) == "channels_first":
        return [batch, channels] + spatial
    return [batch] + spatial + [channels]


# ---- resizing -----------------------------------------------------------------------------------


def resize_images(x, height_factor, width_factor, data_format, interpolation="nearest"):
    """Images made larger by whole factors.

    Shapes: ``(batch, height, width, channels)``, or channels second. ``interpolation`` is
    ``"nearest"`` or ``"bilinear"`` (with the corner convention of TensorFlow 1). Raises ConfigError
    for another.

    >>> from tfkeras_compat import backend as K
    >>> K.int_shape(K.resize_images(K.ones((1, 2, 3, 1)), 2, 3, "channels_last"))
    (1, 4, 9, 1)
    """
    if interpolation not in _RESIZE:
        raise ConfigError(
            'interpolation should be one of "nearest" or "bilinear", found %r.' % (interpolation,)
        )
    channels_first = normalize_data_format(data_format) == "channels_first"
    images = tf.transpose(x, [0, 2, 3, 1]) if channels_first else x
    height, width = [
        None if size is None else size * factor
        for size, factor in zip(_image_size(x, channels_first), (height_factor, width_factor))
    ]
    resized = _RESIZE[interpolation](images, tf.shape(images)[1:3] * [height_factor, width_factor])
    resized.set_shape((None, height, width, None))
    return tf.transpose(resized, [0, 3, 1, 2]) if channels_first else resized


def _image_size(x, channels_first):
    return int_shape(x)[2:] if channels_first else int_shape(x)[1:3]


def resize_volumes(x, depth_factor, height_factor, width_factor, data_format):
    """Volumes made larger by whole factors, each voxel repeated."""
    first = 2 if normalize_data_format(data_format) == "channels_first" else 1
    for axis, factor in enumerate((depth_factor, height_factor, width_factor), first):
        x = repeat_elements(x, factor, axis=axis)
    return x
