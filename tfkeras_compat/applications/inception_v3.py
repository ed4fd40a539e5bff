"""Inception V3 (Szegedy et al., arXiv:1512.00567)."""

from tfkeras_compat.applications import imagenet_utils
from tfkeras_compat.applications.branches import STEM, Average, Conv, Joined, Maximum, chained
from tfkeras_compat.applications.construction import KERNELS, Construction, published
from tfkeras_compat.applications.imagenet_utils import decode_predictions

__all__ = ["InceptionV3", "decode_predictions", "preprocess_input"]

_FILES = published(
    "https://github.com/fchollet/deep-learning-models/releases/download/v0.5/",
    ["inception_v3" + KERNELS + ".h5", "inception_v3" + KERNELS + "_notop.h5"],
    ["9a0d58056eeedaa3f26cb7ebd46da564", "bcbd6486424b2319ff4ef7d526e38f63"],
)


def _fine(name, pooled):
    return Joined(
        name,
        [
            [Conv(64, 1, 1)],
            [Conv(48, 1, 1), Conv(64, 5, 5)],
            [Conv(64, 1, 1), Conv(96, 3, 3), Conv(96, 3, 3)],
            [Average(), Conv(pooled, 1, 1)],
        ],
    )


def _middle(name, width):
    return Joined(
        name,
        [
            [Conv(192, 1, 1)],
            [Conv(width, 1, 1), Conv(width, 1, 7), Conv(192, 7, 1)],
            [
                Conv(width, 1, 1),
                Conv(width, 7, 1),
                Conv(width, 1, 7),
                Conv(width, 7, 1),
                Conv(192, 1, 7),
            ],
            [Average(), Conv(192, 1, 1)],
        ],
    )


def _coarse(name, inner_name):
    cross = [[Conv(384, 1, 3)], [Conv(384, 3, 1)]]
    return Joined(
        name,
        [
            [Conv(320, 1, 1)],
            [Conv(384, 1, 1), Joined(inner_name, cross)],
            [Conv(448, 1, 1), Conv(384, 3, 3), Joined(None, cross)],
            [Average(), Conv(192, 1, 1)],
        ],
    )


_PARTS = STEM + [
    _fine("mixed0", 32),
    _fine("mixed1", 64),
    _fine("mixed2", 64),
    Joined(
        "mixed3",
        [
            [Conv(384, 3, 3, 2, "valid")],
            [Conv(64, 1, 1), Conv(96, 3, 3), Conv(96, 3, 3, 2, "valid")],
            [Maximum()],
        ],
    ),
    _middle("mixed4", 128),
    _middle("mixed5", 160),
    _middle("mixed6", 160),
    _middle("mixed7", 192),
    Joined(
        "mixed8",
        [
            [Conv(192, 1, 1), Conv(320, 3, 3, 2, "valid")],
            [Conv(192, 1, 1), Conv(192, 1, 7), Conv(192, 7, 1), Conv(192, 3, 3, 2, "valid")],
            [Maximum()],
        ],
    ),
    _coarse("mixed9", "mixed9_0"),
    _coarse("mixed10", "mixed9_1"),
]


def InceptionV3(
    include_top=True,
    weights="imagenet",
    input_tensor=None,
    input_shape=None,
    pooling=None,
    classes=1000,
    **kwargs,
):
    """Inception V3; the arguments are those of all networks, see :mod:`applications`.

    Shapes: 299x299 pictures with a top, at least 75x75 without.

    >>> from tfkeras_compat.applications.inception_v3 import InceptionV3
    >>> InceptionV3(include_top=False, weights=None, pooling="avg").output_shape
    (None, 2048)
    """
    made = Construction(include_top, weights, input_tensor, input_shape, pooling, classes, kwargs)
    x = chained(made.begin(299, 75), _PARTS)
    return made.finish(x, "inception_v3", _FILES, average="avg_pool")


def preprocess_input(x, data_format=None):
    """Pictures with values 0 ... 255 as this network was trained on them: -1 ... 1."""
    return imagenet_utils.preprocess_input(x, data_format, mode="tf")
