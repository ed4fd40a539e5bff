"""Products of tensors, reductions and element-wise mathematics.

The names are those of the original, which hide Python's own ``max``, ``min``, ``sum``, ``any``,
``all``, ``abs``, ``round`` and ``pow`` in this file.
"""

import numbers

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.backend.shape import dimensions
from tfkeras_compat.backend.variables import int_shape, is_sparse, ndim
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.state.config import floatx

# ---- products -----------------------------------------------------------------------------------


def dot(x, y):
    """The product of two tensors: the last axis of ``x`` with the second to last axis of ``y``.

    Shapes: ``(..., d)`` and ``(..., d, n)`` give ``x.shape[:-1] + y.shape[:-2] + (n,)``. ``x`` may
    be sparse if both are matrices.

    >>> from tfkeras_compat import backend as K
    >>> K.int_shape(K.dot(K.ones((2, 3)), K.ones((4, 3, 5))))
    (2, 4, 5)
    """
    if is_sparse(x):
        return tf.sparse_tensor_dense_matmul(x, y)
    if ndim(x) is None or (ndim(x) <= 2 and ndim(y) <= 2):
        return tf.matmul(x, y)
    x_sizes, y_sizes = dimensions(x), dimensions(y)
    rows = tf.reshape(x, [-1, x_sizes[-1]])
    columns = tf.reshape(_with_axis_at(y, len(y_sizes) - 2, 0), [y_sizes[-2], -1])
    return tf.reshape(tf.matmul(rows, columns), x_sizes[:-1] + y_sizes[:-2] + y_sizes[-1:])


def batch_dot(x, y, axes=None):
    """The product of two batches, sample by sample, over one axis of each.

    Shapes: ``(batch, ...)`` and ``(batch, ...)`` give the batch size, the other axes of ``x``, the
    other axes of ``y``; ``(batch, 1)`` where there are none. ``axes`` is an int or a pair; by
    default the last axis of ``x`` with the second to last of ``y`` (with the last if ``y`` is a
    matrix).

    Raises ShapeError if a rank is below 2, the sizes do not fit, or the batch axis is asked for.

    >>> from tfkeras_compat import backend as K
    >>> x, y = K.constant([[1, 2], [3, 4]]), K.constant([[5, 6], [7, 8]])
    >>> K.eval(K.batch_dot(x, y, axes=1)).tolist()
    [[17.0], [53.0]]
    """
    x_axis, y_axis = _contracted_axes(int_shape(x), int_shape(y), axes)
    if ndim(x) == 3 and ndim(y) == 3:
        return tf.matmul(x, y, transpose_a=x_axis == 1, transpose_b=y_axis == 2)
    x_sizes, y_sizes = dimensions(x), dimensions(y)
    x_rest = x_sizes[1:x_axis] + x_sizes[x_axis + 1 :]
    y_rest = y_sizes[1:y_axis] + y_sizes[y_axis + 1 :]
    rows = tf.reshape(
        _with_axis_at(x, x_axis, len(x_sizes) - 1), [x_sizes[0], _product(x_rest), x_sizes[x_axis]]
    )
    columns = tf.reshape(
        _with_axis_at(y, y_axis, 1), [y_sizes[0], y_sizes[y_axis], _product(y_rest)]
    )
    product = tf.matmul(rows, columns)
    return tf.reshape(product, dimensions(product)[:1] + (x_rest + y_rest or [1]))


def _with_axis_at(x, axis, position):
    order = [other for other in range(ndim(x)) if other != axis]
    order.insert(position, axis)
    return x if order == sorted(order) else tf.transpose(x, order)


def _product(sizes):
    if [size for size in sizes if not isinstance(size, numbers.Integral)]:
        return tf.reduce_prod(tf.stack(sizes))
    return int(np.prod(sizes, dtype="int64"))


