"""VGG19 (Simonyan and Zisserman, arXiv:1409.1556)."""

from tfkeras_compat.applications.construction import KERNELS, Construction, published
from tfkeras_compat.applications.imagenet_utils import decode_predictions, preprocess_input
from tfkeras_compat.applications.vgg16 import assemble

__all__ = ["VGG19", "decode_predictions", "preprocess_input"]

_FILES = published(
    "https://github.com/fchollet/deep-learning-models/releases/download/v0.1/",
    ["vgg19" + KERNELS + ".h5", "vgg19" + KERNELS + "_notop.h5"],
    ["cbe5617147190e668d6c5d5026f83318", "253f8cb515780f3b799900260a226db6"],
)

# Filters and number of convolutions of each block.
_BLOCKS = [(64, 2), (128, 2), (256, 4), (512, 4), (512, 4)]


def VGG19(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
    **kwargs,
):
    """VGG19; the arguments are those of all networks, see :mod:`applications`.

    Shapes: 224x224 pictures with a top, at least 32x32 without.
    """
    made = Construction(include_top, weights, input_tensor, input_shape, pooling, classes, kwargs)
    return assemble(made, _BLOCKS, "vgg19", _FILES)
