"""Functions of the backend on arrays of NumPy: what a test compares with.

Programs find it where Keras 2.2 had it, ``keras.backend.numpy_backend``. A tensor is an array here
and is evaluated at once, and the learning phase is a number of this module, 1 at the start. The
names hide Python's own ``max``, ``sum``, ``slice`` and others.

>>> from tfkeras_compat.backend import numpy_backend
>>> numpy_backend.softmax(numpy_backend.zeros((1, 4))).tolist()
[[0.25, 0.25, 0.25, 0.25]]
"""

import builtins

import numpy as np

from tfkeras_compat.backend import numpy_conv
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.state.config import epsilon, floatx

# ---- images and volumes -------------------------------------------------------------------------

conv1d = conv2d = conv3d = conv = numpy_conv.conv
depthwise_conv2d = depthwise_conv = numpy_conv.depthwise_conv
separable_conv1d = separable_conv2d = separable_conv = numpy_conv.separable_conv
conv2d_transpose = conv3d_transpose = conv_transpose = numpy_conv.conv_transpose
pool2d = pool3d = pool = numpy_conv.pool


def bias_add(x, y, data_format):
    """Adds a vector of channels, or an array of the shape of one sample, channels last."""
    if data_format == "channels_last":
        return x + y
    ones = (1,) * (x.ndim - 2) if y.ndim == 1 else ()
    return x + y.reshape(y.shape[-1:] + y.shape[:-1] + ones)


# ---- recurrence ---------------------------------------------------------------------------------


def rnn(
    step_function,
    inputs,
    initial_states,
    go_backwards=False,
    mask=None,
    constants=None,
    unroll=False,
    input_length=None,
):
    """``(last output, outputs of all steps, last states)``; a masked step changes nothing.

    Raises ShapeError unless the mask is ``(batch, time)``.
    """
    steps = range(inputs.shape[1])
    kept = np.ones(inputs.shape[:2], bool) if mask is None else np.asarray(mask, bool)
    if kept.shape != inputs.shape[:2]:
        raise ShapeError("mask should have `shape=(samples, time)`, got %s" % (kept.shape,))
    output, states, outputs = 0.0, list(initial_states), []
    for time in reversed(steps) if go_backwards else steps:
        new = step_function(inputs[:, time], states + list(constants or []))
        output = _where_kept(kept[:, time], new[0], output)
        states = [_where_kept(kept[:, time], *pair) for pair in zip(new[1], states)]
        outputs.append(output)
    return output, np.stack(outputs, axis=1), states


def _where_kept(kept, new, old):
    return np.where(kept.reshape((-1,) + (1,) * (new.ndim - 1)), new, old)


# ---- the learning phase -------------------------------------------------------------------------

_PHASE = [1]


def learning_phase():
    """1 for training, 0 for not."""
    return _PHASE[0]


def set_learning_phase(value):
    """Sets the learning phase of this module."""
    _PHASE[0] = value


def in_train_phase(x, alt, training=None):
    """``x`` in training, else ``alt``; a function is called."""
    chosen = x if (learning_phase() if training is None else training) else alt
    return chosen() if callable(chosen) else chosen


def in_test_phase(x, alt, training=None):
    """``x`` when not in training, else ``alt``."""
    return in_train_phase(alt, x, training=training)


def dropout(x, level, noise_shape=None, seed=None):
    """Sets a fraction to zero in the training phase, and divides the others by ``1 - level``."""
    if not learning_phase():
        return x
    kept = np.random.RandomState(seed).uniform(size=noise_shape or x.shape) >= level
    return x * kept / (1 - level)


# ---- activations and losses ---------------------------------------------------------------------

tanh = np.tanh


def relu(x, alpha=0.0, max_value=None, threshold=0.0):
    """``x`` from ``threshold`` to ``max_value``, ``alpha * (x - threshold)`` below."""
    above = np.clip(x, None, np.inf if max_value is None else max_value)
    return np.where(x >= threshold, np.maximum(above, 0.0), alpha * (x - threshold))


