"""``tf.nn``: that of TensorFlow, with the cells of recurrent networks."""

from tfkeras_compat.tensorflow import offered
from tfkeras_compat.tensorflow.nn import rnn_cell as rnn_cell

__getattr__, __dir__ = offered.names_of(__name__)
