"""Layers whose every output depends on every input."""

import functools

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.tensorflow.contrib.framework.scopes import add_arg_scope
from tfkeras_compat.tensorflow.contrib.layers import outputs as ends
from tfkeras_compat.tensorflow.contrib.layers.initializers import xavier_initializer
from tfkeras_compat.tensorflow.contrib.layers.weights import LAYER_NAMES, Weights

_XAVIER = xavier_initializer()
_ZEROS = tf.zeros_initializer()


@add_arg_scope
def fully_connected(
    inputs,
    num_outputs,
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=_XAVIER,
    weights_regularizer=None,
    biases_initializer=_ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """The inputs times ``weights``, plus ``biases`` or normalized.

    Shapes: (..., in) -> (..., num_outputs). Variables: weights (in, num_outputs), biases.

    Raises: ConfigError if ``num_outputs`` is no integer; ShapeError if the size of the last axis
    is not known.

    >>> from tfkeras_compat._tf import tf
    >>> with tf.Graph().as_default():
    ...     print(fully_connected(tf.zeros([3, 2]), 5).name)
    fully_connected/Relu:0
    """
    if not isinstance(num_outputs, int):
        raise ConfigError("num_outputs must be an integer; found %r." % (num_outputs,))
    with tf.variable_scope(scope, "fully_connected", [inputs], reuse=reuse) as sc:
        inputs = tf.convert_to_tensor(inputs)
        made = Weights(inputs.dtype, trainable, variables_collections, LAYER_NAMES)
        shape = [ends.known_dimension(inputs, -1, min_rank=2), num_outputs]
        weights = made.add("weights", shape, weights_initializer, weights_regularizer)
        outputs = _times(inputs, weights)
        if not normalizer_fn:
            outputs = made.biased(outputs, biases_initializer, biases_regularizer)
        return ends.finished(
            outputs, sc.name, outputs_collections, activation_fn, normalizer_fn, normalizer_params
        )


def _times(inputs, weights):
    rank = inputs.get_shape().ndims
    if rank == 2:
        return tf.matmul(inputs, weights)
    return tf.tensordot(inputs, weights, [[rank - 1], [0]])


relu = functools.partial(fully_connected, activation_fn=tf.nn.relu)
relu6 = functools.partial(fully_connected, activation_fn=tf.nn.relu6)
elu = functools.partial(fully_connected, activation_fn=tf.nn.elu)
linear = functools.partial(fully_connected, activation_fn=None)


@add_arg_scope
def bias_add(
    inputs,
    activation_fn=None,
    initializer=_ZEROS,
    regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    data_format="NHWC",
    scope=None,
):
    """The inputs plus ``biases``, one for each channel."""
    ends.checked_format(data_format, ("NHWC", "NCHW"))
    with tf.variable_scope(scope, "BiasAdd", [inputs], reuse=reuse) as sc:
        inputs = tf.convert_to_tensor(inputs)
        ends.known_dimension(inputs, 1 if data_format == "NCHW" else -1, min_rank=2)
        made = Weights(inputs.dtype, trainable, variables_collections)
        outputs = made.biased(inputs, initializer, regularizer, data_format)
        return ends.finished(outputs, sc.name, outputs_collections, activation_fn)


def legacy_fully_connected(
    x,
    num_output_units,
    activation_fn=None,
    weight_init=_XAVIER,
    bias_init=_ZEROS,
    name=None,
    weight_collections=(tf.GraphKeys.WEIGHTS,),
    bias_collections=(tf.GraphKeys.BIASES,),
    output_collections=(tf.GraphKeys.ACTIVATIONS,),
    trainable=True,
    weight_regularizer=None,
    bias_regularizer=None,
):
    """:func:`fully_connected` as it first was: the variables are ``weights`` and ``bias``, and
    belong to no model."""
    with tf.variable_scope(name, "fully_connected", [x]):
        x = tf.convert_to_tensor(x)
        shape = [ends.known_dimension(x, -1, min_rank=2), num_output_units]
        weights = _legacy(
            "weights", shape, x, weight_init, weight_regularizer, trainable, weight_collections
        )
        outputs = _times(x, weights)
        if bias_init is not None:
            bias = _legacy(
                "bias", shape[1:], x, bias_init, bias_regularizer, trainable, bias_collections
            )
            outputs = tf.nn.bias_add(outputs, bias)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        tf.add_to_collections(list(output_collections or []) + [tf.GraphKeys.ACTIVATIONS], outputs)
        return outputs


def _legacy(name, shape, inputs, initializer, regularizer, trainable, collections):
    return tf.get_variable(
        name,
        shape=shape,
        dtype=inputs.dtype.base_dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=list(collections or []) + [tf.GraphKeys.GLOBAL_VARIABLES],
    )


legacy_relu = functools.partial(legacy_fully_connected, activation_fn=tf.nn.relu)
legacy_linear = functools.partial(legacy_fully_connected, activation_fn=None)
