"""``K.function``: a piece of the graph as one prepared call."""

import threading
from typing import Any, Tuple

import numpy as np

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.backend.variables import fits, int_shape, is_sparse, is_tensor, update
from tfkeras_compat.errors import ShapeError
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
        """The values of the outputs. Raises ShapeError if a value does not fit the tensor it is fed
        to."""
        if not isinstance(inputs, (list, tuple)):
            raise TypeError("`inputs` should be a list or tuple.")
        if len(inputs) != len(self.inputs):
            raise ValueError(
                "This function takes %d inputs, but was called with %d."
                % (len(self.inputs), len(inputs))
            )
        fed = [(tensor, value) for tensor, value in zip(self.inputs, inputs) if is_tensor(tensor)]
        session = get_session(self.graph)
        if self._needs_run(session, fed):
            return self._run(session, fed)
        arrays = [_array_for(tensor, value) for tensor, value in fed if not is_tensor(value)]
        return self._prepare(session, fed)(*arrays)

    def _needs_run(self, session, fed):
        return bool(
            self.feed_dict
            or self.fetches
            or self._run_arguments
            or not _tf.can_make_callable(session)
            or any(is_sparse(tensor) or _tf.is_variable(tensor) for tensor, _ in fed)
            or any(is_sparse(output) for output in self.outputs)
        )

    def _prepare(self, session, fed):
        connections = [(value, tensor) for tensor, value in fed if is_tensor(value)]
        key = [id(value) for value, _ in connections]
        with self._lock:
            prepared_session, prepared_key, prepared = self._prepared
            if prepared_session is not session or prepared_key != key:
                feeds = [tensor for tensor, value in fed if not is_tensor(value)]
                prepared = _tf.make_callable(
                    session, feeds, self.outputs, self._targets, connections
                )
                self._prepared = (session, key, prepared)
        return prepared

    def _run(self, session, fed):
        feed_dict = dict(self.feed_dict)
        feed_dict.update(
            (tensor, _sparse_value(value) if is_sparse(tensor) else _array_for(tensor, value))
            for tensor, value in fed
        )
        fetched = session.run(
            self.outputs + self._targets + self.fetches, feed_dict=feed_dict, **self._run_arguments
        )
        return fetched[: len(self.outputs)]


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


def _array_for(tensor, value):
    array = np.asarray(value, dtype=tensor.dtype.base_dtype.as_numpy_dtype)
    expected = int_shape(tensor) if _tf.is_variable(tensor) else _static_shape(tensor)
    if expected is not None and not fits(expected, array.shape):
        raise ShapeError(
            "Tensor %s has shape %s, but was fed an array of shape %s."
            % (tensor.name, tuple(expected), array.shape)
        )
    return array


def _static_shape(tensor):
    shape = tensor.get_shape()
    return None if shape.ndims is None else shape.as_list()


def _sparse_value(value):
    """What ``Session.run`` takes for a sparse tensor, from a scipy matrix, a triple or such a
    value."""
    if not hasattr(value, "tocoo"):
        return value
    matrix = value.tocoo()
    return tf.SparseTensorValue(
        np.stack([matrix.row, matrix.col], axis=1), matrix.data, matrix.shape
    )
