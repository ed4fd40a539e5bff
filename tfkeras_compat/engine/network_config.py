"""The configuration of a network: its layers and their connections, as plain values and back."""

import copy
import json
import warnings
from typing import Any

from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state.structures import to_list, unpack_singleton


def config_of_network(network: Any) -> Any:
    """The configuration of a graph of layers, in the original's form."""
    indices = _kept_indices(network)
    config = {
        "name": network.name,
        "layers": [_layer_entry(network, layer, indices) for layer in network._layers],
        "input_layers": _coordinates(network.inputs, indices),
        "output_layers": _coordinates(network.outputs, indices),
    }
    return copy.deepcopy(config)


def _kept_indices(network: Any) -> Any:
    """``(layer name, node index) -> index among the nodes that will exist again``.

    A nested network, once rebuilt, has a node of its own before any call.
    """
    indices = {}
    for layer in network._layers:
        first = 1 if hasattr(layer, "_topology") else 0
        for kept, (index, _) in enumerate(network._topology.nodes_of(layer)):
            indices[layer.name, index] = first + kept
    return indices


def _layer_entry(network: Any, layer: Any, indices: Any) -> Any:
    nodes = [node for _, node in network._topology.nodes_of(layer) if not node.is_source()]
    return {
        "name": layer.name,
        "class_name": type(layer).__name__,
        "config": layer.get_config(),
        "inbound_nodes": [_node_entry(layer, node, indices) for node in nodes],
    }


def _node_entry(layer: Any, node: Any, indices: Any) -> Any:
    arguments = _serializable_arguments(layer, node)
    return [
        [inbound.name, indices.get((inbound.name, node_index), 0), tensor_index, arguments]
        for inbound, node_index, tensor_index in zip(
            node.inbound_layers, node.node_indices, node.tensor_indices
        )
    ]


def _serializable_arguments(layer: Any, node: Any) -> Any:
    try:
        json.dumps(node.arguments)
    except TypeError:
        warnings.warn(
            "Layer %s was passed non-serializable keyword arguments: %s. They will not be included "
            "in the serialized model (and thus will be missing at deserialization time)."
            % (layer.name, node.arguments)
        )
        return {}
    return node.arguments or {}


def _coordinates(tensors: Any, indices: Any) -> Any:
    histories = [x._keras_history for x in tensors]
    return [
        [layer.name, indices[layer.name, node_index], tensor_index]
        for layer, node_index, tensor_index in histories
    ]


def network_from_config(
    cls: Any, config: Any, custom_objects: Any = None, given: Any = None
) -> Any:
    """A network of class ``cls`` from its configuration.

    ``given`` names layers that exist already and are used as they are.
    Raises ConfigError if the configuration is not well-formed.
    """
    missing = [key for key in ("layers", "input_layers", "output_layers") if key not in config]
    if missing:
        raise ConfigError("Improperly formatted model config: %s missing." % ", ".join(missing))
    layers = dict(given or {})
    for entry in config["layers"]:
        if entry["name"] not in layers:
            layers[entry["name"]] = LAYERS.deserialize(entry, custom_objects)
    _connect(
        layers,
        [
            (layers[entry["name"]], node)
            for entry in config["layers"]
            for node in entry["inbound_nodes"]
        ],
    )
    inputs = [_output_at(layers, *coordinates) for coordinates in config["input_layers"]]
    outputs = [_output_at(layers, *coordinates) for coordinates in config["output_layers"]]
    return cls(inputs=inputs, outputs=outputs, name=config.get("name"))


def _connect(layers: Any, calls: Any) -> None:
    """Makes the calls, each as soon as its inputs exist and the earlier calls of its layer were
    made."""
    while calls:
        postponed, blocked = [], set()
        for layer, node in calls:
            if id(layer) in blocked or not _is_ready(layers, node):
                blocked.add(id(layer))
                postponed.append((layer, node))
            else:
                _call(layers, layer, node)
        if len(postponed) == len(calls):
            raise ConfigError(
                "Improperly formatted model config: the inputs of layer %s are never computed."
                % calls[0][0].name
            )
        calls = postponed


def _is_ready(layers: Any, node: Any) -> Any:
    return all(source[1] < len(layers[source[0]]._inbound_nodes) for source in node)


def _call(layers: Any, layer: Any, node: Any) -> None:
    inputs = [_output_at(layers, *source[:3]) for source in node]
    arguments = node[-1][3] if node and len(node[-1]) > 3 else {}
    layer(unpack_singleton(inputs), **arguments)


def _output_at(layers: Any, name: str, node_index: Any, tensor_index: Any) -> Any:
    if name not in layers:
        raise ConfigError("Improperly formatted model config: there is no layer %r." % name)
    return to_list(layers[name]._inbound_nodes[node_index].output_tensors)[tensor_index]
