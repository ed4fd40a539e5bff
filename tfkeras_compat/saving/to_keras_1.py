"""Configurations in the form of Keras 1.2.2: what ``saving/keras_1.py`` reads, written.

Names and arguments are those of the tables ``legacy/keras_1.py`` and ``legacy/keywords.py``.
"""

import inspect
import warnings
from typing import Any, Dict, Iterator, List, Optional, Tuple

from tfkeras_compat import initializers
from tfkeras_compat.engine.keras_1 import new_names, values_of, words_of
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.legacy import keras_1
from tfkeras_compat.state.structures import to_list

_NAMES_THERE = {here: there for there, here in keras_1.CLASSES.items()}
_OBJECTS_THERE = {
    here: (there, {mine: theirs for theirs, mine in words.items()})
    for there, (here, words) in reversed(list(keras_1.OBJECTS.items()))
}
_RAW = {"mode_type": "raw", "output_shape_type": "raw", "output_mask_type": "raw"}


def in_keras_1_form(entry: Any) -> Any:
    """An entry ``{"class_name": ..., "config": ...}`` of today as Keras 1.2.2 would have had it.

    Layers of a user's own are left as their ``get_config`` tells, but for the type of the input.
    Raises: ConfigError for what Keras 1.2.2 does not have.
    """
    return _FORMS.get(entry["class_name"], _layer)(entry)


def training_in_keras_1_form(training: Any) -> Any:
    """What a model was compiled with, if it was, as Keras 1.2.2 would have written it. Raises as
    above."""
    if training is None:
        return None
    optimizer = training["optimizer_config"]
    known = keras_1.OPTIMIZERS.get(optimizer["class_name"], tuple(optimizer["config"]))
    unknown = [name for name, value in optimizer["config"].items() if value and name not in known]
    if unknown:
        raise ConfigError("Keras 1.2.2's %s has no %s." % (optimizer["class_name"], unknown))
    config = {name: value for name, value in optimizer["config"].items() if name in known}
    return dict(training, optimizer_config=dict(optimizer, config=config))


# ---- models -------------------------------------------------------------------------------------


def _sequential(entry: Any) -> Any:
    layers = [in_keras_1_form(layer) for layer in entry["config"]["layers"]]
    return dict(entry, config=layers)


def _model(entry: Any) -> Any:
    config = entry["config"]
    layers = [
        dict(
            in_keras_1_form(layer), inbound_nodes=[_call(layer, n) for n in layer["inbound_nodes"]]
        )
        for layer in config["layers"]
    ]
    return dict(entry, config=dict(config, layers=layers))


def _call(layer: Any, sources: Any) -> Any:
    """Where the inputs of a call come from; Keras 1 knew of no further arguments."""
    if any(arguments for _, _, _, *rest in sources for arguments in rest):
        raise ConfigError("Layer %s is called with arguments." % layer["name"])
    return [source[:3] for source in sources]


# ---- merge layers -------------------------------------------------------------------------------


def _merge(entry: Any) -> Any:
    config = dict(_written(entry, "Merge"), name=entry["config"]["name"])
    if "layers" in entry["config"]:
        config["layers"] = [in_keras_1_form(layer) for layer in entry["config"]["layers"]]
    return dict(entry, config=dict(_RAW, **config))


def _merge_of_a_mode(entry: Any) -> Any:
    mode, words = keras_1.MERGES[entry["class_name"]]
    config = {there: entry["config"][here] for there, here in words.items()}
    _check_neutral(entry, set(words.values()))
    config = dict(_RAW, name=entry["config"]["name"], mode=mode, **config)
    return dict(entry, class_name="Merge", config=config)


# ---- layers -------------------------------------------------------------------------------------


def _layer(entry: Any) -> Any:
    name = _name_in_order(entry)
    if name in keras_1.ORDERS:
        config = dict(_base(entry["config"]), **_written(entry, name))
        return dict(entry, class_name=_NAMES_THERE.get(name, name), config=config)
    if name in LAYERS:
        raise ConfigError("Layer %s: Keras 1.2.2 has no %s." % (entry["config"]["name"], name))
    own = {key: value for key, value in entry["config"].items() if key not in _BASE + ("dtype",)}
    return dict(entry, config=dict(_base(entry["config"]), **own))


def _name_in_order(entry: Any) -> Any:
    name = entry["class_name"]
    rates = to_list(entry["config"].get("dilation_rate", 1), allow_tuple=True)
    return name if set(rates) == {1} else keras_1.DILATED.get(name, name)


_BASE = ("name", "trainable", "batch_input_shape")


def _base(config: Any) -> Any:
    base = {key: config[key] for key in _BASE if key in config}
    if "batch_input_shape" in base:
        base["input_dtype"] = config.get("dtype")
    return base


