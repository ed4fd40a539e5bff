"""The signatures of an exported model: which outputs can be asked for with which inputs."""

from tfkeras_compat._tf import tf
from tfkeras_compat.estimator.export_outputs import DEFAULT_KEY
from tfkeras_compat.estimator.mode_keys import ModeKeys

_METHODS = {
    "tensorflow/serving/classify": "Classify",
    "tensorflow/serving/regress": "Regress",
    "tensorflow/serving/predict": "Predict",
    "tensorflow/supervised/training": "Train",
    "tensorflow/supervised/eval": "Eval",
}


def of(receiver, outputs, mode):
    """The ``SignatureDef`` s by name of the outputs (by key) with the tensors of a receiver.

    Outputs that need other inputs than these are left out, as the log says: classifications need
    serialized examples. Alternatives of the receiver give ``<alternative>:<key>``.
    """
    made, excluded = {}, {}
    for prefix, tensors in _receivers(receiver):
        for key, output in outputs.items():
            name = prefix + str(key or "None")
            try:
                made[name] = output.as_signature_def(tensors)
            except ValueError as error:
                excluded[name] = str(error)
    _report(made, excluded)
    return _servable(made) if mode == ModeKeys.PREDICT else made


def _receivers(receiver):
    """Pairs: what the names of the signatures begin with, and the tensors by name."""
    alternatives = getattr(receiver, "receiver_tensors_alternatives", None) or {}
    return [("", receiver.receiver_tensors)] + [
        (str(name or "None") + ":", tensors) for name, tensors in alternatives.items()
    ]


def _servable(signatures):
    return {
        name: signature
        for name, signature in signatures.items()
        if tf.saved_model.signature_def_utils.is_valid_signature(signature)
    }


def _report(made, excluded):
    for method, shown in _METHODS.items():
        names = [name for name in made if made[name].method_name == method]
        tf.logging.info("Signatures INCLUDED in export for %s: %s", shown, names or "None")
    if excluded:
        tf.logging.info(
            "Signatures EXCLUDED from export because they cannot be be served via TensorFlow "
            "Serving APIs:"
        )
    for name, reason in excluded.items():
        tf.logging.info("'%s' : %s", name, reason)
    if not made:
        tf.logging.warning("Export includes no signatures!")
    elif DEFAULT_KEY not in made:
        tf.logging.warning("Export includes no default signature!")
