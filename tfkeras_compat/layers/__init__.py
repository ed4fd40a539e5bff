"""All layers, by the names of the original."""

from tfkeras_compat.aliases import lazy_attributes
from tfkeras_compat.engine.input import Input, InputLayer
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.registry import deserialize
from tfkeras_compat.layers.advanced_activations import (
    ELU,
    LeakyReLU,
    PReLU,
    ReLU,
    Softmax,
    ThresholdedReLU,
)
from tfkeras_compat.layers.cells import GRUCell, LSTMCell, SimpleRNNCell, StackedRNNCells
from tfkeras_compat.layers.convolution import (
    Conv1D,
    Conv2D,
    Conv3D,
    Convolution1D,
    Convolution2D,
    Convolution3D,
)
from tfkeras_compat.layers.convolution_recurrent import ConvLSTM2D, ConvLSTM2DCell, ConvRNN2D
from tfkeras_compat.layers.core import (
    Activation,
    ActivityRegularization,
    Dense,
    Dropout,
    Flatten,
    Masking,
    Permute,
    RepeatVector,
    Reshape,
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
)
from tfkeras_compat.layers.cudnn_recurrent import CuDNNGRU, CuDNNLSTM
from tfkeras_compat.layers.curves import ParametricSoftplus, SReLU
from tfkeras_compat.layers.embedding import Embedding
from tfkeras_compat.layers.function import Lambda
from tfkeras_compat.layers.keras_1 import (
    AtrousConvolution1D,
    AtrousConvolution2D,
    ConvRecurrent2D,
    Highway,
    MaxoutDense,
    Recurrent,
    TimeDistributedDense,
)
from tfkeras_compat.layers.local import LocallyConnected1D, LocallyConnected2D
from tfkeras_compat.layers.merge import (
    Add,
    Average,
    Concatenate,
    Dot,
    Maximum,
    Minimum,
    Multiply,
    Subtract,
    add,
    average,
    concatenate,
    dot,
    maximum,
    minimum,
    multiply,
    subtract,
)
from tfkeras_compat.layers.merge_by_mode import Merge
from tfkeras_compat.layers.noise import AlphaDropout, GaussianDropout, GaussianNoise
from tfkeras_compat.layers.normalization import BatchNormalization
from tfkeras_compat.layers.pooling import (
    AveragePooling1D,
    AveragePooling2D,
    AveragePooling3D,
    AvgPool1D,
    AvgPool2D,
    AvgPool3D,
    GlobalAveragePooling1D,
    GlobalAveragePooling2D,
    GlobalAveragePooling3D,
    GlobalAvgPool1D,
    GlobalAvgPool2D,
    GlobalAvgPool3D,
    GlobalMaxPool1D,
    GlobalMaxPool2D,
    GlobalMaxPool3D,
    GlobalMaxPooling1D,
    GlobalMaxPooling2D,
    GlobalMaxPooling3D,
    MaxPool1D,
    MaxPool2D,
    MaxPool3D,
    MaxPooling1D,
    MaxPooling2D,
    MaxPooling3D,
)
from tfkeras_compat.layers.recurrent import GRU, LSTM, RNN, SimpleRNN
from tfkeras_compat.layers.resizing import (
    Cropping1D,
    Cropping2D,
    Cropping3D,
    UpSampling1D,
    UpSampling2D,
    UpSampling3D,
    ZeroPadding1D,
    ZeroPadding2D,
    ZeroPadding3D,
)
from tfkeras_compat.layers.separable import (
    DepthwiseConv2D,
    SeparableConv1D,
    SeparableConv2D,
    SeparableConvolution1D,
    SeparableConvolution2D,
)
from tfkeras_compat.layers.transposed import (
    Conv2DTranspose,
    Conv3DTranspose,
    Convolution2DTranspose,
    Deconvolution2D,
    Deconvolution3D,
)
from tfkeras_compat.layers.wrappers import Bidirectional, TimeDistributed, Wrapper
from tfkeras_compat.state.registry import serialize

__getattr__, __dir__ = lazy_attributes(__name__)
