"""The ledger: what each call of a layer produced.

While a layer runs, its record is *open* (per thread, nested like the calls themselves). Updates, losses and the use of
the learning phase go to the innermost open record, so that ``layer.updates``, ``model.losses`` and
``uses_learning_phase`` are questions put to records, and nobody keeps lists by hand.
"""
import contextlib
import threading

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.state.structures import contains, to_list

_open_records = threading.local()


class Update:
    """A pair and an operation.

    It unpacks to ``(variable, new_value)``, and stands for the operation that assigns the one to the other wherever a
    graph element is expected: ``Session.run``, ``tf.group``, ``tf.control_dependencies``, ``make_callable``. Where a
    tensor is expected it is the variable's value after the update.
    """

    def __init__(self, variable, new_value, op):
        self.variable = variable
        self.new_value = new_value
        self.op = op

    def __iter__(self):
        return iter((self.variable, self.new_value))

    def __getitem__(self, index):
        return (self.variable, self.new_value)[index]

    def __len__(self):
        return 2

    def _as_graph_element(self):  # TensorFlow's own protocol for things that stand for an operation
        return self.op

    @property
    def device(self):
        return self.op.device

    @property
    def graph(self):
        return self.op.graph

    @property
    def name(self):
        return self.op.name

    @property
    def dtype(self):
        return self.variable.dtype

    @property
    def shape(self):
        return self.variable.shape

    def get_shape(self):
        return self.variable.get_shape()

    def __repr__(self):
        return "<Update of %s by %s>" % (self.variable.name, self.op.name)

    def value(self):
        """The variable's value, read after the update: a tensor."""
        with tf.control_dependencies([self.op]):
            return tf.identity(self.variable)


def _update_to_tensor(update, dtype=None, name=None, as_ref=False):
    return update.value()


_tf.register_conversion(Update, _update_to_tensor)


class Record:
    """One call of one layer: what went in, what it added to updates and losses, what was called inside it.

    ``inputs`` is ``None`` for the record of what belongs to no call: weight regularization, unconditional updates.
    """

    def __init__(self, layer, inputs):
        self.layer = layer
        self.inputs = None if inputs is None else to_list(inputs)
        self.updates = []
        self.losses = []
        self.uses_learning_phase = False
        self.children = []

    def is_for(self, inputs):
        """Whether this is the record of a call on just these tensors."""
        inputs = to_list(inputs, allow_tuple=True)
        return (self.inputs is not None and len(self.inputs) == len(inputs)
                and all(mine is theirs for mine, theirs in zip(self.inputs, inputs)))

    def collect(self, kind):
        """All ``'updates'`` or ``'losses'`` of this call and of the calls inside it, in order."""
        if kind == "updates" and not (self.layer.trainable or self.layer.stateful):
            return []  # frozen
        found = list(getattr(self, kind))
        for child in self.children:
            found += child.collect(kind)
        return found


def _stack():
    if not hasattr(_open_records, "stack"):
        _open_records.stack = []
    return _open_records.stack


def innermost():
    """The record of the call that is running in this thread, or ``None``."""
    stack = _stack()
    return stack[-1] if stack else None


@contextlib.contextmanager
def recording(record):
    """Opens ``record`` for the calls made inside."""
    stack = _stack()
    if stack:
        stack[-1].children.append(record)
    stack.append(record)
    try:
        yield record
    finally:
        stack.pop()
        if stack and record.uses_learning_phase:
            stack[-1].uses_learning_phase = True


def note_learning_phase():
    """Marks the running call as one whose result depends on the learning phase."""
    if innermost() is not None:
        innermost().uses_learning_phase = True


def retract(collection, element):
    """Takes a tensor or operation out of a collection of its graph."""
    op = getattr(element, "op", element)
    if isinstance(op, tf.Operation):
        elements = op.graph.get_collection_ref(collection)
        elements[:] = [other for other in elements if other is not element]


def publish(collection, element):
    """Adds a tensor or operation to a collection of its graph, where plain TensorFlow code looks for it.

    What was made inside a loop, a branch or a function can not be fetched, and stays out.
    """
    op = getattr(element, "op", element)
    if not isinstance(op, tf.Operation) or _tf.in_body(op):
        return
    if not contains(op.graph.get_collection_ref(collection), element):
        op.graph.add_to_collection(collection, element)
