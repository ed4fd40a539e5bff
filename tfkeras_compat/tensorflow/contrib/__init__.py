"""``tf.contrib``: what is ours of it; the rest where TensorFlow still has it (1.15)."""

import importlib

from tfkeras_compat.errors import NotInLegacyError


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError("module %r has no attribute %r" % (__name__, name))
    try:
        return importlib.import_module(__name__ + "." + name)
    except NotInLegacyError as error:
        raise AttributeError("tf.contrib has no attribute %r: %s" % (name, error)) from None
