"""MobileNetV2 (Sandler et al., arXiv:1801.04381)."""

from tfkeras_compat import backend as K
from tfkeras_compat.applications import imagenet_utils
from tfkeras_compat.applications.branches import channel_axis
from tfkeras_compat.applications.construction import (
    KERNELS,
    Construction,
    padding_before_halving,
    published,
    published_size,
    sizes_and_channels,
)
from tfkeras_compat.applications.imagenet_utils import decode_predictions
from tfkeras_compat.applications.mobilenet import published_rows
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import (
    Add,
    BatchNormalization,
    Conv2D,
    DepthwiseConv2D,
    ReLU,
    ZeroPadding2D,
)

__all__ = ["MobileNetV2", "decode_predictions", "preprocess_input"]

_ORIGIN = "https://github.com/JonathanCMitchell/mobilenet_v2_keras/releases/download/v1.1/"
_SIZES = (96, 128, 160, 192, 224)
_WIDTHS = (0.35, 0.5, 0.75, 1.0, 1.3, 1.4)

# Filters, strides of the first, and number of blocks.
_STAGES = [(16, 1, 1), (24, 2, 2), (32, 2, 3), (64, 2, 4), (96, 1, 3), (160, 2, 3), (320, 1, 1)]


def MobileNetV2(
    input_shape=None,
    alpha=1.0,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    pooling=None,
    classes=1000,
    **kwargs,
):
    """MobileNetV2; the other arguments are those of all networks, see :mod:`applications`.

    Args: ``alpha`` is a factor of the number of filters.
    Shapes: 224x224 pictures with a top, at least 32x32 without.
    Raises: ConfigError if no weights were published for ``alpha``; ShapeError if ``input_shape``
        and ``input_tensor`` contradict each other.
    """
    made = Construction(include_top, weights, input_tensor, input_shape, pooling, classes, kwargs)
    _check_agreement(input_tensor, input_shape)
    x = made.begin(_default_size(made), 32)
    (rows, columns), _ = sizes_and_channels(made.input_shape)
    if made.is_pretrained:
        _check_is_published(alpha)
        rows = published_rows(rows, columns, _SIZES)
    x = _features(x, alpha)
    files = _files(alpha, rows)
    return made.finish(x, "mobilenetv2_%0.2f_%s" % (alpha, rows), files, top="Logits")


def _check_agreement(tensor, shape):
    if tensor is None or shape is None:
        return
    found = K.int_shape(tensor)
    if found is not None and any(
        None not in pair and pair[0] != pair[1] for pair in zip(shape, found[1:])
    ):
        raise ShapeError(
            "input_shape %s and input_tensor %s of shape %s do not meet the same shape "
            "requirements." % (shape, tensor, found)
        )


def _default_size(made):
    shape = made.input_shape
    if shape is None and made.input_tensor is not None:
        shape = K.int_shape(made.input_tensor)[1:]
    return published_size(shape, _SIZES)


def _check_is_published(alpha):
    if alpha not in _WIDTHS:
        raise ConfigError(
            "If imagenet weights are being loaded, alpha can be one of %s, found %s. Use "
            "weights=None, or the path of a file." % (list(_WIDTHS), alpha)
        )


def _files(alpha, rows):
    name = "mobilenet_v2%s_%s_%s" % (KERNELS, alpha, rows)
    return published(_ORIGIN, [name + ".h5", name + "_no_top.h5"])


def _features(x, alpha):
    x = ZeroPadding2D(padding_before_halving(x, 3), name="Conv1_pad")(x)
    x = Conv2D(_divisible(32 * alpha), 3, strides=(2, 2), use_bias=False, name="Conv1")(x)
    x = _rectified(x, "bn_Conv1", "Conv1_relu")
    number = 0
    for filters, strides, blocks in _STAGES:
        for _ in range(blocks):
            x = _block(x, _divisible(int(filters * alpha)), strides, number)
            strides, number = 1, number + 1
    x = Conv2D(_divisible(1280 * max(alpha, 1.0)), 1, use_bias=False, name="Conv_1")(x)
    return _rectified(x, "Conv_1_bn", "out_relu")


def _divisible(filters, divisor=8):
    """The nearest multiple of the divisor, not smaller by more than a tenth."""
    nearest = max(divisor, int(filters + divisor / 2) // divisor * divisor)
    return nearest + divisor if nearest < 0.9 * filters else nearest


def _block(inputs, filters, strides, number):
    channels = K.int_shape(inputs)[channel_axis(-1)]
    prefix = "block_%d_" % number if number else "expanded_conv_"
    x = _expanded(inputs, 6 * channels, prefix) if number else inputs
    if strides == 2:
        x = ZeroPadding2D(padding_before_halving(x, 3), name=prefix + "pad")(x)
    x = DepthwiseConv2D(
        3,
        strides=strides,
        use_bias=False,
        padding="same" if strides == 1 else "valid",
        name=prefix + "depthwise",
    )(x)
    x = _rectified(x, prefix + "depthwise_BN", prefix + "depthwise_relu")
    x = Conv2D(filters, 1, padding="same", use_bias=False, name=prefix + "project")(x)
    x = _normalized(x, prefix + "project_BN")
    is_residual = channels == filters and strides == 1
    return Add(name=prefix + "add")([inputs, x]) if is_residual else x


def _expanded(x, filters, prefix):
    x = Conv2D(filters, 1, padding="same", use_bias=False, name=prefix + "expand")(x)
    return _rectified(x, prefix + "expand_BN", prefix + "expand_relu")


def _rectified(x, normalization_name, name):
    return ReLU(6.0, name=name)(_normalized(x, normalization_name))


def _normalized(x, name):
    return BatchNormalization(axis=channel_axis(-1), epsilon=1e-3, momentum=0.999, name=name)(x)


def preprocess_input(x, data_format=None):
    """Pictures with values 0 ... 255 as this network was trained on them: -1 ... 1."""
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")
