"""The names of ``tf.contrib`` packages and of what scripts expect elsewhere in ``tf``, and where
they are defined here. Pure data."""

from typing import Dict

from tfkeras_compat.legacy.estimator import ABSENT_CONTRIB, ABSENT_LEARN


def _from(module: str, *names: str) -> Dict[str, str]:
    return {name: "estimator.%s:%s" % (module, name) for name in names}


_LEARN = dict(
    {
        "experiment": "estimator.experiment",
        "learn_runner": "estimator.learn_runner",
        "metric_spec": "estimator.learn.metric_spec",
        "model_fn": "estimator.learn.model_fn_ops",
        "monitors": "estimator.learn.monitors",
        "run_config": "estimator.learn.run_config",
        "saved_model_export_utils": "estimator.learn.export_strategy",
    },
    **_from("absent", *ABSENT_LEARN),
    **_from("experiment", "Experiment"),
    **_from("learn.canned", "DNNClassifier", "DNNRegressor", "LinearClassifier", "LinearRegressor"),
    **_from("learn.estimator", "BaseEstimator", "Estimator", "Evaluable", "Trainable"),
    **_from("learn.export_strategy", "ExportStrategy", "make_export_strategy"),
    **_from("learn.metric_spec", "MetricSpec"),
    **_from(
        "learn.model_fn_ops", "InputFnOps", "ModeKeys", "ModelFnOps", "PredictionKey", "ProblemType"
    ),
    **_from("learn.run_config", "RunConfig", "TaskType"),
    NanLossDuringTrainingError="estimator.hooks:NanLossDuringTrainingError",
    NotFittedError="errors:NotFittedError",
)

# The packages that `tensorflow.contrib.learn` is divided into all offer its names: as modules,
# those that scripts import from them.
_LEARN_PATHS = ("python", "python.learn", "estimators", "utils")

NAMES = {
    "tensorflow.contrib.learn": _LEARN,
    "tensorflow.contrib.training": _from("hparams", "HParams"),
    "tensorflow.contrib.estimator": dict(
        _from("extenders", "add_metrics"),
        **_from("absent", *ABSENT_CONTRIB),
        **_from("canned", "dnn_logit_fn_builder", "linear_logit_fn_builder"),
        **_from("receivers", "build_raw_supervised_input_receiver_fn"),
        **_from(
            "early_stopping",
            "make_early_stopping_hook",
            "stop_if_higher_hook",
            "stop_if_lower_hook",
            "stop_if_no_decrease_hook",
            "stop_if_no_increase_hook",
        ),
        **_from("hooks", "InMemoryEvaluatorHook", "make_stop_at_checkpoint_step_hook"),
        **_from("arguments", "call_logit_fn"),
    ),
    "tensorflow.training": _from("experiment", "Experiment"),
}

# Import path in legacy source -> ours, beside the roots of legacy/modules.py.
ROOTS = dict(
    {
        "tensorflow.estimator": "tfkeras_compat.estimator",
        "tensorflow.inputs": "tfkeras_compat.estimator.inputs",
    },
    **{
        "tensorflow.contrib.learn." + path: "tfkeras_compat.tensorflow.contrib.learn"
        for path in _LEARN_PATHS
    },
    **{
        "tensorflow.contrib.learn." + name: "tfkeras_compat." + target
        for name, target in _LEARN.items()
        if ":" not in target
    },
)

# What the announcement of Keras in TensorFlow calls otherwise than TensorFlow: name -> path.
MISNAMED = {"AdamOptimizer": "train.AdamOptimizer"}
