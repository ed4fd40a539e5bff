"""Convolutions, of one to three axes."""

import functools

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.tensorflow.contrib.framework.scopes import add_arg_scope
from tfkeras_compat.tensorflow.contrib.layers import outputs as ends
from tfkeras_compat.tensorflow.contrib.layers.initializers import xavier_initializer
from tfkeras_compat.tensorflow.contrib.layers.weights import LAYER_NAMES, Weights

_XAVIER = xavier_initializer()
_ZEROS = tf.zeros_initializer()

_FORMATS = (None, "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW")
_BY_RANK = {1: ("NWC", "NCW"), 2: ("NHWC", "NCHW"), 3: ("NDHWC", "NCDHW")}


@add_arg_scope
def convolution(
    inputs,
    num_outputs,
    kernel_size,
    stride=1,
    padding="SAME",
    data_format=None,
    rate=1,
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
    conv_dims=None,
):
    """A convolution over as many axes as the inputs have between the first and the channels.

    Shapes: (batch, ..., in) -> (batch, ..., num_outputs); channels second with a ``data_format``
    that says so. Variables: weights (kernel_size..., in, num_outputs), biases.

    Raises: ShapeError for inputs of another rank; ConfigError for an unknown ``data_format``.
    """
    order = ends.checked_format(data_format, _FORMATS)
    with tf.variable_scope(scope, "Conv", [inputs], reuse=reuse) as sc:
        inputs = tf.convert_to_tensor(inputs)
        axes = _axes(inputs, conv_dims)
        layout = _BY_RANK[axes][order == "channels_first"]
        made = Weights(inputs.dtype, trainable, variables_collections, LAYER_NAMES)
        shape = ends.tuple_of(axes, kernel_size) + (_channels(inputs, layout), num_outputs)
        weights = made.add("weights", shape, weights_initializer, weights_regularizer)
        outputs = _convolved(inputs, weights, axes, stride, padding, layout, rate)
        if not normalizer_fn:
            outputs = made.biased(outputs, biases_initializer, biases_regularizer, layout)
        return ends.finished(
            outputs, sc.name, outputs_collections, activation_fn, normalizer_fn, normalizer_params
        )


def _axes(inputs, expected):
    rank = len(ends.known_shape(inputs))
    if rank not in (3, 4, 5) or expected not in (None, rank - 2):
        raise ShapeError(
            "A convolution over %s axes expects inputs of two axes more; found the shape %s."
            % (expected or "one to three", inputs.get_shape())
        )
    return rank - 2


def _channels(inputs, layout):
    return ends.known_dimension(inputs, 1 if layout.startswith("NC") else -1)


def _convolved(inputs, weights, axes, stride, padding, layout, rate):
    strides, rates = ends.tuple_of(axes, stride), ends.tuple_of(axes, rate)
    padding = padding.upper()
    if axes == 2 and set(rates) == {1}:
        # Named as the operation alone, without a scope around it.
        return tf.nn.conv2d(inputs, weights, _spread(strides, layout), padding, data_format=layout)
    return tf.nn.convolution(
        inputs,
        weights,
        padding,
        strides=strides,
        dilation_rate=rates,
        data_format=layout,
        name="conv%dd" % axes,
    )


def _spread(sizes, layout):
    """Sizes of the axes between batch and channels, with 1 for these two."""
    return (1, 1) + sizes if layout.startswith("NC") else (1,) + sizes + (1,)


def _over(axes, name):
    @functools.wraps(convolution.__wrapped__)
    def convolve(*arguments, **keywords):
        return convolution.__wrapped__(*arguments, conv_dims=axes, **keywords)

    convolve.__name__ = convolve.__qualname__ = name
    return add_arg_scope(convolve)


conv1d = convolution1d = _over(1, "convolution1d")
conv2d = convolution2d = _over(2, "convolution2d")
conv3d = convolution3d = _over(3, "convolution3d")


def _transposed(inputs, num_outputs, kernel_size, stride, padding, layout, made, weights):
    axes = len(layout) - 2
    sizes, strides = ends.tuple_of(axes, kernel_size), ends.tuple_of(axes, stride)
    first = 1 if layout.startswith("NC") else -1
    shape = sizes + (num_outputs, _channels(inputs, layout))
    filters = made.add("weights", shape, *weights)
    grown = _grown(inputs, sizes, strides, padding.upper(), layout)
    target = grown[:1] + [num_outputs] + grown[1:] if first == 1 else grown + [num_outputs]
    transpose = {2: tf.nn.conv2d_transpose, 3: tf.nn.conv3d_transpose}[axes]
    return transpose(
        inputs,
        filters,
        tf.stack(target),
        _spread(strides, layout),
        padding.upper(),
        data_format=layout,
    )


def _grown(inputs, sizes, strides, padding, layout):
    """Batch and axes of the output, where known as numbers."""
    known, now = inputs.get_shape().as_list(), tf.shape(inputs)
    begin = 2 if layout.startswith("NC") else 1
    found = [now[0] if known[0] is None else known[0]]
    for at, (size, stride) in enumerate(zip(sizes, strides), begin):
        length = now[at] if known[at] is None else known[at]
        found.append(length * stride + (max(size - stride, 0) if padding == "VALID" else 0))
    return found


