"""Keras 1's names of arguments that Keras 2 still accepted. Pure data.

Classes are named, so that layers of any room can be listed; a subclass is treated as the nearest
base class that is listed.
"""

from typing import Any, Dict

_BIAS = {"b_regularizer": "bias_regularizer", "b_constraint": "bias_constraint", "bias": "use_bias"}
_WEIGHTS = dict(
    _BIAS,
    init="kernel_initializer",
    W_regularizer="kernel_regularizer",
    W_constraint="kernel_constraint",
)
_LAYOUT = {"dim_ordering": "data_format"}
_STATES = {
    "init": "kernel_initializer",
    "inner_init": "recurrent_initializer",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "U_regularizer": "recurrent_regularizer",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
}
_RECURRENT = dict(_STATES, output_dim="units", consume_less="implementation")
_GATES = {"inner_activation": "recurrent_activation"}
_FORGETTING = dict(_GATES, forget_bias_init="unit_forget_bias")
_WINDOWS = dict(_LAYOUT, nb_filter="filters", subsample="strides", border_mode="padding")
_STEPS = {
    "nb_filter": "filters",
    "filter_length": "kernel_size",
    "subsample_length": "strides",
    "border_mode": "padding",
}
_POOLING_OF_STEPS = {"pool_length": "pool_size", "stride": "strides", "border_mode": "padding"}
_POOLING = dict(_LAYOUT, border_mode="padding")
_DROPOUT = {"p": "rate"}

# Class -> old name -> new name, or names.
KEYWORDS: Dict[str, Dict[str, Any]] = {
    "Network": {"input": "inputs", "output": "outputs"},
    "InputLayer": {"input_dtype": "dtype"},
    "Dense": dict(_WEIGHTS, output_dim="units"),
    "Embedding": {
        "init": "embeddings_initializer",
        "W_regularizer": "embeddings_regularizer",
        "W_constraint": "embeddings_constraint",
    },
    "BatchNormalization": {"beta_init": "beta_initializer", "gamma_init": "gamma_initializer"},
    "PReLU": {"init": "alpha_initializer"},
    "Dropout": _DROPOUT,
    "SpatialDropout1D": _DROPOUT,
    "SpatialDropout2D": dict(_DROPOUT, **_LAYOUT),
    "SpatialDropout3D": dict(_DROPOUT, **_LAYOUT),
    "GaussianDropout": _DROPOUT,
    "GaussianNoise": {"sigma": "stddev"},
    "SimpleRNN": _RECURRENT,
    "GRU": dict(_RECURRENT, **_GATES),
    "LSTM": dict(_RECURRENT, **_FORGETTING),
    "ConvLSTM2D": dict(_STATES, **_FORGETTING, **_WINDOWS, bias="use_bias"),
    "Conv1D": dict(_WEIGHTS, **_STEPS),
    "Conv2D": dict(_WEIGHTS, **_WINDOWS),
    "Conv2DTranspose": dict(_WEIGHTS, **_WINDOWS),
    "Conv3D": dict(_WEIGHTS, **_WINDOWS),
    "SeparableConv2D": dict(
        _BIAS, **_WINDOWS, init=("depthwise_initializer", "pointwise_initializer")
    ),
    "LocallyConnected1D": dict(_WEIGHTS, **_STEPS),
    "LocallyConnected2D": dict(_WEIGHTS, **_WINDOWS),
    "AveragePooling1D": _POOLING_OF_STEPS,
    "AveragePooling2D": _POOLING,
    "AveragePooling3D": _POOLING,
    "MaxPooling1D": _POOLING_OF_STEPS,
    "MaxPooling2D": _POOLING,
    "MaxPooling3D": _POOLING,
    "GlobalAveragePooling2D": _LAYOUT,
    "GlobalAveragePooling3D": _LAYOUT,
    "GlobalMaxPooling2D": _LAYOUT,
    "GlobalMaxPooling3D": _LAYOUT,
    "UpSampling1D": {"length": "size"},
    "UpSampling2D": _LAYOUT,
    "UpSampling3D": _LAYOUT,
    "ZeroPadding2D": _LAYOUT,
    "ZeroPadding3D": _LAYOUT,
    "Cropping2D": _LAYOUT,
    "Cropping3D": _LAYOUT,
}

# New name -> old value -> new value, for values that were given under the old name.
VALUES: Dict[str, Dict[str, Any]] = {
    "data_format": {"tf": "channels_last", "th": "channels_first", "default": None},
    "implementation": {"cpu": 0, "mem": 1, "gpu": 2},
    "unit_forget_bias": {"one": True},
}

# New names that only the values above are taken for; with others the argument is ignored.
ONLY_LISTED_VALUES = ("unit_forget_bias",)

# Class -> old name -> the values that are ignored, where others are refused; empty for all.
IGNORED: Dict[str, Dict[str, Any]] = {
    "BatchNormalization": {"mode": (0,)},
    "Embedding": {"dropout": ()},
}

# Classes whose inputs are steps: their `input_dim` is the last axis of `input_shape`, and
# `input_length` the one before.
OF_STEPS = ("Conv1D", "GRU", "LSTM", "LocallyConnected1D", "SimpleRNN", "TimeDistributedDense")

# Of fit_generator, evaluate_generator and predict_generator. What counted samples counts batches.
GENERATOR_METHODS = {
    "samples_per_epoch": "steps_per_epoch",
    "val_samples": "steps",
    "nb_epoch": "epochs",
    "nb_val_samples": "validation_steps",
    "nb_worker": "workers",
    "pickle_safe": "use_multiprocessing",
    "max_q_size": "max_queue_size",
}
COUNTED_DIFFERENTLY = ("samples_per_epoch", "val_samples", "nb_val_samples")

# Class -> the arguments that Keras 2 took without their names; tf.keras takes all of them so.
_WINDOW = ("pool_size", "strides", "padding")
_FILTERS = ("filters", "kernel_size")
POSITIONAL = dict(
    {
        "Dense": ("units",),
        "Dropout": ("rate", "noise_shape", "seed"),
        "Embedding": ("input_dim", "output_dim"),
        "PReLU": ("alpha_initializer",),
        "GaussianNoise": ("stddev",),
        "GaussianDropout": ("rate",),
    },
    **dict.fromkeys(("SimpleRNN", "GRU", "LSTM"), ("units",)),
    **{"%sPooling%dD" % (kind, n): _WINDOW for kind in ("Average", "Max") for n in (1, 2, 3)},
    **{"%sConv%s" % (kind, rest): _FILTERS for kind in ("", "Separable") for rest in ("1D", "2D")},
    **dict.fromkeys(("Conv3D", "Conv2DTranspose", "ConvLSTM2D"), _FILTERS),
    **{"UpSampling%dD" % n: ("size",) for n in (1, 2, 3)},
    **{"ZeroPadding%dD" % n: ("padding",) for n in (2, 3)},
    **{"Cropping%dD" % n: ("cropping",) for n in (2, 3)},
    **{"SpatialDropout%dD" % n: ("rate",) for n in (1, 2, 3)},
)
