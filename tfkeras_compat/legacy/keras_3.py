"""What Keras 3 has with the same numbers, in the same place; and why the rest can not leave. Pure
data.

Paths are relative to the root of the Keras tree: ``layers.Dense`` is ``keras.layers.Dense`` there.
"""

from typing import Dict, Set

from tfkeras_compat.legacy import to_keras_3

_RANKS = ("1D", "2D", "3D")
_POOLS = ("AveragePooling", "MaxPooling", "GlobalAveragePooling", "GlobalMaxPooling")
_LAYERS = (
    "Activation Add Average Concatenate Dense DepthwiseConv2D Dot Dropout ELU Embedding Flatten "
    "GaussianDropout GaussianNoise Input LeakyReLU Masking Maximum Minimum Multiply Permute PReLU "
    "RepeatVector Reshape SeparableConv1D SeparableConv2D SimpleRNN Softmax Subtract "
    "TimeDistributed add average concatenate dot maximum minimum multiply subtract"
)
_DATASETS = "boston_housing cifar10 cifar100 fashion_mnist imdb mnist reuters"

# What is the same in Keras 3: the same place, the same arguments (but those below), the same
# numbers.
SAME: Set[str] = {
    *("layers." + name for name in _LAYERS.split()),
    *("layers.%s%s" % (name, rank) for name in _POOLS for rank in _RANKS),
    *("layers.Conv%s" % rank for rank in _RANKS),
    *("layers.%s%s" % (name, rank) for name in ("Cropping", "ZeroPadding") for rank in _RANKS),
    *("layers.UpSampling%s" % rank for rank in _RANKS),
    *("layers.SpatialDropout%s" % rank for rank in _RANKS),
    *("datasets.%s.load_data" % name for name in _DATASETS.split()),
    "callbacks.EarlyStopping",
    "models.Model",
    "models.Sequential",
    "optimizers.Adam",
    "optimizers.SGD",
    "preprocessing.sequence.pad_sequences",
    "regularizers.l1",
    "regularizers.l1_l2",
    "regularizers.l2",
}

# Class of these -> old name of an argument -> its name in Keras 3.
_RENAMED = {
    **{"layers." + kind: names for kind, names in to_keras_3.RENAMED.items()},
    **{"optimizers." + kind: to_keras_3.OPTIMIZER_ARGUMENTS for kind in to_keras_3.OPTIMIZERS},
}
ARGUMENTS: Dict[str, Dict[str, str]] = {path: _RENAMED[path] for path in SAME & set(_RENAMED)}

# Argument of what is the same -> why it can not leave.
HINDERING_ARGUMENTS: Dict[str, str] = {
    "batch_input_shape": "give Input(batch_shape=...) before the layer instead",
    "decay": "give a learning rate schedule, keras.optimizers.schedules, instead",
    "input_length": "leave it out",
    "weights": "call set_weights when the layer is built instead",
}

# Method or attribute of models and layers -> why it can not leave.
ATTRIBUTES: Dict[str, str] = {
    "evaluate_generator": "write evaluate, which takes generators",
    "fit_generator": "write fit, which takes generators",
    "get_config": "configurations of Keras 3 are others",
    "get_input_at": "Keras 3 keeps no nodes by number: keep the tensor of the call instead",
    "get_output_at": "Keras 3 keeps no nodes by number: keep the tensor of the call instead",
    "input_shape": "use layer.input.shape, or compute_output_shape, instead",
    "load_weights": "files of Keras 3 are others: tfkeras_compat convert makes them",
    "metrics_names": "they are named otherwise: accuracy, and not acc",
    "name": "automatic names count from another number: give a name",
    "output_shape": "use layer.output.shape, or compute_output_shape, instead",
    "predict_classes": "write predict(x).argmax(axis=-1)",
    "predict_generator": "write predict, which takes generators",
    "predict_proba": "write predict",
    "save": "files of Keras 3 are others: tfkeras_compat convert makes them",
    "save_weights": "files of Keras 3 are others: tfkeras_compat convert makes them",
    "summary": "the table that it prints is another",
    "to_json": "configurations of Keras 3 are others",
    "to_yaml": "there is no YAML in Keras 3: write to_json",
    "total_loss": "there are no tensors of a loss: write a train_step",
    "updates": "Keras 3 collects no updates: they happen when a layer is called",
}

# Methods that print their progress unless they are told not to.
PRINTING = ("evaluate", "fit", "predict")
VERBOSE = "its progress is printed otherwise, and predict prints it, too: give verbose=0"

# Words of `compile` -> why they can not leave.
COMPILE: Dict[str, str] = {
    "acc": "the metric is called accuracy in the history of Keras 3, and acc here",
    "accuracy": "the metric is called accuracy in the history of Keras 3, and acc here",
    **dict.fromkeys(
        ("adadelta", "adagrad", "adamax", "nadam", "rmsprop"),
        "this optimizer of Keras 3 computes its steps otherwise",
    ),
}

# Symbol, or package of symbols -> why it can not leave, and what to use instead. The longest that
# fits counts.
REASONS: Dict[str, str] = {
    "": "Keras 3 has no such name, or gives other numbers under it",
    "applications": "its weights are other files: keras.applications loads its own",
    "backend": "there is no backend of functions on a graph: use keras.ops instead",
    "backend.function": "there is no graph to take parts of: use keras.Model(inputs, outputs)",
    "backend.get_session": "there are no sessions: use Keras 3 in eager mode, or stay",
    "backend.gradients": "there is no graph: use tf.GradientTape instead",
    "backend.learning_phase": "there is no learning phase: use the argument training=",
    "backend.placeholder": "there are no placeholders: use keras.Input instead",
    "backend.set_learning_phase": "there is no learning phase: use the argument training=",
    "backend.set_session": "there are no sessions: use Keras 3 in eager mode, or stay",
    "callbacks": "it is told of other logs, or writes other files: see keras.callbacks",
    "estimator": "there are no estimators: use a keras.Model and its fit instead",
    "layers.BatchNormalization": "its moving variance is averaged otherwise in Keras 3",
    "layers.CuDNNGRU": "use keras.layers.GRU, which takes the fast route itself",
    "layers.CuDNNLSTM": "use keras.layers.LSTM, which takes the fast route itself",
    "layers.GRU": "its defaults are reset_after=True and a sigmoid in Keras 3",
    "layers.LSTM": "its recurrent activation is a sigmoid in Keras 3, and no hard_sigmoid",
    "layers.Lambda": "its function works on tensors of a graph: write it with keras.ops",
    "layers.Layer": "its build, add_weight and call are asked otherwise: see keras.layers.Layer",
    "optimizers": "this optimizer of Keras 3 computes its steps otherwise",
    "state.generation.generation": "names, defaults and numbers of this generation are others: "
    "move the weights with tfkeras_compat convert",
    "tensorflow": "code on a graph with a session can not share a process with Keras 3",
    "tensorflow.contrib": "tf.contrib is gone: see the guide on tf.layers and contrib",
    "tensorflow.estimator": "there are no estimators: use a keras.Model and its fit instead",
    "tensorflow.layers": "use keras.layers instead, and its losses and updates",
    "tensorflow.nn.rnn_cell": "use keras.layers.RNN and its cells instead",
    "utils": "it is elsewhere in Keras 3, or gone: see keras.utils",
    "wrappers": "use the package scikeras instead",
}
