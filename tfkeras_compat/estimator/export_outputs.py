"""What an exported model gives for one request, and under which names."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError
from tfkeras_compat.estimator.mode_keys import ModeKeys

DEFAULT_KEY = tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY


class ExportOutput:
    """Base of the outputs that an ``EstimatorSpec`` may list in ``export_outputs``."""

    def as_signature_def(self, receiver_tensors):
        """The ``SignatureDef`` of the output for these inputs; each kind of output has its own."""
        raise NotImplementedError("%s has no as_signature_def." % type(self).__name__)


class PredictOutput(ExportOutput):
    """Any tensors: a dictionary by name, or one tensor, which is called ``output``.

    Raises ConfigError for anything else.
    """

    def __init__(self, outputs):
        self._outputs = _named_tensors(outputs)

    @property
    def outputs(self):
        return self._outputs

    def as_signature_def(self, receiver_tensors):
        return tf.saved_model.signature_def_utils.predict_signature_def(
            receiver_tensors, self.outputs
        )


def _named_tensors(outputs):
    named = outputs if isinstance(outputs, dict) else {"output": outputs}
    for key, value in named.items():
        if not isinstance(key, (str, tuple)) or not _tf.is_tensor(value):
            raise ConfigError(
                "Prediction outputs must be tensors by name. Found %r: %r." % (key, value)
            )
    return {"/".join(key) if isinstance(key, tuple) else key: named[key] for key in named}


class ClassificationOutput(ExportOutput):
    """Scores (floats), class labels (strings), or both, of shapes ``(batch,)`` or
    ``(batch, classes)``.

    Raises ConfigError if neither is given or one is of another dtype.
    """

    def __init__(self, scores=None, classes=None):
        _check_dtype("scores", scores, "a float32", lambda dtype: dtype.is_floating)
        _check_dtype("classes", classes, "a string", lambda dtype: dtype == tf.string)
        if scores is None and classes is None:
            raise ConfigError("At least one of scores and classes must be set.")
        self._scores = scores
        self._classes = classes

    @property
    def scores(self):
        return self._scores

    @property
    def classes(self):
        return self._classes

    def as_signature_def(self, receiver_tensors):
        return tf.saved_model.signature_def_utils.classification_signature_def(
            _only_examples(receiver_tensors), self.classes, self.scores
        )


class RegressionOutput(ExportOutput):
    """One float tensor. Raises ConfigError for another."""

    def __init__(self, value):
        if value is None:
            raise ConfigError("Regression output value must be a float32 Tensor; got None")
        _check_dtype("value", value, "a float32", lambda dtype: dtype.is_floating)
        self._value = value

    @property
    def value(self):
        return self._value

    def as_signature_def(self, receiver_tensors):
        return tf.saved_model.signature_def_utils.regression_signature_def(
            _only_examples(receiver_tensors), self.value
        )


class SupervisedOutput(ExportOutput):
    """Loss, predictions and metrics of a training or evaluation, ``method_name`` telling which.

    They get the names ``loss``, ``predictions/<key>``, ``metrics/<key>/value`` and
    ``metrics/<key>/update_op``; a prefix that is there already is not repeated.
    """

    def __init__(self, method_name, loss, predictions, metrics):
        self._method_name = method_name
        self._outputs = _prefixed({"loss": loss}, "loss")
        named = predictions if isinstance(predictions, dict) else {"predictions": predictions}
        self._outputs.update(_prefixed(_named_tensors(named), "predictions"))
        for name, (value, update) in _prefixed(metrics, "metrics").items():
            self._outputs[name + "/value"] = value
            self._outputs[name + "/update_op"] = _as_tensor(update)

    def as_signature_def(self, receiver_tensors):
        signature = tf.saved_model.signature_def_utils.predict_signature_def(
            receiver_tensors, self._outputs
        )
        signature.method_name = self._method_name
        return signature


def _prefixed(named, prefix):
    return {
        name if name.startswith(prefix) else "%s/%s" % (prefix, name): value
        for name, value in named.items()
    }


def _as_tensor(operation):
    """A signature names tensors: this one runs the operation."""
    if isinstance(operation, tf.Tensor):
        return operation
    with tf.control_dependencies([operation]):
        return tf.constant([], name="metric_op_wrapper")


def _check_dtype(name, value, kind, is_right):
    if value is not None and not (isinstance(value, tf.Tensor) and is_right(value.dtype)):
        raise ConfigError("Output %s must be %s Tensor; got %s" % (name, kind, value))


def _only_examples(receiver_tensors):
    if len(receiver_tensors) != 1:
        raise ConfigError(
            "Classification and regression signatures take a single string tensor of examples. "
            "Found the receivers %s." % sorted(receiver_tensors)
        )
    (examples,) = receiver_tensors.values()
    if examples.dtype != tf.string:
        raise ConfigError(
            "Classification and regression signatures take a single string tensor of examples. "
            "Found the receiver %s." % examples
        )
    return examples


def completed(export_outputs, predictions):
    """The export outputs of a prediction, one of them under the default key.

    None gives all predictions as :class:`PredictOutput`; a single one gets the default key as well.
    Raises: KindError for anything but a dictionary of :class:`ExportOutput`; ConfigError if
    several are given and none has the default key.
    """
    if export_outputs is None:
        export_outputs = {DEFAULT_KEY: PredictOutput(predictions)}
    _check_kinds(export_outputs)
    if len(export_outputs) == 1:
        (single,) = export_outputs.values()
        return dict(export_outputs, **{DEFAULT_KEY: single})
    if DEFAULT_KEY not in export_outputs:
        raise ConfigError(
            "Multiple export_outputs were provided, but none of them is specified as the default. "
            "Do this by naming one of them with signature_constants."
            "DEFAULT_SERVING_SIGNATURE_DEF_KEY (%r). Found %s."
            % (DEFAULT_KEY, sorted(export_outputs))
        )
    return export_outputs


def _check_kinds(export_outputs):
    if not isinstance(export_outputs, dict):
        raise KindError("export_outputs must be dict, given: %s" % (export_outputs,))
    for value in export_outputs.values():
        if not isinstance(value, ExportOutput):
            raise KindError(
                "Values in export_outputs must be ExportOutput objects. Given: %s" % export_outputs
            )


# Mode of a training or evaluation -> key of its signature, and the method's name in it.
_SUPERVISED = {
    ModeKeys.TRAIN: ("train", "tensorflow/supervised/training"),
    ModeKeys.EVAL: ("eval", "tensorflow/supervised/eval"),
}


def of_spec(spec):
    """The outputs by key of signature that a spec is exported with, in its mode."""
    if spec.mode == ModeKeys.PREDICT:
        return spec.export_outputs
    key, method_name = _SUPERVISED[spec.mode]
    return {key: SupervisedOutput(method_name, spec.loss, spec.predictions, spec.eval_metric_ops)}
