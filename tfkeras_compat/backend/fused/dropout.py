"""Dropout that depends on the learning phase.

TensorFlow's gradient of the choice makes zeros of the size of the input for either branch, and adds
them up.
"""

import functools

from tfkeras_compat._tf import tf
from tfkeras_compat.backend.fused import gradient

_WHOLE = "TfkerasCompatDropout"
_SHARED = "TfkerasCompatDropoutWithNoiseShape"


def dropout(x, level, noise_shape, seed, phase):
    """``tf.nn.dropout`` of ``x`` where the scalar ``phase`` holds, else ``x``."""
    x = tf.convert_to_tensor(x)
    shape = tf.shape(x) if noise_shape is None else noise_shape
    # Broadcasting the choice takes five times as long.
    name, choose = (_WHOLE, tf.where) if noise_shape is None else (_SHARED, tf.where_v2)
    scale = tf.constant(1.0 / (1.0 - level), x.dtype.base_dtype)

    def dropped():
        kept = tf.random_uniform(shape, seed=seed, dtype=x.dtype.base_dtype) >= level
        return _masked(kept, x * scale, choose), kept

    y, kept = tf.cond(phase, dropped, lambda: (tf.identity(x), tf.constant(True)))
    y.set_shape(x.get_shape())
    return gradient.attach(name, [x, phase, kept, scale], [y])[0]


def _masked(kept, x, choose):
    return choose(kept, x, tf.zeros_like(x))


def _gradient(choose, values, gradients):
    x, phase, kept, scale = values
    (of_y,) = gradients
    of_x = tf.cond(phase, lambda: _masked(kept, of_y * scale, choose), lambda: tf.identity(of_y))
    of_x.set_shape(x.get_shape())
    return [of_x]


gradient.register(_WHOLE, functools.partial(_gradient, tf.where), results=1)
gradient.register(_SHARED, functools.partial(_gradient, tf.where_v2), results=1)
