"""NASNet-A (Zoph et al., arXiv:1707.07012)."""

import contextlib
import warnings

from tfkeras_compat import backend as K
from tfkeras_compat.applications import imagenet_utils
from tfkeras_compat.applications.construction import (
    Construction,
    padding_before_halving,
    published,
)
from tfkeras_compat.applications.imagenet_utils import decode_predictions
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Conv2D,
    Cropping2D,
    MaxPooling2D,
    SeparableConv2D,
    ZeroPadding2D,
    add,
)

__all__ = ["NASNetLarge", "NASNetMobile", "decode_predictions", "preprocess_input"]

_ORIGIN = "https://github.com/titu1994/Keras-NASNet/releases/download/v1.2/"
_MOBILE = published(
    _ORIGIN,
    [
        ("NASNet-mobile.h5", "nasnet_mobile.h5"),
        ("NASNet-mobile-no-top.h5", "nasnet_mobile_no_top.h5"),
    ],
    ["020fb642bf7360b370c678b08e0adf61", "1ed92395b5b598bdda52abe5c0dbfd63"],
)
_LARGE = published(
    _ORIGIN,
    [
        ("NASNet-large.h5", "nasnet_large.h5"),
        ("NASNet-large-no-top.h5", "nasnet_large_no_top.h5"),
    ],
    ["11577c9a518f0070763c2b964a382f17", "d81d89dc07e6e56530c4e77faddd61b5"],
)


def NASNetMobile(
    input_shape=None,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    pooling=None,
    classes=1000,
    **kwargs,
):
    """The small NASNet; the arguments are those of all networks, see :mod:`applications`.

    Shapes: 224x224 pictures, channels last; others of at least 32x32 with ``weights=None``.
    """
    with _channels_last():
        made = Construction(
            include_top, weights, input_tensor, input_shape, pooling, classes, kwargs
        )
        return _assemble(made, 224, 44, 4, 32, skips_reduction=False, files=_MOBILE)


def NASNetLarge(
    input_shape=None,
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    pooling=None,
    classes=1000,
    **kwargs,
):
    """The large NASNet; the arguments are those of all networks, see :mod:`applications`.

    Shapes: 331x331 pictures, channels last; others of at least 32x32 with ``weights=None``.
    """
    with _channels_last():
        made = Construction(
            include_top, weights, input_tensor, input_shape, pooling, classes, kwargs
        )
        return _assemble(made, 331, 168, 6, 96, skips_reduction=True, files=_LARGE)


@contextlib.contextmanager
def _channels_last():
    layout = K.image_data_format()
    if layout == "channels_first":
        warnings.warn(
            "The NASNet family of models is only available for the input data format "
            '"channels_last" (width, height, channels). The model being returned right now will '
            "expect inputs in that format.",
            stacklevel=4,
        )
    K.set_image_data_format("channels_last")
    try:
        yield
    finally:
        K.set_image_data_format(layout)


