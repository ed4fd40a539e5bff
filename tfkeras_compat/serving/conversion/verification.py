"""Whether a written file gives what the model gave: both get the same random input."""

import collections
import importlib
import os
import subprocess
import sys
import tempfile

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import CompatError, FileFormatError
from tfkeras_compat.layers import Embedding
from tfkeras_compat.serving.inference import quiet
from tfkeras_compat.state.structures import to_list

_SAMPLES = 3
_UNKNOWN_SIZE = 32
_SEED = 1


class NoVerifier(Exception):
    """What loads the format is not installed; says what is missing."""


class Unreadable(Exception):
    """The written file can not be loaded again; says why."""


def expected(model):
    """What a model gives for :func:`random_inputs`, the first time that it is called.

    Raises: FileFormatError if it can not be computed.
    """
    model.reset_states()
    try:
        return outputs(model, random_inputs(model))
    except (CompatError, tf.errors.OpError, ValueError) as error:
        raise FileFormatError(
            "The model %s is not whole: it can be made, but not computed. %s" % (model.name, error)
        ) from error
    finally:
        model.reset_states()


def differences(model, expected, outputs_of_target, tolerance):
    """For each output by name: how far both are apart at most, and how far they may be.

    Args:
        expected: what they should be for :func:`random_inputs`.
        outputs_of_target: gives a list of arrays for a list of arrays.
        tolerance: how far, for outputs up to 1; relative above.
    Raises: NoVerifier, Unreadable.
    """
    try:
        found = outputs_of_target(random_inputs(model))
    except (CompatError, tf.errors.OpError, OSError, RuntimeError, ValueError) as error:
        raise Unreadable("%s: %s" % (type(error).__name__, error)) from error
    if len(found) != len(expected):
        raise Unreadable("it has %d outputs, not %d" % (len(found), len(expected)))
    pairs = zip(model.output_names, expected, found)
    return collections.OrderedDict((name, _compared(a, b, tolerance)) for name, a, b in pairs)


def _compared(expected, found, tolerance):
    if expected.shape != found.shape:
        return float("inf"), tolerance
    most = tolerance * max(1.0, _greatest(np.abs(expected)))
    if not np.array_equal(np.isnan(expected), np.isnan(found)):
        return float("inf"), most
    with np.errstate(invalid="ignore"):  # of infinities that are equal
        apart = np.where(expected == found, 0.0, np.abs(expected - found))
    return _greatest(apart), most


def _greatest(values):
    return float(np.max(values[~np.isnan(values)], initial=0.0))


def outputs(model, arrays):
    """What a model gives in the test phase, as a list."""
    return to_list(model.predict_on_batch(arrays))


# ---- what goes in -------------------------------------------------------------------------------


def random_inputs(model):
    """An array for each input: normally distributed, or indices where they are looked up."""
    random = np.random.RandomState(_SEED)
    return [_random_input(random, x) for x in model.inputs]


def _random_input(random, tensor):
    sizes = tensor.get_shape().as_list()
    shape = [sizes[0] or _SAMPLES] + [size or _UNKNOWN_SIZE for size in sizes[1:]]
    dtype = tensor.dtype.base_dtype.as_numpy_dtype
    words = _vocabulary(tensor)
    if words is not None or not np.issubdtype(dtype, np.floating):
        return random.randint(0, words or 2, shape).astype(dtype)
    return random.normal(size=shape).astype(dtype)


def _vocabulary(tensor):
    """How many indices the embeddings know that look up a tensor; ``None`` if there are none."""
    layer = tensor._keras_history[0]
    found = [_vocabulary_behind(node) for node in layer._outbound_nodes]
    return min((number for number in found if number is not None), default=None)


def _vocabulary_behind(node):
    layer = node.outbound_layer
    sizes = [each.input_dim for each in _with_inner(layer) if isinstance(each, Embedding)]
    if sizes:
        return min(sizes)
    if layer.weights:
        return None
    known = [_vocabulary(x) for x in node.output_tensors if x._keras_history[0] is layer]
    return min((number for number in known if number is not None), default=None)


