"""The ledger: what each call of a layer produced.

While a layer runs, its record is *open* (per thread, nested like the calls themselves). Updates,
losses and the use of the learning phase go to the innermost open record, so that ``layer.updates``,
``model.losses`` and ``uses_learning_phase`` are questions put to records, and nobody keeps lists by
hand.
"""

import contextlib
import threading
from typing import Any, Callable, ContextManager, Iterator, List, Optional

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.state.deferred import Deferred
from tfkeras_compat.state.structures import contains, to_list

_open_records = threading.local()


class Update:
    """A pair and an operation.

    It unpacks to ``(variable, new_value)``, and stands for the operation that assigns the one to
    the other wherever a graph element is expected: ``Session.run``, ``tf.group``,
    ``tf.control_dependencies``, ``make_callable``. Where a tensor is expected it is the variable's
    value after the update.
    """

    def __init__(self, variable: Any, new_value: Any, op: Any) -> None:
        self.variable = variable
        self.new_value = new_value
        self.op = op

    def __iter__(self) -> Iterator[Any]:
        return iter((self.variable, self.new_value))

    def __getitem__(self, index: Any) -> Any:
        return (self.variable, self.new_value)[index]

    def __len__(self) -> int:
        return 2

    def _as_graph_element(self) -> Any:
        # TensorFlow's own protocol for things that stand for an operation.
        return self.op

    @property
    def device(self) -> Any:
        return self.op.device

    @property
    def graph(self) -> Any:
        return self.op.graph

    @property
    def name(self) -> Any:
        return self.op.name

    @property
    def dtype(self) -> Any:
        return self.variable.dtype

    @property
    def shape(self) -> Any:
        return self.variable.shape

    def get_shape(self) -> Any:
        return self.variable.get_shape()

    def __repr__(self) -> str:
        return "<Update of %s by %s>" % (self.variable.name, self.op.name)

    def value(self) -> Any:
        """The variable's value, read after the update: a tensor."""
        with tf.control_dependencies([self.op]):
            return tf.identity(self.variable)


class DeferredUpdate(Update):
    """An update whose new value and operation are made when they are first asked for.

    Args:
        make: gives the new value, the operation, and a list of the variables that it made besides,
            which it left out of all collections.
    """

    def __init__(self, variable: Any, make: Callable[[], Any]) -> None:
        self.variable = variable
        self.deferred = Deferred(make)
        self.deferred.enter(tf.GraphKeys.GLOBAL_VARIABLES, lambda result: result[2])

    @property
    def new_value(self) -> Any:
        return self.deferred.made()[0]

    @property
    def op(self) -> Any:
        return self.deferred.made()[1]


def _update_to_tensor(
    update: Update, dtype: Any = None, name: Any = None, as_ref: bool = False
) -> Any:
    return update.value()


_tf.register_conversion(Update, _update_to_tensor)


class Record:
    """One call of one layer: what went in, what it added to updates and losses, what was called
    inside it.

    ``inputs`` is ``None`` for the record of what belongs to no call: weight regularization,
    unconditional updates.
    """

    def __init__(self, layer: Any, inputs: Any) -> None:
        self.layer = layer
        self.inputs: Any = None if inputs is None else to_list(inputs)
        self.updates: List[Any] = []
        self.losses: List[Any] = []
        self.metrics: List[Any] = []  # of (name, scalar tensor)
        self.uses_learning_phase = False
        self.is_kept = True
        self.children: List[Record] = []

    def is_for(self, inputs: Any) -> bool:
        """Whether this is the record of a call on just these tensors."""
        inputs = to_list(inputs, allow_tuple=True)
        return (
            self.inputs is not None
            and len(self.inputs) == len(inputs)
            and all(mine is theirs for mine, theirs in zip(self.inputs, inputs))
        )

    def collect(self, kind: str) -> List[Any]:
        """All ``'updates'``, ``'losses'`` or ``'metrics'`` of this call and of those inside it."""
        if kind == "updates" and not (self.layer.trainable or self.layer.stateful):
            return []  # frozen
        found = list(getattr(self, kind))
        for child in self.children:
            found += child.collect(kind)
        return found


def _stack() -> List[Any]:
    if not hasattr(_open_records, "stack"):
        _open_records.stack = []
    return _open_records.stack


def innermost() -> Optional[Record]:
    """The record of the call that is running in this thread, or ``None``."""
    stack = _stack()
    return stack[-1] if stack else None


@contextlib.contextmanager
def recording(record: Record) -> Iterator[Record]:
    """Opens ``record`` for the calls made inside."""
    stack = _stack()
    if stack and record.is_kept:
        stack[-1].children.append(record)
    stack.append(record)
    try:
        yield record
    finally:
        stack.pop()
        if stack and record.uses_learning_phase:
            stack[-1].uses_learning_phase = True


def discarding(layer: Any) -> ContextManager[Record]:
    """Opens a record that becomes part of no call, and keeps what is made inside from layers and
    collections.

    For the steps of a loop: what they update and lose can not be asked for outside of it.
    """
    record = Record(layer, None)
    record.is_kept = False
    return recording(record)


def is_discarding() -> bool:
    """Whether what is made now in this thread is not to be kept, see :func:`discarding`."""
    return not all(record.is_kept for record in _stack())


def is_inside_frozen() -> bool:
    """Whether a frozen layer is running in this thread: what is called inside it has no updates
    either."""
    return any(not (record.layer.trainable or record.layer.stateful) for record in _stack())


def note_learning_phase() -> None:
    """Marks the running call as one whose result depends on the learning phase."""
    record = innermost()
    if record is not None:
        record.uses_learning_phase = True


def retract(collection: str, element: Any) -> None:
    """Takes a tensor or operation out of a collection of its graph."""
    op = getattr(element, "op", element)
    if isinstance(op, tf.Operation):
        elements = _tf.collection(op.graph, collection)
        elements[:] = [other for other in elements if other is not element]


def publish(collection: str, element: Any) -> None:
    """Adds a tensor or operation to a collection of its graph, where plain TensorFlow code looks
    for it.

    What was made inside a loop, a branch or a function can not be fetched, and stays out.
    """
    op = getattr(element, "op", element)
    if not isinstance(op, tf.Operation) or _tf.in_body(op):
        return
    if is_discarding():
        return
    if not contains(_tf.collection(op.graph, collection), element):
        op.graph.add_to_collection(collection, element)


def publish_update(update: Any) -> None:
    """Adds the operation of an update to ``UPDATE_OPS``."""
    if not _is_still_to_be_made(update):
        publish(tf.GraphKeys.UPDATE_OPS, getattr(update, "op", update))
    elif not is_discarding():
        update.deferred.enter(tf.GraphKeys.UPDATE_OPS, lambda result: [result[1]])


def retract_update(update: Any) -> None:
    """Takes the operation of an update out of ``UPDATE_OPS``."""
    if _is_still_to_be_made(update):
        update.deferred.leave(tf.GraphKeys.UPDATE_OPS)
    else:
        retract(tf.GraphKeys.UPDATE_OPS, getattr(update, "op", update))


def _is_still_to_be_made(update: Any) -> bool:
    return isinstance(update, DeferredUpdate) and not update.deferred.is_made
