"""Whole models in HDF5 files: configuration, weights, compilation, state of the optimizer."""

import warnings

from tfkeras_compat import backend as K
from tfkeras_compat import optimizers
from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import ConfigError, FileFormatError, ShapeError
from tfkeras_compat.saving import hdf5, order_of_axes, saved_model, tf_keras
from tfkeras_compat.saving.config import (
    BACKEND,
    STUMBLES,
    as_json,
    model_from_config,
    parsed_json,
    written_form,
)
from tfkeras_compat.saving.keras_1 import is_keras_1
from tfkeras_compat.saving.places import explained, file_name, reading, write_to
from tfkeras_compat.state.generation import trait
from tfkeras_compat.state.registry import CustomObjectScope, get_custom_objects, serialize

# Keras 2.2.5 stumbles over a TFOptimizer in `training_config`; without that attribute it loads the
# model and warns that it is not compiled.
TRAINING_ATTRIBUTES = ("training_config", "training_config_of_tf_optimizer")

_NOT_COMPILED = (
    "No training configuration found in %s: the model was *not* compiled. Compile it manually."
)

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
    is_compiled = include_optimizer and getattr(model, "optimizer", None)
    # Before any file is touched: a subclassed model has no configuration.
    entry, training, version = written_form(model, _training_of(model) if is_compiled else None)
    attributes = {"keras_version": version, "backend": BACKEND, "model_config": as_json(entry)}
    if training is not None:
        name = TRAINING_ATTRIBUTES[isinstance(model.optimizer, optimizers.TFOptimizer)]
        attributes[name] = as_json(training)
    write_to(filepath, lambda group: _write(group, model, attributes, training), overwrite)


def _write(group, model, attributes, training):
    for name, text in attributes.items():
        group.attrs[name] = text.encode("utf-8")
    hdf5.save_weights_to_hdf5_group(_emptied(group, "model_weights"), model.flattened_layers)
    weights = model.optimizer.weights if training is not None else []
    if weights:
        hdf5.save_arrays(_emptied(group, "optimizer_weights"), weights, K.batch_get_value(weights))


def _emptied(group, name):
    if hdf5.has_child(group, name):
        del group[name]
    return group.create_group(name)


def _training_of(model):
    """How a model was compiled, or ``None``, with a warning, if its optimizer can not tell."""
    try:
        optimizer_config = serialize(model.optimizer)
    except NotImplementedError as error:
        warnings.warn(
            "%s has no configuration to save, so the file does not say how the model was compiled: "
            "compile it again after loading, or use an optimizer of keras.optimizers. %s"
            % (model.optimizer, error)
        )
        return None
    compiled_with = {name: getattr(model, name) for name in _COMPILED_WITH}
    return dict(compiled_with, optimizer_config=optimizer_config)


# ---- loading ------------------------------------------------------------------------------------


def load_model(filepath, custom_objects=None, compile=True, safe_mode=True):
    """The model that ``save_model`` wrote, here or in Keras 1.2 - 2.3, tf.keras or tf_keras,
    compiled as it was.

    Args:
        filepath: a path, an ``h5py`` file or group, or an object with a method ``read`` that gives
            bytes. Or the folder of a SavedModel that ``serving.export_saved_model`` wrote, or that
            of its versions; what is in there is not compiled.
        custom_objects: names in the file and the classes or functions they stand for.
        compile: whether to compile it, if the file says how.
        safe_mode: whether code in the file (the function of a Lambda layer) is refused if another
            process wrote it, and HDF5 reads it only after another process has tried.
    Raises: MissingFileError; FileFormatError, ConfigError or ShapeError if the file is damaged or
    does not fit together; UnsafeConfigError for foreign code.
    """
    exported = saved_model.found_at(filepath)
    if exported is not None:
        if compile:
            warnings.warn(_NOT_COMPILED % exported)
        return saved_model.load(exported, custom_objects, safe_mode)
    with reading(filepath, is_trusted=not safe_mode) as group:
        with explained(group):
            config = configuration(group)
            training = _training(group)
            if config is None:
                raise FileFormatError(
                    "No model found in %s: it holds no configuration. If it is a file of weights, "
                    "build the model and use load_weights()." % file_name(group)
                )
            weights = hdf5.child(group, "model_weights")
        model = model_from_config(config, custom_objects, safe_mode)
        if not isinstance(model, Network):
            raise FileFormatError("%s holds no model, but %r." % (file_name(group), model))
        with order_of_axes.explained(config), explained(group):
            hdf5.load_weights_from_hdf5_group(
                weights, hdf5.in_stored_order(weights, model.flattened_layers)
            )
        if compile:
            with explained(group):
                _compile(model, group, training, custom_objects)
    return model


