"""``tf.contrib.training``: its names are in legacy/contrib.py."""

from tfkeras_compat.aliases import lazy_attributes

__getattr__, __dir__ = lazy_attributes(__name__)
