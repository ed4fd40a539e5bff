"""Repeating every sequence of a batch, as beam search needs it."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ShapeError


def tile_batch(t, multiplier, name=None):
    """Each entry of the batch ``multiplier`` times in a row, in all tensors of a structure.

    Shapes: ``(batch, ...)`` -> ``(batch * multiplier, ...)``.
    """
    with tf.name_scope(name, "tile_batch", tf.nest.flatten(t) + [multiplier]):
        return tf.nest.map_structure(lambda x: _tiled(tf.convert_to_tensor(x), multiplier), t)


def _tiled(x, multiplier):
    sizes = x.get_shape().as_list()
    if not sizes:
        raise ShapeError("tile_batch needs tensors with a batch axis, found shape %s." % sizes)
    repeated = tf.tile(tf.expand_dims(x, 1), [1, multiplier] + [1] * (len(sizes) - 1))
    result = tf.reshape(repeated, tf.concat([[-1], tf.shape(x)[1:]], 0))
    is_known = sizes[0] is not None and isinstance(multiplier, int)
    result.set_shape([sizes[0] * multiplier if is_known else None] + sizes[1:])
    return result
