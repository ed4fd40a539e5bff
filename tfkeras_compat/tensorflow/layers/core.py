"""Core layers that are dense, drop or flatten; ``tensorflow.python.layers.core``."""

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.layers import core as keras_layers
from tfkeras_compat.tensorflow.layers.base import Layer, OfKeras
from tfkeras_compat.tensorflow.layers.signatures import function_of, like
from tfkeras_compat.tensorflow.layers.switch import switch


class Dense(OfKeras, keras_layers.Dense, Layer):
    """A densely connected layer; the Keras layer, with variables of a variable scope.

    Shapes: ``(batch, ..., in)`` -> ``(batch, ..., units)``.
    Weights: kernel ``(in, units)``, bias ``(units,)``.

    >>> import tfkeras_compat.tensorflow as tf
    >>> layer = tf.layers.Dense(2)
    >>> layer(tf.placeholder(tf.float32, [None, 3])).name, layer.weights[0].name
    ('dense/BiasAdd:0', 'dense/kernel:0')
    >>> isinstance(layer, tf.keras.layers.Dense)
    True
    """

    __init__ = like(keras_layers.Dense, kernel_initializer=None)


class Dropout(OfKeras, keras_layers.Dropout, Layer):
    """Sets a random fraction of the inputs to zero if ``training``, a bool or a tensor of one, and
    scales up the others.

    Shapes: any -> the same.
    """

    __init__ = like(keras_layers.Dropout, rate=0.5, trailing=("name",))

    def call(self, inputs, training=False):
        def dropped():
            return tf.nn.dropout(
                inputs, rate=self.rate, noise_shape=self._get_noise_shape(inputs), seed=self.seed
            )

        return switch(training, dropped, lambda: tf.identity(inputs))


class Flatten(OfKeras, keras_layers.Flatten, Layer):
    """All axes but the first become one; a vector becomes a column.

    Shapes: ``(batch, a, b, ...)`` -> ``(batch, a * b * ...)``.
    """

    def __init__(self, data_format=None, **kwargs):
        super().__init__(data_format, **kwargs)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs):
        if self.data_format == "channels_first" and K.ndim(inputs) > 1:
            inputs = tf.transpose(inputs, [0] + list(range(2, K.ndim(inputs))) + [1])
        outputs = tf.reshape(inputs, [K.int_shape(inputs)[0] or tf.shape(inputs)[0], -1])
        outputs.set_shape(self.compute_output_shape(K.int_shape(inputs)))
        return outputs

    def compute_output_shape(self, input_shape):
        if not isinstance(input_shape, tf.TensorShape):
            sizes = tuple(input_shape[1:])
            return (input_shape[0], None if None in sizes else int(np.prod(sizes)))
        return super().compute_output_shape(input_shape)


dense = function_of(Dense)
dropout = function_of(Dropout, order="rate noise_shape seed training name", training=False)
flatten = function_of(Flatten, order="name data_format", defaults={"data_format": "channels_last"})
