"""Dropout that depends on the learning phase.

What is chosen by the phase is the factor of each element, not the result: there is no gradient
through the choice, and that of the product need not look whether a factor was repeated.
"""

from tfkeras_compat._tf import tf
from tfkeras_compat.backend.fused import gradient

_NAME = "TfkerasCompatDropout"


def dropout(x, level, noise_shape, seed, phase):
    """``tf.nn.dropout`` of ``x`` where the scalar ``phase`` holds, else ``x``."""
    x = tf.convert_to_tensor(x)
    kind = x.dtype.base_dtype
    shape = tf.shape(x) if noise_shape is None else noise_shape

    def of_kept_and_dropped():
        kept = tf.random_uniform(shape, seed=seed, dtype=kind) >= level
        return tf.cast(kept, kind) * tf.constant(1.0 / (1.0 - level), kind)

    factor = tf.cond(phase, of_kept_and_dropped, lambda: tf.constant(1.0, kind))
    y = x * factor
    y.set_shape(x.get_shape())
    return gradient.attach(_NAME, [x, factor], [y])[0]


def _gradient(values, gradients):
    x, factor = values
    of_x = gradients[0] * factor
    of_x.set_shape(x.get_shape())
    return [of_x]


gradient.register(_NAME, _gradient, results=1)
