"""Cross-entropies between probabilities, and the weighted mean of losses.

Written out, their gradients are a third of the operations that TensorFlow makes of them.
"""

from tfkeras_compat._tf import tf
from tfkeras_compat.backend.fused import gradient

_CATEGORICAL = "TfkerasCompatCategoricalCrossentropy"
_BINARY = "TfkerasCompatBinaryCrossentropy"
_MEAN = "TfkerasCompatWeightedMean"


def _clipped(x, margin):
    margin = tf.convert_to_tensor(margin, x.dtype.base_dtype)
    return tf.clip_by_value(x, margin, 1.0 - margin)


def _unless_clipped(x, clipped, of_clipped):
    # With a scalar zero, which would be broadcast, this takes five times as long.
    return tf.where(tf.equal(x, clipped), of_clipped, tf.zeros_like(of_clipped))


def categorical_crossentropy(target, output, margin, axis):
    """Of probabilities that are divided by their sum and held ``margin`` away from 0 and 1."""
    target = tf.convert_to_tensor(target, output.dtype.base_dtype)
    axis = tf.constant(axis)
    total = tf.reduce_sum(output, axis, keepdims=True)
    share = output / total
    clipped = _clipped(share, margin)
    logarithm = tf.log(clipped)
    loss = -tf.reduce_sum(target * logarithm, axis)
    sources = [target, output, total, share, clipped, logarithm, axis]
    return gradient.attach(_CATEGORICAL, sources, [loss])[0]


def _of_categorical(values, gradients):
    target, _, total, share, clipped, logarithm, axis = values
    of_loss = tf.expand_dims(gradients[0], axis)
    of_share = _unless_clipped(share, clipped, target / clipped)
    common = tf.reduce_sum(of_share * share, axis, keepdims=True)
    return [-of_loss * logarithm, (common - of_share) * (of_loss / total)]


def binary_crossentropy(target, output, margin):
    """Of probabilities that are held ``margin`` away from 0 and 1, element by element."""
    target = tf.convert_to_tensor(target, output.dtype.base_dtype)
    clipped = _clipped(output, margin)
    logits = tf.log(clipped / (1 - clipped))
    loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=logits)
    return gradient.attach(_BINARY, [target, output, clipped, logits], [loss])[0]


def _of_binary(values, gradients):
    target, output, clipped, logits = values
    of_clipped = gradients[0] * (clipped - target) / (clipped * (1 - clipped))
    return [-gradients[0] * logits, _unless_clipped(output, clipped, of_clipped)]


def weighted_mean(scores, weights):
    """The mean of ``scores * weights`` over those whose weight is not zero; both ``(samples,)``."""
    counted = tf.reduce_sum(tf.cast(tf.not_equal(weights, 0), scores.dtype.base_dtype))
    mean = tf.reduce_sum(scores * weights) / counted
    return gradient.attach(_MEAN, [scores, weights, counted], [mean])[0]


def _of_mean(values, gradients):
    scores, weights, counted = values
    part = gradients[0] / counted
    return [part * weights, part * scores]


gradient.register(_CATEGORICAL, _of_categorical, results=1)
gradient.register(_BINARY, _of_binary, results=1)
gradient.register(_MEAN, _of_mean, results=1)