def _assemble(made, size, filters, cells, stem_filters, skips_reduction, files):
    if made.is_pretrained and made.input_shape is not None and None in made.input_shape:
        raise ConfigError(
            "NASNet with imagenet weights needs a static `input_shape`, found %s."
            % (made.input_shape,)
        )
    x = made.begin(size, 32, needs_size=True)
    x = _convolved(x, stem_filters, "stem_conv1", "stem_bn1", 3, strides=(2, 2), padding="valid")
    x, p = _reduction_cell(x, None, filters // 4, "stem_1")
    x, p = _reduction_cell(x, p, filters // 2, "stem_2")
    for stage in range(3):
        first = stage * cells + (stage > 0)  # a reduction cell takes a number too
        if stage:
            x, before = _reduction_cell(x, p, filters, "reduce_%d" % (stage * cells))
            p = p if skips_reduction else before
        for cell in range(first, first + cells):
            x, p = _normal_cell(x, p, filters, "%d" % cell)
        filters *= 2
    return made.finish(_relu(x), "NASNet", files)


# ---- cells --------------------------------------------------------------------------------------


def _normal_cell(inputs, p, filters, cell):
    with K.name_scope("normal_A_block_%s" % cell):
        p = _adjusted(p, inputs, filters, cell)
        h = _convolved(_relu(inputs), filters, "normal_conv_1_" + cell, "normal_bn_1_" + cell)

        def named(what):
            return "normal_%s_%s" % (what, cell)

        def average(x, what):
            return AveragePooling2D((3, 3), strides=(1, 1), padding="same", name=named(what))(x)

        with K.name_scope("block_1"):
            left = _separable(h, filters, 5, named("left1"))
            x1 = add([left, _separable(p, filters, 3, named("right1"))], name=named("add_1"))
        with K.name_scope("block_2"):
            left = _separable(p, filters, 5, named("left2"))
            x2 = add([left, _separable(p, filters, 3, named("right2"))], name=named("add_2"))
        with K.name_scope("block_3"):
            x3 = add([average(h, "left3"), p], name=named("add_3"))
        with K.name_scope("block_4"):
            x4 = add([average(p, "left4"), average(p, "right4")], name=named("add_4"))
        with K.name_scope("block_5"):
            x5 = add([_separable(h, filters, 3, named("left5")), h], name=named("add_5"))
        return Concatenate(name=named("concat"))([p, x1, x2, x3, x4, x5]), inputs


def _reduction_cell(inputs, p, filters, cell):
    with K.name_scope("reduction_A_block_%s" % cell):
        p = _adjusted(p, inputs, filters, cell)
        h = _convolved(_relu(inputs), filters, "reduction_conv_1_" + cell, "reduction_bn_1_" + cell)

        def named(what):
            return "reduction_%s_%s" % (what, cell)

        def halved(x, size, what):
            return _separable(x, filters, size, named(what), strides=(2, 2))

        padded = ZeroPadding2D(padding_before_halving(h, 3), name=named("pad_1"))(h)
        with K.name_scope("block_1"):
            x1 = add([halved(h, 5, "left1"), halved(p, 7, "right1")], name=named("add_1"))
        with K.name_scope("block_2"):
            left = MaxPooling2D((3, 3), strides=(2, 2), name=named("left2"))(padded)
            x2 = add([left, halved(p, 7, "right2")], name=named("add_2"))
        with K.name_scope("block_3"):
            left = AveragePooling2D((3, 3), strides=(2, 2), name=named("left3"))(padded)
            x3 = add([left, halved(p, 5, "right3")], name=named("add3"))
        with K.name_scope("block_4"):
            pooling = AveragePooling2D((3, 3), strides=(1, 1), padding="same", name=named("left4"))
            x4 = add([x2, pooling(x1)])
        with K.name_scope("block_5"):
            left = _separable(x1, filters, 3, named("left4"))
            right = MaxPooling2D((3, 3), strides=(2, 2), name=named("right5"))(padded)
            x5 = add([left, right], name=named("add4"))
        return Concatenate(name=named("concat"))([x2, x3, x4, x5]), inputs


def _adjusted(p, inputs, filters, cell):
    """What came before, in the size and with the filters that a cell needs."""
    with K.name_scope("adjust_block"):
        if p is None:
            return inputs
        before, now = K.int_shape(p), K.int_shape(inputs)
        if before[-2] != now[-2]:
            with K.name_scope("adjust_reduction_block_%s" % cell):
                return _halved_and_adjusted(p, filters, cell)
        if before[-1] != filters:
            with K.name_scope("adjust_projection_block_%s" % cell):
                names = "adjust_conv_projection_%s" % cell, "adjust_bn_%s" % cell
                return _convolved(_relu(p), filters, *names)
        return p


def _halved_and_adjusted(p, filters, cell):
    p = Activation("relu", name="adjust_relu_1_%s" % cell)(p)
    first = _every_second(p, filters // 2, "1_%s" % cell)
    shifted = Cropping2D(((1, 0), (1, 0)))(ZeroPadding2D(((0, 1), (0, 1)))(p))
    second = _every_second(shifted, filters // 2, "2_%s" % cell)
    return _normalized(Concatenate()([first, second]), "adjust_bn_%s" % cell)


def _every_second(x, filters, which):
    x = AveragePooling2D((1, 1), strides=(2, 2), name="adjust_avg_pool_" + which)(x)
    return _plain_convolution(x, filters, "adjust_conv_" + which)


# ---- layers -------------------------------------------------------------------------------------


def _separable(x, filters, size, block, strides=(1, 1)):
    with K.name_scope("separable_conv_block_%s" % block):
        x = _relu(x)
        if strides == (2, 2):
            name = "separable_conv_1_pad_%s" % block
            x = ZeroPadding2D(padding_before_halving(x, size), name=name)(x)
        padding = "valid" if strides == (2, 2) else "same"
        x = _separable_convolution(x, filters, size, "1", block, strides, padding)
        return _separable_convolution(_relu(x), filters, size, "2", block, (1, 1), "same")


def _separable_convolution(x, filters, size, number, block, strides, padding):
    x = SeparableConv2D(
        filters,
        (size, size),
        strides=strides,
        padding=padding,
        use_bias=False,
        kernel_initializer="he_normal",
        name="separable_conv_%s_%s" % (number, block),
    )(x)
    return _normalized(x, "separable_conv_%s_bn_%s" % (number, block))


def _convolved(x, filters, name, normalization_name, size=1, **kwargs):
    return _normalized(_plain_convolution(x, filters, name, size, **kwargs), normalization_name)


def _plain_convolution(x, filters, name, size=1, strides=(1, 1), padding="same"):
    return Conv2D(
        filters,
        (size, size),
        strides=strides,
        padding=padding,
        use_bias=False,
        kernel_initializer="he_normal",
        name=name,
    )(x)


def _normalized(x, name):
    return BatchNormalization(axis=-1, momentum=0.9997, epsilon=1e-3, name=name)(x)


def _relu(x):
    return Activation("relu")(x)


def preprocess_input(x, data_format=None):
    """Pictures with values 0 ... 255 as these networks were trained on them: -1 ... 1."""
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")
