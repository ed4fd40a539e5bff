"""Xception (Chollet, arXiv:1610.02357)."""

from tfkeras_compat.applications import imagenet_utils
from tfkeras_compat.applications.branches import channel_axis
from tfkeras_compat.applications.construction import KERNELS, Construction, published
from tfkeras_compat.applications.imagenet_utils import decode_predictions
from tfkeras_compat.layers import (
    Activation,
    Add,
    BatchNormalization,
    Conv2D,
    MaxPooling2D,
    SeparableConv2D,
)

__all__ = ["Xception", "decode_predictions", "preprocess_input"]

_FILES = published(
    "https://github.com/fchollet/deep-learning-models/releases/download/v0.4/",
    ["xception" + KERNELS + ".h5", "xception" + KERNELS + "_notop.h5"],
    ["0a58e3b7378bc2990ea3b43d5981f1f6", "b0042744bf5b25fce3cb969f33bebb97"],
)

# Number of a block -> filters of its separable convolutions, and whether it halves the size.
_BLOCKS = (
    [(2, (128, 128), True), (3, (256, 256), True), (4, (728, 728), True)]
    + [(number, (728, 728, 728), False) for number in range(5, 13)]
    + [(13, (728, 1024), True)]
)


def Xception(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
    **kwargs,
):
    """Xception; the arguments are those of all networks, see :mod:`applications`.

    Shapes: 299x299 pictures with a top, at least 71x71 without.
    """
    made = Construction(include_top, weights, input_tensor, input_shape, pooling, classes, kwargs)
    x = made.begin(299, 71)
    for name, filters, strides in [("block1_conv1", 32, 2), ("block1_conv2", 64, 1)]:
        x = Conv2D(filters, (3, 3), strides=strides, use_bias=False, name=name)(x)
        x = _rectified(_normalized(x, name + "_bn"), name + "_act")
    for number, path, halves in _BLOCKS:
        x = _block(x, "block%d_" % number, path, halves)
    for name, filters in [("block14_sepconv1", 1536), ("block14_sepconv2", 2048)]:
        x = _rectified(_separable(x, filters, name), name + "_act")
    return made.finish(x, "xception", _FILES, average="avg_pool")


def _block(x, prefix, filters, halves):
    residual = _halved(x, filters[-1]) if halves else x
    for number, channels in enumerate(filters, 1):
        name = "%ssepconv%d" % (prefix, number)
        if name != "block2_sepconv1":  # whose input has just been rectified
            x = _rectified(x, name + "_act")
        x = _separable(x, channels, name)
    if halves:
        x = MaxPooling2D((3, 3), strides=(2, 2), padding="same", name=prefix + "pool")(x)
    return Add()([x, residual])


def _halved(x, filters):
    x = Conv2D(filters, (1, 1), strides=(2, 2), padding="same", use_bias=False)(x)
    return _normalized(x)


def _separable(x, filters, name):
    x = SeparableConv2D(filters, (3, 3), padding="same", use_bias=False, name=name)(x)
    return _normalized(x, name + "_bn")


def _normalized(x, name=None):
    return BatchNormalization(axis=channel_axis(-1), name=name)(x)


def _rectified(x, name):
    return Activation("relu", name=name)(x)


def preprocess_input(x, data_format=None):
    """Pictures with values 0 ... 255 as this network was trained on them: -1 ... 1."""
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")
