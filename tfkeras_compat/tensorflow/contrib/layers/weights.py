"""The variables of one layer function."""

from tfkeras_compat._tf import tf
from tfkeras_compat.tensorflow.contrib.framework.variables import model_variable
from tfkeras_compat.tensorflow.contrib.layers.outputs import collections_of

# The functions of this package stand for layers of `tf.layers`, which call their variables so.
LAYER_NAMES = {
    "biases": "bias",
    "depthwise_weights": "depthwise_kernel",
    "pointwise_weights": "pointwise_kernel",
    "weights": "kernel",
}


class Weights:
    """Makes the variables of a layer in the current scope: model variables, in the collections
    that the caller wants for them."""

    def __init__(self, dtype, trainable, collections, names=None):
        self.names = names or {}
        self.dtype = dtype.base_dtype
        self.trainable = trainable
        self.collections = collections

    def add(self, name, shape, initializer, regularizer=None, kind=None):
        """A variable; ``kind`` is what its collections are listed under, if not its name."""
        return model_variable(
            name,
            shape=shape,
            dtype=self.dtype,
            initializer=initializer,
            regularizer=self._scoped(regularizer, name),
            collections=collections_of(self.collections, kind or name),
            trainable=self.trainable,
        )

    def _scoped(self, regularizer, name):
        """The penalty under the name that the layer has for the variable, see ``LAYER_NAMES``."""
        if regularizer is None or name not in self.names:
            return regularizer
        scope = "%s/%s/Regularizer/" % (tf.get_variable_scope().name, self.names[name])

        def penalty(weights):
            # TensorFlow 2 asks a first time, outside of that scope, whether there is a penalty.
            if not tf.get_default_graph().get_name_scope().endswith("/Regularizer"):
                return regularizer(weights)
            with tf.name_scope(scope):
                return regularizer(weights)

        return penalty

    def biased(self, outputs, initializer, regularizer, data_format="NHWC"):
        """The outputs plus ``biases``; as they are, if there is no initializer."""
        if not initializer:
            return outputs
        axis = 1 if data_format.startswith("NC") else -1
        size = outputs.get_shape().as_list()[axis]
        biases = self.add("biases", [size], initializer, regularizer)
        if outputs.get_shape().ndims == 4 or axis == -1:
            return tf.nn.bias_add(outputs, biases, data_format=_FORMATS[axis])
        broadcast = [1, size] + [1] * (outputs.get_shape().ndims - 2)
        return outputs + tf.reshape(biases, broadcast)


_FORMATS = {1: "NCHW", -1: "NHWC"}
