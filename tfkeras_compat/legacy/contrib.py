"""The names of ``tf.contrib`` packages and of what scripts expect elsewhere in ``tf``, and where
they are defined here. Pure data."""

from typing import Dict, Set

from tfkeras_compat.legacy.estimator import (
    ABSENT_CONTRIB,
    ABSENT_GRAPH_ACTIONS,
    ABSENT_IO,
    ABSENT_LEARN,
)


def _from(module: str, *names: str) -> Dict[str, str]:
    return {name: "estimator.%s:%s" % (module, name) for name in names}


def _here(module: str, *names: str, **others: str) -> Dict[str, str]:
    """Names of a module of ``tensorflow.contrib``, and others that are called otherwise there."""
    pairs = dict({name: name for name in names}, **others)
    return {name: "tensorflow.contrib.%s:%s" % (module, at) for name, at in pairs.items()}


def _v1(path: str, *names: str, **others: str) -> Dict[str, str]:
    """Names of a package of ``tensorflow.compat.v1``, and others that are called otherwise
    there."""
    pairs = dict({name: name for name in names}, **others)
    return {name: "_tf:tf.%s.%s" % (path, at) for name, at in pairs.items()}


_COLUMNS_OF_INPUT = (
    "infer_real_valued_columns_from_input",
    "infer_real_valued_columns_from_input_fn",
)

