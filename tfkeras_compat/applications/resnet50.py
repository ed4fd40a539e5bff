"""ResNet50 (He et al., arXiv:1512.03385)."""

import warnings

from tfkeras_compat.applications.branches import channel_axis
from tfkeras_compat.applications.construction import KERNELS, Construction, published
from tfkeras_compat.applications.imagenet_utils import decode_predictions, preprocess_input
from tfkeras_compat.layers import (
    Activation,
    Add,
    BatchNormalization,
    Conv2D,
    MaxPooling2D,
    ZeroPadding2D,
)

__all__ = ["ResNet50", "decode_predictions", "preprocess_input"]

_FILES = published(
    "https://github.com/fchollet/deep-learning-models/releases/download/v0.2/",
    ["resnet50" + KERNELS + ".h5", "resnet50" + KERNELS + "_notop.h5"],
    ["a7b3fe01876f51b976af0dea6bc144eb", "a268eb855778b3df3c7506639542a6af"],
)

# Stage -> filters inside of a block, number of blocks, strides of the first.
_STAGES = [(2, 64, 3, 1), (3, 128, 4, 2), (4, 256, 6, 2), (5, 512, 3, 2)]


def ResNet50(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
    **kwargs,
):
    """ResNet50; the arguments are those of all networks, see :mod:`applications`.

    Shapes: 224x224 pictures with a top, at least 32x32 without.
    """
    made = Construction(include_top, weights, input_tensor, input_shape, pooling, classes, kwargs)
    x = _stem(made.begin(224, 32))
    for stage, filters, blocks, strides in _STAGES:
        for block in "abcdef"[:blocks]:
            x = _block(
                x, filters, "%d%s_branch" % (stage, block), strides, has_shortcut=block == "a"
            )
            strides = 1
    if not made.include_top and made.pooling is None:
        warnings.warn(
            "The output shape of `ResNet50(include_top=False)` has been changed since Keras 2.2.0.",
            stacklevel=2,
        )
    return made.finish(x, "resnet50", _FILES, top="fc1000", average="avg_pool")


def _stem(x):
    x = ZeroPadding2D((3, 3), name="conv1_pad")(x)
    x = _normalized_convolution(x, 64, 7, "conv1", "bn_conv1", strides=2)
    x = Activation("relu")(x)
    x = ZeroPadding2D((1, 1), name="pool1_pad")(x)
    return MaxPooling2D((3, 3), strides=(2, 2))(x)


def _block(x, filters, branch, strides, has_shortcut):
    def convolved(x, filters, size, part, **kwargs):
        return _normalized_convolution(
            x, filters, size, "res" + branch + part, "bn" + branch + part, **kwargs
        )

    path = Activation("relu")(convolved(x, filters, 1, "2a", strides=strides))
    path = Activation("relu")(convolved(path, filters, 3, "2b", padding="same"))
    path = convolved(path, 4 * filters, 1, "2c")
    shortcut = convolved(x, 4 * filters, 1, "1", strides=strides) if has_shortcut else x
    return Activation("relu")(Add()([path, shortcut]))


def _normalized_convolution(x, filters, size, name, normalization_name, **kwargs):
    x = Conv2D(filters, size, kernel_initializer="he_normal", name=name, **kwargs)(x)
    return BatchNormalization(axis=channel_axis(), name=normalization_name)(x)
