"""``tf.contrib.learn.preprocessing``: its names are in legacy/contrib.py."""

from tfkeras_compat.tensorflow import offered

__getattr__, __dir__ = offered.names_of(__name__)
