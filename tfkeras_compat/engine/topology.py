"""The graph of layers behind a set of tensors: which nodes and layers, in which order."""

from typing import Any, Dict, List, Tuple

from tfkeras_compat.aliases import lazy_attributes
from tfkeras_compat.errors import GraphError
from tfkeras_compat.state.structures import contains, unique

__getattr__, __dir__ = lazy_attributes(__name__)


class Topology:
    """The nodes and layers between inputs and outputs.

    Attributes:
        nodes: in the order in which they can be computed.
        layers: in the original's order: by depth from the far end, then by first encounter from the
            outputs.
    Raises: GraphError if an output does not depend on the inputs alone, or two layers have one
    name.
    """

    def __init__(self, inputs: Any, outputs: Any) -> None:
        finished, encounter = finish_order(outputs), _encounter_order(outputs)
        unused = _unused_sources(inputs, finished)
        finished = unused + finished
        encounter = [node.outbound_layer for node in unused] + encounter
        node_depths, layer_depths = _depths(finished)
        self.depths = {id(node): node_depths[id(node)] for node in finished}
        self._layer_depths = layer_depths
        self.nodes = sorted(_by_discovery(finished), key=lambda node: -self.depths[id(node)])
        self.layers = sorted(encounter, key=lambda layer: -layer_depths[id(layer)])
        self._ids = {id(node) for node in finished}
        _check_connected(self.nodes, inputs)
        _check_names(self.layers)

    def __contains__(self, node: Any) -> bool:
        return id(node) in self._ids

    def nodes_of(self, layer: Any) -> List[Tuple[int, Any]]:
        """``(index, node)`` of those calls of a layer that belong here."""
        return [(index, node) for index, node in enumerate(layer._inbound_nodes) if node in self]

    def nodes_by_depth(self) -> Any:
        """The nodes grouped by their distance from the outputs: a dictionary."""
        return _grouped(self.nodes, self.depths)

    def layers_by_depth(self) -> Any:
        """The layers grouped by the distance of their deepest node from the outputs: a
        dictionary."""
        return _grouped(self.layers, self._layer_depths)


def _grouped(things: Any, depths: Any) -> Any:
    grouped: Dict[int, List[Any]] = {}
    for thing in things:
        grouped.setdefault(depths[id(thing)], []).append(thing)
    return grouped


def node_of(tensor: Any) -> Any:
    """The node that made a tensor."""
    layer, node_index, _ = tensor._keras_history
    return layer._inbound_nodes[node_index]


def _predecessors(node: Any) -> Any:
    return [
        layer._inbound_nodes[index]
        for layer, index in zip(node.inbound_layers, node.node_indices)
        if layer is not None
    ]


def finish_order(outputs: Any) -> Any:
    """All nodes, each after those that it depends on. Without recursion: networks may be deep."""
    finished, done = [], set()
    for output in outputs:
        stack = [(node_of(output), None)]
        while stack:
            node, ahead = stack.pop()
            if id(node) in done:
                continue
            ahead = iter(_predecessors(node)) if ahead is None else ahead
            following = next((other for other in ahead if id(other) not in done), None)
            if following is None:
                done.add(id(node))
                finished.append(node)
            else:
                stack += [(node, ahead), (following, None)]
    return finished


def _unused_sources(inputs: Any, finished: Any) -> Any:
    """The nodes of inputs that no output needs: they belong to a network nevertheless."""
    used = {id(node) for node in finished}
    nodes = unique([node_of(x) for x in inputs if hasattr(x, "_keras_history")])
    return [node for node in nodes if node.is_source() and id(node) not in used]


def _encounter_order(outputs: Any) -> Any:
    """All layers in the order in which a walk from the outputs meets them."""
    layers: List[Any] = []
    seen = set()
    stack = [node_of(output) for output in reversed(outputs)]
    while stack:
        node = stack.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if not contains(layers, node.outbound_layer):
            layers.append(node.outbound_layer)
        stack += reversed(_predecessors(node))
    return layers


def _depths(finished: Any) -> Any:
    """Distances from the outputs, of nodes and of layers; a layer lies as deep as its deepest
    node."""
    node_depths: Dict[int, int] = {}
    layer_depths: Dict[int, int] = {}
    for node in reversed(finished):
        depth = max(node_depths.get(id(node), 0), layer_depths.get(id(node.outbound_layer), 0))
        node_depths[id(node)] = layer_depths[id(node.outbound_layer)] = depth
        for earlier in _predecessors(node):
            node_depths[id(earlier)] = max(depth + 1, node_depths.get(id(earlier), 0))
    return node_depths, layer_depths


def _by_discovery(finished: Any) -> Any:
    """Nodes of one depth are computed in the order in which depths were given to them."""
    order, seen = [], set()
    for node in reversed(finished):
        for found in [node] + _predecessors(node):
            if id(found) not in seen:
                seen.add(id(found))
                order.append(found)
    return order


def _check_connected(nodes: Any, inputs: Any) -> None:
    available = {id(x) for x in inputs}
    reached: List[str] = []
    for node in nodes:
        for x in node.input_tensors:
            if id(x) not in available:
                raise GraphError(
                    'Graph disconnected: cannot obtain value for tensor %s at layer "%s". The '
                    "following previous "
                    "layers were accessed without issue: %s. Every tensor must come from the "
                    "model's inputs; wrap one that does not with "
                    "Input(tensor=...)." % (x, node.outbound_layer.name, reached)
                )
        available.update(id(x) for x in node.output_tensors)
        reached.append(node.outbound_layer.name)


def _check_names(layers: Any) -> None:
    names = [layer.name for layer in layers]
    for name in names:
        if names.count(name) > 1:
            raise GraphError(
                'The name "%s" is used %d times in the model. All layer names should be unique.'
                % (name, names.count(name))
            )
