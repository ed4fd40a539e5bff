"""The arguments of every layer of Keras 1.2.2, in its order. Pure data.

The order is read for calls with arguments that are not named, and by what writes configurations
for Keras 1.2.2. Classes are those here; what their arguments are called here is in ``keywords.py``.
Recorded by ``tests/golden/record_keras_1_classes.py``.
"""

from typing import Any, Dict, Tuple

_DENSE = (
    "init",
    "activation",
    "weights",
    "W_regularizer",
    "b_regularizer",
    "activity_regularizer",
    "W_constraint",
    "b_constraint",
    "bias",
    "input_dim",
)
_PENALTIES = _DENSE[3:-1]
_MADE = ("init", "activation", "weights", "border_mode")
_STEPS = ("nb_filter", "filter_length") + _MADE + ("subsample_length",)
_INPUT_OF_STEPS = ("input_dim", "input_length")
_FILTERS = ("nb_filter", "nb_row", "nb_col")
_WINDOWS = _MADE + ("subsample", "dim_ordering")
_POOLING_OF_STEPS = ("pool_length", "stride", "border_mode")
_POOLING = ("pool_size", "strides", "border_mode", "dim_ordering")
_STATE_PENALTIES = ("W_regularizer", "U_regularizer", "b_regularizer", "dropout_W", "dropout_U")
_GATES = ("activation", "inner_activation")
_LAYOUT = ("dim_ordering",)

