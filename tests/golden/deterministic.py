"""Making the original's training repeatable.

Keras 2.2.5 trains reference variables, which TensorFlow 1.15 reads in the backward pass while the
same step may have changed them already: two runs differ in the third digit. With resource
variables, which it accepts, a step reads each weight before any change.
"""

import contextlib

import tensorflow.compat.v1 as tf


@contextlib.contextmanager
def training():
    """A context in which the original trains the same every time. It does nothing to ours."""
    before = tf.resource_variables_enabled()
    tf.enable_resource_variables()
    try:
        yield
    finally:
        if not before:
            tf.disable_resource_variables()
