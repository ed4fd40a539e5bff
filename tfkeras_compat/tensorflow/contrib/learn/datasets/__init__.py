"""``tf.contrib.learn.datasets``: small tables and digits."""

from tfkeras_compat.tensorflow import offered

__getattr__, __dir__ = offered.names_of(__name__)