def switch(condition, then_expression, else_expression):
    """The elements of one or the other, by a condition of the same rank or a lower one."""
    missing = np.ndim(then_expression) - np.ndim(condition)
    condition = np.reshape(condition, np.shape(condition) + (1,) * missing)
    return np.where(condition, then_expression, else_expression)


def softplus(x):
    """``log(1 + exp(x))``."""
    return np.log1p(np.exp(x))


def softsign(x):
    """``x / (1 + |x|)``."""
    return x / (1 + np.abs(x))


def elu(x, alpha=1.0):
    """``x``, and ``alpha * (exp(x) - 1)`` below 0."""
    return np.where(x > 0, x, alpha * np.expm1(x))


def sigmoid(x):
    """``1 / (1 + exp(-x))``."""
    return 1 / (1 + np.exp(-x))


def hard_sigmoid(x):
    """``0.2 * x + 0.5``, held between 0 and 1."""
    return np.clip(0.2 * x + 0.5, 0, 1)


def softmax(x, axis=-1):
    """Exponentials, divided by their sum along an axis."""
    powers = np.exp(x - np.max(x, axis, keepdims=True))
    return powers / np.sum(powers, axis, keepdims=True)


def l2_normalize(x, axis=-1):
    """``x`` with vectors of length 1 along an axis."""
    return x / np.linalg.norm(x, axis=axis, keepdims=True)


def in_top_k(predictions, targets, k):
    """Whether fewer than ``k`` predictions are larger than that of the target."""
    of_target = np.take_along_axis(predictions, targets.reshape(-1, 1).astype(int), 1)
    return np.sum(predictions > of_target, axis=-1) < k


def _inside(probabilities):
    return np.clip(probabilities, epsilon(), 1 - epsilon())


def binary_crossentropy(target, output, from_logits=False):
    """Cross-entropy of each element."""
    output = sigmoid(output) if from_logits else _inside(output)
    return -target * np.log(output) - (1 - target) * np.log(1 - output)


def categorical_crossentropy(target, output, from_logits=False):
    """Cross-entropy along the last axis."""
    output = softmax(output) if from_logits else output / np.sum(output, -1, keepdims=True)
    return -np.sum(target * np.log(_inside(output)), axis=-1)


def ctc_decode(
    y_pred, input_length, greedy=True, beam_width=100, top_paths=1, merge_repeated=False
):
    """The most likely labels of each sequence, -1 after its end, and minus their log probability.

    Raises ConfigError for a beam search.
    """
    if not greedy:
        raise ConfigError("The NumPy backend decodes only with greedy=True.")
    paths = [prob[:length].argmax(-1) for prob, length in zip(y_pred, input_length)]
    best = [np.log(prob[: len(path)].max(-1)).sum() for prob, path in zip(y_pred, paths)]
    labels = [_without_repeats_and_blanks(path, y_pred.shape[-1] - 1) for path in paths]
    decoded = np.full((len(labels), builtins.max(map(len, labels))), -1.0, y_pred.dtype)
    for row, found in zip(decoded, labels):
        row[: len(found)] = found
    return decoded, -np.reshape(best, (-1, 1))


def _without_repeats_and_blanks(path, blank):
    changes = np.insert(np.diff(path) != 0, 0, True)
    return path[changes & (path != blank)]


# ---- reductions ---------------------------------------------------------------------------------


def _reduction(function):
    def reduce(x, axis=None, keepdims=False):
        axis = tuple(axis) if isinstance(axis, list) else axis
        return function(x, axis=axis, keepdims=keepdims)

    reduce.__name__ = function.__name__
    reduce.__doc__ = "numpy.%s; the axis may be a list." % function.__name__
    return reduce


def _logsumexp(x, axis=None, keepdims=False):
    return np.log(np.sum(np.exp(x), axis=axis, keepdims=keepdims))


max = _reduction(np.max)
min = _reduction(np.min)
mean = _reduction(np.mean)
var = _reduction(np.var)
std = _reduction(np.std)
sum = _reduction(np.sum)
prod = _reduction(np.prod)
any = _reduction(np.any)
all = _reduction(np.all)
logsumexp = _reduction(_logsumexp)


def cumsum(x, axis=0):
    """Sums from the beginning of an axis."""
    return np.cumsum(x, axis=axis)


