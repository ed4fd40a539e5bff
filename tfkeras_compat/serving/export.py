"""Models as SavedModels, in folders of versions."""

from tfkeras_compat._tf import tf
from tfkeras_compat.saving.saved_model import write_configuration
from tfkeras_compat.serving.folders import new_version
from tfkeras_compat.serving.inference import for_inference

SERVE = tf.saved_model.tag_constants.SERVING
DEFAULT_SIGNATURE = tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY


def export_saved_model(
    model, folder, version=None, signature_name=DEFAULT_SIGNATURE, fixed=None, session=None
):
    """Writes a SavedModel with the learning phase fixed at 0 to ``<folder>/<version>``; returns
    that path.

    Any server of today reads it. It has one signature of the method *predict*; inputs and outputs
    have the names of the model's layers there. The folder appears when all is written. What
    ``load_model`` makes a model of layers from again lies in its ``assets.extra``.

    Args:
        model: a model, or a pair ``(inputs, outputs)`` of tensors, lists of tensors, or
            dictionaries of tensors by the names in the signature.
        version: a whole number; one more than the last in the folder if not given.
        signature_name: the key of the signature.
        fixed: tensors and the values that they have in the export, such as ``{keep_prob: 1.0}``.
        session: that holds the variables; that of Keras if not given.
    Raises: GraphError if outputs need a tensor to be fed that is no input; ConfigError if the
    version is there already.

    >>> import tempfile
    >>> from tfkeras_compat.layers import Dense
    >>> from tfkeras_compat.models import Sequential
    >>> from tfkeras_compat.serving import export_saved_model
    >>> model = Sequential([Dense(2, input_shape=(3,), name="scores")])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     export_saved_model(model, folder)[len(folder):]
    '/1'
    """
    with new_version(folder, version) as (temporary, final):
        with for_inference(model, fixed, session) as inference:
            signature = predict_signature(inference.inputs, inference.outputs)
            write(inference, temporary, {signature_name: signature})
            write_configuration(model, temporary, inference.names_of_variables())
    return final


def predict_signature(inputs, outputs):
    """The signature of the method *predict* for dictionaries of tensors."""
    infos = [_infos(tensors) for tensors in (inputs, outputs)]
    method = tf.saved_model.signature_constants.PREDICT_METHOD_NAME
    return tf.saved_model.signature_def_utils.build_signature_def(*infos, method_name=method)


def _infos(tensors):
    return {key: tf.saved_model.utils.build_tensor_info(x) for key, x in tensors.items()}


def write(inference, path, signatures):
    """Writes a SavedModel of an :class:`Inference` to a folder that does not exist yet."""
    builder = tf.saved_model.Builder(path)
    builder.add_meta_graph_and_variables(
        inference.session,
        [SERVE],
        signature_def_map=signatures,
        main_op=tf.group(*inference.tables) if inference.tables else None,
        strip_default_attrs=True,
    )
    builder.save()
