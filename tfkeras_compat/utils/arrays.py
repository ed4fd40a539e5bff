"""Arrays: class vectors, normalized data, kernels of other backends."""

import numpy as np

from tfkeras_compat.errors import ShapeError


def to_categorical(y, num_classes=None, dtype="float32"):
    """Class numbers as one-hot vectors.

    Shapes: ``(...)`` or ``(..., 1)`` of ints -> ``(..., num_classes)``.

    >>> to_categorical([0, 2], 3).tolist()
    [[1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]
    """
    y = np.array(y, dtype="int")
    shape = y.shape[:-1] if y.ndim > 1 and y.shape[-1] == 1 else y.shape
    num_classes = num_classes or int(np.max(y)) + 1
    one_hot = np.zeros((y.size, num_classes), dtype=dtype)
    one_hot[np.arange(y.size), y.ravel()] = 1
    return one_hot.reshape(shape + (num_classes,))


def normalize(x, axis=-1, order=2):
    """An array whose vectors along ``axis`` have a norm of 1; vectors of zeros stay.

    >>> normalize(np.array([[3.0, 4.0]])).tolist()
    [[0.6, 0.8]]
    """
    norm = np.atleast_1d(np.linalg.norm(x, order, axis))
    norm[norm == 0] = 1
    return x / np.expand_dims(norm, axis)


def convert_kernel(kernel):
    """A kernel of Theano as TensorFlow's, or the other way: the spatial axes run backwards.

    Shapes: ``(..., in, out)`` with one to three spatial axes before -> the same.
    Raises: ShapeError for another number of axes.

    >>> convert_kernel(np.array([[[1]], [[2]]])).ravel().tolist()
    [2, 1]
    """
    kernel = np.asarray(kernel)
    if not 3 <= kernel.ndim <= 5:
        raise ShapeError(
            "convert_kernel needs a kernel of 3 to 5 axes. Invalid kernel shape: %s"
            % (kernel.shape,)
        )
    return kernel[(slice(None, None, -1),) * (kernel.ndim - 2)].copy()
