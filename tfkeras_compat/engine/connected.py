"""The tensors of a layer's calls: ``input``, ``output`` and their like, asked of its nodes."""

from typing import Any, List

from tfkeras_compat.errors import GraphError
from tfkeras_compat.state.structures import unpack_singleton


class Connected:
    """Something with a name and nodes, one for each call that connected it to other layers.

    Raises, in all questions:
        RuntimeError, AttributeError: there was no call, or several where one is asked for.
        GraphError: there is no call of the given index.
    """

    name: str
    _inbound_nodes: List[Any]

    def _node_values(self, attribute: Any, described: Any, node_index: Any) -> Any:
        if not self._inbound_nodes:
            raise RuntimeError(
                "The layer %s has never been called and thus has no defined %s."
                % (self.name, described)
            )
        if not node_index < len(self._inbound_nodes):
            raise GraphError(
                "Asked to get %s at node %d, but the layer %s has only %d inbound nodes."
                % (described, node_index, self.name, len(self._inbound_nodes))
            )
        return unpack_singleton(getattr(self._inbound_nodes[node_index], attribute))

    def _only_node_values(self, attribute: Any, described: Any, method: Any) -> Any:
        if len(self._inbound_nodes) != 1:
            found = "multiple inbound nodes" if self._inbound_nodes else "no inbound node"
            raise AttributeError(
                'Layer %s has %s, hence the notion of "%s" is ill-defined. Use `%s(node_index)` '
                "instead." % (self.name, found, described, method)
            )
        return self._node_values(attribute, described, 0)

    def _common_shape(self, attribute: Any, described: Any, method: Any) -> Any:
        shapes = {str(getattr(node, attribute)) for node in self._inbound_nodes}
        if len(shapes) != 1:
            found = "different %ss at its nodes" % described if shapes else "never been called"
            raise AttributeError(
                'The layer %s has %s, hence the notion of "%s" is ill-defined. Use '
                "`%s(node_index)` instead." % (self.name, found, described, method)
            )
        return self._node_values(attribute, described, 0)

    def get_input_at(self, node_index: Any) -> Any:
        return self._node_values("input_tensors", "input", node_index)

    def get_output_at(self, node_index: Any) -> Any:
        return self._node_values("output_tensors", "output", node_index)

    def get_input_mask_at(self, node_index: Any) -> Any:
        return self._node_values("input_masks", "input mask", node_index)

    def get_output_mask_at(self, node_index: Any) -> Any:
        return self._node_values("output_masks", "output mask", node_index)

    def get_input_shape_at(self, node_index: Any) -> Any:
        return self._node_values("input_shapes", "input shape", node_index)

    def get_output_shape_at(self, node_index: Any) -> Any:
        return self._node_values("output_shapes", "output shape", node_index)

    @property
    def input(self) -> Any:
        """The input tensor (or list) of the only call."""
        return self._only_node_values("input_tensors", "layer input", "get_input_at")

    @property
    def output(self) -> Any:
        """The output tensor (or list) of the only call."""
        return self._only_node_values("output_tensors", "layer output", "get_output_at")

    @property
    def input_mask(self) -> Any:
        return self._only_node_values("input_masks", "layer input mask", "get_input_mask_at")

    @property
    def output_mask(self) -> Any:
        return self._only_node_values("output_masks", "layer output mask", "get_output_mask_at")

    @property
    def input_shape(self) -> Any:
        return self._common_shape("input_shapes", "input shape", "get_input_shape_at")

    @property
    def output_shape(self) -> Any:
        return self._common_shape("output_shapes", "output shape", "get_output_shape_at")
