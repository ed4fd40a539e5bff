"""Layers, the nodes that their calls leave, and networks of them."""

from tfkeras_compat.aliases import lazy_attributes

__getattr__, __dir__ = lazy_attributes(__name__)
