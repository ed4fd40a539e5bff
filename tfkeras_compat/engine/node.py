"""Nodes: the records of calls that connect layers to a graph of layers."""

from typing import Any, Dict

from tfkeras_compat.state.ledger import Record
from tfkeras_compat.state.structures import to_list


class Node(Record):
    """One call of a layer on tensors: the record of what it produced, and where its inputs came
    from.

    ``inbound_layers[i]``, at its node ``node_indices[i]`` and output ``tensor_indices[i]``, made
    ``input_tensors[i]``; all three are ``None`` for a tensor that no layer made. Creating a node
    does not enter it anywhere: :meth:`connect` does, once the call succeeded.
    """

    def __init__(
        self, layer: Any, input_tensors: Any, input_masks: Any, arguments: Any = None
    ) -> None:
        super().__init__(layer, input_tensors)
        histories = [getattr(x, "_keras_history", (None, None, None)) for x in self.inputs]
        self.outbound_layer = layer
        self.inbound_layers = [history[0] for history in histories]
        self.node_indices = [history[1] for history in histories]
        self.tensor_indices = [history[2] for history in histories]
        self.input_tensors = self.inputs
        self.input_masks = to_list(input_masks)
        self.arguments = arguments

    def connect(
        self, output_tensors: Any, output_masks: Any, input_shapes: Any, output_shapes: Any
    ) -> None:
        """Enters the finished call into its layer and into those that it took its inputs from."""
        self.output_tensors = to_list(output_tensors)
        self.output_masks = to_list(output_masks)
        self.input_shapes = to_list(input_shapes)
        self.output_shapes = to_list(output_shapes)
        for layer in self.inbound_layers:
            if layer is not None:
                layer._outbound_nodes.append(self)
        self.layer._inbound_nodes.append(self)

    def become_source(self) -> None:
        """Cuts the node from what came before: the node of an input, or of a whole network."""
        self.inbound_layers, self.node_indices, self.tensor_indices = [], [], []

    def is_source(self) -> Any:
        """Whether this is such a node: it has inputs, and they come from nowhere."""
        return bool(self.input_tensors) and not self.inbound_layers

    def get_config(self) -> Dict[str, Any]:
        """Names of the layers on both sides, and the indices between them."""
        return {
            "outbound_layer": self.outbound_layer.name if self.outbound_layer else None,
            "inbound_layers": [layer.name if layer else None for layer in self.inbound_layers],
            "node_indices": self.node_indices,
            "tensor_indices": self.tensor_indices,
        }


def label(
    tensor: Any,
    layer: Any,
    node_index: Any,
    tensor_index: Any,
    shape: Any,
    uses_learning_phase: Any,
) -> None:
    """Writes on a tensor which call made it; these attributes are part of the original's
    interface."""
    tensor._keras_history = (layer, node_index, tensor_index)
    tensor._keras_shape = shape
    tensor._uses_learning_phase = uses_learning_phase


def mask_of(tensor: Any) -> Any:
    """The mask that came with a tensor out of the layer that made it, or ``None``."""
    if not hasattr(tensor, "_keras_history"):
        return None
    layer, node_index, tensor_index = tensor._keras_history
    return layer._inbound_nodes[node_index].output_masks[tensor_index]