def _written(entry: Any, name: str) -> Dict[str, Any]:
    """The arguments of a layer as it had them. Raises ConfigError for others that matter."""
    config, used = entry["config"], set(keras_1.KINDS_OF_FUNCTIONS.get(name, ()))
    written = {key: config[key] for key in used if key in config}
    cls = LAYERS.resolve(entry["class_name"])
    known = dict(_defaults(cls), **config)
    for old, new, part in _arguments(cls, name):
        used.update(new)
        if new[0] in known:
            written[old] = _value(config["name"], old, new[0], known[new[0]], part)
        elif old in keras_1.REQUIRED:
            raise ConfigError(
                "Layer %s: Keras 1.2.2's %s needs %s: give it." % (config["name"], name, old)
            )
    _check_neutral(entry, used)
    return written


def _arguments(cls: Any, name: str) -> Iterator[Tuple[str, List[str], Optional[int]]]:
    """For each argument there: its names here, and which part of the value it is."""
    table = words_of(cls)
    left_out = keras_1.NOT_WRITTEN + keras_1.FORGOTTEN.get(name, ())
    if name not in keras_1.OWN_INPUT_DIMENSIONS:
        left_out += keras_1.INPUT_DIMENSIONS
    for old in keras_1.ORDERS[name] + keras_1.BY_NAME.get(name, ()):
        if old in left_out:
            continue
        new, part = keras_1.PARTS.get(old, (keras_1.RENAMED.get(old, old), None))
        yield old, new_names(table, old) if old in table and part is None else [new], part


def _check_neutral(entry: Any, used: Any) -> None:
    """Raises ConfigError if an argument that is not used has a value of its own."""
    cls = LAYERS.resolve(entry["class_name"])
    defaults = _defaults(cls)
    for name, value in entry["config"].items():
        if name in used or name in _BASE + ("dtype",) or name.endswith("_initializer"):
            continue
        allowed = keras_1.NEUTRAL.get(name, (defaults.get(name),))
        plain = tuple(value) if isinstance(value, list) else value
        if allowed is not None and plain not in allowed:
            raise ConfigError(
                "Layer %s: Keras 1.2.2's %s has nothing for %s=%r."
                % (entry["config"]["name"], entry["class_name"], name, value)
            )


def _defaults(cls: Any) -> Dict[str, Any]:
    found: Dict[str, Any] = {}
    for base in reversed(cls.__mro__):
        if "__init__" in vars(base):
            parameters = inspect.signature(vars(base)["__init__"]).parameters
            found.update((name, each.default) for name, each in parameters.items())
    return found


# ---- values -------------------------------------------------------------------------------------


def _value(layer: str, old: str, new: str, value: Any, part: Optional[int]) -> Any:
    if part is not None:
        return value[part]
    kind = old.rsplit("_", 1)[-1]
    if isinstance(value, (dict, list, tuple)) and kind in _VALUES:
        return _VALUES[kind](layer, value)
    if old in keras_1.NUMBERS and len(to_list(value, allow_tuple=True)) == 1:
        return to_list(value, allow_tuple=True)[0]
    inverse = {here: there for there, here in values_of(new).items()} if old != new else {}
    return inverse.get(value, value) if inverse else value


def _initializer(layer: str, value: Any) -> Any:
    def plain(each: Any) -> Any:
        return each["class_name"], dict(each["config"], seed=None)

    for name in keras_1.INITIALIZERS:
        if plain(initializers.serialize(initializers.get(name))) == plain(value):
            return name
    warnings.warn(
        "Layer %s: Keras 1.2.2 has no name for the initializer %s; the configuration says "
        "'glorot_uniform'." % (layer, value)
    )
    return "glorot_uniform"


def _object(layer: str, value: Any) -> Any:
    name, words = _OBJECTS_THERE.get(value["class_name"], (value["class_name"], {}))
    config = {words.get(key, key): each for key, each in value["config"].items()}
    return dict(config, name=name)


def _padding(layer: str, value: Any) -> Any:
    """Pairs of sides: one number for each axis if they are the same, else all in a row."""
    pairs = value if isinstance(value[0], (list, tuple)) else [value]
    firsts = [before for before, _ in pairs]
    if all(before == after for before, after in pairs):
        return firsts[0] if len(firsts) == 1 else firsts
    if len(pairs) > 2:
        raise ConfigError("Layer %s: Keras 1.2.2 pads volumes alike on both sides." % layer)
    return [side for pair in pairs for side in pair]


_VALUES: Dict[str, Any] = {
    "init": _initializer,
    "padding": _padding,
    "regularizer": _object,
    "constraint": _object,
    "layer": lambda layer, value: in_keras_1_form(value),
}

_FORMS: Dict[str, Any] = dict(
    {"Sequential": _sequential, "Model": _model, "Merge": _merge},
    **dict.fromkeys(keras_1.MERGES, _merge_of_a_mode),
)
