"""``tf.contrib``: what is ours of it; the rest where TensorFlow still has it (1.15)."""

from tfkeras_compat.tensorflow import offered

__getattr__, __dir__ = offered.names_of(__name__)
