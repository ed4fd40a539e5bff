"""``tf.layers.experimental``: variables managed as Keras does."""

from tfkeras_compat.tensorflow.layers.scopes import keras_style_scope, set_keras_style

__all__ = ["keras_style_scope", "set_keras_style"]
