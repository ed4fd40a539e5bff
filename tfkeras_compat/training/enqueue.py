"""Batches made ahead of their use, in other threads or processes."""

import contextlib
import inspect
import multiprocessing
import operator
import pickle
import queue
import random
import threading
import warnings
from multiprocessing.pool import ThreadPool
from typing import Any

import numpy as np

from tfkeras_compat.errors import ConfigError

_SEQUENCE_METHODS = ("__getitem__", "__len__", "__iter__", "on_epoch_end")

# After how many seconds a process that gives no batch is taken for dead.
_BATCH_SECONDS = 30
# How long `stop` waits for a generator that is still at work. It may be stuck, and never return.
_STOP_SECONDS = 5

_END = object()  # in the queue: nothing follows


class Sequence:
    """The base of data in numbered batches: define ``__getitem__`` and ``__len__``.

    Other than a generator, it gives each batch once an epoch, and in order, from any number of
    threads or processes. ``__getitem__`` returns ``(x, y)`` or ``(x, y, sample_weight)``, and
    ``__len__`` the number of batches.

    >>> import numpy as np
    >>> from tfkeras_compat.utils import Sequence
    >>> class Squares(Sequence):
    ...     def __len__(self):
    ...         return 3
    ...     def __getitem__(self, index):
    ...         x = np.array([index])
    ...         return x, x ** 2
    >>> [int(y[0]) for x, y in Squares()]
    [0, 1, 4]
    """

    use_sequence_api = True

    def __getitem__(self, index):
        raise NotImplementedError("%s must define __getitem__." % type(self).__name__)

    def __len__(self):
        raise NotImplementedError("%s must define __len__." % type(self).__name__)

    def on_epoch_end(self):
        """Called after each epoch, where batches are made ahead (``workers`` of at least 1)."""

    def __iter__(self):
        return (self[index] for index in range(len(self)))


def is_sequence(seq):
    """Whether ``seq`` are numbered batches: a :class:`Sequence`, or what has all its methods."""
    return getattr(seq, "use_sequence_api", False) is True or all(
        hasattr(seq, name) for name in _SEQUENCE_METHODS
    )


def is_generator_or_sequence(x):
    """Whether ``fit`` takes batches from ``x``, instead of making them."""
    return inspect.isgenerator(x) or is_sequence(x)


def iter_sequence_infinite(seq):
    """The batches of a sequence, over and over."""
    while True:
        yield from seq


# ---- in a worker process ------------------------------------------------------------------------

_source: Any = None


def _begin_process(source, seed):
    global _source
    _source = source
    if seed is not None:
        np.random.seed(seed + multiprocessing.current_process().ident)


def _draw_in_process(draw, *arguments):
    return draw(_source, *arguments)


class _Exhausted:
    """What a worker gives in place of a batch when the generator has ended: the class itself."""


def _next_of(generator):
    return next(generator, _Exhausted)


# ---- enqueuers ----------------------------------------------------------------------------------


class _Failed:
    """Stands for a batch that can not be made."""

    def __init__(self, error):
        self.error = error

    def get(self, timeout=None):
        raise self.error


class SequenceEnqueuer:
    """The base of both enqueuers: ``start`` it, take batches from ``get()``, and ``stop`` it.

    Args:
        sequence: where batches come from.
        use_multiprocessing: whether processes make them, and not threads.
    """

    _draw: Any = None  # makes a batch: a function of the source and the arguments of a task
    random_seed: Any = None
    _is_exhausted = False

    def __init__(self, sequence, use_multiprocessing=False):
        self.sequence = sequence
        self.use_multiprocessing = use_multiprocessing
        self.workers = 0
        self.queue: Any = None
        self.run_thread: Any = None
        self.stop_signal: Any = None

    def is_running(self):
        return self.stop_signal is not None and not self.stop_signal.is_set()

    def start(self, workers=1, max_queue_size=10):
        """Begins to make batches: at most ``max_queue_size`` wait for their use."""
        self.workers = workers
        self.queue = queue.Queue(max_queue_size)
        self.stop_signal = threading.Event()
        self.run_thread = threading.Thread(target=self._run, daemon=True)
        self.run_thread.start()

    def stop(self, timeout=None):
        """Ends the workers, and waits for that: ``timeout`` seconds, or five.

        A thread ends when it has made its batch, a process at once.
        """
        if self.stop_signal is None:
            return
        self.stop_signal.set()
        with self.queue.mutex:
            self.queue.queue.clear()
            self.queue.unfinished_tasks = 0
            self.queue.maxsize = float("inf")  # a task that waits for room finds it
            self.queue.not_full.notify_all()
            self.queue.all_tasks_done.notify_all()
        self._append(_END)
        self.run_thread.join(_STOP_SECONDS if timeout is None else timeout)

    def get(self):
        """A generator of batches, in the order of their tasks; ``None`` is left out.

        It stops the workers when a generator has ended.
        Raises: what the source raises; the workers then are stopped too.
        """
        try:
            yield from self._batches()
            self.stop()
        except Exception as error:
            self.stop()
            self._explain(error)
            raise

    def _batches(self):
        while self.is_running():
            task = self.queue.get()
            if task is _END:
                return
            batch = self._result(*task)
            if batch is _Exhausted:
                self._is_exhausted = True  # other workers may still hold batches
            elif batch is not None:
                yield batch

    def _result(self, future, arguments):
        try:
            # A thread can not get lost: there a batch may take as long as it wants.
            return future.get(_BATCH_SECONDS if self.use_multiprocessing else None)
        except multiprocessing.TimeoutError:
            return self._instead(*arguments)
        finally:
            self._count_done()

    def _instead(self, *arguments):
        """A batch in place of one that a process did not give."""
        raise NotImplementedError

    def _explain(self, error):
        """Raises a clearer error in place of the given one, if there is one."""

    # In the thread that hands out the tasks:

    def _run(self):
        try:
            self._submit_all()
        except Exception as error:
            self._append((_Failed(error), ()))

    def _submit_all(self):
        raise NotImplementedError

    def _submit(self, pool, *arguments):
        draw = _draw_in_process if self.use_multiprocessing else self._draw_in_thread
        future = pool.apply_async(draw, (self._draw,) + arguments)
        self.queue.put((future, arguments))

    def _draw_in_thread(self, draw, *arguments):
        # Tasks that are left after the end are not worth their time.
        return draw(self.sequence, *arguments) if self.is_running() else None

    def _append(self, task):
        """Puts a task in the queue, full or not; the end of an epoch does not wait for it."""
        with self.queue.mutex:
            self.queue.queue.append(task)
            self.queue.not_empty.notify()

    def _count_done(self):
        # Not `task_done`, which raises an error if `stop` has set the count to 0 in between.
        with self.queue.mutex:
            self.queue.unfinished_tasks = max(0, self.queue.unfinished_tasks - 1)
            if self.queue.unfinished_tasks == 0:
                self.queue.all_tasks_done.notify_all()

    @contextlib.contextmanager
    def _pool(self):
        pool = self._new_pool()
        try:
            yield pool
        finally:
            if self.use_multiprocessing:
                pool.terminate()
            else:
                pool.close()
            pool.join()

    def _new_pool(self):
        if not self.use_multiprocessing:
            return ThreadPool(self.workers)
        try:
            # Fork or spawn, as the program has set it.
            return multiprocessing.Pool(
                self.workers, _begin_process, (self.sequence, self.random_seed)
            )
        except (TypeError, AttributeError, pickle.PicklingError) as error:
            raise ConfigError(
                "%r can not be sent to worker processes, which here are started by %r: %s. Write a "
                "keras.utils.Sequence that can be pickled, or set use_multiprocessing=False."
                % (self.sequence, multiprocessing.get_start_method(), error)
            ) from error


