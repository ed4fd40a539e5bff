"""``tf.training``, as the announcement of Keras in TensorFlow calls it."""

from tfkeras_compat.aliases import lazy_attributes

__getattr__, __dir__ = lazy_attributes(__name__)
