"""Batch renormalization: statistics of a batch corrected towards slow averages.

Source: Ioffe, arXiv:1702.03275. The moving standard deviation is averaged, and the moving variance
follows from it.
"""

from tfkeras_compat._tf import tf
from tfkeras_compat.tensorflow.layers.switch import switch


def moved(variable, value, momentum):
    """Moves a variable towards a value; gives the assignment."""
    kind = variable.dtype.base_dtype
    with tf.name_scope("AssignMovingAvg") as scope:
        difference = variable - tf.cast(value, kind)
        return tf.assign_sub(variable, difference * tf.cast(1.0 - momentum, kind), name=scope)


def root_of(initializer):
    """The initializer of a standard deviation, from that of its variance."""

    def initial(shape, dtype=None, partition_info=None):
        return tf.sqrt(initializer(shape, dtype=dtype))

    return initial


def corrected(layer, mean, variance, training):
    """``((scale, offset), mean, variance)``: how what the batch normalizes is corrected, and the
    statistics, which are given when the slow averages have been moved."""
    stddev = tf.sqrt(variance + layer.epsilon)
    slow_stddev = tf.maximum(layer.renorm_stddev, tf.sqrt(tf.cast(layer.epsilon, stddev.dtype)))
    scale, offset = stddev / slow_stddev, (mean - layer.renorm_mean) / slow_stddev
    with tf.control_dependencies([scale, offset]):  # they need the averages as they were
        mean, stddev = tf.identity(mean), tf.identity(stddev)
    scale, offset = _clipped(scale, offset, layer.renorm_clipping or {})
    correction = (
        switch(training, lambda: scale, lambda: tf.ones_like(scale)),
        switch(training, lambda: offset, lambda: tf.zeros_like(offset)),
    )
    moves = [
        _moved_in_training(layer.renorm_mean, mean, layer.renorm_momentum, training),
        _moved_in_training(layer.renorm_stddev, stddev, layer.renorm_momentum, training),
    ]
    with tf.control_dependencies([getattr(each, "op", each) for each in moves]):
        statistics = tf.identity(mean), tf.identity(variance)
    return (tuple(tf.stop_gradient(x) for x in correction),) + statistics


def _clipped(scale, offset, clipping):
    smallest, largest = clipping.get("rmin"), clipping.get("rmax")
    furthest = clipping.get("dmax")
    scale = scale if smallest is None else tf.maximum(scale, smallest)
    scale = scale if largest is None else tf.minimum(scale, largest)
    return scale, offset if furthest is None else tf.clip_by_value(offset, -furthest, furthest)


def _moved_in_training(variable, value, momentum, training):
    return switch(training, lambda: moved(variable, value, momentum), lambda: tf.identity(variable))


def moved_variance(layer, variance):
    """Moves the standard deviation, then sets the variance to its square."""
    stddev = moved(layer.moving_stddev, tf.sqrt(variance + layer.epsilon), layer.momentum)
    stddev = tf.convert_to_tensor(stddev)
    with tf.name_scope("AssignNewValue") as scope:
        value = tf.nn.relu(stddev * stddev - layer.epsilon)
        return tf.assign(layer.moving_variance, value, name=scope)
