"""The exporter of the first servers: its calls, and a SavedModel that those of today load.

>>> import tempfile
>>> from tfkeras_compat._tf import tf
>>> from tfkeras_compat.serving.session_bundle import exporter
>>> graph = tf.Graph()
>>> with graph.as_default(), tf.Session() as sess, tempfile.TemporaryDirectory() as folder:
...     x = tf.placeholder(tf.float32, (None, 2))
...     y = x * tf.Variable(2.0)
...     sess.run(tf.global_variables_initializer())
...     writer = exporter.Exporter(tf.train.Saver())
...     writer.init(default_graph_signature=exporter.regression_signature(x, y))
...     path = writer.export(folder, tf.constant(3), sess)
...     path[len(folder):], tf.saved_model.loader.maybe_saved_model_directory(path)
('/00000003', True)
"""

import collections
import os
from typing import Any, Dict

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError, SessionError
from tfkeras_compat.serving.export import DEFAULT_SIGNATURE, predict_signature, write
from tfkeras_compat.serving.inference import for_inference
from tfkeras_compat.serving.session_bundle import gc

_CONSTANTS = tf.saved_model.signature_constants

# What a function below describes: tensors by the names that today's signatures give them.
Signature = collections.namedtuple("Signature", "method inputs outputs")


def regression_signature(input_tensor, output_tensor):
    """The signature of a regression."""
    return Signature(
        _CONSTANTS.REGRESS_METHOD_NAME,
        {_CONSTANTS.REGRESS_INPUTS: input_tensor},
        {_CONSTANTS.REGRESS_OUTPUTS: output_tensor},
    )


def classification_signature(input_tensor, classes_tensor=None, scores_tensor=None):
    """The signature of a classification; classes, scores or both."""
    outputs = {
        _CONSTANTS.CLASSIFY_OUTPUT_CLASSES: classes_tensor,
        _CONSTANTS.CLASSIFY_OUTPUT_SCORES: scores_tensor,
    }
    return Signature(
        _CONSTANTS.CLASSIFY_METHOD_NAME,
        {_CONSTANTS.CLASSIFY_INPUTS: input_tensor},
        {key: tensor for key, tensor in outputs.items() if tensor is not None},
    )


def generic_signature(name_tensor_map):
    """Tensors by names. Of these, ``named_graph_signatures`` needs two: "inputs" and "outputs"."""
    return Signature(None, {}, dict(name_tensor_map))


def gfile_copy_callback(files_to_copy, export_dir_path):
    """Copies files into a folder; ``files_to_copy`` maps their paths to their names there."""
    tf.gfile.MakeDirs(export_dir_path)
    for source, name in files_to_copy.items():
        tf.gfile.Copy(source, os.path.join(os.fsdecode(export_dir_path), name), overwrite=True)


