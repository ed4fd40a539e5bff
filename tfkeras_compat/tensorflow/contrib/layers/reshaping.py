"""Layers without variables: other shapes, other scales, dropout."""

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.tensorflow.contrib.framework.scopes import add_arg_scope
from tfkeras_compat.tensorflow.contrib.layers import outputs as ends
from tfkeras_compat.tensorflow.contrib.layers.weights import Weights


@add_arg_scope
def flatten(inputs, outputs_collections=None, scope=None):
    """One row for each example.

        >>> import numpy as np

    from tfkeras_compat._tf import tf
        >>> flatten(tf.zeros([2, 3, 4])).get_shape().as_list()
        [2, 12]
    """
    with tf.name_scope(scope, "Flatten", [inputs]) as sc:
        inputs = tf.convert_to_tensor(inputs)
        batch, size = _rows(ends.known_shape(inputs))
        with tf.name_scope("flatten"):
            first = tf.shape(inputs)[0] if batch is None and size is None else batch
            sizes = [-1 if first is None else first, -1 if size is None else size]
            outputs = tf.reshape(inputs, tf.stack(sizes))
        outputs.set_shape([batch, size])
        return ends.collect_named_outputs(outputs_collections, sc, outputs)


def _rows(shape):
    """The number of rows and their length, where known."""
    size = None if None in shape[1:] else int(np.prod(shape[1:]))
    return (shape[0] if shape else 1), size


@add_arg_scope
def dropout(
    inputs,
    keep_prob=0.5,
    noise_shape=None,
    is_training=True,
    outputs_collections=None,
    scope=None,
    seed=None,
):
    """The inputs with some of them set to zero and the others enlarged; all of them as they are,
    if this is no training."""
    with tf.variable_scope(scope, "Dropout", [inputs]) as sc:
        inputs = tf.convert_to_tensor(inputs)
        outputs = ends.smart_cond(
            is_training,
            lambda: tf.nn.dropout(inputs, rate=1 - keep_prob, noise_shape=noise_shape, seed=seed),
            lambda: tf.identity(inputs),
        )
        return ends.collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def one_hot_encoding(
    labels, num_classes, on_value=1.0, off_value=0.0, outputs_collections=None, scope=None
):
    """Rows with ``on_value`` at the place of the label."""
    with tf.name_scope(scope, "OneHotEncoding", [labels, num_classes]) as sc:
        labels = tf.convert_to_tensor(labels)
        if labels.dtype == tf.int32:
            labels = tf.cast(labels, tf.int64)
        outputs = tf.one_hot(labels, num_classes, on_value=on_value, off_value=off_value)
        return ends.collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def softmax(logits, scope=None):
    """The softmax of the last axis."""
    with tf.variable_scope(scope, "softmax", [logits]):
        size = ends.known_dimension(logits, -1, min_rank=2)
        probabilities = tf.nn.softmax(tf.reshape(logits, [-1, size]))
        probabilities = tf.reshape(probabilities, tf.shape(logits))
        probabilities.set_shape(logits.get_shape())
        return probabilities


@add_arg_scope
def unit_norm(inputs, dim, epsilon=1e-7, scope=None):
    """The inputs scaled to length one along an axis, which is counted from the front."""
    with tf.variable_scope(scope, "UnitNorm", [inputs]):
        rank = len(ends.known_shape(inputs))
        if not 0 <= dim < rank:
            raise ShapeError("dim must be between 0 and %d; found %d." % (rank - 1, dim))
        squares = tf.reduce_sum(tf.square(inputs), dim, keepdims=True)
        return tf.truediv(inputs, tf.sqrt(epsilon + squares), name="div")


@add_arg_scope
def maxout(inputs, num_units, axis=-1, scope=None):
    """The greatest of each group of channels, of ``num_units`` groups."""
    with tf.variable_scope(scope, "MaxOut", [inputs]):
        inputs = tf.convert_to_tensor(inputs)
        channels = ends.known_dimension(inputs, axis)
        if channels % num_units:
            raise ShapeError(
                "%d channels can not be divided into %d groups." % (channels, num_units)
            )
        shape = inputs.get_shape().as_list()
        shape[axis] = num_units
        now = tf.shape(inputs)
        sizes = [now[at] if size is None else size for at, size in enumerate(shape)]
        grouped = tf.reshape(inputs, sizes + [channels // num_units])
        greatest = tf.reduce_max(grouped, -1)
        greatest.set_shape(shape)
        return greatest


@add_arg_scope
def dense_to_sparse(tensor, eos_token=0, outputs_collections=None, scope=None):
    """A SparseTensor of all elements but ``eos_token``."""
    with tf.variable_scope(scope, "dense_to_sparse", [tensor]) as sc:
        tensor = tf.convert_to_tensor(tensor)
        indices = tf.where(tf.not_equal(tensor, tf.constant(eos_token, tensor.dtype)))
        shape = tf.shape(tensor, out_type=tf.int64)
        outputs = tf.SparseTensor(indices, tf.gather_nd(tensor, indices), shape)
        return ends.collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def spatial_softmax(
    features,
    temperature=None,
    name=None,
    variables_collections=None,
    trainable=True,
    data_format="NHWC",
):
    """The expected place of each channel's activation.

    Shapes: (batch, height, width, channels) -> (batch, 2 * channels): x and y of each channel,
    between -1 and 1. Variables: temperature (). Source: Finn et al., "Deep Spatial Autoencoders for
    Visuomotor Learning", 2015.
    """
    ends.checked_format(data_format, ("NHWC", "NCHW"))
    with tf.variable_scope(name, "spatial_softmax"), tf.name_scope("spatial_softmax_op"):
        first = data_format == "NCHW"
        channels = ends.known_dimension(features, 1 if first else 3)
        sizes = tf.shape(features)
        height, width = (sizes[2], sizes[3]) if first else (sizes[1], sizes[2])
        made = Weights(tf.float32, trainable, variables_collections)
        start = 1.0 if temperature is None else temperature
        heat = made.add("temperature", (), tf.constant_initializer(start))
        planes = features if first else tf.transpose(features, [0, 3, 1, 2])
        attention = tf.nn.softmax(tf.reshape(planes, [-1, height * width]) / heat)
        lines = tf.meshgrid(
            tf.lin_space(-1.0, 1.0, num=height), tf.lin_space(-1.0, 1.0, num=width), indexing="ij"
        )
        places = [
            tf.reduce_sum(tf.reshape(each, [-1]) * attention, 1, keepdims=True) for each in lines
        ]
        return tf.reshape(tf.concat(places, 1), [-1, 2 * channels])
