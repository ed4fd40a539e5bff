"""``python -m tfkeras_compat convert model.h5 model.keras``: a model file in a format of today.

The ending of the target says which: ``.keras`` for Keras 3, ``.h5`` or ``.hdf5`` for HDF5 as Keras
2.2 writes it, ``.pb`` for a frozen graph, ``.tflite`` for TensorFlow Lite; a folder (no ending) for
a SavedModel.
"""

import os

import tfkeras_compat as keras  # whose rooms load TensorFlow when they are used
from tfkeras_compat.errors import ConfigError


def add_arguments(parser):
    """Declares the arguments of the command."""
    parser.add_argument("source", help="an HDF5 file of Keras 1, Keras 2 or tf.keras")
    parser.add_argument(
        "target",
        help="model.keras, model.h5, model.pb, model.tflite, or a folder of SavedModels",
    )
    parser.add_argument(
        "--trust-files",
        action="store_true",
        help="run the code that the file holds (Lambda layers); only for files you trust",
    )


def main(options):
    """Runs the command; returns the exit status."""
    print(convert(options.source, options.target, safe_mode=not options.trust_files))
    return 0


def convert(source, target, safe_mode=True):
    """Loads the model file ``source`` and writes it as ``target``; returns what to tell of it.

    Raises: what :func:`load_model` raises; ConfigError for an unknown ending, and for layers that
    Keras 3 does not have.
    """
    ending = os.path.splitext(target)[1]
    if ending not in _WRITERS:
        raise ConfigError(
            "%s: the ending is none of %s; a SavedModel needs the name of a folder."
            % (target, ", ".join(sorted(filter(None, _WRITERS))))
        )
    model = keras.models.load_model(source, compile=False, safe_mode=safe_mode)
    return _WRITERS[ending](model, target) or "%s written" % target


def _write_frozen(model, target):
    _write_bytes(keras.serving.frozen_graph(model).SerializeToString(), target)
    return "%s written; feed %s, fetch %s" % (
        target,
        ", ".join(tensor.name for tensor in model.inputs),
        ", ".join(tensor.name for tensor in model.outputs),
    )


def _write_lite(model, target):
    _write_bytes(keras.serving.tf_lite_model(model), target)


def _write_bytes(content, target):
    with keras.saving.atomic.replacing(target) as temporary:
        with open(temporary, "wb") as file:
            file.write(content)


def _write_hdf5(model, target):
    model.save(target)


def _write_saved_model(model, target):
    return "%s written" % keras.serving.export_saved_model(model, target)


def _write_keras_3(model, target):
    return keras.serving.to_keras3(model, target)


_WRITERS = {
    "": _write_saved_model,
    ".h5": _write_hdf5,
    ".hdf5": _write_hdf5,
    ".keras": _write_keras_3,
    ".pb": _write_frozen,
    ".tflite": _write_lite,
}
