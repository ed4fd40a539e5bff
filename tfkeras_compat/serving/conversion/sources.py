"""What can be converted: whole models, and weights with the architecture they are for."""

import collections
import contextlib
import io
import os
import warnings
from typing import Any, List

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import (
    CompatError,
    ConfigError,
    FileFormatError,
    MissingFileError,
    UnsafeConfigError,
)
from tfkeras_compat.legacy.generations import DEFAULT
from tfkeras_compat.models import load_model, model_from_config
from tfkeras_compat.saving import checkpoints, hdf5, order_of_axes
from tfkeras_compat.saving.config import parsed_json, parsed_yaml
from tfkeras_compat.saving.generations import preprocess_weights_for_loading
from tfkeras_compat.saving.model_file import configuration
from tfkeras_compat.saving.places import explained, reading
from tfkeras_compat.saving.saved_model import found_at
from tfkeras_compat.serving.conversion import verification
from tfkeras_compat.state.generation import generation as choose_generation

_PARSERS = {".json": parsed_json, ".yaml": parsed_yaml, ".yml": parsed_yaml}


# The model of a source, in today's generation; what there is to tell of it; and, if a model of
# another generation came before it, what that gives for `verification.random_inputs`.
Source = collections.namedtuple("Source", "model notes outputs")


def model_in(source, architecture, generation, theano_kernels, data_format, safe_mode, compiled):
    """The :class:`Source` at a path.

    Args: ``compiled`` says whether the target can tell how the model was compiled.
    Raises: as :func:`convert`.
    """
    is_checkpoint = checkpoints.is_one(source)
    _check_options(source, is_checkpoint, architecture, generation, theano_kernels)
    entry = _architecture(architecture) if architecture else _configuration(source)
    names = order_of_axes.left_open(entry)
    if data_format and not names:
        raise ConfigError(
            "--data-format is for what does not say how the axes of images are ordered, as Keras 1 "
            "could leave it open, and %s says it." % (architecture or source)
        )
    with order_of_axes.assumed(data_format):
        if not architecture:
            found = _whole(source, safe_mode, compiled)
        else:
            read = _from_checkpoint if is_checkpoint else _from_weights
            found = read(entry, source, generation, safe_mode)
        if names and not data_format:
            found.notes.append(order_of_axes.advice(names))
    if theano_kernels:
        _turn_kernels(found.model)
    return found


def _check_options(source, is_checkpoint, architecture, generation, theano_kernels):
    if is_checkpoint and not architecture:
        raise ConfigError(
            "%s is a checkpoint, which holds only weights: give --architecture with the file of "
            "what model.to_json() gave." % source
        )
    if generation and not is_checkpoint:
        raise ConfigError(
            "--generation is for checkpoints, and %s is none: an HDF5 file says itself which Keras "
            "wrote it." % source
        )
    if theano_kernels:
        _check_that_kernels_stay(source, is_checkpoint)


# ---- whole models -------------------------------------------------------------------------------


def _configuration(source):
    """What a file says of its model; ``None`` if nothing, or in a SavedModel."""
    if found_at(source):
        return None
    with reading(source) as file, explained(file):
        return configuration(file)


def _whole(source, safe_mode, compiled):
    """The model, compiled if the file says how and we understand it."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            model = load_model(source, compile=compiled, safe_mode=safe_mode)
        except (MissingFileError, UnsafeConfigError):
            raise
        except ConfigError as reason:
            model = load_model(source, compile=False, safe_mode=safe_mode)
            return Source(model, ["how it was compiled stays behind: %s" % reason], None)
        except FileFormatError as error:
            raise _with_advice(source, error) from error
    told = [str(each.message) for each in caught if issubclass(each.category, UserWarning)]
    return Source(model, [message for message in told if "not* compiled" in message], None)


def _with_advice(source, error):
    with contextlib.suppress(CompatError):
        with reading(source) as file:
            hdf5.weights_group(file)
            return ConfigError(
                "%s holds only weights: give --architecture with the file of what model.to_json() "
                "gave." % source
            )
    return error


# ---- weights ------------------------------------------------------------------------------------


def _architecture(path):
    """The configuration in the file of an architecture."""
    parse = _PARSERS.get(os.path.splitext(path)[1])
    if parse is None:
        raise ConfigError(
            "%s: an architecture is a file .json or .yaml, as model.to_json() and to_yaml() give "
            "it. Code is not run." % path
        )
    try:
        with open(path, encoding="utf-8") as file:
            return parse(file.read())
    except FileNotFoundError as error:
        raise MissingFileError("There is no file %s for --architecture." % path) from error
    except UnicodeDecodeError as error:
        raise FileFormatError("%s is no text: %s" % (path, error)) from error


def _made(entry, safe_mode):
    with warnings.catch_warnings():  # that old arguments are old is no news to a converter
        warnings.simplefilter("ignore", UserWarning)
        return model_from_config(entry, safe_mode=safe_mode)


def _from_weights(entry, source, generation, safe_mode):
    model = _made(entry, safe_mode)
    with order_of_axes.explained(entry):
        model.load_weights(source)
    return Source(model, [], None)


def _from_checkpoint(entry, source, generation, safe_mode):
    """The weights found by their names in that generation, in a model of today's names."""
    stream = io.BytesIO()
    with _in_generation(generation or DEFAULT):
        with tf.Graph().as_default(), tf.Session():
            model = _made(entry, safe_mode)
            with order_of_axes.explained(entry):
                checkpoints.load_into(model, source)
            model.save_weights(stream)
            expected = verification.expected(model)
    stream.seek(0)
    with _in_generation(DEFAULT):
        return _from_weights(entry, stream, None, safe_mode)._replace(outputs=expected)


@contextlib.contextmanager
def _in_generation(name):
    before = choose_generation()
    choose_generation(name)
    try:
        yield
    finally:
        choose_generation(before)


# ---- Theano's kernels ---------------------------------------------------------------------------


def _check_that_kernels_stay(source, is_checkpoint):
    """Raises ConfigError if kernels must not be turned: they are TensorFlow's, or are turned when
    they are loaded."""
    if is_checkpoint:
        raise ConfigError("%s is a checkpoint of TensorFlow: Theano has not written it." % source)
    if os.path.isfile(source) and _backend_of(source) == "theano":
        raise ConfigError(
            "%s says itself that it is Theano's: its kernels are turned without --theano-kernels, "
            "and would be turned back." % source
        )


def _backend_of(source):
    with reading(source) as file, explained(file):
        attributes = [file.attrs, hdf5.weights_group(file).attrs]
        return next((hdf5.text(each["backend"]) for each in attributes if "backend" in each), None)


def _turn_kernels(model):
    """Turns all kernels of convolutions, also those in wrappers and in models in the model."""
    pairs: List[Any] = []
    for layer in model.layers:
        weights = _stored_order(layer)
        values = K.batch_get_value(weights)
        turned = preprocess_weights_for_loading(layer, values, "2", "theano")
        pairs += zip(weights, turned)
    K.batch_set_value(pairs)


def _stored_order(layer):
    if isinstance(layer, Network):
        return layer.trainable_weights + layer.non_trainable_weights
    return layer.weights