def _with_inner(layer):
    yield layer
    for inner in layer._sublayers():
        yield from _with_inner(inner)


# ---- graphs -------------------------------------------------------------------------------------


def of_saved_model(path, model, arrays, safe_mode):
    """What the default signature of a SavedModel gives."""
    with tf.Graph().as_default(), tf.Session() as session, quiet():
        loaded = tf.saved_model.loader.load(session, [tf.saved_model.tag_constants.SERVING], path)
        key = tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY
        signature = loaded.signature_def[key]
        fetches = [signature.outputs[name].name for name in model.output_names]
        fed = [signature.inputs[name].name for name in model.input_names]
        return session.run(fetches, dict(zip(fed, arrays)))


def of_frozen_graph(path, model, arrays, safe_mode):
    """What a frozen graph gives for the tensors that have the names of the model's."""
    with open(path, "rb") as file:
        definition = tf.GraphDef.FromString(file.read())
    with tf.Graph().as_default(), tf.Session() as session:
        tf.import_graph_def(definition, name="")
        names = [tensor.name for tensor in model.inputs]
        return session.run([tensor.name for tensor in model.outputs], dict(zip(names, arrays)))


# ---- TensorFlow Lite ----------------------------------------------------------------------------


def of_lite(path, model, arrays, safe_mode):
    """What an interpreter of TensorFlow Lite makes of a file."""
    interpreter = _interpreter()(model_path=path)
    entries = [each["index"] for each in interpreter.get_input_details()]
    for index, array in zip(entries, arrays):
        interpreter.resize_tensor_input(index, array.shape)
    interpreter.allocate_tensors()
    for index, array in zip(entries, arrays):
        interpreter.set_tensor(index, array)
    interpreter.invoke()
    return [interpreter.get_tensor(each["index"]) for each in interpreter.get_output_details()]


def _interpreter():
    try:
        return importlib.import_module("ai_edge_litert.interpreter").Interpreter
    except ImportError as error:
        raise NoVerifier(
            "no interpreter of TensorFlow Lite is installed (pip install 'tfkeras_compat[serving]')"
        ) from error


# ---- Keras 3 ------------------------------------------------------------------------------------

_NO_KERAS_3 = 77  # exit status

# Another process: in ours, Keras 3 would meet a TensorFlow that is set to what it was.
_IN_KERAS_3 = """
import sys
import numpy as np
try:
    import keras
except ImportError as error:
    sys.exit(%d)
if not keras.__version__.startswith("3."):
    sys.exit(%d)
model = keras.saving.load_model(sys.argv[1], compile=False)
with np.load(sys.argv[2]) as given:
    inputs = [given["arr_%%d" %% number] for number in range(len(given.files))]
outputs = model(inputs if len(inputs) > 1 else inputs[0], training=False)
outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
np.savez(sys.argv[3], *[keras.ops.convert_to_numpy(each) for each in outputs])
""" % (_NO_KERAS_3, _NO_KERAS_3)


def of_keras_3(path, model, arrays, safe_mode):
    """What Keras 3, in a process of its own, makes of a file."""
    with tempfile.TemporaryDirectory() as folder:
        given, found = [os.path.join(folder, name) for name in ("given.npz", "found.npz")]
        np.savez(given, *arrays)
        command = [sys.executable, "-c", _IN_KERAS_3, os.path.abspath(path), given, found]
        done = subprocess.run(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=folder
        )
        if done.returncode == _NO_KERAS_3:
            raise NoVerifier("Keras 3 is not installed (pip install 'tfkeras_compat[keras3]')")
        if done.returncode:
            lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
            raise Unreadable("Keras 3 says: %s" % (lines[-1] if lines else done.returncode))
        with np.load(found) as results:
            return [results["arr_%d" % number] for number in range(len(results.files))]