def cumprod(x, axis=0):
    """Products from the beginning of an axis."""
    return np.cumprod(x, axis=axis)


def argmax(x, axis=-1):
    """The index of the largest."""
    return np.argmax(x, axis=axis)


def argmin(x, axis=-1):
    """The index of the smallest."""
    return np.argmin(x, axis=axis)


# ---- element by element -------------------------------------------------------------------------

square = np.square
abs = np.abs
exp = np.exp
log = np.log
round = np.round
sign = np.sign
cos = np.cos
sin = np.sin
equal = np.equal
not_equal = np.not_equal
greater = np.greater
greater_equal = np.greater_equal
less = np.less
less_equal = np.less_equal
maximum = np.maximum
minimum = np.minimum


def clip(x, min_value, max_value):
    """``x``, held between two numbers."""
    return np.clip(x, min_value, max_value)


def sqrt(x):
    """The square root, 0 of what is negative."""
    return np.sqrt(np.maximum(x, 0))


def pow(x, a=1.0):
    """``x`` to the power of ``a``."""
    return np.power(x, a)


# ---- products -----------------------------------------------------------------------------------

dot = np.dot


def transpose(x):
    """The axes in the opposite order."""
    return np.transpose(x)


def batch_dot(x, y, axes=None):
    """The product of each sample of ``x`` with that of ``y``, along one axis of each.

    Raises ShapeError for axes or shapes that do not fit.
    """
    x_axis, y_axis = _axes_of_samples(x, y, axes)
    if x.shape[0] != y.shape[0] or x.shape[x_axis] != y.shape[y_axis]:
        raise ShapeError(
            "Can not do batch_dot on inputs with shapes %s and %s with axes=%s."
            % (x.shape, y.shape, (x_axis, y_axis))
        )
    pairs = [np.tensordot(a, b, (x_axis - 1, y_axis - 1)) for a, b in zip(x, y)]
    return np.reshape(pairs, (-1, 1)) if np.ndim(pairs[0]) == 0 else np.array(pairs)


def _axes_of_samples(x, y, axes):
    if builtins.min(x.ndim, y.ndim) < 2:
        raise ShapeError("Batch dot requires inputs of rank 2 or more.")
    if axes is None:
        axes = (x.ndim - 1, builtins.max(y.ndim - 2, 1))
    axes = (axes, axes) if isinstance(axes, int) else tuple(axes)
    if not builtins.all(isinstance(axis, int) for axis in axes):
        raise ShapeError("Multiple target dimensions are not supported: axes=%s." % (axes,))
    axes = tuple(axis % array.ndim for axis, array in zip(axes, (x, y)))
    if 0 in axes:
        raise ShapeError("Can not perform batch dot over axis 0, that of the samples.")
    return axes


# ---- shapes -------------------------------------------------------------------------------------


def stack(x, axis=0):
    """The arrays stacked along a new axis."""
    return np.stack(x, axis)


def concatenate(tensors, axis=-1):
    """The arrays joined along an axis."""
    return np.concatenate(tensors, axis)


def permute_dimensions(x, pattern):
    """The array with its axes in this order."""
    return np.transpose(x, pattern)


def reshape(x, shape):
    """The same elements in another shape."""
    return np.reshape(x, shape)


def expand_dims(x, axis=-1):
    """The array with a new axis of size 1."""
    return np.expand_dims(x, axis)


def squeeze(x, axis):
    """The array without an axis of size 1."""
    return np.squeeze(x, axis)


def tile(x, n):
    """The array laid out several times."""
    return np.tile(x, n)


def flatten(x):
    """All elements along one axis."""
    return np.reshape(x, (-1,))


def batch_flatten(x):
    """The elements of each sample along one axis."""
    return np.reshape(x, (len(x), -1))


def gather(reference, indices):
    """The rows of these numbers."""
    return np.take(reference, indices, axis=0)


def reverse(x, axes):
    """The order reversed along an axis or several."""
    return np.flip(x, axes if isinstance(axes, int) else tuple(axes))


def slice(x, start, size):
    """The part that begins at ``start`` and has this size."""
    return x[tuple(builtins.slice(first, first + count) for first, count in zip(start, size))]


