"""What a model function of ``tf.contrib.learn`` returns."""

import collections

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator import export_outputs as outputs
from tfkeras_compat.estimator.spec import EstimatorSpec, checked_hooks


class ModeKeys:
    """Names of the modes: training, evaluation, inference.

    >>> ModeKeys.INFER
    'infer'
    """

    TRAIN = "train"
    EVAL = "eval"
    INFER = "infer"

    @classmethod
    def validate(cls, key):
        """Raises ConfigError for anything but a mode."""
        if key not in (cls.TRAIN, cls.EVAL, cls.INFER):
            raise ConfigError("Invalid mode %s." % key)


class PredictionKey:
    """Names of predictions."""

    CLASSES = "classes"
    GENERIC = "output"
    LOGISTIC = "logistic"
    LOGITS = "logits"
    PROBABILITIES = "probabilities"
    SCORES = "scores"
    TOP_K = "top_k"


class ProblemType:
    """Kinds of tasks, which choose the signature of an export."""

    UNSPECIFIED = 0
    CLASSIFICATION = 1
    LINEAR_REGRESSION = 2
    LOGISTIC_REGRESSION = 3


InputFnOps = collections.namedtuple("InputFnOps", ["features", "labels", "default_inputs"])

_Fields = collections.namedtuple(
    "_Fields",
    [
        "predictions",
        "loss",
        "train_op",
        "eval_metric_ops",
        "output_alternatives",
        "training_chief_hooks",
        "training_hooks",
        "scaffold",
        "mode",
    ],
)


class ModelFnOps(_Fields):
    """The operations that a model function returns in ``tf.contrib.learn``.

    As ``EstimatorSpec``, but for ``output_alternatives``: a dictionary of ``(problem type,
    dictionary of tensors)`` by the name of a head, from which exports are made.
    Raises: ConfigError for what the mode needs and is missing; KindError for a hook of another
    type.
    """

    def __new__(
        cls,
        mode,
        predictions=None,
        loss=None,
        train_op=None,
        eval_metric_ops=None,
        output_alternatives=None,
        training_chief_hooks=None,
        training_hooks=None,
        scaffold=None,
    ):
        ModeKeys.validate(mode)
        _check_given(mode, predictions, loss, train_op)
        if not isinstance(eval_metric_ops or {}, dict):
            raise ConfigError("eval_metric_ops must be a dict, found %r." % (eval_metric_ops,))
        return super().__new__(
            cls,
            mode=mode,
            predictions=_tensors(predictions),
            loss=None if loss is None else tf.reshape(loss, []),
            train_op=_operation(train_op),
            eval_metric_ops=dict(eval_metric_ops or {}),
            output_alternatives=output_alternatives,
            training_chief_hooks=checked_hooks(training_chief_hooks),
            training_hooks=checked_hooks(training_hooks),
            scaffold=scaffold,
        )

    def estimator_spec(self, default_serving_output_alternative_key=None):
        """The same for ``tf.estimator``.

        Of several heads, the key names the one that answers when nobody asks for another.
        Raises: ConfigError for an unknown key or problem type.
        """
        metrics = {key: pair for key, pair in self.eval_metric_ops.items() if key != "loss"}
        return EstimatorSpec(
            self.mode,
            predictions=self.predictions,
            loss=self.loss,
            train_op=self.train_op,
            eval_metric_ops=metrics,
            export_outputs=self._export_outputs(default_serving_output_alternative_key),
            training_chief_hooks=self.training_chief_hooks,
            training_hooks=self.training_hooks,
            scaffold=self.scaffold,
        )

    def served_raw(self):
        """The same, with all heads of an unspecified type: only requests of serialized examples can
        ask for classes or a regression."""
        alternatives = {
            key: (ProblemType.UNSPECIFIED, tensors)
            for key, (_, tensors) in (self.output_alternatives or {}).items()
        }
        return self._replace(output_alternatives=alternatives)

    def _export_outputs(self, default):
        if not self.output_alternatives:
            return None
        alternatives = dict(self.output_alternatives)
        if len(alternatives) > 1 and outputs.DEFAULT_KEY not in alternatives:
            if default not in alternatives:
                raise ConfigError(
                    "There are several output_alternatives, %s. Name the one that is served by "
                    "default, found %r." % (sorted(alternatives), default)
                )
            alternatives[outputs.DEFAULT_KEY] = alternatives[default]
        return {key: _export_output(*value) for key, value in alternatives.items()}


def _check_given(mode, predictions, loss, train_op):
    needed = {
        ModeKeys.TRAIN: [("train_op", train_op), ("loss", loss)],
        ModeKeys.EVAL: [("loss", loss), ("predictions", predictions)],
        ModeKeys.INFER: [("predictions", predictions)],
    }
    for name, value in needed[mode]:
        if value is None:
            raise ConfigError("Missing %s." % name)


def _tensors(predictions):
    if isinstance(predictions, dict):
        return {key: _tensor(value) for key, value in predictions.items()}
    return _tensor(predictions)


def _tensor(value):
    if value is None or isinstance(value, tf.SparseTensor):
        return value
    return tf.convert_to_tensor(value)


def _operation(train_op):
    if train_op is None or isinstance(train_op, tf.Operation):
        return train_op
    return tf.convert_to_tensor(train_op).op


def _export_output(problem_type, predictions):
    scores = predictions.get(PredictionKey.SCORES)
    if scores is None:
        scores = predictions.get(PredictionKey.PROBABILITIES)
    if problem_type == ProblemType.LINEAR_REGRESSION:
        return outputs.RegressionOutput(scores)
    if problem_type in (ProblemType.CLASSIFICATION, ProblemType.LOGISTIC_REGRESSION):
        return outputs.ClassificationOutput(scores, _classes(predictions))
    if problem_type == ProblemType.UNSPECIFIED:
        return outputs.PredictOutput(predictions)
    raise ConfigError("Unknown problem_type=%s" % problem_type)


def _classes(predictions):
    classes = predictions.get(PredictionKey.CLASSES)
    if classes is None or classes.dtype != tf.string:
        tf.logging.warning("classes are no strings: they are not part of the export's signature.")
        return None
    return classes
