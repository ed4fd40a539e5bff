"""A projection whose variables are those of the variable scope around it."""

from tfkeras_compat._tf import tf


def linear(args, size, bias_initializer=None):
    """Tensors side by side, times ``kernel``, plus ``bias``; both from the current scope.

    Biases begin at zero, whatever initializer the scope has, and are never partitioned.
    """
    joined = args[0] if len(args) == 1 else tf.concat(args, 1)
    depth = joined.get_shape().as_list()[-1]
    kernel = tf.get_variable("kernel", [depth, size], joined.dtype)
    with tf.variable_scope(tf.get_variable_scope(), auxiliary_name_scope=False) as scope:
        scope.set_partitioner(None)
        initializer = bias_initializer or tf.zeros_initializer()
        bias = tf.get_variable("bias", [size], joined.dtype, initializer)
    return tf.nn.bias_add(tf.matmul(joined, kernel), bias)
