"""All layers, by the names of the original."""
from tfkeras_compat.engine.input import Input, InputLayer
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.registry import deserialize
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
from tfkeras_compat.layers.embedding import Embedding
from tfkeras_compat.layers.function import Lambda
from tfkeras_compat.layers.normalization import BatchNormalization
from tfkeras_compat.state.registry import serialize
