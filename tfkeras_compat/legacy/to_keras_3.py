"""What a model of ours becomes in a file of Keras 3: its layers, their arguments, and how it was
compiled. Pure data.

What programs have to change is in ``keras_3``.
"""

from typing import Any, Dict, Tuple

# Layer -> its arguments that Keras 3 does not have. All other arguments have the same names there.
DROPPED: Dict[str, Tuple[str, ...]] = {
    "Activation": (),
    "ActivityRegularization": (),
    "Add": (),
    "AlphaDropout": (),
    "Average": (),
    "AveragePooling1D": (),
    "AveragePooling2D": (),
    "AveragePooling3D": (),
    "BatchNormalization": (),
    "Bidirectional": ("weights",),
    "Concatenate": (),
    "Conv1D": (),
    "Conv2D": (),
    "Conv2DTranspose": (),
    "Conv3D": (),
    "Conv3DTranspose": (),
    "ConvLSTM2D": (),
    "Cropping1D": ("data_format",),
    "Cropping2D": (),
    "Cropping3D": (),
    "CuDNNGRU": (),
    "CuDNNLSTM": (),
    "Dense": (),
    "DepthwiseConv2D": (),
    "Dot": (),
    "Dropout": (),
    "ELU": (),
    "Embedding": ("input_length", "activity_regularizer"),
    "Flatten": (),
    "GRU": ("implementation",),
    "GRUCell": ("implementation",),
    "GaussianDropout": (),
    "GaussianNoise": (),
    "GlobalAveragePooling1D": (),
    "GlobalAveragePooling2D": (),
    "GlobalAveragePooling3D": (),
    "GlobalMaxPooling1D": (),
    "GlobalMaxPooling2D": (),
    "GlobalMaxPooling3D": (),
    "LSTM": ("implementation",),
    "LSTMCell": ("implementation",),
    "LeakyReLU": (),
    "Masking": (),
    "MaxPooling1D": (),
    "MaxPooling2D": (),
    "MaxPooling3D": (),
    "Maximum": (),
    "Minimum": (),
    "Multiply": (),
    "PReLU": (),
    "Permute": (),
    "RNN": (),
    "ReLU": (),
    "RepeatVector": (),
    "Reshape": (),
    "SeparableConv1D": (),
    "SeparableConv2D": (),
    "SimpleRNN": ("implementation",),
    "SimpleRNNCell": ("implementation",),
    "Softmax": (),
    "SpatialDropout1D": ("trainable", "noise_shape", "data_format"),
    "SpatialDropout2D": ("trainable", "noise_shape"),
    "SpatialDropout3D": ("trainable", "noise_shape"),
    "StackedRNNCells": ("reverse_state_order",),
    "Subtract": (),
    "ThresholdedReLU": (),
    "TimeDistributed": (),
    "TimeDistributedDense": (),
    "UpSampling1D": ("data_format",),
    "UpSampling2D": (),
    "UpSampling3D": (),
    "ZeroPadding1D": (),
    "ZeroPadding2D": (),
    "ZeroPadding3D": (),
}

# Arguments that any layer may have here.
DROPPED_ANYWHERE = ("batch_input_shape", "input_dtype")

# Layer -> the class in Keras 3 that does its work.
CLASSES = {
    "CuDNNGRU": "GRU",
    "CuDNNLSTM": "LSTM",
    "ThresholdedReLU": "ReLU",
    "TimeDistributedDense": "Dense",
}

# Layer -> {our argument: that of Keras 3}.
RENAMED = {
    "LeakyReLU": {"alpha": "negative_slope"},
    "ThresholdedReLU": {"theta": "threshold"},
}

# Layer -> what Keras 3 has to be told, because it would do something else.
ADDED: Dict[str, Any] = {
    "CuDNNGRU": {"reset_after": True, "recurrent_activation": "sigmoid"},
    "CuDNNLSTM": {"recurrent_activation": "sigmoid"},
}

