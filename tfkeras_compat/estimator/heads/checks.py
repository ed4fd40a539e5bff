"""What a head is given: labels, logits and weights of the right shape, or an error that says why
not."""

import inspect

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError, ShapeError

# Both generations of names for how the losses of examples become one number.
_REDUCTIONS = {
    "auto": tf.losses.Reduction.SUM_OVER_BATCH_SIZE,
    "sum": tf.losses.Reduction.SUM,
    "sum_over_batch_size": tf.losses.Reduction.SUM_OVER_BATCH_SIZE,
}
_REDUCTIONS.update((each, each) for each in tf.losses.Reduction.all() if each != "none")


def reduction_of(loss_reduction):
    """The name for ``tf.losses`` of a reduction of either generation. Raises ConfigError."""
    try:
        return _REDUCTIONS[loss_reduction]
    except (KeyError, TypeError):
        raise ConfigError(
            "Invalid loss_reduction: %s. Use one of %s." % (loss_reduction, sorted(_REDUCTIONS))
        ) from None


def check_loss_fn(loss_fn):
    """Raises ConfigError unless ``loss_fn`` takes labels and logits, and features at most."""
    if not loss_fn:
        return
    names = _argument_names(loss_fn)
    for required in ("labels", "logits"):
        if required not in names:
            raise ConfigError(
                "loss_fn must contain argument: %s. Given arguments: %s" % (required, names)
            )
    unexpected = sorted(set(names) - {"labels", "logits", "features", "loss_reduction"})
    if unexpected:
        raise ConfigError("loss_fn has unexpected args: %s" % unexpected)


def call_loss_fn(loss_fn, labels, logits, features, loss_dimension):
    """The losses of the examples, of shape ``logits.shape[:-1] + (loss_dimension,)``."""
    extra = {"features": features} if "features" in _argument_names(loss_fn) else {}
    losses = loss_fn(labels=labels, logits=logits, **extra)
    expected = _shape_like(logits, loss_dimension)
    message = "loss_fn must return Tensor of shape [D0, D1, ... DN, %d]." % loss_dimension
    return _with_shape(losses, [expected], message)


def _argument_names(function):
    return tuple(inspect.signature(function).parameters)


def check_thresholds(thresholds):
    """The thresholds as a tuple. Raises ConfigError unless each is between 0 and 1."""
    thresholds = tuple(thresholds or ())
    if any(each <= 0.0 or each >= 1.0 for each in thresholds):
        raise ConfigError("thresholds not in (0, 1): %s." % (thresholds,))
    return thresholds


def check_vocabulary(vocabulary, n_classes=None):
    """Raises ConfigError unless it is None, or a list or tuple with a name for every class."""
    if vocabulary is None:
        return
    if not isinstance(vocabulary, (list, tuple)):
        raise ConfigError(
            "label_vocabulary should be a list or a tuple. Given type: %s" % type(vocabulary)
        )
    if n_classes is not None and len(vocabulary) != n_classes:
        raise ConfigError(
            "label_vocabulary must have n_classes (%d) items. Given %d: %s"
            % (n_classes, len(vocabulary), vocabulary)
        )


def checked_logits(logits, dimension):
    """Float logits of shape ``[..., dimension]``. Raises ShapeError where that is known wrong."""
    logits = tf.cast(logits, tf.float32)
    shape = logits.get_shape()
    if shape.ndims is None:
        return _with_rank(logits, 2, "logits shape must be [D0, D1, ... DN, logits_dimension]")
    if shape.ndims < 2 or shape.as_list()[-1] not in (None, dimension):
        raise ShapeError(
            "logits shape must be [D0, D1, ... DN, %d (logits_dimension)], got %s."
            % (dimension, shape)
        )
    return logits


def checked_labels(labels, logits, dimension):
    """Dense labels of shape ``logits.shape[:-1] + (dimension,)``; a missing last axis is added.

    Raises: ConfigError without labels or for sparse ones, ShapeError for another last axis.
    """
    if labels is None:
        raise ConfigError(
            "You must provide a labels Tensor. Given: None. The input_fn has to return "
            "(features, labels) to train and to evaluate."
        )
    if isinstance(labels, (tf.SparseTensor, tf.SparseTensorValue)):
        raise ConfigError(
            "SparseTensor labels are not supported. labels must be a Tensor of shape [D0, D1, ..., "
            "DN, %d]: use tf.sparse.to_dense() in your input_fn." % dimension
        )
    labels = _with_last_axis(tf.convert_to_tensor(labels), logits)
    _check_last_axis(labels, dimension)
    message = (
        "labels shape must be [D0, D1, ... DN, %d]. Check the n_classes argument and the shape of "
        "your label." % dimension
    )
    return _with_shape(labels, [_shape_like(logits, dimension)], message)


