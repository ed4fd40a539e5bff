"""The registry of layers: classes of this package enter it when they are defined."""

from tfkeras_compat.state.registry import Registry

LAYERS = Registry("layer")

deserialize = LAYERS.deserialize