def _transpose(axes, name, default_scope):
    """The layer function for so many axes."""
    usual_format = _BY_RANK[axes][0]

    def convolve(
        inputs,
        num_outputs,
        kernel_size,
        stride=1,
        padding="SAME",
        data_format=usual_format,
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
        """The gradient of a convolution, used to enlarge images.

        Variables: weights (kernel_size..., num_outputs, in), biases.
        """
        ends.checked_format(data_format, _BY_RANK[axes])
        with tf.variable_scope(scope, default_scope, [inputs], reuse=reuse) as sc:
            inputs = tf.convert_to_tensor(inputs)
            made = Weights(inputs.dtype, trainable, variables_collections, LAYER_NAMES)
            kind = (weights_initializer, weights_regularizer)
            outputs = _transposed(
                inputs, num_outputs, kernel_size, stride, padding, data_format, made, kind
            )
            if not normalizer_fn:
                outputs = made.biased(outputs, biases_initializer, biases_regularizer, data_format)
            return ends.finished(
                outputs,
                sc.name,
                outputs_collections,
                activation_fn,
                normalizer_fn,
                normalizer_params,
            )

    convolve.__name__ = convolve.__qualname__ = name
    return add_arg_scope(convolve)


conv2d_transpose = convolution2d_transpose = _transpose(
    2, "convolution2d_transpose", "Conv2d_transpose"
)
conv3d_transpose = convolution3d_transpose = _transpose(
    3, "convolution3d_transpose", "Conv3d_transpose"
)


@add_arg_scope
def separable_convolution2d(
    inputs,
    num_outputs,
    kernel_size,
    depth_multiplier=1,
    stride=1,
    padding="SAME",
    data_format="NHWC",
    rate=1,
    activation_fn=tf.nn.relu,
    normalizer_fn=None,
    normalizer_params=None,
    weights_initializer=_XAVIER,
    pointwise_initializer=None,
    weights_regularizer=None,
    biases_initializer=_ZEROS,
    biases_regularizer=None,
    reuse=None,
    variables_collections=None,
    outputs_collections=None,
    trainable=True,
    scope=None,
):
    """A convolution of each channel by itself, then one over the channels at each place.

    Without ``num_outputs`` there is only the first. Variables: depthwise_weights (height, width,
    in, depth_multiplier), pointwise_weights (1, 1, in * depth_multiplier, num_outputs), biases.
    """
    ends.checked_format(data_format, _BY_RANK[2])
    with tf.variable_scope(scope, "SeparableConv2d", [inputs], reuse=reuse) as sc:
        inputs = tf.convert_to_tensor(inputs)
        made = Weights(inputs.dtype, trainable, variables_collections, LAYER_NAMES)
        channels = _channels(inputs, data_format)
        kernel = ends.tuple_of(2, kernel_size) + (channels, depth_multiplier)
        depthwise = made.add(
            "depthwise_weights", kernel, weights_initializer, weights_regularizer, kind="weights"
        )
        strides = _spread(ends.tuple_of(2, stride), data_format)
        how = {"rate": list(ends.tuple_of(2, rate)), "data_format": data_format}
        if num_outputs is None:
            outputs = tf.nn.depthwise_conv2d(inputs, depthwise, strides, padding.upper(), **how)
        else:
            pointwise = made.add(
                "pointwise_weights",
                (1, 1, channels * depth_multiplier, num_outputs),
                pointwise_initializer or weights_initializer,
                weights_regularizer,
                kind="weights",
            )
            outputs = tf.nn.separable_conv2d(
                inputs, depthwise, pointwise, strides, padding.upper(), **how
            )
        if not normalizer_fn:
            outputs = made.biased(outputs, biases_initializer, biases_regularizer, data_format)
        return ends.finished(
            outputs, sc.name, outputs_collections, activation_fn, normalizer_fn, normalizer_params
        )


separable_conv2d = separable_convolution2d


@add_arg_scope
def convolution2d_in_plane(
    inputs,
    kernel_size,
    stride=1,
    padding="SAME",
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
    """The same small convolution for each channel. Variables: weights (height, width, 1, 1),
    biases."""
    with tf.variable_scope(scope, "ConvInPlane", [inputs], reuse=reuse) as sc:
        inputs = tf.convert_to_tensor(inputs)
        made = Weights(inputs.dtype, trainable, variables_collections)
        shape = ends.tuple_of(2, kernel_size) + (1, 1)
        weights = made.add("weights", shape, weights_initializer, weights_regularizer)
        each = tf.tile(weights, [1, 1, _channels(inputs, "NHWC"), 1])
        strides = _spread(ends.tuple_of(2, stride), "NHWC")
        outputs = tf.nn.depthwise_conv2d(inputs, each, strides, padding)
        if not normalizer_fn:
            outputs = made.biased(outputs, biases_initializer, biases_regularizer)
        return ends.finished(
            outputs, sc.name, outputs_collections, activation_fn, normalizer_fn, normalizer_params
        )


conv2d_in_plane = convolution2d_in_plane
