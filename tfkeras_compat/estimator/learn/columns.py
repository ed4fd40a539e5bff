"""The feature columns that ``tf.contrib.learn`` finds in arrays."""

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import KindError


def infer_real_valued_columns_from_input(x):
    """The columns for ``x``, an array of numbers or a dictionary of them: one for each.

    Shapes: ``x`` ``(n, ...)``. The column of a single array has the name ``""``. Raises KindError
    for text.

    >>> import numpy as np
    >>> [(each.key, each.shape) for each in infer_real_valued_columns_from_input(np.ones([5, 3]))]
    [('', (3,))]
    """
    named = x if isinstance(x, dict) else {"": x}
    return [_column(name, np.asarray(named[name])) for name in sorted(named)]


def infer_real_valued_columns_from_input_fn(input_fn):
    """The columns for the features, dense tensors of numbers, that an input function gives.

    Raises KindError for others.
    """
    with tf.Graph().as_default():
        features, _ = input_fn()
        named = features if isinstance(features, dict) else {"": features}
        return [_of_tensor(name, named[name]) for name in sorted(named)]


def _of_tensor(name, tensor):
    if isinstance(tensor, tf.SparseTensor):
        raise _not_numbers(name, "a sparse tensor")
    shape = tensor.get_shape().as_list()
    return _column(name, np.empty([0] + shape[1:], tensor.dtype.as_numpy_dtype))


def _column(name, array):
    if array.dtype.kind not in "fiub":
        raise _not_numbers(name, "an array of type %s" % array.dtype)
    width = int(np.prod(array.shape[1:]))
    dtype = tf.float32 if array.dtype.kind == "f" else tf.int64
    return tf.feature_column.numeric_column(name, shape=(width,), dtype=dtype)


def _not_numbers(name, found):
    return KindError(
        "The feature %r holds no numbers but %s: make its column with tf.feature_column."
        % (name, found)
    )
