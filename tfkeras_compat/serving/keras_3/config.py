"""Configurations in the form of Keras 3."""

import numpy as np

from tfkeras_compat.engine.network import Network
from tfkeras_compat.layers import RNN, Bidirectional, TimeDistributed
from tfkeras_compat.legacy import to_keras_3
from tfkeras_compat.models import Sequential
from tfkeras_compat.serving.keras_3 import compositions, differences, forms
from tfkeras_compat.serving.keras_3.unmapped import Unmapped


def entry_of(layer, report):
    """The entry of a layer or model in a configuration of Keras 3."""
    if isinstance(layer, Sequential):
        return forms.object_of("keras", "Sequential", _stack(layer, report))
    if isinstance(layer, Network) and layer._is_graph_network:
        return _graph(layer, report)
    try:
        entry = compositions.entry_of(layer) or _converted(layer, report)
    except Unmapped as reason:
        report.add(layer, None, str(reason))
        return None
    report.add(layer, entry["class_name"], _note(layer))
    return entry


def scaled_gates(layer):
    """Whether the weights of a layer make up for the other slope of Keras 3's hard_sigmoid."""
    name = _name_of(_slopes(layer))
    return name == "hard_sigmoid"


def _slopes(layer):
    kind = type(layer).__name__
    if kind in to_keras_3.GATES:
        return layer.recurrent_activation
    return layer.activation if kind in to_keras_3.LINEAR_IN_WEIGHTS else None


def _name_of(function):
    return getattr(function, "__name__", None)


def _note(layer):
    notes = [compositions.note(layer)]
    if scaled_gates(layer):
        notes.append("weights times 1.2, for the other slope of hard_sigmoid")
    if forms.safe_name(layer.name) != layer.name:
        notes.append("named %s, since names have no slashes there" % forms.safe_name(layer.name))
    return "; ".join(filter(None, notes))


# ---- layers -------------------------------------------------------------------------------------


def _converted(layer, report):
    kind = type(layer).__name__
    is_ours = type(layer).__module__.startswith("tfkeras_compat.")
    if kind == "InputLayer":
        return forms.input_of(layer.name, layer.batch_input_shape, layer.dtype)
    if kind not in to_keras_3.DROPPED or not is_ours:
        raise Unmapped(
            to_keras_3.ABSENT[kind]
            if is_ours and kind in to_keras_3.ABSENT
            else to_keras_3.OF_A_USER
        )
    refused = [reason for test, reason in differences.of(kind) if test(layer)]
    if refused:
        raise Unmapped(refused[0])
    dropped = to_keras_3.DROPPED[kind] + to_keras_3.DROPPED_ANYWHERE
    renamed = to_keras_3.RENAMED.get(kind, {})
    config = {
        renamed.get(name, name): _argument(layer, name, value)
        for name, value in layer.get_config().items()
        if name not in dropped
    }
    config.update(to_keras_3.ADDED.get(kind, {}))
    config.update(_inner(layer, report))
    config["name"] = forms.safe_name(layer.name)
    return forms.layer_of(to_keras_3.CLASSES.get(kind, kind), config)


def _argument(layer, name, value):
    module = to_keras_3.MODULES.get(name.rsplit("_", 1)[-1])
    if name.endswith("activation"):
        return _activation(layer, name, value)
    if module is None or value is None:
        return value.tolist() if isinstance(value, (np.ndarray, np.generic)) else value
    if not isinstance(value, dict) or value["class_name"] not in to_keras_3.OBJECTS[module]:
        raise Unmapped("its %s, %r, is none of Keras 3" % (name, value))
    config = dict(value["config"])
    if "distribution" in config:
        found = config["distribution"]
        config["distribution"] = to_keras_3.DISTRIBUTIONS.get(found, found)
    config.pop("dtype", None)
    return forms.object_of(module, value["class_name"], config)


def _activation(layer, name, value):
    if value not in to_keras_3.ACTIVATIONS:
        raise Unmapped("its %s, %r, is none of Keras 3" % (name, value))
    if value == "hard_sigmoid" and _name_of(_slopes(layer)) != value:
        raise Unmapped("its activation, hard_sigmoid, has another slope in Keras 3")
    return value


def _inner(layer, report):
    """The arguments that are layers themselves."""
    if isinstance(layer, (TimeDistributed, Bidirectional)):
        inner = layer.layer if isinstance(layer, TimeDistributed) else layer.forward_layer
        return {"layer": _needed(inner, report)}
    kind = type(layer).__name__
    if kind == "RNN" and isinstance(layer, RNN):
        return {"cell": _needed(layer.cell, report)}
    if kind == "StackedRNNCells":
        return {"cells": [_needed(cell, report) for cell in layer.cells]}
    return {}


def _needed(layer, report):
    entry = entry_of(layer, report)
    if entry is None:
        raise Unmapped("the %s in it can not be converted" % type(layer).__name__)
    return entry


# ---- models -------------------------------------------------------------------------------------


def _stack(model, report):
    first = model.inputs[0]._keras_history[0]
    entries = [forms.input_of(first.name, first.batch_input_shape, first.dtype)]
    entries += [entry_of(layer, report) for layer in model.layers]
    return {"name": forms.safe_name(model.name), "trainable": True, "layers": entries}


def _graph(model, report):
    config = model.get_config()
    layers = {layer.name: layer for layer in model.layers}
    entries = [_called(layers, each, report) for each in config["layers"]]
    ends = [[_place(layers, end) for end in config[key]] for key in _ENDS]
    return forms.functional(model.name, [entry for entry in entries if entry], *ends)


_ENDS = ("input_layers", "output_layers")


def _called(layers, found, report):
    layer = layers[found["name"]]
    entry = entry_of(layer, report)
    nodes = [_node(layers, layer, node) for node in found["inbound_nodes"]]
    return forms.called(entry, *nodes) if entry else None


def _place(layers, place):
    name, node, index = place[:3]
    # There a nested model, once loaded, has no node of its own before it is called.
    return [forms.safe_name(name), node - isinstance(layers[name], Network), index]


def _node(layers, layer, sources):
    tensors = [_tensor(layers, source) for source in sources]
    arguments = dict(sources[0][3]) if sources and len(sources[0]) > 3 else {}
    if len(tensors) == 1 and type(layer).__name__ not in to_keras_3.MERGES:
        return {"args": tensors, "kwargs": arguments}
    if isinstance(layer, (RNN, Bidirectional)):
        return {"args": tensors[:1], "kwargs": dict(arguments, initial_state=tensors[1:])}
    return {"args": [tensors], "kwargs": arguments}


def _tensor(layers, source):
    layer = layers[source[0]]
    node = layer._inbound_nodes[source[1]] if source[1] < len(layer._inbound_nodes) else None
    output = layer.get_output_at(source[1]) if node else layer.output
    output = output[source[2]] if isinstance(output, list) else output
    return forms.tensor_at(_place(layers, source), output)
