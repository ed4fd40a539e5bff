"""Names of layers, models and weights, as the generation has them."""

import collections
import contextlib
import re
from typing import Any, Dict

from tfkeras_compat._tf import tf
from tfkeras_compat.state.generation import trait
from tfkeras_compat.state.graph import state_of

_of_the_process: Dict[str, int] = collections.defaultdict(int)


def get_uid(prefix: str = "") -> int:
    """The next number for ``prefix`` in the current graph, from 1; in Keras 1, in the process."""
    uids = _uids()
    uids[prefix] += 1
    return uids[prefix]


def reset_uids() -> None:
    """Starts the counting of the current graph anew."""
    _uids().clear()


def _uids() -> Any:
    return _of_the_process if trait("counts") == "process" else state_of().uids


def snake_case(name: str) -> str:
    """A class name in lower case with underscores: ``MaxPooling2D`` gives ``max_pooling2d``."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    name = re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
    return (
        "private" + name if name.startswith("_") else name
    )  # a TensorFlow scope may not begin with an underscore


def lower_case(name: str) -> str:
    """A class name in lower case, as Keras 1 has it: ``MaxPooling2D`` gives ``maxpooling2d``."""
    return re.sub(r"\W+", "", name).lower()


_SPELLINGS = {"snake": snake_case, "lower": lower_case}


def layer_name(class_name: str) -> str:
    """A new automatic name for a layer: ``dense_1``, or as the generation has it."""
    class_name = trait("class_names").get(class_name, class_name)
    return _numbered(_spelled(class_name), get_uid(class_name))


def name_of_function(name: str) -> Any:
    """A new automatic name for a layer that the function ``name`` makes; ``None`` for that of its
    class."""
    return layer_name(name) if name in trait("own_names") else None


def input_name(first_name: str, first_class: str) -> str:
    """The name of the input that is made for the first layer of a Sequential."""
    return _INPUT_NAMES[trait("input_names")](first_name, first_class)


def _input_of_class(first_name: str, first_class: str) -> str:
    prefix = _spelled(trait("class_names").get(first_class, first_class)) + "_input"
    return "%s_%d" % (prefix, get_uid(prefix))


_INPUT_NAMES = {
    "layer": lambda first_name, first_class: first_name + "_input",
    "class": _input_of_class,
}


def _spelled(class_name: str) -> str:
    return _SPELLINGS[trait("spelling")](class_name)


def model_name(class_name: str) -> str:
    """A new automatic name for a model: ``sequential_1``, or as the generation has it."""
    prefix = class_name.lower()
    return _numbered(prefix, get_uid(prefix))


def _numbered(prefix: str, count: int) -> str:
    number = count - 1 + trait("first_number")
    return "%s_%d" % (prefix, number) if number else prefix


# ---- what belongs to a layer --------------------------------------------------------------------


def layer_scope(name: str) -> Any:
    """The context in which a layer of that name makes operations and weights."""
    return tf.name_scope(name) if trait("scopes") else contextlib.ExitStack()


def short_weight_name(name: str) -> Any:
    """What the generation calls a weight: ``kernel`` or ``W``."""
    return trait("weight_names").get(name, name)


def weight_name(layer_name: str, short_name: str) -> str:
    """The name of a layer's variable inside its scope: ``kernel``, or ``dense_1_W`` without one."""
    return short_name if trait("scopes") else "%s_%s" % (layer_name, short_name)
