"""Models as configurations: dictionaries, JSON, YAML. Nothing in them is run or imported."""

import contextlib
import json
import warnings
from typing import Any

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.errors import CompatError, ConfigError, MissingDependencyError
from tfkeras_compat.saving import order_of_axes
from tfkeras_compat.saving.keras_1 import in_keras_2_form, is_keras_1
from tfkeras_compat.saving.tf_keras import in_keras_2_2_form, is_tf_keras
from tfkeras_compat.saving.to_keras_1 import in_keras_1_form, training_in_keras_1_form
from tfkeras_compat.state.bytecode import trusting
from tfkeras_compat.state.generation import trait
from tfkeras_compat.state.registry import serialize

# The format that is written is that of Keras 2.2.5, whichever program writes it.
KERAS_VERSION = "2.2.5"
BACKEND = "tensorflow"

# What a malformed configuration makes a layer's own `from_config` stumble over.
STUMBLES = (AttributeError, IndexError, KeyError, RecursionError, TypeError)
# What its values make TensorFlow stumble over, when the layer is built.
_STUMBLES_OF_VALUES = STUMBLES + (
    MemoryError,
    NameError,  # in the code of a Lambda, which sees the names of custom_objects
    OverflowError,
    ValueError,
    tf.errors.OpError,
)


def keras_version():
    """The version that files of weights name, by the layout that the generation has."""
    return trait("version") or KERAS_VERSION


def written_form(model, training=None):
    """What a file holds of a model: its configuration and how it was compiled, in the form that
    programs of the generation read, and the version of that form: three values.

    Where the older form has no words for a model, it is written in today's, with a warning.
    """
    entry, version = serialize(model), keras_version()
    if not is_keras_1(version):
        return entry, training, version
    try:
        return in_keras_1_form(entry), training_in_keras_1_form(training), version
    except ConfigError as error:
        warnings.warn(
            "Model %s is written in the form of Keras %s, and Keras %s will not read it. %s"
            % (model.name, KERAS_VERSION, version, error)
        )
        return entry, training, KERAS_VERSION


def model_from_config(config, custom_objects=None, safe_mode=True):
    """A model, not compiled and without the weights, from its configuration.

    Args:
        config: ``{"class_name": ..., "config": ...}``, or just what ``model.get_config()`` gave; a
            list of layers, as Keras 1 wrote it, is a Sequential. A ``"keras_version"`` beside
            them says which Keras wrote it; ours if there is none.
        custom_objects: names and the classes or functions they stand for.
        safe_mode: whether bytecode that another process wrote is refused.
    Raises: ConfigError if it can not be understood, UnsafeConfigError (a ConfigError) for foreign
    bytecode.

    >>> from tfkeras_compat.layers import Dense
    >>> from tfkeras_compat.models import Sequential, model_from_config
    >>> model = Sequential([Dense(2, input_shape=(3,))])
    >>> model_from_config(model.get_config()).output_shape
    (None, 2)
    """
    entry = _with_class_name(config)
    with order_of_axes.explained(entry), _understood(entry), trusting(not safe_mode):
        return LAYERS.deserialize(_in_todays_form(entry), custom_objects)


@contextlib.contextmanager
def _understood(entry):
    try:
        yield
    except CompatError:
        raise
    except _STUMBLES_OF_VALUES as error:
        raise ConfigError(
            "The configuration of %s can not be understood: %s: %s"
            % (entry["class_name"], type(error).__name__, error)
        ) from error


def _with_class_name(config):
    if isinstance(config, dict) and "class_name" in config and "config" in config:
        return config
    if isinstance(config, dict) and "input_layers" in config:
        return {"class_name": "Model", "config": config}
    if isinstance(config, list) or (isinstance(config, dict) and "layers" in config):
        return {"class_name": "Sequential", "config": config}
    raise ConfigError(
        "Expected the configuration of a model: a dictionary with 'class_name' and 'config', or "
        "what model.get_config() gives. Found: %.200r" % (config,)
    )


