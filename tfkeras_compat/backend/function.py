"""``K.function``: a piece of the graph as one prepared call."""

import functools
import threading
import time
from typing import Any, Tuple

import numpy as np

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.backend import misfortunes
from tfkeras_compat.backend.variables import fits, int_shape, is_sparse, is_tensor, update
from tfkeras_compat.errors import DtypeError, GraphError, ShapeError
from tfkeras_compat.state import graph as graph_state
from tfkeras_compat.state.session import get_session
from tfkeras_compat.state.structures import contains, to_list


class Function:
    """Runs updates and gives the values of outputs for the values of inputs.

    The call goes through a prepared callable of the session, about a third faster than
    ``Session.run`` on small graphs; sparse tensors, extra fetches, run options and monitored
    sessions go through ``Session.run``.

    Args:
        inputs: placeholders or other tensors to feed. A number (a learning phase that was fixed) is
            passed over.
        outputs: tensors whose values are returned, as a list of arrays.
        updates: ``Update``s, ``(variable, new_value)`` pairs or operations. Pairs are assigned
            after the outputs were computed; for operations, which exist already, TensorFlow has no
            such order, as in the original.
        feed_dict: values fed in every call.
        fetches: further operations to run.
        options, run_metadata: as in ``Session.run``.
    Raises: TypeError if inputs, outputs or updates are no lists.
    """

    def __init__(
        self,
        inputs,
        outputs,
        updates=None,
        name=None,
        feed_dict=None,
        fetches=None,
        options=None,
        run_metadata=None,
    ):
        for value, role in ((inputs, "inputs"), (outputs, "outputs"), (updates or [], "updates")):
            if not isinstance(value, (list, tuple)):
                raise TypeError(
                    "`%s` to a TensorFlow backend function should be a list or tuple." % role
                )
        self.name = name
        self.inputs = list(inputs)
        self.graph = _graph_among(list(inputs) + list(outputs))
        self.feed_dict = {} if feed_dict is None else feed_dict  # read at each call
        self.fetches = to_list(fetches) if fetches is not None else []
        self._run_arguments = {
            key: value
            for key, value in (("options", options), ("run_metadata", run_metadata))
            if value is not None
        }
        with self.graph.as_default():
            self.outputs = [self._fetchable(output) for output in outputs]
            self._targets = self._group(updates or [])
        self._feeds = [_Feed(tensor) if is_tensor(tensor) else None for tensor in self.inputs]
        self._always_runs = bool(
            self.fetches
            or self._run_arguments
            or any(feed is not None and feed.is_special for feed in self._feeds)
            or any(is_sparse(output) for output in self.outputs)
        )
        self._lock = threading.Lock()
        self._prepared: Tuple[Any, Any, Any] = (None, None, None)

    def _fetchable(self, output):
        # A tensor that is fed can not be fetched by a prepared call, and a variable has to be read.
        if is_sparse(output):
            return output
        if _tf.is_variable(output) or contains(self.inputs, output):
            return tf.identity(output)
        return output

    def _group(self, updates):
        if not updates:
            return []
        with tf.control_dependencies([output for output in self.outputs if not is_sparse(output)]):
            operations = [update(*item).op if isinstance(item, tuple) else item for item in updates]
            return [tf.group(*operations)]

    def __call__(self, inputs):
        """The values of the outputs.

        Raises: ShapeError or DtypeError if a value does not fit the tensor it is fed to; UnfedError
        (a GraphError) if a placeholder is given no value; UninitializedError (a SessionError).
        """
        if not isinstance(inputs, (list, tuple)):
            raise TypeError("`inputs` should be a list or tuple.")
        if len(inputs) != len(self.inputs):
            raise ValueError(
                "This function takes %d inputs, but was called with %d."
                % (len(self.inputs), len(inputs))
            )
        return self._called_in(get_session(self.graph), inputs)

    def bound(self):
        """``f(inputs)`` for many calls in a row: the session is asked for, and what is not yet
        initialized in it, only now."""
        return functools.partial(self._called_in, get_session(self.graph))

    def _called_in(self, session, inputs):
        try:
            return self._values_in(session, inputs)
        except misfortunes.CAUGHT as error:
            misfortunes.explain(error)
            raise

    def _values_in(self, session, inputs):
        values = [feed.taken(x) for feed, x in zip(self._feeds, inputs) if feed is not None]
        if self._always_runs or self.feed_dict or not _tf.can_make_callable(session):
            return self._run(session, values)
        tensors = [x for x in values if type(x) is not np.ndarray]
        arrays = [x for x in values if type(x) is np.ndarray] if tensors else values
        results = self._prepare(session, values, [id(x) for x in tensors])(*arrays)
        for output, result in zip(self.outputs, results):
            if not getattr(result, "size", 1):
                _check_computed(output, result)
        return results

    def _prepare(self, session, values, key):
        prepared_session, prepared_key, prepared = self._prepared
        if prepared_session is session and prepared_key == key:
            return prepared
        with self._lock:
            fed = list(zip(self._tensors(), values))
            feeds = [tensor for tensor, x in fed if type(x) is np.ndarray]
            # Of a variable, its value is connected.
            element = self.graph.as_graph_element
            connections = [(element(x), tensor) for tensor, x in fed if type(x) is not np.ndarray]
            arguments = (session, feeds, self.outputs, self._targets, connections)
            prepared = PreparedCall(functools.partial(_tf.make_callable, *arguments))
            self._prepared = (session, key, prepared)
        return prepared

    def _tensors(self):
        return [feed.tensor for feed in self._feeds if feed is not None]

    def _run(self, session, values):
        feed_dict = dict(self.feed_dict)
        feed_dict.update(zip(self._tensors(), values))
        tensors = {key: value for key, value in feed_dict.items() if is_tensor(value)}
        if tensors:  # only a prepared call connects tensors
            feed_dict.update(zip(tensors, session.run(list(tensors.values()))))
        fetched = session.run(
            self.outputs + self._targets + self.fetches, feed_dict=feed_dict, **self._run_arguments
        )
        return fetched[: len(self.outputs)]


