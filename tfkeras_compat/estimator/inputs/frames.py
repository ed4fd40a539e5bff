"""Reading pandas data frames. Pandas itself is the caller's: nothing here imports it."""

import numpy as np

from tfkeras_compat.errors import ConfigError, KindError
from tfkeras_compat.estimator.inputs import queues


def pandas_input_fn(
    x,
    y=None,
    batch_size=128,
    num_epochs=1,
    shuffle=None,
    queue_capacity=1000,
    num_threads=1,
    target_column="target",
):
    """An input function that reads the rows of a ``DataFrame``.

    The function gives a dictionary of tensors of shape ``(batch,)`` by column, and the target if
    there is ``y``: a tensor for a ``Series``, a dictionary by column for a ``DataFrame``, with the
    index of ``x``. ``shuffle`` must be given; ``queue_capacity`` None takes the length of ``x``.
    ``num_epochs`` None goes on forever; otherwise the last batch may be smaller.

    Raises: ConfigError if ``shuffle`` is no bool, if ``x`` has a column ``target_column`` or the
    indexes differ; KindError if ``x`` is no DataFrame or ``target_column`` no string.
    """
    queues.check_shuffle(shuffle)
    _check(x, y, target_column)
    features = {column: np.asarray(x[column]) for column in x.columns}
    targets = _targets(y, target_column)
    capacity = _capacity(queue_capacity, len(x), shuffle)

    def input_fn():
        arrays = list(features.values()) + list(targets.values())
        tensors = queues.batches(arrays, batch_size, num_epochs, shuffle, capacity, num_threads)
        read = dict(zip(features, tensors))
        if y is None:
            return read
        target = dict(zip(targets, tensors[len(features) :]))
        return read, target if _is_frame(y) else target[target_column]

    return input_fn


def _is_frame(value):
    return hasattr(value, "columns") and hasattr(value, "index")


def _targets(y, target_column):
    if y is None:
        return {}
    if _is_frame(y):
        return {column: np.asarray(y[column]) for column in y.columns}
    return {target_column: np.asarray(y)}


def _capacity(capacity, length, shuffle):
    if capacity is not None:
        return capacity
    return 4 * length if shuffle else length


def _check(x, y, target_column):
    if not _is_frame(x):
        raise KindError("x must be a pandas DataFrame; got %s" % type(x).__name__)
    if not isinstance(target_column, str):
        raise KindError("target_column must be a string type; got %r" % (target_column,))
    if y is None:
        return
    if target_column in x:
        raise ConfigError(
            "Cannot use name %s for target column: DataFrame already has a column with that "
            "name: %s" % (target_column, list(x.columns))
        )
    if not np.array_equal(x.index, y.index):
        raise ConfigError(
            "Index for x and y are mismatched.\nIndex for x: %s\nIndex for y: %s\n"
            % (x.index, y.index)
        )
