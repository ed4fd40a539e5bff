"""Models in the SavedModels that we export: beside the graph, which servers run, lies what the
model is made again from."""

import os

from tfkeras_compat._tf import tf
from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import ConfigError, FileFormatError
from tfkeras_compat.saving import checkpoints
from tfkeras_compat.saving.config import as_json, model_from_config, parsed_json

_CONFIGURATION = os.path.join("assets.extra", "keras_model.json")
_VARIABLES = os.path.join("variables", "variables")
_NAMES = "names_of_weights"


def write_configuration(model, folder, exported):
    """Puts the configuration of a model into its SavedModel, with the names of its weights there;
    nothing for what has no configuration.

    Args: ``exported`` are the names of the variables in the SavedModel.
    """
    if not isinstance(model, Network):
        return
    names = [checkpoints.name_of(weight) for weight in _weights(model)]
    try:
        config = dict(model._updated_config())
        text = as_json(dict(config, **{_NAMES: [name in exported and name for name in names]}))
    except (NotImplementedError, TypeError):  # a model that is code, a layer without a form as text
        return
    path = os.path.join(folder, _CONFIGURATION)
    tf.gfile.MakeDirs(os.path.dirname(path))
    with tf.gfile.GFile(path, "w") as file:
        file.write(text)


def _weights(model):
    return [weight for layer in model.layers for weight in layer.weights]


def found_at(place):
    """The SavedModel of ours that a path names, itself or as the folder of its versions, of which
    the greatest counts; otherwise ``None``."""
    if not isinstance(place, (str, bytes, os.PathLike)):
        return None
    path = os.fsdecode(place)
    if not tf.gfile.IsDirectory(path):
        return None
    names = [name.strip("/") for name in tf.gfile.ListDirectory(path)]
    versions = sorted((name for name in names if name.isdigit()), key=int)
    places = [path] + [os.path.join(path, name) for name in versions[-1:]]
    return next((each for each in places if _is_ours(each)), None)


def _is_ours(folder):
    return tf.gfile.Exists(os.path.join(folder, _CONFIGURATION))


def load(folder, custom_objects=None, safe_mode=True):
    """The model in a SavedModel of ours, not compiled.

    Raises: FileFormatError, ShapeError or ConfigError if the files are damaged or do not fit;
    UnsafeConfigError for code of another process.
    """
    with tf.gfile.GFile(os.path.join(folder, _CONFIGURATION), "rb") as file:
        content = file.read()
    try:
        config = parsed_json(content.decode("utf-8"))
    except (ConfigError, UnicodeDecodeError) as error:
        raise FileFormatError("%s: the configuration is damaged. %s" % (folder, error)) from error
    model = model_from_config(config, custom_objects, safe_mode)
    weights, names = _weights(model), config.get(_NAMES)
    if not isinstance(names, list) or len(names) != len(weights):
        raise FileFormatError(
            "%s: the configuration has %d weights, and does not name as many."
            % (folder, len(weights))
        )
    pairs = [pair for pair in zip(weights, names) if pair[1]]
    if pairs:  # without variables there is no file of them
        checkpoints.load_by_name(os.path.join(folder, _VARIABLES), pairs)
    return model
