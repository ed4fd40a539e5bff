"""Pooling."""

from tfkeras_compat._tf import tf
from tfkeras_compat.tensorflow.contrib.framework.scopes import add_arg_scope
from tfkeras_compat.tensorflow.contrib.layers import outputs as ends

# Axes -> the formats of the data, the usual first.
_FORMATS = {2: ("NHWC", "NCHW"), 3: ("NDHWC", "NCDHW")}


def _pooling(name, default_scope, axes, operation):
    """The layer function that pools over so many axes by an operation of ``tf.nn``."""
    usual_format = _FORMATS[axes][0]

    def layer(
        inputs,
        kernel_size,
        stride=2,
        padding="VALID",
        data_format=usual_format,
        outputs_collections=None,
        scope=None,
    ):
        """One number for each window of the inputs, channel by channel."""
        ends.checked_format(data_format, _FORMATS[axes])
        with tf.name_scope(scope, default_scope, [inputs]) as sc:
            inputs = tf.convert_to_tensor(inputs)
            sizes = _spread(ends.tuple_of(axes, kernel_size), data_format)
            strides = _spread(ends.tuple_of(axes, stride), data_format)
            outputs = operation(inputs, sizes, strides, padding.upper(), data_format=data_format)
            return ends.collect_named_outputs(outputs_collections, sc, outputs)

    layer.__name__ = layer.__qualname__ = name
    return add_arg_scope(layer)


def _spread(sizes, data_format):
    return (1, 1) + sizes if data_format.startswith("NC") else (1,) + sizes + (1,)


avg_pool2d = _pooling("avg_pool2d", "AvgPool2D", 2, tf.nn.avg_pool)
avg_pool3d = _pooling("avg_pool3d", "AvgPool3D", 3, tf.nn.avg_pool3d)
max_pool2d = _pooling("max_pool2d", "MaxPool2D", 2, tf.nn.max_pool)
max_pool3d = _pooling("max_pool3d", "MaxPool3D", 3, tf.nn.max_pool3d)
