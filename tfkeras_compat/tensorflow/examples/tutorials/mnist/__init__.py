"""``tensorflow.examples.tutorials.mnist``: reading of digits in the format of the MNIST files."""

from tfkeras_compat.tensorflow import offered
from tfkeras_compat.tensorflow.examples.tutorials.mnist import input_data

__getattr__, __dir__ = offered.names_of(__name__)