ORDERS: Dict[str, Tuple[str, ...]] = {
    "Activation": ("activation",),
    "ActivityRegularization": ("l1", "l2"),
    "AtrousConvolution1D": _STEPS + ("atrous_rate",) + _PENALTIES,
    "AtrousConvolution2D": _FILTERS
    + _MADE
    + ("subsample", "atrous_rate", "dim_ordering")
    + _PENALTIES,
    "AveragePooling1D": _POOLING_OF_STEPS,
    "AveragePooling2D": _POOLING,
    "AveragePooling3D": _POOLING,
    "BatchNormalization": (
        "epsilon",
        "mode",
        "axis",
        "momentum",
        "weights",
        "beta_init",
        "gamma_init",
        "gamma_regularizer",
        "beta_regularizer",
    ),
    "Bidirectional": ("layer", "merge_mode", "weights"),
    "Conv1D": _STEPS + _PENALTIES + _INPUT_OF_STEPS,
    "Conv2D": _FILTERS + _WINDOWS + _PENALTIES,
    "Conv2DTranspose": _FILTERS + ("output_shape",) + _WINDOWS + _PENALTIES,
    "Conv3D": ("nb_filter", "kernel_dim1", "kernel_dim2", "kernel_dim3") + _WINDOWS + _PENALTIES,
    "ConvLSTM2D": _FILTERS
    + ("init", "inner_init", "forget_bias_init")
    + _GATES
    + ("dim_ordering", "border_mode", "subsample")
    + _STATE_PENALTIES,
    "Cropping1D": ("cropping",),
    "Cropping2D": ("cropping",) + _LAYOUT,
    "Cropping3D": ("cropping",) + _LAYOUT,
    "Dense": ("output_dim",) + _DENSE,
    "Dropout": ("p", "noise_shape", "seed"),
    "ELU": ("alpha",),
    "Embedding": (
        "input_dim",
        "output_dim",
        "init",
        "input_length",
        "W_regularizer",
        "activity_regularizer",
        "W_constraint",
        "mask_zero",
        "weights",
        "dropout",
    ),
    "Flatten": (),
    "GRU": ("output_dim", "init", "inner_init") + _GATES + _STATE_PENALTIES,
    "GaussianDropout": ("p",),
    "GaussianNoise": ("sigma",),
    "GlobalAveragePooling1D": (),
    "GlobalAveragePooling2D": _LAYOUT,
    "GlobalAveragePooling3D": _LAYOUT,
    "GlobalMaxPooling1D": (),
    "GlobalMaxPooling2D": _LAYOUT,
    "GlobalMaxPooling3D": _LAYOUT,
    "Highway": _DENSE,
    "InputLayer": (
        "input_shape",
        "batch_input_shape",
        "input_dtype",
        "input_tensor",
        "sparse",
        "name",
    ),
    "LSTM": ("output_dim", "init", "inner_init", "forget_bias_init") + _GATES + _STATE_PENALTIES,
    "Lambda": ("function", "output_shape", "arguments"),
    "LeakyReLU": ("alpha",),
    "LocallyConnected1D": _STEPS + _PENALTIES + _INPUT_OF_STEPS,
    "LocallyConnected2D": _FILTERS + _WINDOWS + _PENALTIES,
    "Masking": ("mask_value",),
    "MaxPooling1D": _POOLING_OF_STEPS,
    "MaxPooling2D": _POOLING,
    "MaxPooling3D": _POOLING,
    "MaxoutDense": ("output_dim", "nb_feature", "init") + _DENSE[2:],
    "Merge": (
        "layers",
        "mode",
        "concat_axis",
        "dot_axes",
        "output_shape",
        "output_mask",
        "arguments",
        "node_indices",
        "tensor_indices",
        "name",
    ),
    "PReLU": ("init", "weights", "shared_axes"),
    "ParametricSoftplus": ("alpha_init", "beta_init", "weights", "shared_axes"),
    "Permute": ("dims",),
    "RepeatVector": ("n",),
    "Reshape": ("target_shape",),
    "SReLU": ("t_left_init", "a_left_init", "t_right_init", "a_right_init", "shared_axes"),
    "SeparableConv2D": _FILTERS
    + _MADE
    + ("subsample", "depth_multiplier", "dim_ordering")
    + ("depthwise_regularizer", "pointwise_regularizer", "b_regularizer", "activity_regularizer")
    + ("depthwise_constraint", "pointwise_constraint", "b_constraint", "bias"),
    "SimpleRNN": ("output_dim", "init", "inner_init", "activation") + _STATE_PENALTIES,
    "SpatialDropout1D": ("p",),
    "SpatialDropout2D": ("p",) + _LAYOUT,
    "SpatialDropout3D": ("p",) + _LAYOUT,
    "ThresholdedReLU": ("theta",),
    "TimeDistributed": ("layer",),
    "TimeDistributedDense": ("output_dim",) + _DENSE + ("input_length",),
    "UpSampling1D": ("length",),
    "UpSampling2D": ("size",) + _LAYOUT,
    "UpSampling3D": ("size",) + _LAYOUT,
    "ZeroPadding1D": ("padding",),
    "ZeroPadding2D": ("padding",) + _LAYOUT,
    "ZeroPadding3D": ("padding",) + _LAYOUT,
}
"""Class -> its arguments, in order."""

_OF_SEQUENCES = ("return_sequences", "go_backwards", "stateful")
_OF_RECURRENT = ("weights",) + _OF_SEQUENCES + ("unroll", "consume_less") + _INPUT_OF_STEPS

# Class -> arguments that it hands on to its base, which are given by name.
BY_NAME: Dict[str, Tuple[str, ...]] = dict(
    {"AtrousConvolution1D": _INPUT_OF_STEPS, "ConvLSTM2D": ("weights",) + _OF_SEQUENCES},
    **dict.fromkeys(("GRU", "LSTM", "SimpleRNN"), _OF_RECURRENT),
    **dict.fromkeys(
        ("SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D"), ("noise_shape", "seed")
    ),
)

# Class there -> here, of those that are called otherwise.
CLASSES: Dict[str, str] = {
    "Convolution1D": "Conv1D",
    "Convolution2D": "Conv2D",
    "Convolution3D": "Conv3D",
    "Deconvolution2D": "Conv2DTranspose",
    "SeparableConvolution2D": "SeparableConv2D",
}

# ---- configurations -----------------------------------------------------------------------------

