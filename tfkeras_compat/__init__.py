"""Runs code written for TensorFlow 1.x and Keras 1 and 2 on today's TensorFlow.

The package is the Keras tree: ``import tfkeras_compat as keras``. Importing it loads no TensorFlow
and changes nothing; ``keras.layers``, ``keras.Input`` and the old module paths of
``legacy/modules.py`` are found when they are first used.
"""

from tfkeras_compat import aliases

__version__ = "0.1.0"

aliases.install_finder()
__getattr__, __dir__ = aliases.lazy_attributes(__name__)
