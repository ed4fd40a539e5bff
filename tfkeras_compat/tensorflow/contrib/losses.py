"""``tf.contrib.losses``: losses of predictions and labels, in this order, added to the graph's."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.tensorflow.contrib.framework.scopes import add_arg_scope

add_loss = add_arg_scope(tf.losses.add_loss)


def get_losses(scope=None, loss_collection=tf.GraphKeys.LOSSES):
    """The losses of a collection whose names begin with ``scope``."""
    return tf.get_collection(loss_collection, scope)


def get_regularization_losses(scope=None):
    """The penalties of weights."""
    return tf.get_collection(tf.GraphKeys.REGULARIZATION_LOSSES, scope)


def get_total_loss(add_regularization_losses=True, name="total_loss"):
    """The sum of all losses, and of the penalties."""
    penalties = get_regularization_losses() if add_regularization_losses else []
    return tf.add_n(get_losses() + penalties, name=name)


@add_arg_scope
def compute_weighted_loss(losses, weights=1.0, scope=None):
    """The mean of the losses whose weight is not 0, each times its weight.

    Weights of fewer axes than the losses are those of whole rows.
    """
    with tf.name_scope(scope, "weighted_loss", [losses, weights]):
        losses = tf.convert_to_tensor(losses)
        weights = _spread(tf.cast(tf.convert_to_tensor(weights), tf.float32), losses)
        return tf.losses.compute_weighted_loss(losses, weights)


def _spread(weights, losses):
    rank = weights.get_shape().ndims
    if rank > 1 and weights.get_shape().as_list()[-1] == 1:
        weights, rank = tf.squeeze(weights, [-1]), rank - 1
    if rank:
        for _ in range(losses.get_shape().ndims - rank):
            weights = tf.expand_dims(weights, -1)
    return weights


def _loss(name, elements):
    """A loss function of predictions and labels, from a function of both, as floats."""

    def loss(predictions, labels=None, weights=1.0, scope=None):
        with tf.name_scope(scope, name, [predictions, labels, weights]) as full_name:
            found = elements(*_checked(predictions, labels))
            return compute_weighted_loss(found, weights, scope=full_name)

    loss.__name__ = loss.__qualname__ = name
    return add_arg_scope(loss)


def _checked(predictions, labels):
    predictions.get_shape().assert_is_compatible_with(labels.get_shape())
    return tf.cast(predictions, tf.float32), tf.cast(labels, tf.float32)


absolute_difference = _loss("absolute_difference", lambda p, y: tf.abs(p - y))
mean_squared_error = _loss("mean_squared_error", tf.squared_difference)


@add_arg_scope
def log_loss(predictions, labels=None, weights=1.0, epsilon=1e-7, scope=None):
    """The negative logarithm of the probability that was given to the label."""
    with tf.name_scope(scope, "log_loss", [predictions, labels, weights]) as name:
        p, y = _checked(predictions, labels)
        found = -y * tf.log(p + epsilon) - (1 - y) * tf.log(1 - p + epsilon)
        return compute_weighted_loss(found, weights, scope=name)


@add_arg_scope
def sigmoid_cross_entropy(logits, multi_class_labels, weights=1.0, label_smoothing=0, scope=None):
    """The cross entropy of classes that do not exclude each other."""
    with tf.name_scope(
        scope, "sigmoid_cross_entropy_loss", [logits, multi_class_labels, weights]
    ) as name:
        logits.get_shape().assert_is_compatible_with(multi_class_labels.get_shape())
        labels = tf.cast(multi_class_labels, logits.dtype)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        found = tf.nn.sigmoid_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy"
        )
        return compute_weighted_loss(found, weights, scope=name)


@add_arg_scope
def softmax_cross_entropy(logits, onehot_labels, weights=1.0, label_smoothing=0, scope=None):
    """The cross entropy of classes of which one is right."""
    with tf.name_scope(
        scope, "softmax_cross_entropy_loss", [logits, onehot_labels, weights]
    ) as name:
        logits.get_shape().assert_is_compatible_with(onehot_labels.get_shape())
        labels = tf.cast(onehot_labels, logits.dtype)
        if label_smoothing > 0:
            classes = tf.cast(tf.shape(labels)[1], logits.dtype)
            labels = labels * (1.0 - label_smoothing) + label_smoothing / classes
        found = tf.nn.softmax_cross_entropy_with_logits_v2(
            labels=tf.stop_gradient(labels), logits=logits, name="xentropy"
        )
        return compute_weighted_loss(found, weights, scope=name)


@add_arg_scope
def sparse_softmax_cross_entropy(logits, labels, weights=1.0, scope=None):
    """:func:`softmax_cross_entropy` with the number of the right class."""
    with tf.name_scope(
        scope, "sparse_softmax_cross_entropy_loss", [logits, labels, weights]
    ) as name:
        labels = tf.reshape(labels, [tf.shape(labels)[0]])
        found = tf.nn.sparse_softmax_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy"
        )
        return compute_weighted_loss(found, weights, scope=name)


@add_arg_scope
def hinge_loss(logits, labels=None, scope=None):
    """How far each prediction is from the right side of the margin; not averaged, not added."""
    with tf.name_scope(scope, "hinge_loss", [logits, labels]):
        logits.get_shape().assert_is_compatible_with(labels.get_shape())
        signs = 2 * tf.cast(labels, tf.float32) - 1
        return tf.nn.relu(1 - signs * logits)


@add_arg_scope
def mean_pairwise_squared_error(predictions, labels=None, weights=1.0, scope=None):
    """The mean square of the differences between the errors of two elements of an example.

    Each element is paired with itself, too; ``tf.losses`` leaves that pair out.
    """
    with tf.name_scope(scope, "mean_pairwise_squared_error", [predictions, labels, weights]):
        errors = tf.subtract(*_checked(predictions, labels))
        errors = tf.reshape(errors, [tf.shape(errors)[0], -1])
        mean = tf.reduce_mean(errors, 1)
        pairs = 2.0 * (tf.reduce_mean(tf.square(errors), 1) - tf.square(mean))
        weights = tf.cast(tf.convert_to_tensor(weights), tf.float32)
        if weights.get_shape().ndims:
            weights = tf.reshape(weights, [-1])
        loss = tf.reduce_sum(pairs * weights)
        add_loss(loss)
        return loss


@add_arg_scope
def cosine_distance(predictions, labels=None, axis=None, weights=1.0, scope=None, dim=None):
    """One minus the sum of the products along an axis, for vectors of length one.

    Raises: ConfigError without an axis.
    """
    axis = dim if axis is None else axis
    if axis is None:
        raise ConfigError("cosine_distance needs an axis.")
    with tf.name_scope(scope, "cosine_distance_loss", [predictions, labels, weights]) as name:
        p, y = _checked(predictions, labels)
        return compute_weighted_loss(1 - tf.reduce_sum(p * y, [axis]), weights, scope=name)
