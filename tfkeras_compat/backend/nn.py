"""Activations, cross-entropies, dropout, batch normalization, biases, and losses of sequences."""

from tfkeras_compat._tf import tf
from tfkeras_compat.backend.conv import channels_to_front, supports_channels_first
from tfkeras_compat.backend.fused import cross_entropy
from tfkeras_compat.backend.random import draw_seed
from tfkeras_compat.backend.shape import dimensions
from tfkeras_compat.backend.variables import int_shape, ndim
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.state.config import epsilon as fuzz_factor
from tfkeras_compat.state.config import normalize_data_format

_FUSED_TYPES = (tf.float32, tf.float16, tf.bfloat16)


# ---- activations --------------------------------------------------------------------------------


def relu(x, alpha=0.0, max_value=None, threshold=0.0):
    """Rectified linear unit: ``max(x, 0)`` unless told otherwise.

    ``max_value`` above it, ``x`` between it and ``threshold``, ``alpha * (x - threshold)`` below.

    >>> from tfkeras_compat import backend as K
    >>> K.eval(K.relu(K.constant([-2, 1, 9]), alpha=0.5, max_value=6)).tolist()
    [-1.0, 1.0, 6.0]
    """
    if alpha != 0 and max_value is None and threshold == 0:
        return tf.nn.leaky_relu(x, alpha=float(alpha))
    upper_part = _rectified(x, max_value, threshold)
    if alpha == 0:
        return upper_part
    return upper_part - tf.convert_to_tensor(alpha, x.dtype.base_dtype) * tf.nn.relu(threshold - x)


def _rectified(x, max_value, threshold):
    dtype = x.dtype.base_dtype
    if threshold == 0 and max_value == 6:
        return tf.nn.relu6(x)
    rectified = tf.nn.relu(x) if threshold == 0 else x * tf.cast(x > threshold, dtype)
    if max_value is None:
        return rectified
    return tf.clip_by_value(
        rectified, tf.constant(0.0, dtype), tf.convert_to_tensor(max_value, dtype)
    )


def elu(x, alpha=1.0):
    """Exponential linear unit: ``x`` above 0, ``alpha * (exp(x) - 1)`` below."""
    unit = tf.nn.elu(x)
    return unit if alpha == 1 else tf.where(x > 0, unit, alpha * unit)


def softmax(x, axis=-1):
    """Exponentials divided by their sum along an axis."""
    return tf.nn.softmax(x, axis=axis)


def softplus(x):
    """``log(exp(x) + 1)``."""
    return tf.nn.softplus(x)


def softsign(x):
    """``x / (abs(x) + 1)``."""
    return tf.nn.softsign(x)


def sigmoid(x):
    """``1 / (1 + exp(-x))``."""
    return tf.nn.sigmoid(x)


def hard_sigmoid(x):
    """A sigmoid of straight lines: ``0.2 * x + 0.5``, held between 0 and 1.

    >>> from tfkeras_compat import backend as K
    >>> K.eval(K.hard_sigmoid(K.constant([-3, 0, 3]))).tolist()
    [0.0, 0.5, 1.0]
    """
    dtype = x.dtype.base_dtype
    return tf.clip_by_value(0.2 * x + 0.5, tf.constant(0.0, dtype), tf.constant(1.0, dtype))


def tanh(x):
    """Hyperbolic tangent."""
    return tf.nn.tanh(x)


def dropout(x, level, noise_shape=None, seed=None):
    """Sets a fraction ``level`` of the elements to zero and divides the others by ``1 - level``.

    ``noise_shape`` is the shape of the random decisions, 1 where an axis shares one. It does so in
    both phases: layers choose by the learning phase. Raises ValueError unless ``level`` is in ``[0,
    1)``.
    """
    return tf.nn.dropout(
        tf.convert_to_tensor(x), rate=level, noise_shape=noise_shape, seed=draw_seed(seed)
    )


# ---- cross-entropies ----------------------------------------------------------------------------


def categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Cross-entropy between one-hot targets and predictions, for each sample.

    Shapes: both ``(..., classes)``; the class axis disappears. Probabilities are first divided by
    their sum, then held away from 0 and 1 by ``K.epsilon()``. Logits have their classes on the last
    axis, whatever ``axis`` says: the original did so.

    Raises ShapeError if ``axis`` is neither -1 nor an axis of ``output``.

    >>> from tfkeras_compat import backend as K
    >>> target, output = K.constant([[0, 1]]), K.constant([[1, 3]])
    >>> round(float(K.eval(K.categorical_crossentropy(target, output))[0]), 4)
    0.2877
    """
    _check_class_axis(axis, output)
    if from_logits:
        # The older function of the original kept gradients from the targets.
        return tf.nn.softmax_cross_entropy_with_logits_v2(
            labels=tf.stop_gradient(target), logits=output
        )
    return cross_entropy.categorical_crossentropy(target, output, fuzz_factor(), axis)


def sparse_categorical_crossentropy(target, output, from_logits=False, axis=-1):
    """Cross-entropy between class numbers and predictions, for each sample.

    Shapes: ``output`` is ``(..., classes)``, ``target`` has as many elements as samples. The result
    is flat for a matrix, of the shape of ``output`` without the class axis for more. Probabilities
    are not divided by their sum first, unlike in :func:`categorical_crossentropy`.

    Raises ShapeError if ``axis`` is neither -1 nor an axis of ``output``.
    """
    _check_class_axis(axis, output)
    if axis not in (-1, ndim(output) - 1):
        output = tf.transpose(
            output, [other for other in range(ndim(output)) if other != axis] + [axis]
        )
    logits = output if from_logits else tf.log(_probabilities(output))
    flat = tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=tf.cast(tf.reshape(target, [-1]), tf.int64),
        logits=tf.reshape(logits, [-1, dimensions(logits)[-1]]),
    )
    return flat if ndim(logits) < 3 else tf.reshape(flat, dimensions(logits)[:-1])


def binary_crossentropy(target, output, from_logits=False):
    """Cross-entropy between targets and predictions, each element a decision of its own.

    >>> from tfkeras_compat import backend as K
    >>> loss = K.binary_crossentropy(K.constant([1.0]), K.constant([0.0]), from_logits=True)
    >>> round(float(K.eval(loss)[0]), 4)
    0.6931
    """
    if not from_logits:
        return cross_entropy.binary_crossentropy(target, output, fuzz_factor())
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=output)


def _probabilities(output):
    margin = tf.convert_to_tensor(fuzz_factor(), output.dtype.base_dtype)
    return tf.clip_by_value(output, margin, 1.0 - margin)


def _check_class_axis(axis, output):
    if axis != -1 and axis not in range(ndim(output)):
        raise ShapeError(
            "Unexpected channels axis %s. Expected to be -1 or one of the axes of `output`, "
            "which has %d dimensions." % (axis, ndim(output))
        )


def in_top_k(predictions, targets, k):
    """Whether the target is among the ``k`` best predictions of each sample: a boolean vector."""
    return tf.nn.in_top_k(predictions, targets, k)


# ---- batch normalization ------------------------------------------------------------------------


def normalize_batch_in_training(x, gamma, beta, reduction_axes, epsilon=1e-3):
    """The batch normalized by its own mean and variance over ``reduction_axes``.

    Returns ``(normalized, mean, variance)``. ``gamma`` and ``beta`` may be ``None``. Images go
    through TensorFlow's fused operation: its variance is divided by n - 1, and its epsilon is
    1.001e-5 at least. Elsewhere the variance is divided by n.

    Source: Ioffe and Szegedy, arXiv:1502.03167.
    """
    axes = list(reduction_axes)
    layout = fused_layout(x, {(0, 1, 2): -1, (0, 2, 3): 1}.get(tuple(axes)))
    if layout is not None:
        scale, offset = _scale_and_offset(gamma, beta, [x.get_shape()[layout.index("C")]])
        return tuple(tf.nn.fused_batch_norm(x, scale, offset, epsilon=epsilon, data_format=layout))[
            :3
        ]
    mean, variance = tf.nn.moments(x, axes)
    if sorted(axes) == list(range(ndim(x) - 1)):
        parameters = mean, variance, beta, gamma
    else:
        parameters = _broadcast((mean, variance, beta, gamma), x, axes)
    return tf.nn.batch_normalization(x, *parameters, variance_epsilon=epsilon), mean, variance


def batch_normalization(x, mean, var, beta, gamma, axis=-1, epsilon=1e-3):
    """``(x - mean) / sqrt(var + epsilon) * gamma + beta``.

    ``beta`` and ``gamma`` may be ``None``. The parameters must fit ``x`` by broadcasting, or be
    vectors along ``axis`` if that is the last.
    """
    layout = fused_layout(x, axis)
    if layout is None:
        return tf.nn.batch_normalization(x, mean, var, beta, gamma, epsilon)
    mean, variance = _float_vector(mean), _float_vector(var)
    scale, offset = _scale_and_offset(gamma, beta, _shape_of(mean))
    return tf.nn.fused_batch_norm(
        x,
        scale,
        offset,
        mean=mean,
        variance=variance,
        epsilon=epsilon,
        data_format=layout,
        is_training=False,
    )[0]


def fused_layout(x, axis):
    """The layout for the fused operation that keeps ``axis``, or ``None`` where there is no such
    operation."""
    if axis is None or ndim(x) != 4 or x.dtype.base_dtype not in _FUSED_TYPES:
        return None
    if axis in (-1, 3):
        return "NHWC"
    return "NCHW" if axis in (1, -3) and supports_channels_first() else None


def _shape_of(vector):
    # Known sizes make constants, where a tensor of sizes would make three operations.
    shape = vector.get_shape()
    return shape if shape.is_fully_defined() else tf.shape(vector)


def _scale_and_offset(gamma, beta, shape):
    scale = tf.ones(shape) if gamma is None else _float_vector(gamma)
    offset = tf.zeros(shape) if beta is None else _float_vector(beta)
    return scale, offset


def _float_vector(x):
    return tf.cast(x if ndim(x) == 1 else tf.reshape(x, [-1]), tf.float32)


def _broadcast(parameters, x, axes):
    shape = [1 if axis in axes else size for axis, size in enumerate(dimensions(x))]
    return [None if parameter is None else tf.reshape(parameter, shape) for parameter in parameters]


# ---- biases -------------------------------------------------------------------------------------


def bias_add(x, bias, data_format=None):
    """Adds a bias: a vector of channels, or a tensor of the shape of one sample, channels last.

    Raises ShapeError for a bias of another rank.

    >>> from tfkeras_compat import backend as K
    >>> K.eval(K.bias_add(K.constant([[1, 2]]), K.constant([10, 20]))).tolist()
    [[11.0, 22.0]]
    """
    channels_first = normalize_data_format(data_format) == "channels_first" and ndim(x) in (3, 4, 5)
    bias_shape = int_shape(bias)
    if len(bias_shape) == 1:
        return _add_vector(x, bias, channels_first)
    if len(bias_shape) != ndim(x) - 1:
        raise ShapeError(
            "Unexpected bias of %d dimensions, expected 1 or %d dimensions."
            % (len(bias_shape), ndim(x) - 1)
        )
    shape = (1,) + bias_shape
    return x + tf.reshape(bias, channels_to_front(shape) if channels_first else shape)


def _add_vector(x, bias, channels_first):
    if not channels_first:
        return tf.nn.bias_add(x, bias)
    if ndim(x) == 4 and supports_channels_first():
        return tf.nn.bias_add(x, bias, data_format="NCHW")
    return x + tf.reshape(bias, [1, -1] + [1] * (ndim(x) - 2))


# ---- connectionist temporal classification ------------------------------------------------------


def ctc_label_dense_to_sparse(labels, label_lengths):
    """The first ``label_lengths`` labels of each row of ``(batch, longest)``: a sparse tensor."""
    shape = tf.shape(labels)
    indices = tf.where(tf.sequence_mask(label_lengths, shape[1]))
    return tf.SparseTensor(indices, tf.gather_nd(labels, indices), tf.cast(shape, tf.int64))


def ctc_batch_cost(y_true, y_pred, input_length, label_length):
    """The loss of connectionist temporal classification for each sample.

    Shapes: labels ``(batch, longest)``, probabilities ``(batch, time, classes)`` of which the last
    class is the blank, lengths ``(batch, 1)``; the result is ``(batch, 1)``.

    Source: Graves et al., "Connectionist temporal classification", ICML 2006.
    """
    labels = ctc_label_dense_to_sparse(y_true, _lengths(label_length))
    loss = tf.nn.ctc_loss(
        labels=tf.cast(labels, tf.int32),
        inputs=_log_time_major(y_pred),
        sequence_length=_lengths(input_length),
    )
    return tf.expand_dims(loss, 1)


def _lengths(column):
    return tf.cast(tf.squeeze(column, axis=-1), tf.int32)


def _log_time_major(y_pred):
    return tf.log(tf.transpose(y_pred, [1, 0, 2]) + fuzz_factor())


def ctc_decode(
    y_pred, input_length, greedy=True, beam_width=100, top_paths=1, merge_repeated=False
):
    """The label sequences that fit probabilities ``(batch, time, classes)`` best.

    ``greedy`` takes the best class at each time; otherwise a beam search of ``beam_width`` gives
    the ``top_paths`` best sequences, with repeated labels merged if ``merge_repeated``.

    Returns a list of dense tensors (one if greedy), filled up with -1, and the log probabilities
    ``(batch, paths)``.
    """
    logits, lengths = _log_time_major(y_pred), tf.cast(input_length, tf.int32)
    if greedy:
        decoded, log_probability = tf.nn.ctc_greedy_decoder(logits, lengths)
    else:
        decoded, log_probability = tf.nn.ctc_beam_search_decoder(
            logits,
            lengths,
            beam_width=beam_width,
            top_paths=top_paths,
            merge_repeated=merge_repeated,
        )
    return [tf.sparse.to_dense(path, default_value=-1) for path in decoded], log_probability