_LEARN = dict(
    {
        "estimators": "tensorflow.contrib.learn",
        "experiment": "estimator.experiment",
        "input_fn_utils": "estimator.learn.model_fn_ops",
        "learn": "tensorflow.contrib.learn",
        "learn_io": "tensorflow.contrib.learn.io",
        "learn_runner": "estimator.learn_runner",
        "metric_spec": "estimator.learn.metric_spec",
        "model_fn": "estimator.learn.model_fn_ops",
        "monitors": "estimator.learn.monitors",
        "python": "tensorflow.contrib.learn",
        "run_config": "estimator.learn.run_config",
        "saved_model_export_utils": "estimator.learn.export_strategy",
        "utils": "tensorflow.contrib.learn",
    },
    **_from("absent", *ABSENT_LEARN),
    **_from("learn.columns", *_COLUMNS_OF_INPUT),
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

_DIGITS = "tensorflow.examples.tutorials.mnist.input_data"

# What is below `tensorflow.contrib.learn`, beside the modules with its own names.
_LEARN_MODULES = {
    "tensorflow.contrib.learn.datasets": dict(
        _here("learn.datasets.base", "load_boston", "load_iris"), mnist=_DIGITS
    ),
    "tensorflow.contrib.learn.graph_actions": _from("absent", *ABSENT_GRAPH_ACTIONS),
    "tensorflow.contrib.learn.preprocessing": dict(
        _here("learn.preprocessing.categorical_vocabulary", "CategoricalVocabulary"),
        **_here("learn.preprocessing.text", "VocabularyProcessor", "tokenizer"),
    ),
    "tensorflow.contrib.learn.io": dict(
        _from("absent", *ABSENT_IO),
        **_from("learn.columns", *_COLUMNS_OF_INPUT),
        **_from("learn.inputs", "numpy_input_fn", "pandas_input_fn"),
    ),
}

# The packages that `tensorflow.contrib.learn` is divided into all offer its names; the modules in
# them that are called otherwise here.
_LEARN_ROOTS = {
    "python.learn": "tensorflow.contrib.learn",
    "datasets.mnist": _DIGITS,
    "estimators.estimator": "tensorflow.contrib.learn",
    "utils.input_fn_utils": "tensorflow.contrib.learn",
}

_ARG_SCOPE = _here(
    "framework.scopes",
    "add_arg_scope",
    "arg_scope",
    "arg_scope_func_key",
    "arg_scoped_arguments",
    "current_arg_scope",
    "has_arg_scope",
)

_VARIABLES = dict(
    _here(
        "framework.variables",
        "VariableDeviceChooser",
        "add_model_variable",
        "assert_or_get_global_step",
        "filter_variables",
        "get_local_variables",
        "get_model_variables",
        "get_trainable_variables",
        "get_unique_variable",
        "get_variable_full_name",
        "get_variables",
        "get_variables_by_name",
        "get_variables_by_suffix",
        "get_variables_to_restore",
        "global_variable",
        "local_variable",
        "model_variable",
        "variable",
    ),
    **_v1(
        "train",
        "assert_global_step",
        "create_global_step",
        "get_global_step",
        "get_or_create_global_step",
    ),
    **_here(
        "framework.checkpoints",
        "assign_from_checkpoint",
        "assign_from_checkpoint_fn",
        "assign_from_values",
        "assign_from_values_fn",
    ),
)

_FRAMEWORK = dict(
    _ARG_SCOPE,
    **_VARIABLES,
    **_v1("train", "init_from_checkpoint", "list_variables", "load_checkpoint", "load_variable"),
    **_here(
        "framework.tensors",
        "assert_same_float_dtype",
        "assert_scalar",
        "assert_scalar_int",
        "convert_to_tensor_or_sparse_tensor",
        "deprecated",
        "deprecated_arg_values",
        "deprecated_args",
        "get_graph_from_inputs",
        "get_name_scope",
        "get_placeholders",
        "reduce_sum_n",
        "remove_squeezable_dimensions",
        "smart_case",
        "smart_cond",
        "smart_constant_value",
        "with_same_shape",
        "with_shape",
    ),
    **{
        name: "_tf:tf." + name
        for name in (
            "TensorSpec",
            "argsort",
            "is_non_decreasing",
            "is_numeric_tensor",
            "is_strictly_increasing",
            "is_tensor",
            "nest",
            "py_func",
            "sort",
        )
    },
)

_LAYERS = dict(
    _here("layers.composition", "repeat", "stack"),
    **_here(
        "layers.convolutions",
        "conv1d",
        "conv2d",
        "conv2d_in_plane",
        "conv2d_transpose",
        "conv3d",
        "conv3d_transpose",
        "convolution",
        "convolution1d",
        "convolution2d",
        "convolution2d_in_plane",
        "convolution2d_transpose",
        "convolution3d",
        "convolution3d_transpose",
        "separable_conv2d",
        "separable_convolution2d",
    ),
    **_here(
        "layers.dense",
        "bias_add",
        "elu",
        "fully_connected",
        "legacy_fully_connected",
        "legacy_linear",
        "legacy_relu",
        "linear",
        "relu",
        "relu6",
    ),
    **_here("layers.embedding_ops", "embedding_lookup_unique", "safe_embedding_lookup_sparse"),
    **_here("layers.encoders", "bow_encoder", "embed_sequence"),
    **_here(
        "layers.feature_column",
        "bucketized_column",
        "check_feature_columns",
        "create_feature_spec_for_parsing",
        "crossed_column",
        "embedding_column",
        "infer_real_valued_columns",
        "input_from_feature_columns",
        "make_place_holder_tensors_for_base_features",
        "one_hot_column",
        "parse_feature_columns_from_examples",
        "real_valued_column",
        "shared_embedding_columns",
        "sparse_column_with_hash_bucket",
        "sparse_column_with_integerized_feature",
        "sparse_column_with_keys",
        "sparse_column_with_vocabulary_file",
        "weighted_sparse_column",
        "weighted_sum_from_feature_columns",
    ),
    **_here(
        "layers.initializers",
        "variance_scaling_initializer",
        "xavier_initializer",
        "xavier_initializer_conv2d",
    ),
    **_here("layers.normalization", "batch_norm", "group_norm", "instance_norm", "layer_norm"),
    **_here(
        "layers.optimizers",
        "OPTIMIZER_CLS_NAMES",
        "OPTIMIZER_SUMMARIES",
        "adaptive_clipping_fn",
        "optimize_loss",
    ),
    **_here("layers.pooling", "avg_pool2d", "avg_pool3d", "max_pool2d", "max_pool3d"),
    **_here(
        "layers.regularizers",
        "apply_regularization",
        "l1_l2_regularizer",
        "l1_regularizer",
        "l2_regularizer",
        "sum_regularizer",
    ),
    **_here(
        "layers.reshaping",
        "dense_to_sparse",
        "dropout",
        "flatten",
        "maxout",
        "one_hot_encoding",
        "softmax",
        "spatial_softmax",
        "unit_norm",
    ),
    **_here(
        "layers.summaries",
        "summarize_activation",
        "summarize_activations",
        "summarize_biases",
        "summarize_collection",
        "summarize_tensor",
        "summarize_tensors",
        "summarize_variables",
        "summarize_weights",
    ),
    utils="tensorflow.contrib.layers.outputs",
)

_SLIM = dict(
    _ARG_SCOPE,
    **_VARIABLES,
    **{name: target for name, target in _LAYERS.items() if "feature_column" not in target},
    evaluation="tensorflow.contrib.slim.evaluation",
    layers="tensorflow.contrib.layers",
    learning="tensorflow.contrib.slim.learning",
    losses="tensorflow.contrib.losses",
    metrics="tensorflow.contrib.metrics",
)

NAMES = {
    "tensorflow.contrib.deprecated": {
        name + "_summary": "_tf:tf.summary." + name for name in ("histogram", "image", "scalar")
    },
    "tensorflow.contrib.distributions": _v1(
        "distributions",
        "Bernoulli",
        "Beta",
        "Categorical",
        "Dirichlet",
        "DirichletMultinomial",
        "Distribution",
        "Exponential",
        "Gamma",
        "Laplace",
        "Multinomial",
        "Normal",
        "StudentT",
        "Uniform",
        "kl_divergence",
    ),
    "tensorflow.contrib.framework": _FRAMEWORK,
    "tensorflow.contrib.layers": _LAYERS,
    "tensorflow.contrib.signal": _v1(
        "signal",
        "frame",
        "hamming_window",
        "hann_window",
        "inverse_stft",
        "inverse_stft_window_fn",
        "linear_to_mel_weight_matrix",
        "mfccs_from_log_mel_spectrograms",
        "overlap_and_add",
        "stft",
    ),
    "tensorflow.contrib.opt": _here(
        "opt.sign_decay", "get_cosine_decay_fn", "get_linear_decay_fn", "get_restart_decay_fn"
    ),
    "tensorflow.contrib.slim": _SLIM,
    "tensorflow.contrib.stateless": _v1(
        "random",
        stateless_multinomial="stateless_multinomial",
        stateless_random_normal="stateless_normal",
        stateless_random_uniform="stateless_uniform",
        stateless_truncated_normal="stateless_truncated_normal",
    ),
    "tensorflow.contrib.util": {
        "constant_value": "_tf:tf.get_static_value",
        "make_ndarray": "_tf:tf.make_ndarray",
        "make_tensor_proto": "_tf:tf.make_tensor_proto",
    },
    "tensorflow.contrib.learn": _LEARN,
    **_LEARN_MODULES,
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

# Package of `tensorflow.contrib` -> the paths below it whose modules offer its names, too.
_PATHS = {
    "cluster_resolver": ("python.training.cluster_resolver",),
    "crf": ("python.ops.crf",),
    "data": ("python.ops",),
    "framework": (
        "ops",
        "python.framework.checkpoint_utils",
        "python.framework.tensor_util",
        "python.ops.variables",
    ),
    "image": ("python.ops.image_ops",),
    "layers": ("python.layers.layers", "python.ops"),
    "lookup": ("lookup_ops",),
    "losses": ("python.losses.loss_ops",),
    "metrics": ("python.ops.metric_ops",),
    "opt": tuple(
        "python.training." + name
        for name in (
            "addsign",
            "external_optimizer",
            "lazy_adam_optimizer",
            "moving_average_optimizer",
            "nadam_optimizer",
            "powersign",
            "sign_decay",
            "weight_decay_optimizers",
        )
    ),
    "slim": ("python.slim",),
    "tpu": ("python.tpu",),
    "training": ("python.training.hparam",),
}


def _steps(path: str) -> Set[str]:
    """The paths on the way, and each step by itself: after the first, all are one module."""
    steps = path.split(".")
    return {".".join(steps[: at + 1]) for at in range(len(steps))} | set(steps)


# Import path in legacy source -> ours, beside the roots of legacy/modules.py.
ROOTS = dict(
    {
        "tensorflow.estimator": "tfkeras_compat.estimator",
        "tensorflow.inputs": "tfkeras_compat.estimator.inputs",
    },
    **{
        "tensorflow.contrib.%s.%s" % (package, path): "tfkeras_compat.tensorflow.contrib." + package
        for package, paths in _PATHS.items()
        for each in paths
        for path in _steps(each)
    },
    **{
        "tensorflow.contrib.learn." + parent + path: "tfkeras_compat." + target
        for parent in ("", "python.learn.")
        for path, target in _LEARN_ROOTS.items()
    },
    **{
        "tensorflow.contrib.learn." + name: "tfkeras_compat." + target
        for name, target in _LEARN.items()
        if ":" not in target
    },
)