def _in_todays_form(entry):
    version = entry.get("keras_version")
    if is_keras_1(version):
        return in_keras_2_form(order_of_axes.filled_in(entry))
    if is_tf_keras(version):
        return in_keras_2_2_form(entry)
    if _is_keras_3(entry):
        raise ConfigError(
            "This configuration was written by Keras 3%s, and can not be read here. Build the "
            "model in code, and load the weights of what `model.save('model.h5')` wrote there with "
            "load_weights('model.h5')." % (" (%s)" % version if version else "")
        )
    return entry


def _is_keras_3(entry):
    version = entry.get("keras_version")
    return str(version).startswith("3.") or (version is None and "registered_name" in entry)


def classes_in(layer):
    """The classes of a layer and of all layers in it, by name: also those that nobody
    registered."""
    found = {type(layer).__name__: type(layer)}
    for sublayer in layer._sublayers():
        found.update(classes_in(sublayer))
    return found


def model_from_json(json_string, custom_objects=None, safe_mode=True):
    """A model, not compiled and without the weights, from what ``model.to_json()`` gave.

    Raises: ConfigError if it is no JSON or no model, UnsafeConfigError for bytecode that another
    process wrote.
    """
    return model_from_config(parsed_json(json_string), custom_objects, safe_mode)


def parsed_json(json_string):
    """The values in a JSON text. Raises ConfigError if it is none."""
    try:
        return json.loads(json_string)
    except (ValueError, RecursionError) as error:
        raise ConfigError("Expected JSON text: %s. Found: %.60r" % (error, json_string)) from error


def model_from_yaml(yaml_string, custom_objects=None, safe_mode=True):
    """A model, not compiled and without the weights, from what ``model.to_yaml()`` gave.

    Only plain values and tuples are read, never objects.
    Raises: ConfigError as ``model_from_json``; MissingDependencyError without PyYAML.
    """
    return model_from_config(parsed_yaml(yaml_string), custom_objects, safe_mode)


def parsed_yaml(yaml_string):
    """The plain values in a YAML text. Raises as ``model_from_yaml``."""
    yaml = _yaml()
    try:
        return yaml.load(yaml_string, Loader=_plain_loader(yaml))
    except (yaml.YAMLError, RecursionError) as error:
        raise ConfigError(
            "Expected YAML text of plain values; objects are never loaded from it. %s" % error
        ) from error


def _yaml():
    try:
        import yaml
    except ImportError as error:
        raise MissingDependencyError(
            "Models as YAML need PyYAML: pip install 'tfkeras_compat[yaml]'. JSON (to_json, "
            "model_from_json) needs nothing more."
        ) from error
    return yaml


def _plain_loader(yaml):
    """The safe loader, and the tuples that Keras 2.2 wrote."""
    loader: Any = type("PlainLoader", (yaml.SafeLoader,), {})
    loader.add_constructor("tag:yaml.org,2002:python/tuple", yaml.SafeLoader.construct_yaml_seq)
    return loader


def as_json(value, **kwargs):
    """JSON text of a configuration.

    Args: ``kwargs`` go to ``json.dumps``. Raises TypeError for what has no plain form.
    """
    return json.dumps(value, **dict({"default": _plain}, **kwargs))


def as_yaml(value, **kwargs):
    """YAML text of a configuration; ``kwargs`` go to ``yaml.dump``."""
    return _yaml().safe_dump(json.loads(as_json(value)), **kwargs)


def _plain(value):
    """The plain form of arrays, objects with a configuration, and functions (their names)."""
    if isinstance(value, np.ndarray):
        return value.tolist()
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.dtype):
        return value.name
    if isinstance(value, type):
        return value.__name__
    if hasattr(value, "get_config") or callable(value):
        return serialize(value)
    raise TypeError("Not JSON Serializable: %s" % (value,))
