"""``tensorflow.examples``: the modules of it that other programs imported."""

from tfkeras_compat.tensorflow import offered

__getattr__, __dir__ = offered.names_of(__name__)
