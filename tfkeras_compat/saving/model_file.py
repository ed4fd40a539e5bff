"""Whole models in HDF5 files: configuration, weights, compilation, state of the optimizer."""

import warnings

from tfkeras_compat import backend as K
from tfkeras_compat import optimizers
from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import ConfigError, FileFormatError, ShapeError
from tfkeras_compat.saving import hdf5
from tfkeras_compat.saving.config import (
    BACKEND,
    KERAS_VERSION,
    as_json,
    model_from_config,
    parsed_json,
)
from tfkeras_compat.saving.places import explained, file_name, reading, write_to
from tfkeras_compat.state.registry import CustomObjectScope, serialize

# Keras 2.2.5 stumbles over a TFOptimizer in `training_config`; without that attribute it loads the
# model and warns that it is not compiled.
TRAINING_ATTRIBUTES = ("training_config", "training_config_of_tf_optimizer")

_COMPILED_WITH = ("loss", "metrics", "weighted_metrics", "sample_weight_mode", "loss_weights")


# ---- saving -------------------------------------------------------------------------------------


def save_model(model, filepath, overwrite=True, include_optimizer=True):
    """Writes a model to an HDF5 file: configuration, weights, and what it was compiled with.

    Args:
        filepath: a path, an ``h5py`` file or group, or an object with a method ``write`` that takes
            bytes.
        overwrite: whether a file that exists is replaced without asking on the terminal.
        include_optimizer: whether to write how the model was compiled, with the state of the
            optimizer.
    A file is replaced as a whole, once all is written.

    >>> import io
    >>> from tfkeras_compat.layers import Dense
    >>> from tfkeras_compat.models import Sequential, load_model, save_model
    >>> file = io.BytesIO()
    >>> save_model(Sequential([Dense(2, input_shape=(3,))]), file)
    >>> _ = file.seek(0)
    >>> load_model(file, compile=False).output_shape
    (None, 2)
    """
    config = as_json(serialize(model))  # before any file is touched: a subclassed model has none
    write_to(filepath, lambda group: _write(group, model, config, include_optimizer), overwrite)


def _write(group, model, config, include_optimizer):
    group.attrs["keras_version"] = KERAS_VERSION.encode()
    group.attrs["backend"] = BACKEND.encode()
    group.attrs["model_config"] = config.encode("utf-8")
    hdf5.save_weights_to_hdf5_group(_emptied(group, "model_weights"), model.layers)
    if include_optimizer and getattr(model, "optimizer", None):
        _write_training(group, model)


def _emptied(group, name):
    if hdf5.has_child(group, name):
        del group[name]
    return group.create_group(name)


def _write_training(group, model):
    try:
        optimizer_config = serialize(model.optimizer)
    except NotImplementedError as error:
        warnings.warn(
            "%s has no configuration to save, so the file does not say how the model was compiled: "
            "compile it again after loading, or use an optimizer of keras.optimizers. %s"
            % (model.optimizer, error)
        )
        return
    training = {name: getattr(model, name) for name in _COMPILED_WITH}
    training["optimizer_config"] = optimizer_config
    attribute = TRAINING_ATTRIBUTES[isinstance(model.optimizer, optimizers.TFOptimizer)]
    group.attrs[attribute] = as_json(training).encode("utf-8")
    weights = model.optimizer.weights
    if weights:
        hdf5.save_arrays(_emptied(group, "optimizer_weights"), weights, K.batch_get_value(weights))


# ---- loading ------------------------------------------------------------------------------------


def load_model(filepath, custom_objects=None, compile=True, safe_mode=True):
    """The model that ``save_model`` wrote, compiled as it was.

    Args:
        filepath: a path, an ``h5py`` file or group, or an object with a method ``read`` that gives
            bytes.
        custom_objects: names in the file and the classes or functions they stand for.
        compile: whether to compile it, if the file says how.
        safe_mode: whether code in the file (the function of a Lambda layer) is refused if another
            process wrote it.
    Raises: MissingFileError; FileFormatError, ConfigError or ShapeError if the file is damaged or
    does not fit together; UnsafeConfigError for foreign code.
    """
    with reading(filepath) as group:
        with explained(group):
            config = _json_attribute(group, "model_config")
            training = _training(group)
            weights = hdf5.child(group, "model_weights")
        if config is None:
            raise FileFormatError(
                "No model found in %s: it holds no configuration. If it is a file of weights, "
                "build the model and use load_weights()." % file_name(group)
            )
        model = model_from_config(config, custom_objects, safe_mode)
        if not isinstance(model, Network):
            raise FileFormatError("%s holds no model, but %r." % (file_name(group), model))
        hdf5.load_weights_from_hdf5_group(weights, model.layers)
        if compile:
            _compile(model, group, training, custom_objects)
    return model


def _json_attribute(group, name):
    if name not in group.attrs:
        return None
    try:
        return parsed_json(hdf5.text(group.attrs[name]))
    except ConfigError as error:
        raise FileFormatError(
            "%s: the attribute %s is damaged. %s" % (file_name(group), name, error)
        ) from error


def _training(group):
    found = (_json_attribute(group, name) for name in TRAINING_ATTRIBUTES)
    return next((training for training in found if training is not None), None)


def _compile(model, group, training, custom_objects):
    if training is None:
        warnings.warn(
            "No training configuration found in %s: the model was *not* compiled. Compile it "
            "manually." % file_name(group)
        )
        return
    with CustomObjectScope(custom_objects or {}):
        optimizer = optimizers.deserialize(_optimizer_config(group, training), custom_objects)
        model.compile(optimizer, **{name: training.get(name) for name in _COMPILED_WITH})
    if hdf5.has_child(group, "optimizer_weights"):
        _load_optimizer(model, group)


def _optimizer_config(group, training):
    if not isinstance(training, dict) or "optimizer_config" not in training:
        raise FileFormatError(
            "%s: the attribute training_config names no optimizer." % file_name(group)
        )
    return training["optimizer_config"]


def _load_optimizer(model, group):
    model._make_train_function()  # gives the optimizer its variables
    try:
        with explained(group):
            arrays = _arrays_for(model.optimizer, hdf5.child(group, "optimizer_weights"))
    except ShapeError as error:
        warnings.warn(
            "The saved state of the optimizer does not fit, and the optimizer starts afresh. %s"
            % error
        )
        return
    K.batch_set_value(list(zip(model.optimizer.weights, arrays)))


def _arrays_for(optimizer, group):
    stored = hdf5.datasets(group)
    found = [one.shape for one in stored]
    expected = [K.int_shape(weight) for weight in optimizer.weights]
    if found != expected:
        raise ShapeError(
            "%s: the optimizer expects variables of shapes %s, but the file holds shapes %s."
            % (file_name(group), expected, found)
        )
    return hdf5.read(stored)
