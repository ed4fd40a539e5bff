"""Names of the TensorFlow 1.x namespace that are elsewhere today, or gone. Pure data."""

from typing import Dict


def _v1(path: str = "", *same: str, **others: str) -> Dict[str, str]:
    """Names of ``tensorflow.compat.v1``: those below ``path`` by their own name, and others."""
    dotted = path + "." if path else ""
    found = {name: "_tf:tf." + dotted + name for name in same}
    found.update({name: "_tf:tf." + dotted + target for name, target in others.items()})
    return found


def _ours(module: str, *names: str, **others: str) -> Dict[str, str]:
    """Names of a module of ours below ``tensorflow``."""
    pairs = dict({name: name for name in names}, **others)
    return {name: "tensorflow.%s:%s" % (module, found) for name, found in pairs.items()}


# Names that TensorFlow 1.0 dropped, and that scripts of 0.x still hold.
_TENSORFLOW_0 = dict(
    _v1(
        batch_cholesky="cholesky",
        batch_matmul="matmul",
        batch_matrix_inverse="matrix_inverse",
        complex_abs="abs",
        histogram_summary="summary.histogram",
        image_summary="summary.image",
        inv="reciprocal",
        listdiff="setdiff1d",
        list_diff="setdiff1d",
        merge_all_summaries="summary.merge_all",
        merge_summary="summary.merge",
        mul="multiply",
        neg="negative",
        scalar_summary="summary.scalar",
        select="where",
        sub="subtract",
    ),
    **_ours("first_names", "audio_summary", "concat", "pack", "split", "unpack"),
)

# The names above that `tensorflow.compat.v1` has under others, and those that it still has but
# deprecated. Old name -> new name, below `tensorflow`.
RENAMED: Dict[str, str] = dict(
    {
        name: target[len("_tf:tf.") :]
        for name, target in _TENSORFLOW_0.items()
        if target.startswith("_tf:tf.")
    },
    **{
        "AdamOptimizer": "train.AdamOptimizer",
        "all_variables": "global_variables",
        "image.per_image_whitening": "image.per_image_standardization",
        "initialize_all_tables": "tables_initializer",
        "initialize_all_variables": "global_variables_initializer",
        "initialize_local_variables": "local_variables_initializer",
        "initialize_variables": "variables_initializer",
        "nn.bidirectional_rnn": "nn.static_bidirectional_rnn",
        "nn.rnn": "nn.static_rnn",
        "nn.state_saving_rnn": "nn.static_state_saving_rnn",
        "pack": "stack",
        "train.SummaryWriter": "summary.FileWriter",
        "train.SummaryWriterCache": "summary.FileWriterCache",
        "unpack": "unstack",
    },
)

_REDUCTION = {"reduction_indices": "axis", "keep_dims": "keepdims"}
_REDUCTIONS = ("all", "any", "logsumexp", "max", "mean", "min", "prod", "sum")

# Function -> old name of an argument -> new name.
ARGUMENTS: Dict[str, Dict[str, str]] = {
    **{"reduce_" + name: _REDUCTION for name in _REDUCTIONS},
    **dict.fromkeys(("argmax", "argmin"), {"dimension": "axis"}),
    **dict.fromkeys(("nn.softmax", "nn.log_softmax"), {"dim": "axis"}),
    "concat": {"concat_dim": "axis"},
    "count_nonzero": _REDUCTION,
    "expand_dims": {"dim": "axis"},
    "nn.l2_normalize": {"dim": "axis"},
    "nn.moments": {"keep_dims": "keepdims"},
    "norm": {"keep_dims": "keepdims"},
    "reverse_sequence": {"seq_dim": "seq_axis", "batch_dim": "batch_axis"},
    "sparse_concat": {"concat_dim": "axis"},
    "split": {"split_dim": "axis", "num_split": "num_or_size_splits"},
    "squeeze": {"squeeze_dims": "axis"},
    "histogram_summary": {"tag": "name"},
    "image_summary": {"tag": "name", "max_images": "max_outputs"},
    "scalar_summary": {"tags": "name", "values": "tensor"},
}

# Function of TensorFlow 0.x -> its arguments in their order then; where the first of them is a
# number, the order is meant.
ORDERS: Dict[str, tuple] = {
    "concat": ("axis", "values"),
    "split": ("axis", "num_or_size_splits", "value"),
}

