"""The TensorFlow 1.x namespace: ``import tfkeras_compat.tensorflow as tf``.

Importing it switches TensorFlow to 1.x behaviour. It offers everything of ``tensorflow.compat.v1``,
with ``Variable`` and ``keras`` replaced by ours, and what is missing there today. Submodules that
are not ours (``tensorflow.python.framework.dtypes``) are those of the installed TensorFlow.

>>> import tfkeras_compat.tensorflow as tf
>>> with tf.Graph().as_default(), tf.Session() as sess:
...     print(sess.run(tf.placeholder_with_default(3.0, []) + 1))
4.0
"""

import importlib

import tfkeras_compat as keras
from tfkeras_compat import _tf
from tfkeras_compat.legacy import modules
from tfkeras_compat.tensorflow import offered, passthrough
from tfkeras_compat.tensorflow.variable import Variable

_tf.use_graph_mode()
passthrough.install_finder()

__version__ = _tf.tf.__version__
# What `from tensorflow import *` gives; the lazy packages would be loaded by it.
__all__ = sorted({name for name in dir(_tf.tf) if name[0] != "_"} - {"estimator"} | {"keras"})


# Packages of TensorFlow that are ours, also where TensorFlow has its own (1.15).
_OURS = {"contrib", "estimator", "inputs", "training"}
# Names of TensorFlow that the tables have something to say of.
_TABLED = set(modules.NAMES["tensorflow"])
_TABLED.update(path.split(".")[1] for path in modules.NAMES if path.startswith("tensorflow."))

_find, _names = offered.names_of(__name__)


def __getattr__(name):
    if name in _OURS:
        return importlib.import_module(__name__ + "." + name)
    if name not in _TABLED and hasattr(_tf.tf, name):
        return getattr(_tf.tf, name)
    return _find(name)


def __dir__():
    return _names()
