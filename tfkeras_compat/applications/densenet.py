"""DenseNets (Huang et al., arXiv:1608.06993)."""

from tfkeras_compat import backend as K
from tfkeras_compat.applications import imagenet_utils
from tfkeras_compat.applications.branches import channel_axis
from tfkeras_compat.applications.construction import KERNELS, Construction, published
from tfkeras_compat.applications.imagenet_utils import decode_predictions
from tfkeras_compat.layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Conv2D,
    MaxPooling2D,
    ZeroPadding2D,
)

__all__ = ["DenseNet121", "DenseNet169", "DenseNet201", "decode_predictions", "preprocess_input"]

_GROWTH = 32

# Layers in each block -> name and hashes of the published weights.
_PUBLISHED = {
    (6, 12, 24, 16): (
        "densenet121",
        ["9d60b8095a5708f2dcce2bca79d332c7", "30ee3e1110167f948a6b9946edeeb738"],
    ),
    (6, 12, 32, 32): (
        "densenet169",
        ["d699b8f76981ab1b30698df4c175e90b", "b8c4d4c20dd625c148057b9ff1c1176b"],
    ),
    (6, 12, 48, 32): (
        "densenet201",
        ["1ceb130c1ea1b78c3bf6114dbdfd8807", "c13680b51ded0fb44dff2d8f86ac8bb1"],
    ),
}


def DenseNet121(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
    **kwargs,
):
    """DenseNet of 121 layers; the arguments are those of all networks, see :mod:`applications`.

    Shapes: 224x224 pictures with a top, at least 32x32 without.
    """
    made = Construction(include_top, weights, input_tensor, input_shape, pooling, classes, kwargs)
    return _assemble(made, (6, 12, 24, 16))


def DenseNet169(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
    **kwargs,
):
    """DenseNet of 169 layers, as :func:`DenseNet121`."""
    made = Construction(include_top, weights, input_tensor, input_shape, pooling, classes, kwargs)
    return _assemble(made, (6, 12, 32, 32))


def DenseNet201(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
    **kwargs,
):
    """DenseNet of 201 layers, as :func:`DenseNet121`."""
    made = Construction(include_top, weights, input_tensor, input_shape, pooling, classes, kwargs)
    return _assemble(made, (6, 12, 48, 32))


def _assemble(made, blocks):
    name, hashes = _PUBLISHED[blocks]
    x = ZeroPadding2D(((3, 3), (3, 3)))(made.begin(224, 32))
    x = Conv2D(64, 7, strides=2, use_bias=False, name="conv1/conv")(x)
    x = _rectified(x, "conv1/bn", "conv1/relu")
    x = ZeroPadding2D(((1, 1), (1, 1)))(x)
    x = MaxPooling2D(3, strides=2, name="pool1")(x)
    for number, layers in enumerate(blocks, 2):
        x = _block(x, layers, "conv%d_block" % number)
        if number < 5:
            x = _transition(x, "pool%d_" % number)
    x = _rectified(x, "bn", "relu")
    files = published(
        "https://github.com/keras-team/keras-applications/releases/download/densenet/",
        [name + KERNELS + ".h5", name + KERNELS + "_notop.h5"],
        hashes,
    )
    return made.finish(
        x, name, files, top="fc1000", average="avg_pool", pooled=("avg_pool", "max_pool")
    )


def _block(x, layers, prefix):
    for number in range(1, layers + 1):
        x = _dense_layer(x, "%s%d_" % (prefix, number))
    return x


def _dense_layer(x, prefix):
    new = _rectified(x, prefix + "0_bn", prefix + "0_relu")
    new = Conv2D(4 * _GROWTH, 1, use_bias=False, name=prefix + "1_conv")(new)
    new = _rectified(new, prefix + "1_bn", prefix + "1_relu")
    new = Conv2D(_GROWTH, 3, padding="same", use_bias=False, name=prefix + "2_conv")(new)
    return Concatenate(axis=channel_axis(), name=prefix + "concat")([x, new])


def _transition(x, prefix):
    x = _rectified(x, prefix + "bn", prefix + "relu")
    channels = K.int_shape(x)[channel_axis()]
    x = Conv2D(channels // 2, 1, use_bias=False, name=prefix + "conv")(x)
    return AveragePooling2D(2, strides=2, name=prefix + "pool")(x)


def _rectified(x, normalization_name, name):
    x = BatchNormalization(axis=channel_axis(), epsilon=1.001e-5, name=normalization_name)(x)
    return Activation("relu", name=name)(x)


def preprocess_input(x, data_format=None):
    """Pictures with values 0 ... 255 as these networks were trained on them: mean and deviation of
    ImageNet."""
    return imagenet_utils.preprocess_input(x, data_format, mode="torch")
