"""VGG16 (Simonyan and Zisserman, arXiv:1409.1556)."""

from tfkeras_compat.applications.construction import KERNELS, Construction, published
from tfkeras_compat.applications.imagenet_utils import decode_predictions, preprocess_input
from tfkeras_compat.layers import Conv2D, Dense, Flatten, MaxPooling2D

__all__ = ["VGG16", "decode_predictions", "preprocess_input"]

_FILES = published(
    "https://github.com/fchollet/deep-learning-models/releases/download/v0.1/",
    ["vgg16" + KERNELS + ".h5", "vgg16" + KERNELS + "_notop.h5"],
    ["64373286793e3c8b2b4e3219cbf3544b", "6d6bbae143d832006294945121d1f1fc"],
)

# Filters and number of convolutions of each block.
_BLOCKS = [(64, 2), (128, 2), (256, 3), (512, 3), (512, 3)]


def VGG16(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
    **kwargs,
):
    """VGG16; the arguments are those of all networks, see :mod:`applications`.

    Shapes: 224x224 pictures with a top, at least 32x32 without.

    >>> from tfkeras_compat.applications.vgg16 import VGG16
    >>> VGG16(include_top=False, weights=None, input_shape=(32, 64, 3)).output_shape
    (None, 1, 2, 512)
    """
    made = Construction(include_top, weights, input_tensor, input_shape, pooling, classes, kwargs)
    return assemble(made, _BLOCKS, "vgg16", _FILES)


def assemble(made, blocks, name, files):
    """The network of the given blocks; VGG19 is another."""
    x = made.begin(224, 32)
    for number, (filters, convolutions) in enumerate(blocks, 1):
        x = _block(x, "block%d_" % number, filters, convolutions)
    if made.include_top:
        x = Flatten(name="flatten")(x)
        x = Dense(4096, activation="relu", name="fc1")(x)
        x = Dense(4096, activation="relu", name="fc2")(x)
        x = Dense(made.classes, activation="softmax", name="predictions")(x)
    else:
        x = made.pool(x)
    return made.model(x, name, files)


def _block(x, prefix, filters, convolutions):
    for number in range(1, convolutions + 1):
        name = "%sconv%d" % (prefix, number)
        x = Conv2D(filters, (3, 3), activation="relu", padding="same", name=name)(x)
    return MaxPooling2D((2, 2), strides=(2, 2), name=prefix + "pool")(x)