def _with_last_axis(values, logits):
    rank, of_logits = values.get_shape().ndims, logits.get_shape().ndims
    if rank is not None and of_logits is not None and rank == of_logits - 1:
        return tf.expand_dims(values, -1)
    return values


def _check_last_axis(labels, dimension):
    shape = labels.get_shape()
    if shape.ndims is not None and (
        shape.ndims < 2 or shape.as_list()[-1] not in (None, dimension)
    ):
        raise ShapeError(
            "Mismatched label shape. Expected labels dimension=%d. Received shape %s. One-hot "
            "labels need tf.argmax first; else check the n_classes argument and the shape of your "
            "label." % (dimension, shape)
        )


def labels_in_range(labels, n_classes, message=None):
    """The labels, once it is sure that they are between 0 and ``n_classes - 1``."""
    highest = tf.cast(n_classes - 1, labels.dtype)
    checks = [
        tf.assert_less_equal(labels, highest, message=message or "Labels must <= n_classes - 1"),
        tf.assert_non_negative(labels, message=message or "Labels must >= 0"),
    ]
    with tf.control_dependencies(checks):
        return tf.identity(labels)


def weights_of(features, weight_column, logits, is_per_logit_allowed=False):
    """The float weights of the examples, of shape ``logits.shape[:-1] + (1,)`` or, where allowed,
    that of the logits; None without a weight column.

    Raises: KindError for another kind of column, ConfigError where the features have no such key or
    no numbers there.
    """
    if weight_column is None:
        return None
    weights = _with_last_axis(_raw_weights(features, weight_column), logits)
    allowed = [_shape_like(logits, 1)] + [tf.shape(logits)] * is_per_logit_allowed
    message = "weights shape must be [D0, D1, ... DN] or [D0, D1, ... DN, 1]"
    if is_per_logit_allowed:
        message += " or [D0, D1, ... DN, logits_dimension]"
    return _with_shape(weights, allowed, message)


def weight_key(weight_column):
    """The key of the weights among the features: None, the string itself, or a numeric column's.

    Raises KindError for another kind of column.
    """
    if weight_column is None or isinstance(weight_column, str):
        return weight_column
    if not hasattr(weight_column, "normalizer_fn"):
        raise KindError(
            "Weight column must be either a string or a tf.feature_column.numeric_column. Given "
            "type: %s." % type(weight_column)
        )
    return weight_column.key


def _raw_weights(features, weight_column):
    key = weight_key(weight_column)
    if key not in features:
        raise ConfigError(
            "The weight column %r is not among the features %s." % (key, sorted(features))
        )
    weights = tf.convert_to_tensor(features[key])
    if not (weights.dtype.is_floating or weights.dtype.is_integer):
        raise ConfigError("Weight column should be castable to float. Given: %s" % weights.dtype)
    normalizer = getattr(weight_column, "normalizer_fn", None)
    return tf.cast(normalizer(weights) if normalizer else weights, tf.float32)


def _shape_like(logits, last):
    return tf.concat([tf.shape(logits)[:-1], [last]], axis=0)


def _with_rank(values, rank, message):
    with tf.control_dependencies([tf.assert_rank_at_least(values, rank, message=message)]):
        return tf.identity(values)


def _with_shape(values, allowed, message):
    """The values, once it is sure that their shape is one of the allowed ones."""
    shape = tf.shape(values)
    fits = tf.reduce_any([_is_same(shape, each) for each in allowed])
    details = [message, "Found shape:", shape, "Expected shape:", allowed[0]]
    with tf.control_dependencies([tf.Assert(fits, details)]):
        return tf.identity(values)


def _is_same(shape, other):
    """Whether two shapes are equal, also where their ranks are not."""
    has_same_rank = tf.equal(tf.size(shape), tf.size(other))
    count = tf.minimum(tf.size(shape), tf.size(other))
    return tf.logical_and(has_same_rank, tf.reduce_all(tf.equal(shape[:count], other[:count])))
