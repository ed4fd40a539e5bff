"""Raw TensorFlow operations between layers, as a layer.

A model may go from an ``Input`` through layers, plain TensorFlow code and layers again. What is plain becomes one layer
for each stretch: a piece of graph that is copied when the model is called on other tensors, and that is kept as a
``GraphDef`` in the configuration.
"""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.node import Node
from tfkeras_compat.errors import GraphError
from tfkeras_compat.state.structures import contains, to_list, unique

_VARIABLE_OPS = ("VarHandleOp", "VariableV2", "Variable", "VarIsInitializedOp")


class TensorFlowOps(Layer):
    """A stretch of raw TensorFlow operations, from tensors of layers to one tensor.

    Args:
        graph_def: text form of the operations; in it ``input_names`` are placeholders for the inputs.
        input_names: names of tensors in ``graph_def``, in the order of the inputs.
        output_name: name of the resulting tensor.
    """

    def __init__(self, graph_def, input_names, output_name, captured=None, **kwargs):
        super().__init__(**kwargs)
        self.graph_def = graph_def
        self.input_names = list(input_names)
        self.output_name = output_name
        self.captured = captured or {}
        self.built = True

    def call(self, inputs):
        definition = _tf.parse_graph_def(self.graph_def)
        mapped = dict(zip(self.input_names, to_list(inputs)))
        mapped.update(self.captured)
        (output,) = tf.import_graph_def(
            definition, input_map=mapped, return_elements=[self.output_name], name="copy"
        )
        return output

    def get_config(self):
        if self.captured:
            raise GraphError(
                "Layer %s holds raw TensorFlow operations that use the variables %s; a configuration can not "
                "keep these. Make them weights of a layer (add_weight) to save the model's structure."
                % (self.name, ", ".join(sorted(self.captured)))
            )
        return dict(
            super().get_config(),
            graph_def=self.graph_def,
            input_names=self.input_names,
            output_name=self.output_name,
        )


def adopt(tensor):
    """Makes the raw operations between ``tensor`` and the layers before it a layer, so that a model can hold them.

    Nothing is computed anew: the tensor itself becomes the layer's output. Raises GraphError if what lies behind the
    tensor is neither a layer nor a constant.
    """
    operations, inputs, captured = _stretch_before(tensor)
    if any(x.op.type == "Placeholder" for x in captured):
        raise GraphError(
            "Tensor %s, inside a Model, is computed from the raw placeholders %s, which the model can not "
            "feed. Make them inputs of the model: Input(tensor=...)."
            % (tensor, [x.name for x in captured if x.op.type == "Placeholder"])
        )
    inputs = sorted(inputs, key=lambda x: x.name)
    layer = TensorFlowOps(
        _definition(tensor.graph, operations, inputs + captured),
        [x.name for x in inputs],
        tensor.name,
        captured={x.name: x for x in captured},
    )
    layer._trainable_weights = _variables_behind(tensor.graph, captured)
    node = Node(layer, inputs, [None] * len(inputs))
    layer._records.append(node)
    layer._connect(node, inputs, [tensor], [None])


def adopt_between(inputs, outputs, find_nodes):
    """Adopts every raw tensor that is an output, or that a layer behind the outputs was called on."""
    for x in outputs:
        if not hasattr(x, "_keras_history"):
            adopt(x)
    for node in find_nodes(outputs):
        for index, x in enumerate(node.input_tensors):
            if (
                node.inbound_layers
                and node.inbound_layers[index] is None
                and not contains(inputs, x)
            ):
                _join(node, index, x)


def _join(node, index, tensor):
    if not hasattr(tensor, "_keras_history"):
        adopt(tensor)
    layer, node_index, tensor_index = tensor._keras_history
    node.inbound_layers[index] = layer
    node.node_indices[index] = node_index
    node.tensor_indices[index] = tensor_index
    layer._outbound_nodes.append(node)


def _stretch_before(tensor):
    """``(operations, layer tensors they start from, variables' tensors they read)``."""
    operations, inputs, captured, pending = [], [], [], [tensor]
    seen = set()
    while pending:
        x = pending.pop()
        if id(x) in seen:
            continue
        seen.add(id(x))
        if hasattr(x, "_keras_history"):
            inputs.append(x)
        elif x.op.type in _VARIABLE_OPS or x.op.type == "Placeholder":
            captured.append(x)
        else:
            operations.append(x.op)
            pending += list(x.op.inputs)
    return unique(operations), inputs, captured


def _definition(graph, operations, boundary):
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
        kept = [name for name in node.input if not name.startswith("^")]
        del node.input[:]
        node.input.extend(kept)
        node.attr.pop("_class", None)  # a colocation with operations that stay behind
    return _tf.print_graph_def(definition)


def _variables_behind(graph, captured):
    handles = [x for x in captured if x.op.type != "Placeholder"]
    return [
        variable
        for variable in graph.get_collection(tf.GraphKeys.TRAINABLE_VARIABLES)
        if contains(handles, _tf.storage_of(variable))
    ]