class Exporter:
    """Writes the graph and the variables of a session into a folder for each version.

    What lies there is a SavedModel with the learning phase fixed at 0, and beside it the files of
    the saver that the original wrote.
    """

    def __init__(self, saver):
        self._saver = saver
        self._signatures: Any = None
        self._assets = {}
        self._assets_callback = None

    def init(
        self,
        graph_def=None,
        init_op=None,
        clear_devices=False,
        default_graph_signature=None,
        named_graph_signatures=None,
        assets_collection=None,
        assets_callback=gfile_copy_callback,
    ):
        """Says what is exported.

        Args:
            graph_def, init_op, clear_devices: not needed: the graph is that of the signatures'
                tensors, its tables are initialized, and devices are always cleared.
            default_graph_signature: served by the name ``serving_default``.
            named_graph_signatures: the generic ones "inputs" and "outputs" become the signature
                ``predict``, and ``serving_default`` if there is no other; others keep their names.
            assets_collection: constant tensors with paths of files that are copied.
            assets_callback: called as ``f(names by path, folder)`` to copy them.
        Raises: SessionError (a RuntimeError) if called twice; KindError if ``init_op`` is no
        operation; ConfigError without a signature.
        """
        if self._signatures is not None:
            raise SessionError("Exporter.init may be called only once.")
        if init_op is not None and not isinstance(init_op, tf.Operation):
            raise KindError("init_op needs to be an operation, found %r." % (init_op,))
        self._signatures = _described(default_graph_signature, dict(named_graph_signatures or {}))
        paths = [_constant_path(tensor) for tensor in assets_collection or ()]
        self._assets = {path: os.path.basename(path) for path in paths}
        self._assets_callback = assets_callback

    def export(self, export_dir_base, global_step_tensor, sess=None, exports_to_keep=None):
        """Writes ``<export_dir_base>/<eight digits>``; returns that path.

        Args:
            global_step_tensor: a tensor or its name: the version.
            exports_to_keep: a function of ``session_bundle.gc`` that says which versions stay.
        Raises: SessionError (a RuntimeError) if ``init`` was not called, without a session, or if
        the version is there already.
        """
        sess = tf.get_default_session() if sess is None else sess
        if self._signatures is None or sess is None:
            raise SessionError("Exporter.init must be called first, and export needs a session.")
        base = os.fsdecode(export_dir_base).rstrip("/")
        version = int(sess.run(global_step_tensor))
        final = os.path.join(base, "%08d" % version)
        if tf.gfile.Exists(final):
            raise SessionError("An export is never overwritten, and %s is there." % final)
        temporary = final + "-tmp"
        self._write(temporary, sess)
        tf.gfile.Rename(temporary, final)
        if exports_to_keep:
            _collect(base, exports_to_keep)
        return final

    def _write(self, path, session):
        inputs: Dict[str, Any] = {}
        outputs: Dict[str, Any] = {}
        for signature in self._signatures.values():
            inputs.update((tensor.name, tensor) for tensor in signature.inputs.values())
            outputs.update((tensor.name, tensor) for tensor in signature.outputs.values())
        with for_inference((inputs, outputs), session=session) as inference:
            write(inference, path, {k: _today(v, inference) for k, v in self._signatures.items()})
        self._saver.save(session, os.path.join(path, "export"), meta_graph_suffix="meta")
        if self._assets and self._assets_callback:
            self._assets_callback(self._assets, os.path.join(path, "assets"))


def _described(default, named):
    given = {} if default is None else {DEFAULT_SIGNATURE: default}
    if "inputs" in named and "outputs" in named:
        tensors = named.pop("inputs").outputs, named.pop("outputs").outputs
        given["predict"] = Signature(_CONSTANTS.PREDICT_METHOD_NAME, *tensors)
        given.setdefault(DEFAULT_SIGNATURE, given["predict"])
    given.update((name, signature) for name, signature in named.items() if signature.method)
    if not given:
        raise ConfigError(
            "Nothing to export: give default_graph_signature, or named_graph_signatures with the "
            "generic signatures 'inputs' and 'outputs'."
        )
    return given


def _today(signature, inference):
    tensors = [
        {key: inference.graph.get_tensor_by_name(x.name) for key, x in each.items()}
        for each in (signature.inputs, signature.outputs)
    ]
    described = predict_signature(*tensors)
    described.method_name = signature.method
    return described


def _constant_path(tensor):
    if not isinstance(tensor, tf.Tensor) or tensor.op.type != "Const" or tensor.dtype != tf.string:
        raise KindError("Paths of assets are constant strings, found %r." % (tensor,))
    return os.fsdecode(tensor.op.get_attr("value").string_val[0])


def _collect(base, kept):
    def parser(path):
        name = os.path.basename(path.path)
        is_version = len(name) == 8 and name.isdigit()
        return path._replace(export_version=int(name)) if is_version else None

    for path in gc.negation(kept)(gc.get_paths(base, parser)):
        tf.gfile.DeleteRecursively(path.path)
