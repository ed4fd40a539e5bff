"""The names of ``tf.estimator`` and its packages, and where they are defined here. Pure data."""

from typing import Dict


def _from(module: str, *names: str) -> Dict[str, str]:
    return {name: "estimator.%s:%s" % (module, name) for name in names}


_HOOKS = _from(
    "hooks",
    "CheckpointSaverHook",
    "CheckpointSaverListener",
    "FeedFnHook",
    "FinalOpsHook",
    "GlobalStepWaiterHook",
    "LoggingTensorHook",
    "NanLossDuringTrainingError",
    "NanTensorHook",
    "ProfilerHook",
    "SecondOrStepTimer",
    "SessionRunArgs",
    "SessionRunContext",
    "SessionRunHook",
    "SessionRunValues",
    "StepCounterHook",
    "StopAtStepHook",
    "SummarySaverHook",
)

_HEADS = _from(
    "heads",
    "BinaryClassHead",
    "Head",
    "LogisticRegressionHead",
    "MultiClassHead",
    "MultiHead",
    "MultiLabelHead",
    "PoissonRegressionHead",
    "RegressionHead",
)

_CANNED = _from(
    "canned",
    "BaselineClassifier",
    "BaselineEstimator",
    "BaselineRegressor",
    "DNNClassifier",
    "DNNEstimator",
    "DNNLinearCombinedClassifier",
    "DNNLinearCombinedEstimator",
    "DNNLinearCombinedRegressor",
    "DNNRegressor",
    "LinearClassifier",
    "LinearEstimator",
    "LinearRegressor",
)

_OTHER_TREES = "Use a DNN or a Linear estimator, or scikit-learn's gradient boosting."
_OTHER_PROCESSOR = "Use Estimator with a RunConfig: there is no runtime for TPUs in graph mode."

# Estimators that can not be made here: name -> what to use instead.
ABSENT = {
    "BoostedTreesClassifier": _OTHER_TREES,
    "BoostedTreesEstimator": _OTHER_TREES,
    "BoostedTreesRegressor": _OTHER_TREES,
    "InputPipelineConfig": _OTHER_PROCESSOR,
    "KMeans": "Use scikit-learn's KMeans, or an Estimator with a model_fn of your own.",
    "LinearSDCA": "Give the Linear estimators a tf.train.FtrlOptimizer.",
    "TPUConfig": _OTHER_PROCESSOR,
    "TPUEstimator": _OTHER_PROCESSOR,
    "TPUEstimatorSpec": _OTHER_PROCESSOR,
}

# Package path -> names.
NAMES = {
    "estimator": dict(
        {
            "VocabInfo": "estimator.warm_start:VocabInfo",
            "WarmStartSettings": "estimator.warm_start:WarmStartSettings",
            "experimental": "estimator.experimental",
            "export": "estimator.export",
            "inputs": "estimator.inputs",
            "tpu": "estimator.tpu",
        },
        **_HOOKS,
        **_HEADS,
        **_CANNED,
        **_from(
            "absent", "BoostedTreesClassifier", "BoostedTreesEstimator", "BoostedTreesRegressor"
        ),
        **_from("estimator", "Estimator"),
        **_from("extenders", "add_metrics"),
        **_from("keras", "model_to_estimator"),  # as tf.keras.estimator has it
        **_from("exporter", "BestExporter", "Exporter", "FinalExporter", "LatestExporter"),
        **_from("mode_keys", "ModeKeys"),
        **_from("parsing", "classifier_parse_example_spec", "regressor_parse_example_spec"),
        **_from("run_config", "RunConfig"),
        **_from("spec", "EstimatorSpec"),
        **_from("training", "EvalSpec", "TrainSpec", "train_and_evaluate"),
    ),
    "estimator.experimental": dict(
        _from("arguments", "call_logit_fn"),
        **_from(
            "early_stopping",
            "make_early_stopping_hook",
            "stop_if_higher_hook",
            "stop_if_lower_hook",
            "stop_if_no_decrease_hook",
            "stop_if_no_increase_hook",
        ),
        **_from("hooks", "InMemoryEvaluatorHook", "make_stop_at_checkpoint_step_hook"),
        **_from("receivers", "build_raw_supervised_input_receiver_fn"),
        **_from("canned", "dnn_logit_fn_builder", "linear_logit_fn_builder"),
        **_from("absent", "KMeans", "LinearSDCA"),
    ),
    "estimator.tpu": _from(
        "absent", "InputPipelineConfig", "TPUConfig", "TPUEstimator", "TPUEstimatorSpec"
    ),
    "estimator.export": dict(
        _from(
            "export_outputs",
            "ClassificationOutput",
            "ExportOutput",
            "PredictOutput",
            "RegressionOutput",
        ),
        **_from(
            "receivers",
            "ServingInputReceiver",
            "TensorServingInputReceiver",
            "build_parsing_serving_input_receiver_fn",
            "build_raw_serving_input_receiver_fn",
        ),
    ),
}
