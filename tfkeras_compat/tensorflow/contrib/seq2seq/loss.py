"""The loss of sequences."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, ShapeError


def sequence_loss(
    logits,
    targets,
    weights,
    average_across_timesteps=True,
    average_across_batch=True,
    sum_over_timesteps=False,
    sum_over_batch=False,
    softmax_loss_function=None,
    name=None,
):
    """The weighted cross-entropy of class numbers, averaged or summed over steps, batch or both.

    Shapes: logits ``(batch, time, classes)``, targets and weights ``(batch, time)`` -> a scalar; a
    vector if only one axis is reduced, ``(batch, time)`` if none is. An average is over the
    weights, a sum over the number of weights that are not zero.
    Raises: ShapeError for other ranks; ConfigError for average and sum over one axis.

    >>> import tfkeras_compat.tensorflow as tf
    >>> loss = tf.contrib.seq2seq.sequence_loss(
    ...     tf.zeros([2, 3, 4]), tf.zeros([2, 3], tf.int32), tf.ones([2, 3]))
    >>> with tf.Session() as session:
    ...     print("%.4f" % session.run(loss))
    1.3863
    """
    for title, x, ndim in [("Logits", logits, 3), ("Targets", targets, 2), ("Weights", weights, 2)]:
        if x.get_shape().ndims != ndim:
            raise ShapeError(
                "%s must be a tensor of %d axes (batch, time%s), found shape %s."
                % (title, ndim, ", classes" if ndim == 3 else "", x.get_shape())
            )
    if (average_across_timesteps and sum_over_timesteps) or (
        average_across_batch and sum_over_batch
    ):
        raise ConfigError("sequence_loss can not average and sum over the same axis: choose one.")
    with tf.name_scope(name, "sequence_loss", [logits, targets, weights]):
        losses = _cross_entropy(logits, targets, softmax_loss_function) * weights
        averaged = _axes(average_across_batch, average_across_timesteps)
        if averaged:
            return tf.div_no_nan(tf.reduce_sum(losses, averaged), tf.reduce_sum(weights, averaged))
        summed = _axes(sum_over_batch, sum_over_timesteps)
        if summed:
            count = tf.cast(tf.count_nonzero(weights, summed), losses.dtype)
            return tf.div_no_nan(tf.reduce_sum(losses, summed), count)
        return losses


def _axes(batch, steps):
    return [axis for axis, wanted in enumerate((batch, steps)) if wanted]


def _cross_entropy(logits, targets, function):
    function = function or tf.nn.sparse_softmax_cross_entropy_with_logits
    sizes = tf.shape(logits)
    losses = function(labels=tf.reshape(targets, [-1]), logits=tf.reshape(logits, [-1, sizes[2]]))
    return tf.reshape(losses, sizes[:2])
