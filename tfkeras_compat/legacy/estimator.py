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

_CORE_HEADS = "Use the heads of tf.estimator, as tf.estimator.MultiClassHead."
_OWN_MODEL = "Use an Estimator with a model_fn of your own."
_READERS = "Use an input_fn that returns a tf.data.Dataset."
_RECEIVERS = "Use tf.estimator.export.build_parsing_serving_input_receiver_fn."
_LOOPS = "Use the train, evaluate and predict of an Estimator."
_ARRAYS = "Use tf.estimator.inputs.pandas_input_fn or numpy_input_fn."

ABSENT_GRAPH_ACTIONS = dict.fromkeys(("evaluate", "infer", "run_feeds", "run_n", "train"), _LOOPS)
ABSENT_IO = dict(
    dict.fromkeys(
        (
            "read_batch_examples",
            "read_batch_features",
            "read_batch_record_features",
            "read_keyed_batch_examples",
            "read_keyed_batch_examples_shared_queue",
            "read_keyed_batch_features",
            "read_keyed_batch_features_shared_queue",
        ),
        _READERS,
    ),
    **dict.fromkeys(
        (
            "extract_dask_data",
            "extract_dask_labels",
            "extract_pandas_data",
            "extract_pandas_labels",
            "extract_pandas_matrix",
        ),
        _ARRAYS,
    ),
    generator_input_fn="Use tf.data.Dataset.from_generator.",
    queue_parsed_features=_READERS,
)

# The names that only tf.contrib.learn and tf.contrib.estimator had -> what to use instead.
ABSENT_LEARN = dict(
    {
        "DNNEstimator": "Use tf.estimator.DNNEstimator.",
        "DNNLinearCombinedClassifier": "Use tf.estimator.DNNLinearCombinedClassifier.",
        "DNNLinearCombinedEstimator": "Use tf.estimator.DNNLinearCombinedEstimator.",
        "DNNLinearCombinedRegressor": "Use tf.estimator.DNNLinearCombinedRegressor.",
        "DynamicRnnEstimator": _OWN_MODEL,
        "Head": _CORE_HEADS,
        "KMeansClustering": "Use scikit-learn's KMeans, or an Estimator with your own model_fn.",
        "LinearEstimator": "Use tf.estimator.LinearEstimator.",
        "LogisticRegressor": "Use tf.estimator.LinearClassifier.",
        "SKCompat": "Give x, y and batch_size to the Estimator itself.",
        "SVM": "Use scikit-learn's LinearSVC, or an Estimator with your own model_fn.",
        "binary_svm_head": _OWN_MODEL,
        "build_parsing_serving_input_fn": _RECEIVERS,
        "no_op_train_fn": "Use tf.no_op in the train_op of a model_fn.",
    },
    **dict.fromkeys(
        (
            "multi_class_head",
            "multi_head",
            "multi_label_head",
            "poisson_regression_head",
            "regression_head",
        ),
        _CORE_HEADS,
    ),
    **ABSENT_GRAPH_ACTIONS,
    **ABSENT_IO,
)
ABSENT_CONTRIB = dict(
    {
        "DNNClassifierWithLayerAnnotations": "Use tf.estimator.DNNClassifier.",
        "DNNRegressorWithLayerAnnotations": "Use tf.estimator.DNNRegressor.",
        "RNNClassifier": _OWN_MODEL,
        "RNNEstimator": _OWN_MODEL,
        "SavedModelEstimator": "Use warm_start_from, or a model_fn of your own.",
        "TowerOptimizer": "Use a RunConfig with train_distribute=tf.distribute.MirroredStrategy().",
        "boosted_trees_classifier_train_in_memory": _OTHER_TREES,
        "boosted_trees_regressor_train_in_memory": _OTHER_TREES,
        "build_supervised_input_receiver_fn_from_input_fn": "Use "
        "tf.estimator.experimental.build_raw_supervised_input_receiver_fn.",
        "clip_gradients_by_norm": "Use tf.clip_by_norm in a model_fn, or clipnorm of an optimizer.",
        "export_all_saved_models": "Use Estimator.experimental_export_all_saved_models.",
        "export_saved_model_for_mode": "Use Estimator.export_saved_model with experimental_mode.",
        "forward_features": "Use a model_fn that adds the features to its predictions.",
        "replicate_model_fn": "Use a RunConfig with train_distribute=MirroredStrategy().",
    },
    **dict.fromkeys(
        (
            "binary_classification_head",
            "logistic_regression_head",
            "multi_class_head",
            "multi_head",
            "multi_label_head",
            "poisson_regression_head",
            "regression_head",
        ),
        _CORE_HEADS,
    ),
)

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
    **ABSENT_LEARN,
    **ABSENT_CONTRIB,
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
