"""A queue that threads fill with the rows of arrays."""

import random

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError


def check_shuffle(shuffle):
    """Raises ConfigError unless ``shuffle`` was given, as a bool."""
    if not isinstance(shuffle, bool):
        raise ConfigError(
            "shuffle must be provided and explicitly set as boolean (it is recommended to set it "
            "as True for training); got %s" % (shuffle,)
        )


def batches(arrays, batch_size, num_epochs, shuffle, capacity, num_threads):
    """The tensors of one batch: rows of the arrays, of any length, that have the same one.

    Without shuffling the rows come in order; with it from a queue that mixes as many as a quarter
    of ``capacity``, beginning anywhere. ``num_epochs`` None goes on forever; otherwise each thread
    reads that often, and the last batch may be smaller.
    """
    _warn_of_threads(num_epochs, shuffle, num_threads)
    arrays = [np.asarray(array) for array in arrays]
    with tf.name_scope("enqueue_input"):
        queue, kept = _queue(arrays, shuffle, capacity)
        enqueues = [
            _enqueue(queue, arrays, _Reader(arrays, batch_size, num_epochs, shuffle))
            for _ in range(num_threads)
        ]
        tf.train.add_queue_runner(tf.train.QueueRunner(queue, enqueues))
        _report_fullness(queue, kept, capacity)
    take = queue.dequeue_many if num_epochs is None else queue.dequeue_up_to
    taken = take(batch_size)
    return taken if isinstance(taken, list) else [taken]


def _queue(arrays, shuffle, capacity):
    """The queue, and how many rows it keeps back."""
    dtypes = [tf.as_dtype(array.dtype) for array in arrays]
    shapes = [array.shape[1:] for array in arrays]
    if not shuffle:
        return tf.FIFOQueue(capacity, dtypes=dtypes, shapes=shapes), 0
    kept = int(max(capacity / 4, 1))
    return tf.RandomShuffleQueue(capacity, kept, dtypes=dtypes, shapes=shapes), kept


def _enqueue(queue, arrays, reader):
    rows = tf.numpy_function(reader, [], queue.dtypes)
    for tensor, array in zip(rows, arrays):
        tensor.set_shape((None,) + array.shape[1:])
    return queue.enqueue_many(rows)


def _report_fullness(queue, kept, capacity):
    tag = "queue/%sfraction_over_%d_of_%d_full" % (queue.name, kept, capacity - kept)
    usable = tf.cast(tf.maximum(0, queue.size() - kept), tf.float32)
    tf.summary.scalar(tag, usable * (1.0 / (capacity - kept)))


class _Reader:
    """Gives the next rows of the arrays on each call, until all epochs were read."""

    def __init__(self, arrays, batch_size, num_epochs, shuffle):
        self._arrays = arrays
        self._length = len(arrays[0])
        self._batch_size = batch_size
        self._first = random.randrange(self._length) if shuffle else 0
        self._done = 0
        self._total = float("inf") if num_epochs is None else num_epochs * self._length

    def __call__(self):
        count = min(self._batch_size, self._total - self._done)
        if count <= 0:
            raise StopIteration  # the queue is closed then
        rows = (self._first + self._done + np.arange(int(count))) % self._length
        self._done += count
        return [array[rows] for array in self._arrays]


def _warn_of_threads(num_epochs, shuffle, num_threads):
    if num_threads > 1 and num_epochs is not None:
        tf.logging.warning(
            "num_epochs=%s is applied per thread: %d threads read the data that many times more. "
            "Use one thread to limit epochs.",
            num_epochs,
            num_threads,
        )
    if num_threads > 1 and not shuffle:
        tf.logging.warning(
            "shuffle=False with num_threads=%d: the threads mix the order of the rows. Use one "
            "thread to keep it.",
            num_threads,
        )