# Arguments that no configuration needs: the shape of the input is in it, and the weights are not.
NOT_WRITTEN = ("weights", "input_shape", "input_tensor", "node_indices", "tensor_indices")
INPUT_DIMENSIONS = ("input_dim", "input_length")
OWN_INPUT_DIMENSIONS = ("Embedding",)  # classes of which they are arguments here, too

# Argument there -> here, of those that are a part of it, and which; or all of it.
PARTS: Dict[str, Tuple[str, int]] = {
    "nb_row": ("kernel_size", 0),
    "nb_col": ("kernel_size", 1),
    "kernel_dim1": ("kernel_size", 0),
    "kernel_dim2": ("kernel_size", 1),
    "kernel_dim3": ("kernel_size", 2),
}
RENAMED = {"atrous_rate": "dilation_rate"}

# Class -> arguments that it forgot in its own configuration, and stumbles over.
FORGOTTEN = {"ConvLSTM2D": ("subsample",)}

# Arguments that no layer can be written without.
REQUIRED = ("output_shape",)

# Arguments that are one number there, and a list of one here.
NUMBERS = ("atrous_rate", "filter_length", "length", "pool_length", "stride", "subsample_length")

# What is told of a function in a configuration, beside the function.
KINDS_OF_FUNCTIONS = {
    "Lambda": ("function_type", "output_shape_type"),
    "Merge": ("mode_type", "output_shape_type", "output_mask_type", "layers"),
}

# Dilated layers are classes of their own there.
DILATED = {"Conv1D": "AtrousConvolution1D", "Conv2D": "AtrousConvolution2D"}

# Class here -> the mode of the Merge layer that does the same, and its arguments there and here.
MERGES: Dict[str, Tuple[str, Dict[str, str]]] = {
    "Add": ("sum", {}),
    "Multiply": ("mul", {}),
    "Average": ("ave", {}),
    "Maximum": ("max", {}),
    "Concatenate": ("concat", {"concat_axis": "axis"}),
    "Dot": ("dot", {"dot_axes": "axes"}),
}

# Values of arguments here that it had no word for, and that mean what it did; `None` for any value.
NEUTRAL: Dict[str, Any] = {
    "data_format": ("channels_last", None),
    "dilation_rate": (1, (1,), (1, 1), (1, 1, 1)),
    "implementation": None,
}

# Its names of initializers, and of the classes of regularizers and constraints.
INITIALIZERS = (
    "glorot_uniform",
    "glorot_normal",
    "he_normal",
    "he_uniform",
    "lecun_uniform",
    "normal",
    "uniform",
    "zero",
    "one",
    "identity",
    "orthogonal",
)
OBJECTS: Dict[str, Tuple[str, Dict[str, str]]] = {
    "L1L2Regularizer": ("L1L2", {}),
    "WeightRegularizer": ("L1L2", {}),
    "ActivityRegularizer": ("L1L2", {}),
    "EigenvalueRegularizer": ("EigenvalueRegularizer", {}),
    "MaxNorm": ("MaxNorm", {"m": "max_value"}),
    "MinMaxNorm": ("MinMaxNorm", {"low": "min_value", "high": "max_value"}),
    "NonNeg": ("NonNeg", {}),
    "UnitNorm": ("UnitNorm", {}),
}
"""Class there -> class here, and arguments there and here."""

_MOMENTS = ("lr", "beta_1", "beta_2", "epsilon")
_CLIPPED = ("clipnorm", "clipvalue")
OPTIMIZERS: Dict[str, Tuple[str, ...]] = {
    "SGD": ("lr", "momentum", "decay", "nesterov") + _CLIPPED,
    "RMSprop": ("lr", "rho", "epsilon", "decay") + _CLIPPED,
    "Adagrad": ("lr", "epsilon", "decay") + _CLIPPED,
    "Adadelta": ("lr", "rho", "epsilon", "decay") + _CLIPPED,
    "Adam": _MOMENTS + ("decay",) + _CLIPPED,
    "Adamax": _MOMENTS + ("decay",) + _CLIPPED,
    "Nadam": _MOMENTS + ("schedule_decay",) + _CLIPPED,
}
"""Class -> its arguments."""
