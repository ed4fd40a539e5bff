"""Functions of TensorFlow 0.x whose arguments changed: they take the old order and the new."""

from tfkeras_compat._tf import tf


def concat(values, axis, name="concat"):
    """Tensors joined along an axis: ``concat(values, axis)``, or ``concat(axis, values)`` as in
    TensorFlow 0.x.

    >>> from tfkeras_compat._tf import tf
    >>> concat(0, [tf.zeros([2]), tf.zeros([3])]).get_shape().as_list()
    [5]
    """
    if isinstance(axis, (list, tuple)):
        values, axis = axis, values
    return tf.concat(values, axis, name=name)


def split(value, num_or_size_splits, axis=0, num=None, name="split"):
    """A tensor in pieces: ``split(value, pieces, axis)``, or ``split(axis, pieces, value)`` as in
    TensorFlow 0.x."""
    if isinstance(value, int):
        value, axis = axis, value
    return tf.split(value, num_or_size_splits, axis=axis, num=num, name=name)


def pack(values, axis=0, name="pack"):
    """``tf.stack`` by its first name."""
    return tf.stack(values, axis=axis, name=name)


def unpack(value, num=None, axis=0, name="unpack"):
    """``tf.unstack`` by its first name."""
    return tf.unstack(value, num=num, axis=axis, name=name)


def audio_summary(tag, tensor, sample_rate, max_outputs=3, collections=None, name=None):
    """``tf.summary.audio``, whose outputs were counted before the collections here too."""
    return tf.summary.audio(
        name or tag, tensor, sample_rate, max_outputs=max_outputs, collections=collections
    )