def configuration(group):
    """The configuration in a file, with the version of the Keras that wrote it; ``None`` if there
    is none."""
    config = _json_attribute(group, "model_config")
    return dict(config, keras_version=_version(group)) if isinstance(config, dict) else config


def _version(group):
    found = hdf5.attribute(group, "keras_version")
    return None if found is None else hdf5.text(found)


def _json_attribute(group, name):
    found = hdf5.attribute(group, name)
    if found is None:
        return None
    try:
        return parsed_json(hdf5.text(found))
    except ConfigError as error:
        raise FileFormatError(
            "%s: the attribute %s is damaged. %s" % (file_name(group), name, error)
        ) from error


def _training(group):
    found = (_json_attribute(group, name) for name in TRAINING_ATTRIBUTES)
    return next((training for training in found if training is not None), None)


def _compile(model, group, training, custom_objects):
    if training is None:
        warnings.warn(_NOT_COMPILED % file_name(group))
        return
    try:
        _compile_as(model, group, training, custom_objects)
    except ConfigError as error:
        if not tf_keras.is_tf_keras(_version(group)):
            raise
        warnings.warn(
            "%s was compiled with what Keras 2.2 does not have, so the model was *not* compiled. "
            "Compile it manually. %s" % (file_name(group), error)
        )


def _compile_as(model, group, training, custom_objects):
    try:
        training = _in_todays_form(model, group, training)
        optimizer = optimizers.deserialize(training["optimizer_config"], custom_objects)
    except STUMBLES as error:
        raise FileFormatError(
            "%s: the attribute training_config can not be understood: %s: %s"
            % (file_name(group), type(error).__name__, error)
        ) from error
    with CustomObjectScope(custom_objects or {}):
        model.compile(optimizer, **{name: _named(training.get(name)) for name in _COMPILED_WITH})
    if hdf5.has_child(group, "optimizer_weights"):
        _load_optimizer(model, group)


def _in_todays_form(model, group, training):
    if not isinstance(training, dict) or "optimizer_config" not in training:
        raise FileFormatError(
            "%s: the attribute training_config names no optimizer." % file_name(group)
        )
    if tf_keras.is_tf_keras(_version(group)):
        return tf_keras.training_in_keras_2_2_form(training, model.output_names)
    return training


def _named(value):
    """Losses or metrics, in whatever structure, with a user's own functions for their names."""
    if isinstance(value, list):
        return [_named(each) for each in value]
    if isinstance(value, dict) and "class_name" not in value:  # else the configuration of one
        return {name: _named(each) for name, each in value.items()}
    return get_custom_objects().get(value, value) if isinstance(value, str) else value


def _load_optimizer(model, group):
    model._make_train_function()  # gives the optimizer its variables
    try:
        with explained(group):
            pairs = _state_for(model.optimizer, hdf5.child(group, "optimizer_weights"))
    except ShapeError as error:
        warnings.warn(
            "The saved state of the optimizer does not fit, and the optimizer starts afresh. %s"
            % error
        )
        return
    K.batch_set_value(pairs)


def _state_for(optimizer, group):
    """Pairs of the optimizer's variables and the arrays for them.

    Besides what this optimizer saves itself, the state is read that tf.keras's saves: there the
    number of steps comes first in any, and Adam has no third slot that it does not use.
    """
    if is_keras_1(_version(group.parent)) and not trait("trains_by_name"):
        raise ShapeError(
            "%s: Keras 1 saved it in the order of its names for the weights." % file_name(group)
        )
    names = hdf5.load_attributes_from_hdf5_group(group, "weight_names")
    stored = hdf5.datasets(group)
    stored = [stored[index] for index in tf_keras.slots_by_kind(names) or range(len(names))]
    found = [one.shape for one in stored]
    for variables in _variables_as_stored(optimizer):
        if found == [K.int_shape(variable) for variable in variables]:
            return list(zip(variables, hdf5.read(stored)))
    raise ShapeError(
        "%s: the optimizer expects variables of shapes %s, but the file holds shapes %s."
        % (file_name(group), [K.int_shape(weight) for weight in optimizer.weights], found)
    )


def _variables_as_stored(optimizer):
    """The variables of an optimizer as it saves them itself, and as others saved them."""
    yield optimizer.weights
    if not getattr(optimizer, "saves_iterations", True):
        yield [optimizer.iterations] + optimizer.weights
    if not getattr(optimizer, "amsgrad", True):
        slots = len(optimizer.weights) - 1
        yield optimizer.weights[: 1 + slots * 2 // 3]