def _contracted_axes(x_shape, y_shape, axes):
    shapes = (x_shape, y_shape)
    if [shape for shape in shapes if shape is None or len(shape) < 2]:
        raise ShapeError(
            "batch_dot needs inputs of rank 2 or more. Received inputs with shapes %s and %s."
            % shapes
        )
    if not _may_be_equal(x_shape[0], y_shape[0]):
        raise ShapeError(
            "batch_dot needs inputs of the same batch size. Received inputs with shapes %s and %s."
            % shapes
        )
    chosen = [
        axis if axis >= 0 else axis + len(shape)
        for axis, shape in zip(_axis_pair(axes, shapes), shapes)
    ]
    if 0 in chosen:
        raise ShapeError(
            "batch_dot does not multiply over axis 0, which counts the samples. "
            "Inputs that are not batched need a batch axis first: K.expand_dims(x, 0)."
        )
    if not _may_be_equal(x_shape[chosen[0]], y_shape[chosen[1]]):
        raise ShapeError(
            "batch_dot over axes %s needs the same size there. "
            "Received inputs with shapes %s and %s." % ((chosen,) + shapes)
        )
    return chosen


def _axis_pair(axes, shapes):
    if axes is None:
        return len(shapes[0]) - 1, len(shapes[1]) - (1 if len(shapes[1]) == 2 else 2)
    if isinstance(axes, numbers.Integral):
        return axes, axes
    if [axis for axis in axes if isinstance(axis, (list, tuple))]:
        raise ShapeError(
            "batch_dot multiplies over one axis of each input. "
            "Expected axes=None, an int or a pair of ints, found %s." % (axes,)
        )
    return axes


def _may_be_equal(size, other):
    return size is None or other is None or size == other


def transpose(x):
    """The tensor with its axes in reverse order."""
    return tf.transpose(x)


def gather(reference, indices):
    """The rows of ``reference`` at ``indices``: shape ``indices.shape + reference.shape[1:]``.

    >>> from tfkeras_compat import backend as K
    >>> K.eval(K.gather(K.constant([10, 20, 30]), K.constant([2, 0], dtype="int32"))).tolist()
    [30.0, 10.0]
    """
    return tf.nn.embedding_lookup(reference, indices)


# ---- reductions ---------------------------------------------------------------------------------


def max(x, axis=None, keepdims=False):
    """The maximum over an axis, several axes or, by default, all of them."""
    return tf.reduce_max(x, axis, keepdims)


def min(x, axis=None, keepdims=False):
    """The minimum over an axis, several axes or, by default, all of them."""
    return tf.reduce_min(x, axis, keepdims)


def sum(x, axis=None, keepdims=False):
    """The sum over an axis, several axes or, by default, all of them."""
    return tf.reduce_sum(x, axis, keepdims)


def prod(x, axis=None, keepdims=False):
    """The product over an axis, several axes or, by default, all of them."""
    return tf.reduce_prod(x, axis, keepdims)


def cumsum(x, axis=0):
    """The running sum along an axis."""
    return tf.cumsum(x, axis=axis)


def cumprod(x, axis=0):
    """The running product along an axis."""
    return tf.cumprod(x, axis=axis)


def mean(x, axis=None, keepdims=False):
    """The mean over an axis, several axes or, by default, all. Booleans count as 0 and 1."""
    return tf.reduce_mean(_numeric(x), axis, keepdims)


def var(x, axis=None, keepdims=False):
    """The variance (divided by n) over an axis, several axes or, by default, all of them.

    >>> from tfkeras_compat import backend as K
    >>> K.eval(K.var(K.constant([[1, 3], [5, 9]]), axis=1)).tolist()
    [1.0, 4.0]
    """
    x = _numeric(x)
    return tf.reduce_mean(tf.square(x - tf.reduce_mean(x, axis, True)), axis, keepdims)


def std(x, axis=None, keepdims=False):
    """The standard deviation (divided by n) over an axis, several axes or, by default, all."""
    return tf.sqrt(var(x, axis=axis, keepdims=keepdims))


def _numeric(x):
    return tf.cast(x, floatx()) if x.dtype.base_dtype == tf.bool else x