# What is ours, or only here, below `tensorflow`; the longest that fits counts.
OURS = (
    "audio_summary",
    "contrib",
    "estimator",
    "examples",
    "inputs",
    "keras",
    "layers",
    "nn.rnn_cell",
    "python",
    "tools",
    "training",
)

# The files of contrib.rnn, which all have the names of the package here.
_CONTRIB_RNN = (
    "core_rnn_cell",
    "core_rnn_cell_impl",
    "fused_rnn_cell",
    "gru_ops",
    "lstm_ops",
    "rnn",
    "rnn_cell",
)

# The modules of `tensorflow.python.layers`, all of whose names are in ours.
_LAYERS = ("base", "convolutional", "core", "layers", "normalization", "pooling")

NAMES: Dict[str, Dict[str, str]] = {
    "tensorflow": dict(
        _TENSORFLOW_0,
        AdamOptimizer="_tf:tf.train.AdamOptimizer",  # as the announcement of tf.keras has it
        layers="tensorflow.layers",
        nn="tensorflow.nn",
    ),
    "tensorflow.contrib": dict(
        {name: "tensorflow.contrib." + name for name in ("cudnn_rnn", "rnn", "seq2seq")},
        keras="tensorflow:keras",
    ),
    "tensorflow.contrib.rnn.python": {},
    "tensorflow.contrib.rnn.python.ops": dict.fromkeys(_CONTRIB_RNN, "tensorflow.contrib.rnn"),
    "tensorflow.image": _v1("image", per_image_whitening="per_image_standardization"),
    "tensorflow.nn": _v1(
        rnn="nn.static_rnn",
        bidirectional_rnn="nn.static_bidirectional_rnn",
        state_saving_rnn="nn.static_state_saving_rnn",
    ),
    "tensorflow.python": {"estimator": "estimator", "keras": "tensorflow:keras"},
    "tensorflow.python.framework": {},
    "tensorflow.python.framework.graph_util": _v1("graph_util", "convert_variables_to_constants"),
    "tensorflow.python.framework.graph_util_impl": _v1(
        "graph_util", "convert_variables_to_constants"
    ),
    "tensorflow.python.framework.ops": _v1(
        "",
        "IndexedSlices",
        "Tensor",
        "convert_to_tensor_or_indexed_slices",
        "register_tensor_conversion_function",
    ),
    "tensorflow.python.layers": dict.fromkeys(_LAYERS, "tensorflow:layers"),
    "tensorflow.python.ops": {},
    "tensorflow.python.ops.array_ops": _v1("", "stack", "unstack"),
    "tensorflow.python.ops.control_flow_ops": _v1(
        "", "Assert", "case", "cond", "identity", "while_loop"
    ),
    "tensorflow.python.ops.functional_ops": _v1("", "foldl", "foldr", "map_fn", "scan"),
    "tensorflow.python.ops.variable_scope": _v1(variable="Variable"),
    "tensorflow.python.ops.variables": _v1(VariableV1="Variable"),
    "tensorflow.python.pywrap_tensorflow": _v1("train", "NewCheckpointReader"),
    "tensorflow.tools": {},
    "tensorflow.tools.graph_transforms": _ours("graph_transforms", "TransformGraph"),
    "tensorflow.train": _v1(
        SummaryWriter="summary.FileWriter",
        SummaryWriterCache="summary.FileWriterCache",
        summary_iterator="train.summary_iterator",
    ),
}

_ESTIMATOR = {
    "": "",
    ".canned": "",
    ".canned.dnn": "",
    ".canned.dnn_linear_combined": "",
    ".canned.linear": "",
    ".estimator": "",
    ".estimator_lib": "",
    ".export": ".export",
    ".export.export": ".export",
    ".export.export_lib": ".export",
    ".export.export_output": ".export",
    ".exporter": "",
    ".inputs": ".inputs",
    ".inputs.inputs": ".inputs",
    ".inputs.numpy_io": ".inputs",
    ".inputs.pandas_io": ".inputs",
    ".model_fn": "",
    ".run_config": "",
    ".training": "",
}

# Import path in legacy source -> ours, beside the roots of legacy/modules.py.
ROOTS = dict(
    {
        "tensorflow.python.estimator" + path: "tfkeras_compat.estimator" + ours
        for path, ours in _ESTIMATOR.items()
    },
    **{"tensorflow.python.layers." + path: "tfkeras_compat.tensorflow.layers" for path in _LAYERS},
    **{
        "tensorflow.contrib.rnn.python.ops." + path: "tfkeras_compat.tensorflow.contrib.rnn"
        for path in _CONTRIB_RNN
    },
    **{
        "tensorflow.python.ops." + path: "tfkeras_compat.tensorflow.nn.rnn_cell"
        for path in ("rnn_cell", "rnn_cell_impl")
    },
)

