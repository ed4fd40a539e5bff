"""The table of layers that ``model.summary()`` prints, line for line as Keras 2.2 printed it."""

from typing import Any

from tfkeras_compat import backend as K
from tfkeras_compat.state.structures import unique


def print_summary(
    model: Any, line_length: Any = None, positions: Any = None, print_fn: Any = None
) -> None:
    """Prints the table: in columns of type, shape and number of weights, and connections unless
    they form a line.

    ``positions`` are ends of columns, relative to ``line_length`` or absolute.
    """
    is_sequential = _is_sequential(model)
    heads = ["Layer (type)", "Output Shape", "Param #"] + (
        [] if is_sequential else ["Connected to"]
    )
    line_length = line_length or (65 if is_sequential else 98)
    positions = positions or ([0.45, 0.85, 1.0] if is_sequential else [0.33, 0.55, 0.67, 1.0])
    if positions[-1] <= 1:
        positions = [int(line_length * position) for position in positions]
    print_fn = print_fn or print
    print_fn('Model: "%s"' % model.name)
    print_fn("_" * line_length)
    print_fn(_row(heads, positions))
    print_fn("=" * line_length)
    for index, layer in enumerate(model.layers):
        for fields in _layer_rows(model, layer, is_sequential):
            print_fn(_row(fields, positions))
        print_fn(("=" if index == len(model.layers) - 1 else "_") * line_length)
    _print_totals(model, print_fn, line_length)


def _is_sequential(model: Any) -> Any:
    """Whether every layer has one call, on the one tensor of the layer before."""
    topology = getattr(model, "_topology", None)
    if topology is None or type(model).__name__ == "Sequential":
        return True
    counts = [len(nodes) for nodes in topology.nodes_by_depth().values()]
    if max(counts) > 1 or any(len(node.inbound_layers) > 1 for node in topology.nodes):
        return False
    return all(len(topology.nodes_of(layer)) <= 1 for layer in topology.layers)


def _row(fields: Any, positions: Any) -> Any:
    line = ""
    for index, (field, position) in enumerate(zip(fields, positions)):
        line = (line[:-1] + " " if index else line) + str(field)
        line = line[:position] + " " * (position - len(line))
    return line


def _layer_rows(model: Any, layer: Any, is_sequential: Any) -> Any:
    try:
        shape = layer.output_shape
    except AttributeError:
        shape = "multiple"
    fields = ["%s (%s)" % (layer.name, type(layer).__name__), shape, layer.count_params()]
    if is_sequential:
        return [fields]
    connections = _connections(model, layer) or [""]
    return [fields + connections[:1]] + [["", "", "", connection] for connection in connections[1:]]


def _connections(model: Any, layer: Any) -> Any:
    return [
        "%s[%s][%s]" % (inbound.name, node_index, tensor_index)
        for _, node in model._topology.nodes_of(layer)
        for inbound, node_index, tensor_index in zip(
            node.inbound_layers, node.node_indices, node.tensor_indices
        )
    ]


def _print_totals(model: Any, print_fn: Any, line_length: Any) -> None:
    if hasattr(model, "_check_trainable_weights_consistency"):
        model._check_trainable_weights_consistency()
    trainable = getattr(model, "_collected_trainable_weights", None) or model.trainable_weights
    trainable_count, frozen_count = (
        count_params(trainable),
        count_params(model.non_trainable_weights),
    )
    print_fn("Total params: {:,}".format(trainable_count + frozen_count))
    print_fn("Trainable params: {:,}".format(trainable_count))
    print_fn("Non-trainable params: {:,}".format(frozen_count))
    print_fn("_" * line_length)


def count_params(weights: Any) -> int:
    """The number of values in some weights; a weight that is there twice counts once."""
    return sum(K.count_params(weight) for weight in unique(weights))
