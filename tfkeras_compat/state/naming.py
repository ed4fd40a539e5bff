"""Names of layers and models: snake case, counted per graph."""

import re

from tfkeras_compat.state.graph import state_of


def get_uid(prefix: str = "") -> int:
    """The next number for ``prefix`` in the current graph, from 1."""
    uids = state_of().uids
    uids[prefix] += 1
    return uids[prefix]


def reset_uids() -> None:
    """Starts the counting of the current graph anew."""
    state_of().uids.clear()


def snake_case(name: str) -> str:
    """A class name in lower case with underscores: ``MaxPooling2D`` gives ``max_pooling2d``."""
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    name = re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()
    return (
        "private" + name if name.startswith("_") else name
    )  # a TensorFlow scope may not begin with an underscore


def layer_name(class_name: str) -> str:
    """A new automatic name for a layer: ``dense_1``."""
    return "%s_%d" % (snake_case(class_name), get_uid(class_name))


def model_name(class_name: str) -> str:
    """A new automatic name for a model: ``sequential_1``."""
    prefix = class_name.lower()
    return "%s_%d" % (prefix, get_uid(prefix))