def any(x, axis=None, keepdims=False):
    """Whether any element over the axes is not zero: a boolean tensor."""
    return tf.reduce_any(tf.cast(x, tf.bool), axis, keepdims)


def all(x, axis=None, keepdims=False):
    """Whether no element over the axes is zero: a boolean tensor."""
    return tf.reduce_all(tf.cast(x, tf.bool), axis, keepdims)


def argmax(x, axis=-1):
    """The position of the maximum along an axis: int64."""
    return tf.argmax(x, axis)


def argmin(x, axis=-1):
    """The position of the minimum along an axis: int64."""
    return tf.argmin(x, axis)


def logsumexp(x, axis=None, keepdims=False):
    """The logarithm of the sum of exponentials, safe from overflow.

    >>> from tfkeras_compat import backend as K
    >>> float(K.eval(K.logsumexp(K.constant([1000.0]))))
    1000.0
    """
    return tf.reduce_logsumexp(x, axis, keepdims)


def l2_normalize(x, axis=None):
    """The tensor divided by its Euclidean norm along an axis (of square 1e-12 at least)."""
    return tf.nn.l2_normalize(x, axis=axis)


# ---- element-wise -------------------------------------------------------------------------------


def square(x):
    """The square of each element."""
    return tf.square(x)


def abs(x):
    """The absolute value of each element."""
    return tf.abs(x)


def sqrt(x):
    """The square root of each element; 0 for negative ones.

    >>> from tfkeras_compat import backend as K
    >>> K.eval(K.sqrt(K.constant([-1, 9]))).tolist()
    [0.0, 3.0]
    """
    dtype = x.dtype.base_dtype
    return tf.sqrt(tf.clip_by_value(x, tf.constant(0.0, dtype), tf.constant(np.inf, dtype)))


def exp(x):
    """The exponential of each element."""
    return tf.exp(x)


def log(x):
    """The natural logarithm of each element."""
    return tf.log(x)


def round(x):
    """Each element rounded to the nearest integer, halves to the even one."""
    return tf.round(x)


def sign(x):
    """The sign of each element: -1, 0 or 1."""
    return tf.sign(x)


def pow(x, a):
    """Each element to the power ``a``."""
    return tf.pow(x, a)


def clip(x, min_value, max_value):
    """Each element moved into an interval, of which ``None`` leaves a side open.

    A maximum below the minimum counts as equal to it.

    >>> from tfkeras_compat import backend as K
    >>> K.eval(K.clip(K.constant([-2, 0, 7]), -1, None)).tolist()
    [-1.0, 0.0, 7.0]
    """
    if (
        isinstance(min_value, numbers.Real)
        and isinstance(max_value, numbers.Real)
        and max_value < min_value
    ):
        max_value = min_value
    lower = -np.inf if min_value is None else min_value
    upper = np.inf if max_value is None else max_value
    return tf.clip_by_value(x, lower, upper)


def equal(x, y):
    """Whether the elements are equal: a boolean tensor."""
    return tf.equal(x, y)


def not_equal(x, y):
    """Whether the elements differ: a boolean tensor."""
    return tf.not_equal(x, y)


def greater(x, y):
    """Whether ``x > y``, element by element."""
    return tf.greater(x, y)


def greater_equal(x, y):
    """Whether ``x >= y``, element by element."""
    return tf.greater_equal(x, y)


def less(x, y):
    """Whether ``x < y``, element by element."""
    return tf.less(x, y)


def less_equal(x, y):
    """Whether ``x <= y``, element by element."""
    return tf.less_equal(x, y)


def maximum(x, y):
    """The larger of two elements."""
    return tf.maximum(x, y)


def minimum(x, y):
    """The smaller of two elements."""
    return tf.minimum(x, y)


def sin(x):
    """The sine of each element, in radians."""
    return tf.sin(x)


def cos(x):
    """The cosine of each element, in radians."""
    return tf.cos(x)