def repeat_elements(x, rep, axis):
    """Each element repeated along an axis."""
    return np.repeat(x, rep, axis=axis)


def repeat(x, n):
    """A matrix repeated along a new axis in the middle."""
    return np.repeat(x[:, np.newaxis], n, axis=1)


def temporal_padding(x, padding=(1, 1)):
    """Zeros before and after the middle axis."""
    return np.pad(x, [(0, 0), padding, (0, 0)], "constant")


def spatial_2d_padding(x, padding=((1, 1), (1, 1)), data_format=None):
    """Zeros around images."""
    last = numpy_conv.channels_last(x, data_format)
    padded = np.pad(last, [(0, 0)] + list(padding) + [(0, 0)], "constant")
    return numpy_conv.in_layout(padded, data_format)


def spatial_3d_padding(x, padding=((1, 1), (1, 1), (1, 1)), data_format=None):
    """Zeros around volumes."""
    return spatial_2d_padding(x, padding, data_format)


def resize_images(x, height_factor, width_factor, data_format):
    """Images made larger by whole factors."""
    return _enlarged(x, (height_factor, width_factor), data_format)


def resize_volumes(x, depth_factor, height_factor, width_factor, data_format):
    """Volumes made larger by whole factors."""
    return _enlarged(x, (depth_factor, height_factor, width_factor), data_format)


def _enlarged(x, factors, data_format):
    for axis, factor in enumerate(factors, 2 if data_format == "channels_first" else 1):
        x = np.repeat(x, factor, axis=axis)
    return x


# ---- making and asking --------------------------------------------------------------------------


def variable(value, dtype=None, name=None, constraint=None):
    """An array. Raises ConfigError for a constraint."""
    if constraint is not None:
        raise ConfigError("Constraint must be None when using the NumPy backend.")
    return np.array(value, dtype)


def constant(value, dtype=None, shape=None, name=None):
    """An array of one value, or of the given ones."""
    value = np.asarray(value, dtype or floatx())
    return np.broadcast_to(value, value.shape if shape is None else shape).copy()


def zeros(shape, dtype=None, name=None):
    """Zeros."""
    return np.zeros(shape, dtype or floatx())


def ones(shape, dtype=None, name=None):
    """Ones."""
    return np.ones(shape, dtype or floatx())


def zeros_like(x, dtype=None, name=None):
    """Zeros in the shape of ``x``."""
    return np.zeros_like(x, dtype or floatx())


def ones_like(x, dtype=None, name=None):
    """Ones in the shape of ``x``."""
    return np.ones_like(x, dtype or floatx())


def eye(size, dtype=None, name=None):
    """A unit matrix, of ``size`` or of ``(rows, columns)``."""
    return np.eye(*numpy_conv.sizes(size, 2)).astype(dtype or floatx())


def one_hot(indices, num_classes):
    """A last axis with 1 at the index and 0 elsewhere."""
    return np.eye(num_classes, dtype="float32")[np.asarray(indices)]


def arange(start, stop=None, step=1, dtype="int32"):
    """The numbers from ``start`` up to, not including, ``stop``."""
    return np.asarray(np.arange(start, stop, step), dtype)


def random_uniform_variable(shape, low, high, dtype=None, name=None, seed=None):
    """Uniformly distributed numbers."""
    values = np.random.RandomState(seed).uniform(low, high, shape)
    return values.astype(dtype or floatx())


def random_normal_variable(shape, mean, scale, dtype=None, name=None, seed=None):
    """Normally distributed numbers."""
    values = np.random.RandomState(seed).normal(mean, scale, shape)
    return values.astype(dtype or floatx())


def eval(x):
    """The array itself."""
    return x


get_value = eval


def print_tensor(x, message=""):
    """Prints the array and returns it."""
    print(x, message)
    return x


def int_shape(x):
    """The shape."""
    return x.shape


get_variable_shape = int_shape


def ndim(x):
    """The number of axes."""
    return x.ndim


def count_params(x):
    """The number of elements."""
    return x.size


def dtype(x):
    """The name of the type."""
    return x.dtype.name
