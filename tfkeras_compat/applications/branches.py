"""The Inception networks' parts as data: convolutions, poolings, and branches that are joined.

Each part is called with a tensor. A chain of them is applied one after the other, in the order it
is written, which decides the automatic names of the layers.
"""

import functools
from typing import Any, NamedTuple

from tfkeras_compat import backend as K
from tfkeras_compat.layers import (
    Activation,
    AveragePooling2D,
    BatchNormalization,
    Concatenate,
    Conv2D,
    MaxPooling2D,
)


def channel_axis(last=3):
    """The axis of the channels in the default image layout."""
    return 1 if K.image_data_format() == "channels_first" else last


class Conv(NamedTuple):
    """A convolution without bias, batch normalization without scale, and relu."""

    filters: int
    rows: int
    columns: int
    strides: int = 1
    padding: str = "same"

    def __call__(self, x):
        size = (self.rows, self.columns)
        x = Conv2D(self.filters, size, self.strides, self.padding, use_bias=False)(x)
        x = BatchNormalization(axis=channel_axis(), scale=False)(x)
        return Activation("relu")(x)


class Average(NamedTuple):
    """Average over 3x3, of the same size."""

    def __call__(self, x):
        return AveragePooling2D((3, 3), strides=(1, 1), padding="same")(x)


class Maximum(NamedTuple):
    """Maximum over 3x3, of half the size."""

    def __call__(self, x):
        return MaxPooling2D((3, 3), strides=(2, 2))(x)


class Joined(NamedTuple):
    """Chains on the same tensor whose results are put one after the other, by channel."""

    name: Any
    branches: Any

    def __call__(self, x):
        results = [chained(x, branch) for branch in self.branches]
        return Concatenate(axis=channel_axis(), name=self.name)(results)


def chained(x, parts):
    """The parts applied one after the other."""
    return functools.reduce(lambda x, part: part(x), parts, x)


# The first layers of both networks.
STEM = [
    Conv(32, 3, 3, 2, "valid"),
    Conv(32, 3, 3, padding="valid"),
    Conv(64, 3, 3),
    Maximum(),
    Conv(80, 1, 1, padding="valid"),
    Conv(192, 3, 3, padding="valid"),
    Maximum(),
]
