"""Inception-ResNet V2 (Szegedy et al., arXiv:1602.07261)."""

from tfkeras_compat import backend as K
from tfkeras_compat.applications import imagenet_utils
from tfkeras_compat.applications.branches import (
    STEM,
    Average,
    Conv,
    Joined,
    Maximum,
    chained,
    channel_axis,
)
from tfkeras_compat.applications.construction import KERNELS, Construction, published
from tfkeras_compat.applications.imagenet_utils import decode_predictions
from tfkeras_compat.layers import Activation, BatchNormalization, Conv2D, Lambda

__all__ = ["InceptionResNetV2", "decode_predictions", "preprocess_input"]

_FILES = published(
    "https://github.com/fchollet/deep-learning-models/releases/download/v0.7/",
    ["inception_resnet_v2" + KERNELS + ".h5", "inception_resnet_v2" + KERNELS + "_notop.h5"],
    ["e693bd0210a403b3192acc6073ad2e96", "d19885ff4a710c122648d3b5c3b684e4"],
)

_ENTRY = Joined(
    "mixed_5b",
    [
        [Conv(96, 1, 1)],
        [Conv(48, 1, 1), Conv(64, 5, 5)],
        [Conv(64, 1, 1), Conv(96, 3, 3), Conv(96, 3, 3)],
        [Average(), Conv(64, 1, 1)],
    ],
)
_FIRST_REDUCTION = Joined(
    "mixed_6a",
    [
        [Conv(384, 3, 3, 2, "valid")],
        [Conv(256, 1, 1), Conv(256, 3, 3), Conv(384, 3, 3, 2, "valid")],
        [Maximum()],
    ],
)
_SECOND_REDUCTION = Joined(
    "mixed_7a",
    [
        [Conv(256, 1, 1), Conv(384, 3, 3, 2, "valid")],
        [Conv(256, 1, 1), Conv(288, 3, 3, 2, "valid")],
        [Conv(256, 1, 1), Conv(288, 3, 3), Conv(320, 3, 3, 2, "valid")],
        [Maximum()],
    ],
)

# Kind of block -> its branches.
_BRANCHES = {
    "block35": [
        [Conv(32, 1, 1)],
        [Conv(32, 1, 1), Conv(32, 3, 3)],
        [Conv(32, 1, 1), Conv(48, 3, 3), Conv(64, 3, 3)],
    ],
    "block17": [[Conv(192, 1, 1)], [Conv(128, 1, 1), Conv(160, 1, 7), Conv(192, 7, 1)]],
    "block8": [[Conv(192, 1, 1)], [Conv(192, 1, 1), Conv(224, 1, 3), Conv(256, 3, 1)]],
}


def InceptionResNetV2(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
    **kwargs,
):
    """Inception-ResNet V2; the arguments are those of all networks, see :mod:`applications`.

    Shapes: 299x299 pictures with a top, at least 75x75 without.
    """
    made = Construction(include_top, weights, input_tensor, input_shape, pooling, classes, kwargs)
    x = chained(made.begin(299, 75), STEM + [_ENTRY])
    x = _residual_blocks(x, "block35", 10, 0.17)
    x = _residual_blocks(_FIRST_REDUCTION(x), "block17", 20, 0.1)
    x = _residual_blocks(_SECOND_REDUCTION(x), "block8", 9, 0.2)
    x = _residual_block(x, "block8", "block8_10", 1.0)
    x = Conv2D(1536, 1, padding="same", use_bias=False, name="conv_7b")(x)
    x = BatchNormalization(axis=channel_axis(), scale=False, name="conv_7b_bn")(x)
    x = Activation("relu", name="conv_7b_ac")(x)
    return made.finish(x, "inception_resnet_v2", _FILES, average="avg_pool")


def _residual_blocks(x, kind, number, scale):
    for index in range(1, number + 1):
        name = "%s_%d" % (kind, index)
        x = Activation("relu", name=name + "_ac")(_residual_block(x, kind, name, scale))
    return x


def _residual_block(x, kind, name, scale):
    mixed = Joined(name + "_mixed", _BRANCHES[kind])(x)
    shape = K.int_shape(x)
    up = Conv2D(shape[channel_axis()], 1, padding="same", name=name + "_conv")(mixed)
    arguments = {"scale": scale}
    return Lambda(scaled_sum, output_shape=shape[1:], arguments=arguments, name=name)([x, up])


def scaled_sum(inputs, scale):
    """The first of two tensors plus the second, scaled."""
    return inputs[0] + inputs[1] * scale


def preprocess_input(x, data_format=None):
    """Pictures with values 0 ... 255 as this network was trained on them: -1 ... 1."""
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")
