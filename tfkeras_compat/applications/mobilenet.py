"""MobileNet (Howard et al., arXiv:1704.04861)."""

import warnings

from tfkeras_compat.applications import imagenet_utils
from tfkeras_compat.applications.branches import channel_axis
from tfkeras_compat.applications.construction import (
    Construction,
    picture_shape,
    published,
    published_size,
    sizes_and_channels,
)
from tfkeras_compat.applications.imagenet_utils import decode_predictions
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers import (
    Activation,
    BatchNormalization,
    Conv2D,
    DepthwiseConv2D,
    Dropout,
    GlobalAveragePooling2D,
    ReLU,
    Reshape,
    ZeroPadding2D,
)

__all__ = ["MobileNet", "decode_predictions", "preprocess_input"]

_ORIGIN = "https://github.com/fchollet/deep-learning-models/releases/download/v0.6/"
_SIZES = (128, 160, 192, 224)
_WIDTHS = {0.25: "2_5", 0.5: "5_0", 0.75: "7_5", 1.0: "1_0"}  # alpha -> in names of files

# Filters and strides of each block.
_BLOCKS = [(64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2)]
_BLOCKS += [(512, 1)] * 5 + [(1024, 2), (1024, 1)]


def MobileNet(
    input_shape=None,
    alpha=1.0,
    depth_multiplier=1,
    dropout=1e-3,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    pooling=None,
    classes=1000,
    **kwargs,
):
    """MobileNet; the other arguments are those of all networks, see :mod:`applications`.

    Args:
        alpha: factor of the number of filters.
        depth_multiplier: outputs for each channel of the depthwise convolutions.
        dropout: rate before the classes.
    Shapes: 224x224 pictures with a top, at least 32x32 without.
    Raises: ConfigError if no weights were published for ``alpha`` or ``depth_multiplier``.
    """
    made = Construction(include_top, weights, input_tensor, input_shape, pooling, classes, kwargs)
    x = made.begin(published_size(made.input_shape, _SIZES), 32)
    (rows, columns), _ = sizes_and_channels(made.input_shape)
    if made.is_pretrained:
        _check_is_published(alpha, depth_multiplier)
        rows = published_rows(rows, columns, _SIZES)
    x = _stem(x, int(32 * alpha))
    for number, (filters, strides) in enumerate(_BLOCKS, 1):
        x = _block(x, int(filters * alpha), depth_multiplier, strides, number)
    x = _top(x, alpha, dropout, classes) if made.include_top else made.pool(x)
    return made.model(x, "mobilenet_%0.2f_%s" % (alpha, rows), _files(alpha, rows))


def published_rows(rows, columns, sizes):
    """The size whose published weights are loaded for pictures of the given one."""
    if rows == columns and rows in sizes:
        return rows
    warnings.warn(
        "`input_shape` is undefined or non-square, or `rows` is not in %s. Weights for input shape "
        "(224, 224) will be loaded as the default." % list(sizes),
        stacklevel=3,
    )
    return 224


def _check_is_published(alpha, depth_multiplier):
    if depth_multiplier != 1 or alpha not in _WIDTHS:
        raise ConfigError(
            "If imagenet weights are being loaded, depth multiplier must be 1 and alpha one of %s. "
            "Found %s and %s; use weights=None, or the path of a file."
            % (sorted(_WIDTHS), depth_multiplier, alpha)
        )


def _files(alpha, rows):
    name = "mobilenet_%s_%s_tf" % (_WIDTHS.get(alpha), rows)
    return published(_ORIGIN, [name + ".h5", name + "_no_top.h5"])


def _stem(x, filters):
    x = ZeroPadding2D(((0, 1), (0, 1)), name="conv1_pad")(x)
    x = Conv2D(filters, (3, 3), strides=(2, 2), use_bias=False, name="conv1")(x)
    return _rectified(x, "conv1")


def _block(x, filters, depth_multiplier, strides, number):
    depthwise, pointwise = "conv_dw_%d" % number, "conv_pw_%d" % number
    if strides > 1:
        x = ZeroPadding2D(((0, 1), (0, 1)), name="conv_pad_%d" % number)(x)
    x = DepthwiseConv2D(
        (3, 3),
        padding="valid" if strides > 1 else "same",
        depth_multiplier=depth_multiplier,
        strides=(strides, strides),
        use_bias=False,
        name=depthwise,
    )(x)
    x = _rectified(x, depthwise)
    x = Conv2D(filters, (1, 1), padding="same", use_bias=False, name=pointwise)(x)
    return _rectified(x, pointwise)


def _rectified(x, name):
    x = BatchNormalization(axis=channel_axis(-1), name=name + "_bn")(x)
    return ReLU(6.0, name=name + "_relu")(x)


def _top(x, alpha, dropout, classes):
    x = GlobalAveragePooling2D()(x)
    x = Reshape(picture_shape(1, 1, int(1024 * alpha)), name="reshape_1")(x)
    x = Dropout(dropout, name="dropout")(x)
    x = Conv2D(classes, (1, 1), padding="same", name="conv_preds")(x)
    x = Reshape((classes,), name="reshape_2")(x)
    return Activation("softmax", name="act_softmax")(x)


def preprocess_input(x, data_format=None):
    """Pictures with values 0 ... 255 as this network was trained on them: -1 ... 1."""
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")
