"""Keras 1's names of constructor arguments that Keras 2 still accepted: class -> old name -> new
name.

Values change with the name only where ``VALUES`` says so.
"""

from typing import Any, Dict

_WEIGHTS = {
    "init": "kernel_initializer",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "W_constraint": "kernel_constraint",
    "b_constraint": "bias_constraint",
    "bias": "use_bias",
}
_RECURRENT = {
    "output_dim": "units",
    "init": "kernel_initializer",
    "inner_init": "recurrent_initializer",
    "inner_activation": "recurrent_activation",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "U_regularizer": "recurrent_regularizer",
    "dropout_W": "dropout",
    "dropout_U": "recurrent_dropout",
    "consume_less": "implementation",
}
_CONVOLUTION = dict(
    _WEIGHTS,
    nb_filter="filters",
    subsample="strides",
    border_mode="padding",
    dim_ordering="data_format",
)
_POOLING = {"border_mode": "padding", "dim_ordering": "data_format"}

KEYWORDS: Dict[str, Dict[str, str]] = {
    "Dense": dict(_WEIGHTS, output_dim="units"),
    "Dropout": {"p": "rate"},
    "Embedding": {
        "init": "embeddings_initializer",
        "W_regularizer": "embeddings_regularizer",
        "W_constraint": "embeddings_constraint",
    },
    "BatchNormalization": {
        "beta_init": "beta_initializer",
        "gamma_init": "gamma_initializer",
    },
    "Conv2D": _CONVOLUTION,
    "ConvLSTM2D": dict(_RECURRENT, **_CONVOLUTION),
    "PReLU": {"init": "alpha_initializer"},
    "InputLayer": {"input_dtype": "dtype"},
    "MaxPooling2D": _POOLING,
    "Network": {"input": "inputs", "output": "outputs"},
    "SimpleRNN": _RECURRENT,
    "LSTM": _RECURRENT,
    "GRU": _RECURRENT,
}

VALUES: Dict[str, Dict[str, Any]] = {
    "data_format": {"tf": "channels_last", "th": "channels_first", "default": None},
    "implementation": {"cpu": 0, "mem": 1, "gpu": 2},
}
