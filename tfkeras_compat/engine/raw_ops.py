"""Raw TensorFlow operations between layers, as a layer.

A model may go from an ``Input`` through layers, plain TensorFlow code and layers again. What is
plain becomes one layer for each stretch: a piece of graph that is copied when the model is called
on other tensors, and that is kept as a ``GraphDef`` in the configuration.
"""

from typing import Any, Dict

from tfkeras_compat import _tf
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.node import Node
from tfkeras_compat.engine.topology import finish_order
from tfkeras_compat.errors import GraphError
from tfkeras_compat.state import phase
from tfkeras_compat.state.structures import contains, to_list, unique

_PLACEHOLDERS = ("Placeholder", "PlaceholderWithDefault")


class TensorFlowOps(Layer):
    """A stretch of raw TensorFlow operations, from tensors of layers to one tensor.

    Args:
        graph_def: text form of the operations; in it ``input_names`` are placeholders for the
            inputs.
        input_names: names of tensors in ``graph_def``, in the order of the inputs.
        output_name: name of the resulting tensor.
        static_shape: of the output, where TensorFlow can not tell it for a copy (of a loop, a
            lookup).
        phase_name: name of the tensor that stands for the learning phase, if there is one.
        captured: tensors by name that copies share: of variables, tables, placeholders.
    """

    def __init__(
        self,
        graph_def: Any,
        input_names: Any,
        output_name: Any,
        static_shape: Any = None,
        phase_name: Any = None,
        captured: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.graph_def = graph_def
        self.input_names = list(input_names)
        self.output_name = output_name
        self.static_shape = static_shape
        self.phase_name = phase_name
        self.captured = captured or {}
        self.built = True

    def call(self, inputs: Any) -> Any:
        definition = _tf.parse_graph_def(self.graph_def)
        _rename_loops(definition, tf.get_default_graph().unique_name("copy", mark_as_used=False))
        mapped = dict(zip(self.input_names, to_list(inputs)))
        mapped.update(self.captured)
        if self.phase_name:
            mapped[self.phase_name] = tf.cast(K.learning_phase(), tf.bool)
        (output,) = tf.import_graph_def(
            definition, input_map=mapped, return_elements=[self.output_name], name="copy"
        )
        if output.get_shape().ndims is None:
            output.set_shape(self.static_shape)
        return output

    def compute_mask(self, inputs: Any, mask: Any = None) -> None:
        """None: plain TensorFlow code knows of no masks."""

    def compute_output_shape(self, input_shape: Any) -> Any:
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        examples = [
            K.placeholder(shape, dtype=dtype) for shape, dtype in zip(shapes, self._input_dtypes())
        ]
        return K.int_shape(self.call(examples))

    def _input_dtypes(self) -> Any:
        nodes = {node.name: node for node in _tf.parse_graph_def(self.graph_def).node}
        return [
            tf.as_dtype(nodes[name.split(":")[0]].attr["dtype"].type).name
            for name in self.input_names
        ]

    def _output_shapes(self, input_shapes: Any, outputs: Any) -> Any:
        return [K.int_shape(x) for x in outputs]

    def get_config(self) -> Dict[str, Any]:
        if self.captured:
            raise GraphError(
                "Layer %s holds raw TensorFlow operations that use the variables %s; a "
                "configuration can not keep these. Make them weights of a layer (add_weight) to "
                "save the model's structure." % (self.name, ", ".join(sorted(self.captured)))
            )
        return dict(
            super().get_config(),
            graph_def=self.graph_def,
            input_names=self.input_names,
            output_name=self.output_name,
            static_shape=self.static_shape,
            phase_name=self.phase_name,
        )


def _rename_loops(definition: Any, scope: Any) -> None:
    """Gives the loops in a copy names of their own: loops of one name would run as one."""
    for node in definition.node:
        if "frame_name" in node.attr:
            node.attr["frame_name"].s = scope.encode() + b"/" + node.attr["frame_name"].s


def adopt(tensor: Any) -> None:
    """Makes the raw operations between ``tensor`` and the layers before it a layer, so that a model
    can hold them.

    Nothing is computed anew: the tensor itself becomes the layer's output. Raises GraphError if
    what lies behind the tensor is neither a layer nor a constant.
    """
    with tensor.graph.as_default():
        learning_phase = phase.placeholder()
    operations, inputs, captured = _stretch_before(tensor)
    uses_phase = contains(captured, learning_phase)
    if any(x.op.type == "Placeholder" for x in captured):
        raise GraphError(
            "Tensor %s, inside a Model, is computed from the raw placeholders %s, which the model "
            "can not feed. Make them inputs of the model: Input(tensor=...)."
            % (tensor, [x.name for x in captured if x.op.type == "Placeholder"])
        )
    inputs = sorted(inputs, key=lambda x: x.name)
    layer = TensorFlowOps(
        _definition(tensor.graph, operations, inputs + captured),
        [x.name for x in inputs],
        tensor.name,
        static_shape=K.int_shape(tensor),
        phase_name=learning_phase.name if uses_phase else None,
        captured={x.name: x for x in captured if x is not learning_phase},
    )
    layer._trainable_weights = _variables_behind(tensor.graph, captured)
    node = Node(layer, inputs, [None] * len(inputs))
    node.uses_learning_phase = uses_phase
    layer._records.append(node)
    layer._connect(node, inputs, [tensor], [None])


def adopt_between(outputs: Any) -> None:
    """Adopts every raw tensor that is an output, or that a layer behind the outputs was called
    on."""
    for x in outputs:
        if not hasattr(x, "_keras_history"):
            adopt(x)
    loose = _loose_ends(finish_order(outputs))
    while loose:  # behind what is adopted there may be raw tensors again
        for node, index in loose:
            _join(node, index, node.input_tensors[index])
        loose = _loose_ends(finish_order(outputs))


def _loose_ends(nodes: Any) -> Any:
    """``(node, index)`` of every input that no layer is known to have made."""
    return [
        (node, index)
        for node in nodes
        for index, layer in enumerate(node.inbound_layers)
        if layer is None
    ]


def _join(node: Any, index: Any, tensor: Any) -> None:
    if not hasattr(tensor, "_keras_history"):
        adopt(tensor)
    layer, node_index, tensor_index = tensor._keras_history
    node.inbound_layers[index] = layer
    node.node_indices[index] = node_index
    node.tensor_indices[index] = tensor_index
    layer._outbound_nodes.append(node)


def _stretch_before(tensor: Any) -> Any:
    """``(operations, layer tensors they start from, tensors of variables and such)``."""
    operations, inputs, captured, pending = [], [], [], [tensor]
    seen = set()
    while pending:
        x = pending.pop()
        if id(x) in seen:
            continue
        seen.add(id(x))
        if hasattr(x, "_keras_history"):
            inputs.append(x)
        elif _is_shared(x.op):
            captured.append(x)
        else:
            operations.append(x.op)
            pending += list(x.op.inputs)
            pending += [y for op in _steering(x.op) for y in op.outputs[:1]]
    return unique(operations), inputs, captured


def _is_shared(op: Any) -> Any:
    """Whether an operation holds a state or a fed value, of which a copy would have its own."""
    return op.type in _PLACEHOLDERS or (op.op_def.is_stateful and not op.inputs)


def _steering(op: Any) -> Any:
    """The control inputs that keep an operation within its loop or branch."""
    return op.control_inputs if _tf.in_body(op) else []


def _definition(graph: Any, operations: Any, boundary: Any) -> Any:
    """The operations as text, with placeholders at their boundary."""
    whole = graph.as_graph_def()
    definition = tf.GraphDef(versions=whole.versions, library=whole.library)
    wanted = {op.name for op in operations}
    for x in boundary:
        if x.op.name not in wanted and not any(node.name == x.op.name for node in definition.node):
            node = definition.node.add(name=x.op.name, op="Placeholder")
            node.attr["dtype"].type = x.dtype.base_dtype.as_datatype_enum
    for op in operations:
        node = definition.node.add()
        node.CopyFrom(op.node_def)
        kept = [name for name in node.input if not name.startswith("^") or name[1:] in wanted]
        del node.input[:]
        node.input.extend(kept)
        node.attr.pop("_class", None)  # a colocation with operations that stay behind
    return _tf.print_graph_def(definition)


def _variables_behind(graph: Any, captured: Any) -> Any:
    handles = [x for x in captured if x.op.type != "Placeholder"]
    return [
        variable
        for variable in graph.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES)
        if contains(handles, _tf.storage_of(variable))
    ]
