"""``tf.contrib.tpu``: to call anything of it is an error that says what to use instead.

The names themselves are there, so that a program which asks for a TPU only on demand runs. On
TensorFlow 1.15 they are its own.
"""

from tfkeras_compat.tensorflow import offered


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError("module %r has no attribute %r" % (__name__, name))
    return offered.refused("tensorflow.contrib.tpu." + name)
