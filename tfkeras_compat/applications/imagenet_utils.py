"""Pictures as networks trained on ImageNet want them, and the names of its classes."""

import json
from typing import Any, List

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.state.config import normalize_data_format
from tfkeras_compat.utils.files import get_file

CLASS_INDEX_PATH = (
    "https://storage.googleapis.com/download.tensorflow.org/data/imagenet_class_index.json"
)

# Mode -> factor, mean and deviation of the channels, and whether these are in the order BGR.
_MODES = {
    "caffe": (1.0, [103.939, 116.779, 123.68], None, True),
    "tf": (127.5, [1.0, 1.0, 1.0], None, False),
    "torch": (255.0, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225], False),
}
_class_index: List[Any] = []  # read when it is first asked for


def preprocess_input(x, data_format=None, mode="caffe"):
    """Pictures with values 0 ... 255, RGB, as a network was trained on them.

    Shapes: an array or tensor with three axes (one picture) or four. Arrays of floats are changed
    themselves.

    Args:
        data_format: the default image layout if not given.
        mode: ``"caffe"`` for BGR with the mean of ImageNet subtracted, ``"tf"`` for -1 ... 1,
            ``"torch"`` for mean and deviation of ImageNet, of values 0 ... 1.

    >>> import numpy as np
    >>> preprocess_input(np.array([[[0.0, 127.5, 255.0]]]), mode="tf").tolist()
    [[[-1.0, 0.0, 1.0]]]
    """
    is_array = isinstance(x, np.ndarray)
    ndim = x.ndim if is_array else K.ndim(x)
    axis = ndim - 3 if normalize_data_format(data_format) == "channels_first" else ndim - 1
    factor, mean, deviation, is_bgr = _MODES[mode if mode in _MODES else "caffe"]
    if is_array and not issubclass(x.dtype.type, np.floating):
        x = x.astype(K.floatx())
    if factor != 1:
        x /= factor
    if is_bgr:
        x = x[(slice(None),) * axis + (slice(None, None, -1),)]
    x -= _along(mean, axis, ndim, x)
    if deviation is not None:
        x /= _along(deviation, axis, ndim, x)
    return x


def _along(values, axis, ndim, like):
    shape = [1] * ndim
    shape[axis] = len(values)
    array = np.reshape(values, shape)
    return array if isinstance(like, np.ndarray) else K.constant(array, dtype=K.dtype(like))


def decode_predictions(preds, top=5):
    """For each row of predictions the best classes: lists of ``(id, name, score)``.

    Shapes: ``(samples, 1000)``. The names are fetched when they are first asked for.
    Raises: ShapeError for another shape.
    """
    if len(preds.shape) != 2 or preds.shape[1] != 1000:
        raise ShapeError(
            "`decode_predictions` expects a batch of predictions (i.e. a 2D array of shape "
            "(samples, 1000)). Found array with shape: %s" % (preds.shape,)
        )
    if not _class_index:
        _class_index.append(_read_class_index())
    return [_best(row, top) for row in preds]


def _read_class_index():
    path = get_file(
        "imagenet_class_index.json",
        CLASS_INDEX_PATH,
        cache_subdir="models",
        file_hash="c2c37ea517e94d9795004a39431a14cb",
    )
    with open(path) as file:
        return json.load(file)


def _best(row, top):
    order = row.argsort()[-top:][::-1]
    return [tuple(_class_index[0][str(number)]) + (row[number],) for number in order]