# Why other layers stay behind.
_NO_ACTIVATION = "Keras 3 has no activation of this kind with weights"
ABSENT = {
    "ConvRNN2D": "Keras 3 has no convolutions over cells: use ConvLSTM2D",
    "Highway": "Keras 3 has no such layer: build it from Dense, Multiply and Add",
    "Lambda": "its function is Python code, which a file can not hold safely: replace it by layers",
    "Layer": "it is the base of all layers, and does nothing: leave it out",
    "LocallyConnected1D": "Keras 3 has no locally connected layers",
    "LocallyConnected2D": "Keras 3 has no locally connected layers",
    "MaxoutDense": "Keras 3 has no such layer: build it from Dense, Reshape and a maximum",
    "Merge": (
        "Keras 3 has a layer for each mode: a model saved in an HDF5 file of Keras 1 and loaded "
        "from it has them, too"
    ),
    "ParametricSoftplus": _NO_ACTIVATION,
    "SReLU": _NO_ACTIVATION,
}
OF_A_USER = (
    "Keras 3 does not know this class: write it again as a keras.layers.Layer there, and give it "
    "these weights with set_weights"
)

MERGES = ("Add", "Average", "Concatenate", "Dot", "Maximum", "Minimum", "Multiply", "Subtract")

# Kinds of objects in arguments: the end of the argument's name -> their module in Keras 3.
MODULES = {
    "initializer": "keras.initializers",
    "regularizer": "keras.regularizers",
    "constraint": "keras.constraints",
}

OBJECTS = {
    "keras.initializers": (
        "Constant",
        "Identity",
        "Ones",
        "Orthogonal",
        "RandomNormal",
        "RandomUniform",
        "TruncatedNormal",
        "VarianceScaling",
        "Zeros",
    ),
    "keras.regularizers": ("L1L2",),
    "keras.constraints": ("MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm"),
}

# The names of distributions in Keras 2.2.
DISTRIBUTIONS = {"normal": "truncated_normal"}

ACTIVATIONS = (
    "elu",
    "exponential",
    "hard_sigmoid",
    "linear",
    "relu",
    "selu",
    "sigmoid",
    "softmax",
    "softplus",
    "softsign",
    "tanh",
)

# `hard_sigmoid` is clip(0.2 x + 0.5, 0, 1) in Keras 2, and clip(x / 6 + 0.5, 0, 1) in Keras 3.
HARD_SIGMOID_SCALE = 1.2

# Recurrent layer -> which of its blocks of units the recurrent activation is for.
GATES = {
    "ConvLSTM2D": (True, True, False, True),
    "GRU": (True, True, False),
    "GRUCell": (True, True, False),
    "LSTM": (True, True, False, True),
    "LSTMCell": (True, True, False, True),
}

# Layers whose activation is of a linear function of their weights.
LINEAR_IN_WEIGHTS = (
    "Conv1D",
    "Conv2D",
    "Conv2DTranspose",
    "Conv3D",
    "Conv3DTranspose",
    "Dense",
    "TimeDistributedDense",
)

# Optimizer -> what Keras 3 has to be told, because it would do something else.
OPTIMIZERS: Dict[str, Any] = {
    "Adadelta": {},
    "Adagrad": {"initial_accumulator_value": 0.0},
    "Adam": {},
    "Adamax": {},
    "Nadam": {},
    "RMSprop": {},
    "SGD": {},
}

OPTIMIZER_ARGUMENTS = {"lr": "learning_rate"}

# The one that Keras 3's Nadam has.
SCHEDULE_DECAY = 0.004

LOSSES = (
    "MAE",
    "MAPE",
    "MSE",
    "MSLE",
    "binary_crossentropy",
    "categorical_crossentropy",
    "categorical_hinge",
    "hinge",
    "mae",
    "mape",
    "mean_absolute_error",
    "mean_absolute_percentage_error",
    "mean_squared_error",
    "mean_squared_logarithmic_error",
    "mse",
    "msle",
    "poisson",
    "sparse_categorical_crossentropy",
    "squared_hinge",
)

METRICS = LOSSES + (
    "acc",
    "accuracy",
    "binary_accuracy",
    "categorical_accuracy",
    "sparse_categorical_accuracy",
    "sparse_top_k_categorical_accuracy",
    "top_k_categorical_accuracy",
)