_TPU = (
    "It needs a TPU of the TensorFlow 1.x runtime, which TensorFlow 2 can not drive. On a CPU or "
    "GPU use tf.estimator.Estimator with tf.estimator.RunConfig, and the tf.train optimizer itself."
)

# Symbol, or package of symbols -> what to use instead. The longest that fits counts.
ADVICE = {
    "tensorflow.contrib": "TensorFlow 1.15 is the last to have the rest of tf.contrib.",
    "tensorflow.contrib.all_reduce": "Use tf.distribute.MirroredStrategy.",
    "tensorflow.contrib.autograph": "Use tf.autograph.",
    "tensorflow.contrib.batching": "Use tf.nondifferentiable_batch_function.",
    "tensorflow.contrib.bayesflow": "Use the package tensorflow-probability.",
    "tensorflow.contrib.boosted_trees": "Use the package tensorflow-decision-forests.",
    "tensorflow.contrib.checkpoint": "Use tf.train.Checkpoint.",
    "tensorflow.contrib.cluster_resolver.TPUClusterResolver": _TPU,
    "tensorflow.contrib.compiler": "Use tf.xla, or tf.function(jit_compile=True).",
    "tensorflow.contrib.distribute.TPUStrategy": _TPU,
    "tensorflow.contrib.distribute.initialize_tpu_system": _TPU,
    "tensorflow.contrib.distributions": "Use tf.distributions or the package "
    "tensorflow-probability.",
    "tensorflow.contrib.eager": "Programs here run in graph mode; eager code needs no such layer: "
    "write it for TensorFlow 2.",
    "tensorflow.contrib.factorization": "Use scikit-learn's KMeans, GaussianMixture or NMF.",
    "tensorflow.contrib.ffmpeg": "Use the package tensorflow-io.",
    "tensorflow.contrib.graph_editor": "Use tf.import_graph_def with an input_map.",
    "tensorflow.contrib.integrate": "Use tfp.math.ode of the package tensorflow-probability.",
    "tensorflow.contrib.legacy_seq2seq": "Use tf.nn.dynamic_rnn with cells of tf.nn.rnn_cell.",
    "tensorflow.contrib.estimator": "Use tf.estimator.",
    "tensorflow.contrib.learn": "Use tf.estimator, and tf.data for what it reads.",
    "tensorflow.contrib.linear_optimizer": "Use tf.train.FtrlOptimizer.",
    "tensorflow.contrib.quantize": "Use the package tensorflow-model-optimization.",
    "tensorflow.contrib.model_pruning": "Use the package tensorflow-model-optimization.",
    "tensorflow.contrib.opt": "Use an optimizer of tf.train, or one that tf.contrib.opt has here: "
    "AddSign, PowerSign, LazyAdam, Nadam, AdamW, MomentumW, MovingAverage, SciPy's, and "
    "decay of weights for any other.",
    "tensorflow.contrib.saved_model": "Use model.save, or tf.saved_model.simple_save.",
    "tensorflow.contrib.slim.nets": "Copy the network's file from tensorflow/models, "
    "research/slim/nets: it runs on tf.contrib.slim as offered here.",
    "tensorflow.contrib.staging": "Use tf.data.Dataset.prefetch.",
    "tensorflow.contrib.stateless": "Use tf.random.stateless_uniform and its like.",
    "tensorflow.contrib.tensor_forest": "Use the package tensorflow-decision-forests.",
    "tensorflow.contrib.tensorrt": "Use tensorflow.python.compiler.tensorrt.",
    "tensorflow.contrib.tfprof": "Use tf.profiler.",
    "tensorflow.contrib.timeseries": "Use the package tensorflow-probability (tfp.sts).",
    "tensorflow.contrib.tpu": _TPU,
}


def advice_for(symbol: str) -> str:
    """What to use instead of a symbol that is not there; empty where the table says nothing.

    >>> advice_for("tensorflow.contrib.ffmpeg.decode_audio")
    'Use the package tensorflow-io.'
    """
    while symbol and symbol not in ADVICE:
        symbol = symbol.rpartition(".")[0]
    return ADVICE.get(symbol, "")