# How many calls are measured, and how many are made before; and what counts as quick, in seconds:
# in longer calls operations may well run side by side.
_WARM_UP, _MEASURED, _QUICK = 3, 10, 0.002


class PreparedCall:
    """A call of a session that finds out where it runs best.

    A small graph loses more by handing its operations to TensorFlow's threads than it wins. So a
    quick one is tried in the thread of its caller, and stays there if that is quicker.

    Args:
        make: gives the prepared call, with ``in_caller_thread=True`` that without other threads.
    """

    def __init__(self, make):
        self._call = make()
        self._trial = _trial(self._call, make)
        self._tried = next(self._trial)
        self._lock = threading.Lock()

    def __call__(self, *arrays):
        if self._trial is None or not self._lock.acquire(False):
            return self._call(*arrays)
        try:
            return self._call_and_measure(arrays)
        finally:
            self._lock.release()

    def _call_and_measure(self, arrays):
        start = time.perf_counter()
        values = self._tried(*arrays)
        try:
            if self._trial is not None:
                self._tried = self._trial.send(time.perf_counter() - start)
        except StopIteration as end:
            self._call = self._tried = end.value
            self._trial = None
        return values


def _trial(call, make):
    """Gives what to call next, is told the seconds that it took, and returns the quicker one."""
    seconds = yield from _quickest_of(call)
    if seconds > _QUICK:
        return call
    other = make(in_caller_thread=True)
    return other if (yield from _quickest_of(other)) < seconds else call


def _quickest_of(call):
    times = []
    for _ in range(_WARM_UP + _MEASURED):
        times.append((yield call))
    return min(times[_WARM_UP:])


class _Feed:
    """A tensor that is fed: turns what is given for it into an array that fits."""

    def __init__(self, tensor):
        self.tensor = tensor
        self.is_sparse = is_sparse(tensor)
        self.is_special = self.is_sparse or _tf.is_variable(tensor)
        self._dtype = np.dtype(tensor.dtype.base_dtype.as_numpy_dtype)
        self._fitting_shape = None  # of the last array: most of them have the same

    def taken(self, value):
        """The value as an array; a tensor, and what stands for a sparse one, as it is."""
        is_array = type(value) is np.ndarray
        if is_array and value.shape == self._fitting_shape and value.dtype == self._dtype:
            return value
        if self.is_sparse:
            return _sparse_value(value)
        if not is_array and is_tensor(value):
            return value
        array = self._as_array(value)
        if array.shape != self._fitting_shape:
            self._check(array.shape)
            self._fitting_shape = array.shape
        return array

    def _as_array(self, value):
        try:
            return np.asarray(value, dtype=self._dtype)
        except (TypeError, ValueError) as error:
            raise DtypeError(
                "Tensor %s takes values of type %s, but was fed %.60r: %s"
                % (self.tensor.name, self._dtype, value, error)
            ) from error

    def _check(self, shape):
        expected = _static_shape(self.tensor)
        if expected is not None and not fits(expected, shape):
            raise ShapeError(
                "Tensor %s has shape %s, but was fed an array of shape %s."
                % (self.tensor.name, tuple(expected), shape)
            )


def function(inputs, outputs, updates=None, **kwargs):
    """A :class:`Function` of the given inputs, outputs and updates.

    >>> from tfkeras_compat import backend as K
    >>> x = K.placeholder((None, 2))
    >>> K.function([x], [K.sum(x)])([[[1.0, 2.0]]])[0].item()
    3.0
    """
    return Function(inputs, outputs, updates=updates, **kwargs)


def _graph_among(values):
    for value in values:
        if is_tensor(value):
            return _tf.graph_of(value)
    return graph_state.current()


def _static_shape(tensor):
    if _tf.is_variable(tensor):
        return int_shape(tensor)
    shape = tensor.get_shape()
    return None if shape.ndims is None else shape.as_list()


def _check_computed(output, value):
    # Where `Session.run` raises an error, a prepared call gives an empty array.
    expected = _static_shape(output)
    if expected is not None and not fits(expected, value.shape):
        raise GraphError(
            "Tensor %s of shape %s was not computed: it lies in a branch that is not taken, or "
            "waits for itself. Fetch what tf.cond returns, and look for control dependencies "
            "between a loop and what comes behind it." % (output.name, tuple(expected))
        )


def _sparse_value(value):
    """What ``Session.run`` takes for a sparse tensor, from a scipy matrix, a triple or such a
    value."""
    if not hasattr(value, "tocoo"):
        return value
    matrix = value.tocoo()
    return tf.SparseTensorValue(
        np.stack([matrix.row, matrix.col], axis=1), matrix.data, matrix.shape
    )
