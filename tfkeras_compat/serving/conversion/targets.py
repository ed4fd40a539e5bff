"""The formats that models are written in, and how each is loaded again: a table by endings."""

import collections
import os

import tfkeras_compat as keras  # whose rooms are loaded when they are used
from tfkeras_compat import _tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.models import load_model
from tfkeras_compat.saving.atomic import replacing
from tfkeras_compat.serving.conversion import verification

# write(model, target) -> (path, what to tell); outputs(path, model, arrays, safe_mode) -> arrays;
# whether it says how the model was compiled.
Format = collections.namedtuple("Format", "write outputs is_compiled")


def format_of(target):
    """The format for a target. Raises: ConfigError for an unknown ending."""
    ending = os.path.splitext(target)[1].lower()
    if ending not in FORMATS or not target:
        raise ConfigError(
            "%s: the ending is none of %s; a SavedModel needs the name of a folder."
            % (target, ", ".join(sorted(filter(None, FORMATS))))
        )
    return FORMATS[ending]


# ---- writing ------------------------------------------------------------------------------------


def _write_hdf5(model, target):
    model.save(target)
    return target, []


def _write_keras_3(model, target):
    return target, [str(keras.serving.to_keras3(model, target))]


def _write_saved_model(model, target):
    return keras.serving.export_saved_model(model, target), []


def _write_frozen(model, target):
    _write_bytes(keras.serving.frozen_graph(model).SerializeToString(), target)
    names = [", ".join(x.name for x in tensors) for tensors in (model.inputs, model.outputs)]
    return target, ["feed %s, fetch %s" % tuple(names)]


def _write_lite(model, target):
    try:
        content = keras.serving.tf_lite_model(model)
    except _tf.submodule("lite.python.convert").ConverterError as error:
        raise ConfigError(
            "TensorFlow Lite has no form for model %s: %s" % (model.name, error)
        ) from error
    _write_bytes(content, target)
    return target, []


def _write_bytes(content, target):
    with replacing(target) as temporary:
        with open(temporary, "wb") as file:
            file.write(content)


# ---- loading again ------------------------------------------------------------------------------


def _outputs_of_hdf5(path, model, arrays, safe_mode):
    return verification.outputs(load_model(path, compile=False, safe_mode=safe_mode), arrays)


FORMATS = {
    "": Format(_write_saved_model, verification.of_saved_model, False),
    ".h5": Format(_write_hdf5, _outputs_of_hdf5, True),
    ".hdf5": Format(_write_hdf5, _outputs_of_hdf5, True),
    ".keras": Format(_write_keras_3, verification.of_keras_3, True),
    ".pb": Format(_write_frozen, verification.of_frozen_graph, False),
    ".tflite": Format(_write_lite, verification.of_lite, False),
}
