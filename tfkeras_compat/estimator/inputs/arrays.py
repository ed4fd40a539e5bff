"""Reading numpy arrays."""

import numpy as np

from tfkeras_compat.errors import ConfigError, KindError, ShapeError
from tfkeras_compat.estimator.inputs import queues


def numpy_input_fn(
    x, y=None, batch_size=128, num_epochs=1, shuffle=None, queue_capacity=1000, num_threads=1
):
    """An input function that reads the rows of arrays.

    ``x`` and ``y`` are arrays or dictionaries of arrays of the same length; the function gives
    tensors of shape ``(batch,) + row``, or dictionaries of them under the same keys, as
    ``(features, targets)``, or the features alone if ``y`` is None. ``shuffle`` must be given.
    ``num_epochs`` None goes on forever; otherwise the last batch may be smaller.

    Raises: ConfigError if ``shuffle`` is no bool; and when the function is called ShapeError for
    different lengths, ConfigError for keys that are in both or nothing to read, KindError for an
    ``x`` of another type.

    >>> import numpy as np
    >>> from tfkeras_compat._tf import tf
    >>> read = numpy_input_fn({"age": np.array([4, 5])}, np.array([0, 1]), shuffle=False)
    >>> with tf.Graph().as_default():
    ...     features, targets = read()
    ...     with tf.train.MonitoredSession() as session:
    ...         print(session.run(features["age"]))
    [4 5]
    """
    queues.check_shuffle(shuffle)

    def input_fn():
        features, targets = _features(x), _targets(y)
        _check(x, y, features, targets)
        arrays = [array for _, array in features + targets]
        tensors = queues.batches(
            arrays, batch_size, num_epochs, shuffle, queue_capacity, num_threads
        )
        read = _like(x, features, tensors[: len(features)])
        return read if y is None else (read, _like(y, targets, tensors[len(features) :]))

    return input_fn


def _features(x):
    if isinstance(x, dict):
        if not x:
            raise ConfigError("x cannot be an empty dict")
        return sorted(x.items())
    if isinstance(x, np.ndarray):
        if x.size == 0:
            raise ConfigError("x cannot be an empty array")
        return [(None, x)]
    raise KindError("x must be a dict or array; got %s" % type(x).__name__)


def _targets(y):
    if y is None:
        return []
    if isinstance(y, dict):
        if not y:
            raise ConfigError("y cannot be empty dict, use None instead.")
        return sorted(y.items())
    return [(None, y)]


def _check(x, y, features, targets):
    if isinstance(x, dict) and isinstance(y, dict):
        duplicates = sorted(set(x) & set(y))
        if duplicates:
            raise ConfigError(
                "%d duplicate keys are found in both x and y: %s" % (len(duplicates), duplicates)
            )
    if len({np.shape(array)[0] for _, array in features + targets}) != 1:
        raise ShapeError(
            "Length of tensors in x and y is mismatched. All elements in x and y must have the "
            "same length.\nShapes in x: %s\nShapes in y: %s\n"
            % (_shapes(features), _shapes(targets))
        )


def _shapes(pairs):
    return {key: np.shape(array) for key, array in pairs}


def _like(original, pairs, tensors):
    """The tensors as the original holds its arrays: a dictionary, or a single one."""
    if isinstance(original, dict):
        return {key: tensor for (key, _), tensor in zip(pairs, tensors)}
    return tensors[0]
