"""Configurations that Keras 1 wrote, in the form of Keras 2.

Keras 2's layers take Keras 1's names of arguments themselves (``engine/keras_1.py``). Here is what
lies beyond the arguments of one layer: regularizers and constraints had another form, some classes
another name, and a ``Merge`` layer, of any mode, is a layer of its own today. A Sequential that
began with a ``Merge`` of others had several inputs, and becomes a Model.
"""

import collections
from typing import Any

from tfkeras_compat.errors import ConfigError
from tfkeras_compat.legacy import keras_1

_CLASSES = {
    "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D",
    "Container": "Model",
}
_ARGUMENTS = {"atrous_rate": "dilation_rate"}

# Of Embedding it is the type of the indices; today an argument of that name is the weights' type.
_LEFT_OUT = {"Embedding": ("input_dtype",)}

_KINDS_OF_OBJECTS = ("regularizer", "constraint")

# Mode of a Merge layer -> today's class, and its arguments under the names they had.
_MERGES = {mode: (name, arguments) for name, (mode, arguments) in keras_1.MERGES.items()}
_MERGES["cos"] = _MERGES["dot"]


def is_keras_1(version: Any) -> bool:
    """Whether a version, as a file or configuration names it, is one of Keras 1."""
    return str(version or "").split(".")[0] == "1"


def in_keras_2_form(entry: Any) -> Any:
    """An entry ``{"class_name": ..., "config": ...}`` of Keras 1 as Keras 2 would have written it.

    Raises: ConfigError for a Merge layer whose mode is a function: there is no such layer today.
    """
    if entry["class_name"] == "Sequential":
        return _sequential(entry)
    entry = dict(entry, class_name=_CLASSES.get(entry["class_name"], entry["class_name"]))
    if entry["class_name"] == "Model":
        layers = [part for layer in entry["config"]["layers"] for part in _in_graph(layer)]
        return dict(entry, config=dict(entry["config"], layers=layers))
    left_out = _LEFT_OUT.get(entry["class_name"], ())
    config = {
        _ARGUMENTS.get(name, name): _argument(name, value)
        for name, value in entry["config"].items()
        if name not in left_out
    }
    return dict(entry, config=config)


def _argument(name: str, value: Any) -> Any:
    if name == "layer":  # of a wrapper
        return in_keras_2_form(value)
    is_object = name.rsplit("_", 1)[-1] in _KINDS_OF_OBJECTS and isinstance(value, dict)
    if is_object and value.get("name") in keras_1.OBJECTS:
        class_name, renamed = keras_1.OBJECTS[value["name"]]
        config = {renamed.get(each, each): value[each] for each in value if each != "name"}
        return {"class_name": class_name, "config": config}
    return value


def _layers_of(sequential: Any) -> Any:
    config = sequential["config"]
    return config["layers"] if isinstance(config, dict) else config


def _sequential(entry: Any) -> Any:
    layers = _layers_of(entry)
    if layers and layers[0]["class_name"] == "Merge":
        return _model_of_branches(entry)
    # Keras 1 named a Sequential only where it was part of a Model.
    config = {"name": entry.get("name"), "layers": [in_keras_2_form(layer) for layer in layers]}
    return dict(entry, config=config)


# ---- merge layers -------------------------------------------------------------------------------


def _in_graph(entry: Any) -> Any:
    """A layer of a Model, with its connections: one entry, or two where one layer became two."""
    if entry["class_name"] != "Merge":
        return [in_keras_2_form(entry)]
    config = entry["config"]
    mode, name = config["mode"], config["name"]
    if config.get("mode_type", "raw") != "raw" or mode not in _MERGES:
        raise ConfigError(
            "Layer %s: Keras 1's Merge with a function of one's own as mode can not be rebuilt. "
            "Build the model in code, with Lambda, and use load_weights()." % name
        )
    class_name, arguments = _MERGES[mode]
    merged = {new: config[old] for old, new in arguments.items()}
    if mode != "cos":
        return [dict(entry, class_name=class_name, config=dict(merged, name=name))]
    cosine = name + "_cosine"
    return [
        dict(
            entry,
            name=cosine,
            class_name=class_name,
            config=dict(merged, name=cosine, normalize=True),
        ),
        {  # Keras 1 gave the cosine of two vectors one axis more.
            "name": name,
            "class_name": "Reshape",
            "config": {"name": name, "target_shape": [1, 1]},
            "inbound_nodes": [[[cosine, 0, 0]]],
        },
    ]


def _model_of_branches(entry: Any) -> Any:
    graph = _Graph()
    output = graph.add_sequential(_layers_of(entry))
    layers = [part for layer in graph.layers.values() for part in _in_graph(layer)]
    config = {
        "name": entry.get("name"),
        "layers": layers,
        "input_layers": graph.inputs,
        "output_layers": [output],
    }
    return dict(entry, class_name="Model", config=config)


class _Graph:
    """The layers of a Model in Keras 1's form, by name, as one branch after another is added.

    A place is the name of a layer, the index of a call of it, and the index of an output.
    """

    def __init__(self) -> None:
        self.layers: Any = collections.OrderedDict()
        self.inputs: Any = []

    def add_branch(self, entry: Any) -> Any:
        """Adds what a Merge layer joined: a Sequential or a Model. Returns the place of its output.

        Keras 1 kept the weights of its layers one by one, and so they are layers of the whole.
        """
        if entry["class_name"] == "Sequential":
            return self.add_sequential(_layers_of(entry))
        if "input_layers" not in entry["config"]:
            return self.add_sequential([entry])
        config = entry["config"]
        self.layers.update((layer["name"], layer) for layer in config["layers"])
        self.inputs += config["input_layers"]
        return config["output_layers"][0]

    def add_sequential(self, layers: Any) -> Any:
        """Adds layers on top of each other; returns the place of the last one's output."""
        first = layers[0]
        if first["class_name"] == "Merge":
            branches = [self.add_branch(branch) for branch in first["config"]["layers"]]
            place = self._call(first, branches)
        else:
            place = self._call(first, [self._new_input(first)])
        for layer in layers[1:]:
            place = self._call(layer, [place])
        return place

    def _new_input(self, first: Any) -> Any:
        innermost = first
        while isinstance(innermost["config"], list):
            innermost = innermost["config"][0]
        config = innermost["config"]
        name = config["name"] + "_input"
        self.layers[name] = {
            "name": name,
            "class_name": "InputLayer",
            "config": {
                "name": name,
                "batch_input_shape": config["batch_input_shape"],
                "dtype": config.get("input_dtype", "float32"),
            },
            "inbound_nodes": [],
        }
        self.inputs.append([name, 0, 0])
        return self.inputs[-1]

    def _call(self, entry: Any, places: Any) -> Any:
        is_network = isinstance(entry["config"], list)
        name = "sequential_%d" % len(self.layers) if is_network else entry["config"]["name"]
        named = dict(entry, name=name, inbound_nodes=[])
        calls = self.layers.setdefault(name, named)["inbound_nodes"]
        calls.append(places)
        # A network has a call of its own before any other.
        return [name, len(calls) - 1 + is_network, 0]
