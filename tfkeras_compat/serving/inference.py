"""What a trained model computes in the test phase, as a graph and a session of its own."""

import contextlib
from typing import Any, Dict

import numpy as np

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import GraphError, KindError
from tfkeras_compat.serving.pruning import needed_for, node_name, pruned
from tfkeras_compat.state.graph import state_of
from tfkeras_compat.state.session import get_session
from tfkeras_compat.state.structures import to_list

_VARIABLES = (tf.GraphKeys.GLOBAL_VARIABLES, tf.GraphKeys.LOCAL_VARIABLES)
_TABLES = tf.GraphKeys.TABLE_INITIALIZERS
_VARIABLE_OPS = ("VarHandleOp", "VariableV2", "Variable")


class Inference:
    """A graph for inference, the session with the values of its variables, and the tensors that are
    fed and fetched, by name."""

    def __init__(self, session, inputs, outputs, tables):
        self.session, self.graph = session, session.graph
        self.inputs = {key: self._tensor(name) for key, name in inputs.items()}
        self.outputs = {key: self._tensor(name) for key, name in outputs.items()}
        self.tables = [self.graph.get_operation_by_name(name) for name in tables]

    def _tensor(self, name):
        return self.graph.get_tensor_by_name(name)

    def names_of_variables(self):
        """The names under which a saver keeps the variables."""
        return {_tf.storage_of(variable).op.name for variable in _in(self.graph, _VARIABLES[0])}


@contextlib.contextmanager
def for_inference(model, fixed=None, session=None):
    """A context with the :class:`Inference` of a model or of plain tensors.

    The learning phase is 0, and branches that are taken only in training are gone, with optimizers
    and whatever else the outputs do not need. The model itself, its graph and session stay as they
    are; nothing is built anew.

    Args:
        model: a model, or a pair ``(inputs, outputs)`` of tensors, lists of tensors, or
            dictionaries of tensors by the names that users of the export will know.
        fixed: tensors and the values that they have from now on, such as ``{keep_prob: 1.0}``.
        session: that holds the variables; that of Keras if not given.
    Raises: GraphError if outputs need a tensor to be fed that is no input.

    >>> import numpy as np
    >>> from tfkeras_compat.layers import Dense, Dropout
    >>> from tfkeras_compat.models import Sequential
    >>> from tfkeras_compat.serving import for_inference
    >>> model = Sequential([Dense(2, input_shape=(3,)), Dropout(0.5)])
    >>> with for_inference(model) as inference:
    ...     kinds = {op.type for op in inference.graph.get_operations()}
    >>> kinds & {"Switch", "Merge", "PlaceholderWithDefault"}  # what the phase chooses by
    set()
    """
    inputs, outputs = named_tensors(model)
    graph = next(iter(outputs.values())).graph
    session = get_session(graph) if session is None else session
    definition, variables, tables = _described(graph, inputs, outputs, fixed or {})
    meta_graph = tf.MetaGraphDef(graph_def=definition)
    protos = [variable.to_proto().SerializeToString() for variable in variables]
    meta_graph.collection_def["variables"].bytes_list.value.extend(protos)
    with tf.Graph().as_default(), tf.Session() as own:
        with quiet():
            _tf.import_variables_and_graph(meta_graph)
        of_tables = [op.name for op in tables]
        inference = Inference(own, _names(inputs), _names(outputs), of_tables)
        _copy_values(variables, session, own)
        yield inference


def named_tensors(model):
    """The inputs and outputs of a model, or of a pair, as two dictionaries of tensors.

    Raises: KindError for anything else.
    """
    if isinstance(model, Network):
        if not model.inputs:
            raise GraphError(
                "Model %s has no inputs and outputs yet: call it on data first, with predict or "
                "fit." % model.name
            )
        names = model.input_names, model.output_names
        return tuple(dict(zip(*each)) for each in zip(names, (model.inputs, model.outputs)))
    if not isinstance(model, (list, tuple)) or len(model) != 2:
        raise KindError(
            "Expected a model, or a pair (inputs, outputs) of tensors, found %r." % (model,)
        )
    return tuple(_by_name(tensors) for tensors in model)


def _by_name(tensors):
    if isinstance(tensors, dict):
        found = tensors
    else:
        found = {tensor.op.name: tensor for tensor in to_list(tensors, allow_tuple=True)}
    return {name: tf.convert_to_tensor(tensor) for name, tensor in found.items()}


def _names(tensors):
    return {key: tensor.name for key, tensor in tensors.items()}


def _described(graph, inputs, outputs, fixed):
    """The definition of the graph for inference, its variables, and what initializes its tables."""
    values = {tensor.op.name: _array(tensor, value) for tensor, value in fixed.items()}
    phase = state_of(graph).phase
    if _tf.is_tensor(phase):
        values.setdefault(phase.op.name, np.array(False))
    definition = graph.as_graph_def()
    wanted = _ops(outputs)
    nodes = {node.name: node for node in pruned(definition, wanted, values).node}
    _check_feeds(nodes, wanted, _ops(inputs))
    variables = _variables_in(graph, nodes)
    tables = [op for op in graph.get_collection(_TABLES) if op.inputs[0].op.name in nodes]
    wanted += _ops(inputs) + [op.name for op in tables]
    wanted += [name for variable in variables for name in _nodes_of(variable)]
    return pruned(definition, wanted, values), variables, tables


def _ops(tensors):
    return [tensor.op.name for tensor in tensors.values()]


def _array(tensor, value):
    return np.asarray(value, tensor.dtype.base_dtype.as_numpy_dtype)


def _check_feeds(nodes, wanted, given):
    needed = needed_for(nodes, wanted, given).difference(given)
    missing = sorted(name for name in needed if nodes[name].op == "Placeholder")
    if missing:
        raise GraphError(
            "The outputs need %s to be fed, which is not among the inputs: add it there, or give "
            "it a value with `fixed`." % ", ".join(missing)
        )


def _variables_in(graph, nodes):
    known: Dict[str, Any] = {}
    for key in _VARIABLES:
        known.update((_tf.storage_of(variable).op.name, variable) for variable in _in(graph, key))
    found = [name for name, node in nodes.items() if node.op in _VARIABLE_OPS]
    unknown = [name for name in found if name not in known]
    if unknown:
        raise GraphError(
            "%s can not be exported: no collection of the graph holds these variables. Add them to "
            "tf.GraphKeys.GLOBAL_VARIABLES." % ", ".join(unknown)
        )
    return [known[name] for name in found]


def _in(graph, key):
    return [variable for variable in _tf.collection(graph, key) if _tf.is_variable(variable)]


def _nodes_of(variable):
    proto = variable.to_proto()
    names = proto.variable_name, proto.initializer_name, proto.snapshot_name
    return [node_name(name) for name in names + (proto.initial_value_name,) if name]


def _copy_values(variables, source, target):
    """Gives the variables of the session ``target`` their values in ``source``."""
    values = source.run(variables)
    copies = {_tf.storage_of(copy).op.name: copy for copy in tf.global_variables()}
    names = [_tf.storage_of(variable).op.name for variable in variables]
    pairs = [_tf.initializer_and_feed(copies[name]) for name in names]
    feeds = {placeholder: value for (_, placeholder), value in zip(pairs, values)}
    target.run([initializer for initializer, _ in pairs], feeds)


@contextlib.contextmanager
def quiet():
    """A context in which TensorFlow does not advise to use what it has today."""
    verbosity = tf.logging.get_verbosity()
    tf.logging.set_verbosity(tf.logging.ERROR)
    try:
        yield
    finally:
        tf.logging.set_verbosity(verbosity)
