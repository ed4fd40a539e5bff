"""Dropout that depends on the learning phase.

TensorFlow's gradient of the choice makes zeros of the size of the input for either branch, and adds
them up.
"""

from tfkeras_compat._tf import tf
from tfkeras_compat.backend.fused import gradient

_NAME = "TfkerasCompatDropout"


def dropout(x, level, noise_shape, seed, phase):
    """``tf.nn.dropout`` of ``x`` where the scalar ``phase`` holds, else ``x``."""
    x = tf.convert_to_tensor(x)
    shape = tf.shape(x) if noise_shape is None else noise_shape
    scale = tf.constant(1.0 / (1.0 - level), x.dtype.base_dtype)

    def dropped():
        kept = tf.random_uniform(shape, seed=seed, dtype=x.dtype.base_dtype) >= level
        return _masked(kept, x * scale), kept

    y, kept = tf.cond(phase, dropped, lambda: (tf.identity(x), tf.constant(True)))
    y.set_shape(x.get_shape())
    return gradient.attach(_NAME, [x, phase, kept, scale], [y])[0]


def _masked(kept, x):
    return tf.where_v2(kept, x, tf.zeros([], x.dtype.base_dtype))


def _gradient(values, gradients):
    x, phase, kept, scale = values
    (of_y,) = gradients
    of_x = tf.cond(phase, lambda: _masked(kept, of_y * scale), lambda: tf.identity(of_y))
    of_x.set_shape(x.get_shape())
    return [of_x]


gradient.register(_NAME, _gradient, results=1)