class OrderedEnqueuer(SequenceEnqueuer):
    """Gives the batches of a :class:`Sequence` epoch after epoch, in its order or in a random one.

    Args:
        sequence: the sequence.
        use_multiprocessing: whether processes make the batches. They are started anew each epoch,
            and so see what ``on_epoch_end`` changed.
        shuffle: whether each epoch has another order, drawn from Python's ``random``.

    >>> import numpy as np
    >>> from tfkeras_compat.utils import OrderedEnqueuer, Sequence
    >>> class Numbers(Sequence):
    ...     def __len__(self):
    ...         return 3
    ...     def __getitem__(self, index):
    ...         return index
    >>> enqueuer = OrderedEnqueuer(Numbers())
    >>> enqueuer.start(workers=2, max_queue_size=4)
    >>> batches = enqueuer.get()
    >>> [next(batches) for _ in range(5)]
    [0, 1, 2, 0, 1]
    >>> enqueuer.stop()
    """

    _draw = operator.getitem

    def __init__(self, sequence, use_multiprocessing=False, shuffle=False):
        super().__init__(sequence, use_multiprocessing)
        self.shuffle = shuffle

    def _submit_all(self):
        order = list(range(len(self.sequence)))
        if not order:
            raise ConfigError("%r has no batches: its length is 0." % (self.sequence,))
        while True:
            if self.shuffle:
                random.shuffle(order)
            with self._pool() as pool:
                self._submit_epoch(pool, order)
            if not self.is_running():
                return
            self.sequence.on_epoch_end()

    def _submit_epoch(self, pool, order):
        for index in order:
            if not self.is_running():
                return
            self._submit(pool, index)
        if self.is_running():
            self.queue.join()  # the epoch ends when its last batch is taken

    def _instead(self, index):
        warnings.warn(
            "The input %d could not be retrieved. It could be because a worker has died." % index
        )
        return self.sequence[index]


class GeneratorEnqueuer(SequenceEnqueuer):
    """Gives what a generator yields, to its end if it has one.

    Args:
        sequence: the generator. Several threads need one that is safe to call from them.
        use_multiprocessing: whether processes run it: each runs its own copy.
        wait_time: no longer has an effect.
        random_seed: seeds NumPy in each process, together with the number of the process.
    """

    _draw = staticmethod(_next_of)

    def __init__(self, sequence, use_multiprocessing=False, wait_time=None, random_seed=None):
        super().__init__(sequence, use_multiprocessing)
        self.random_seed = random_seed
        if wait_time is not None:
            warnings.warn("`wait_time` is not used anymore.", DeprecationWarning)

    def start(self, workers=1, max_queue_size=10):
        self._is_exhausted = False
        super().start(workers, max_queue_size)

    def _submit_all(self):
        with self._pool() as pool:
            while self.is_running() and not self._is_exhausted:
                self._submit(pool)
            self._append(_END)
            self.stop_signal.wait()  # what is in the queue is still to be made

    def _instead(self):
        warnings.warn(
            "An input could not be retrieved. It could be because a worker has died. We do not "
            "have any information on the lost sample."
        )

    def _explain(self, error):
        if "generator already executing" in str(error):
            raise RuntimeError(
                "Your generator is NOT thread-safe: several workers called it at the same time. "
                "Put a lock around its next(), write a keras.utils.Sequence, or set workers=1."
            ) from error
