"""Convolution and pooling, in both image layouts.

TensorFlow has channels-first kernels for GPUs only. Elsewhere the tensor is put channels last for
the operation and back again afterwards, as the original did.
"""

import numpy as np

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.backend.shape import dimensions, temporal_padding
from tfkeras_compat.backend.variables import int_shape, is_tensor
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state.config import normalize_data_format
from tfkeras_compat.state.graph import state_of

# TensorFlow's words for a layout, by the number of spatial axes.
_CHANNELS_LAST = {1: "NWC", 2: "NHWC", 3: "NDHWC"}
_CHANNELS_FIRST = {1: "NCW", 2: "NCHW", 3: "NCDHW"}
_PADDINGS = {"same": "SAME", "valid": "VALID"}
_POOLS = {
    (2, "max"): tf.nn.max_pool,
    (2, "avg"): tf.nn.avg_pool,
    (3, "max"): tf.nn.max_pool3d,
    (3, "avg"): tf.nn.avg_pool3d,
}


# ---- layouts ------------------------------------------------------------------------------------


def supports_channels_first():
    """Whether operations made now may run on a GPU, which has kernels for channels-first images."""
    return _tf.supports_channels_first(state_of().recent)


def channels_to_back(sequence):
    """The sizes or axes of a channels-first tensor, reordered to channels last."""
    sequence = list(sequence)
    return sequence[:1] + sequence[2:] + sequence[1:2]


def channels_to_front(sequence):
    """The sizes or axes of a channels-last tensor, reordered to channels first."""
    sequence = list(sequence)
    return sequence[:1] + sequence[-1:] + sequence[1:-1]


def _in_layout(operation, x, spatial, data_format, only_last=False):
    # `operation` takes the tensor and the layout it is in.
    if normalize_data_format(data_format) == "channels_last":
        return operation(x, _CHANNELS_LAST[spatial])
    if supports_channels_first() and not only_last:
        return operation(x, _CHANNELS_FIRST[spatial])
    axes = range(spatial + 2)
    result = operation(tf.transpose(x, channels_to_back(axes)), _CHANNELS_LAST[spatial])
    return tf.transpose(result, channels_to_front(axes))


def _is_last(layout):
    return layout.endswith("C")


def _over_all_axes(spatial_values, layout):
    values = (1,) + tuple(spatial_values) + (1,)
    return values if _is_last(layout) else tuple(channels_to_front(values))


def _padding(padding):
    if padding not in _PADDINGS:
        raise ConfigError("Invalid padding: %r. Expected 'same' or 'valid'." % (padding,))
    return _PADDINGS[padding]


def _as_tuple(value):
    return (value,) if isinstance(value, int) else tuple(value)


# ---- convolution --------------------------------------------------------------------------------


def conv1d(x, kernel, strides=1, padding="valid", data_format=None, dilation_rate=1):
    """Convolution over one axis.

    Shapes: ``(batch, steps, in)`` with kernel ``(size, in, out)`` gives ``(batch, new steps,
    out)``. ``padding`` is ``"valid"``, ``"same"`` or ``"causal"`` (zeros before the first step
    only; channels last).

    Raises ConfigError for another padding, or causal padding with channels first.

    >>> from tfkeras_compat import backend as K
    >>> K.int_shape(K.conv1d(K.ones((1, 10, 2)), K.ones((3, 2, 4)), padding="causal"))
    (1, 10, 4)
    """
    if padding == "causal":
        x, padding = _causal(x, kernel, data_format, _as_tuple(dilation_rate)[0]), "valid"
    return _convolution(
        x, kernel, _as_tuple(strides), padding, data_format, _as_tuple(dilation_rate)
    )


def _causal(x, kernel, data_format, dilation_rate):
    if normalize_data_format(data_format) != "channels_last":
        raise ConfigError(
            'When using causal padding in `conv1d`, `data_format` must be "channels_last" '
            "(temporal data)."
        )
    return temporal_padding(x, (dilation_rate * (int_shape(kernel)[0] - 1), 0))


def conv2d(x, kernel, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)):
    """Convolution over images.

    Shapes: ``(batch, rows, columns, in)`` with kernel ``(height, width, in, out)`` gives ``(batch,
    new rows, new columns, out)``; with ``data_format="channels_first"`` the channels are the second
    axis.

    >>> from tfkeras_compat import backend as K
    >>> images, kernel = K.ones((1, 3, 8, 8)), K.ones((3, 3, 3, 5))
    >>> K.int_shape(K.conv2d(images, kernel, data_format="channels_first"))
    (1, 5, 6, 6)
    """
    return _convolution(x, kernel, strides, padding, data_format, dilation_rate)


def conv3d(
    x, kernel, strides=(1, 1, 1), padding="valid", data_format=None, dilation_rate=(1, 1, 1)
):
    """Convolution over volumes; the kernel is ``(depth, height, width, in, out)``."""
    return _convolution(x, kernel, strides, padding, data_format, dilation_rate)


def _convolution(x, kernel, strides, padding, data_format, dilation_rate):
    def operation(x, layout):
        return tf.nn.convolution(
            input=x,
            filter=kernel,
            strides=tuple(strides),
            dilation_rate=tuple(dilation_rate),
            padding=_padding(padding),
            data_format=layout,
        )

    return _in_layout(operation, x, len(strides), data_format)


# ---- transposed convolution ---------------------------------------------------------------------


def conv2d_transpose(
    x, kernel, output_shape, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)
):
    """The transpose of a convolution over images: from the shape of its result to its input's.

    Shapes: ``(batch, rows, columns, in)`` with kernel ``(height, width, out, in)`` gives
    ``output_shape``, a tensor or a tuple (the batch size may be ``None``). A dilated one ignores
    the strides, as the original did.

    Raises ConfigError if the two dilation rates differ.
    """
    rates = set(dilation_rate)
    if len(rates) > 1:
        raise ConfigError(
            "conv2d_transpose needs the same dilation rate for rows and columns, found %s."
            % (dilation_rate,)
        )

    def dilated(x, shape, layout):
        return tf.nn.atrous_conv2d_transpose(x, kernel, shape, dilation_rate[0], _padding(padding))

    def plain(x, shape, layout):
        return tf.nn.conv2d_transpose(
            x,
            kernel,
            shape,
            _over_all_axes(strides, layout),
            padding=_padding(padding),
            data_format=layout,
        )

    return _transposed(
        plain if rates == {1} else dilated, x, output_shape, 2, data_format, only_last=rates != {1}
    )


def conv3d_transpose(x, kernel, output_shape, strides=(1, 1, 1), padding="valid", data_format=None):
    """The transpose of a convolution over volumes, kernel ``(depth, height, width, out, in)``."""

    def plain(x, shape, layout):
        return tf.nn.conv3d_transpose(
            x,
            kernel,
            shape,
            _over_all_axes(strides, layout),
            padding=_padding(padding),
            data_format=layout,
        )

    return _transposed(plain, x, output_shape, 3, data_format)


def _transposed(convolution, x, output_shape, spatial, data_format, only_last=False):
    # TensorFlow wants the sizes of the result in the layout of the operation.
    sizes = (
        tf.unstack(output_shape, num=spatial + 2) if is_tensor(output_shape) else list(output_shape)
    )
    sizes[0] = tf.shape(x)[0] if sizes[0] is None else sizes[0]
    channels_first = normalize_data_format(data_format) == "channels_first"

    def operation(x, layout):
        shape = channels_to_back(sizes) if channels_first and _is_last(layout) else sizes
        return convolution(x, tf.stack(shape), layout)

    return _in_layout(operation, x, spatial, data_format, only_last)


# ---- separable convolution ----------------------------------------------------------------------


def separable_conv1d(
    x,
    depthwise_kernel,
    pointwise_kernel,
    strides=1,
    padding="valid",
    data_format=None,
    dilation_rate=1,
):
    """Convolution of each channel over one axis, then a mixture of the channels.

    Shapes: ``(batch, steps, in)``, depthwise kernel ``(size, in, multiplier)``, pointwise kernel
    ``(1, in * multiplier, out)``.
    """
    strides, rate = _as_tuple(strides), _as_tuple(dilation_rate)

    def operation(x, layout):
        # One row of an image: the operation wants the same stride both ways, and a row has nowhere
        # to go.
        row = 1 if _is_last(layout) else 2
        image_layout = (_CHANNELS_LAST if _is_last(layout) else _CHANNELS_FIRST)[2]
        result = tf.nn.separable_conv2d(
            tf.expand_dims(x, row),
            tf.expand_dims(depthwise_kernel, 0),
            tf.expand_dims(pointwise_kernel, 0),
            strides=_over_all_axes(strides * 2, layout),
            padding=_padding(padding),
            rate=(1,) + rate,
            data_format=image_layout,
        )
        return tf.squeeze(result, [row])

    return _in_layout(operation, x, 1, data_format)


def separable_conv2d(
    x,
    depthwise_kernel,
    pointwise_kernel,
    strides=(1, 1),
    padding="valid",
    data_format=None,
    dilation_rate=(1, 1),
):
    """Convolution of each channel over images, then a mixture of the channels.

    Shapes: ``(batch, rows, columns, in)``, depthwise kernel ``(height, width, in, multiplier)``,
    pointwise kernel ``(1, 1, in * multiplier, out)``.
    """

    def operation(x, layout):
        return tf.nn.separable_conv2d(
            x,
            depthwise_kernel,
            pointwise_kernel,
            strides=_over_all_axes(strides, layout),
            padding=_padding(padding),
            rate=tuple(dilation_rate),
            data_format=layout,
        )

    return _in_layout(operation, x, 2, data_format)


def depthwise_conv2d(
    x, depthwise_kernel, strides=(1, 1), padding="valid", data_format=None, dilation_rate=(1, 1)
):
    """Convolution of each channel over images: ``in`` channels give ``in * multiplier``."""

    def operation(x, layout):
        return tf.nn.depthwise_conv2d(
            x,
            depthwise_kernel,
            strides=_over_all_axes(strides, layout),
            padding=_padding(padding),
            rate=tuple(dilation_rate),
            data_format=layout,
        )

    return _in_layout(operation, x, 2, data_format)


# ---- pooling ------------------------------------------------------------------------------------


def pool2d(x, pool_size, strides=(1, 1), padding="valid", data_format=None, pool_mode="max"):
    """The maximum (``pool_mode="max"``) or the average (``"avg"``) of each window of an image.

    Raises ConfigError for another mode or padding.

    >>> from tfkeras_compat import backend as K
    >>> image = K.reshape(K.constant([1, 2, 3, 4]), (1, 2, 2, 1))
    >>> K.eval(K.flatten(K.pool2d(image, (2, 2), pool_mode="avg"))).tolist()
    [2.5]
    """
    return _pool(2, x, pool_size, strides, padding, data_format, pool_mode)


def pool3d(x, pool_size, strides=(1, 1, 1), padding="valid", data_format=None, pool_mode="max"):
    """The maximum or the average of each window of a volume."""
    return _pool(3, x, pool_size, strides, padding, data_format, pool_mode)


def _pool(spatial, x, pool_size, strides, padding, data_format, pool_mode):
    if (spatial, pool_mode) not in _POOLS:
        raise ConfigError("Invalid pool_mode: %r. Expected 'max' or 'avg'." % (pool_mode,))

    def operation(x, layout):
        if spatial == 3 and x.dtype.base_dtype != tf.float32 and not supports_channels_first():
            return _pool_planes(x, pool_size, strides, padding, pool_mode)
        return _POOLS[spatial, pool_mode](
            x,
            _over_all_axes(pool_size, layout),
            _over_all_axes(strides, layout),
            padding=_padding(padding),
            data_format=layout,
        )

    return _in_layout(operation, x, spatial, data_format)


def _pool_planes(x, pool_size, strides, padding, pool_mode):
    # TensorFlow pools volumes on the CPU in float32 only, but images in every float type: pooling
    # each plane, and then across the planes, is the same.
    _, planes, rows, columns, channels = dimensions(x)
    settings = {"padding": padding, "data_format": "channels_last", "pool_mode": pool_mode}
    images = tf.reshape(x, [-1, rows, columns, channels])
    images = pool2d(images, pool_size[1:], strides[1:], **settings)
    _, rows, columns, channels = dimensions(images)
    images = tf.reshape(images, [-1, planes, rows * columns, channels])
    images = pool2d(images, (pool_size[0], 1), (strides[0], 1), **settings)
    return tf.reshape(images, [-1, dimensions(images)[1], rows, columns, channels])


# ---- convolution with weights of their own at each position -------------------------------------


def local_conv1d(inputs, kernel, kernel_size, strides, data_format=None):
    """Convolution over one axis with other weights at each position.

    Shapes: ``(batch, steps, in)`` with kernel ``(new steps, size * in, out)`` gives ``(batch, new
    steps, out)``. ``kernel_size`` and ``strides`` are tuples of one int. The layout is checked, and
    always channels last.
    """
    normalize_data_format(data_format)
    positions, features, _ = int_shape(kernel)
    windows = tf.gather(inputs, _window_indices(positions, kernel_size[0], strides[0]), axis=1)
    patches = tf.reshape(tf.transpose(windows, [1, 0, 2, 3]), [positions, -1, features])
    return tf.transpose(tf.matmul(patches, kernel), [1, 0, 2])


def local_conv2d(inputs, kernel, kernel_size, strides, output_shape, data_format=None):
    """Convolution over images with other weights at each position.

    Shapes: ``(batch, rows, columns, in)`` with kernel ``(new rows * new columns, height * width *
    in, out)`` gives ``(batch, new rows, new columns, out)``. ``output_shape`` is ``(new rows, new
    columns)``. With ``data_format="channels_first"`` the channels are the second axis, and come
    first in the patches of the kernel, too.
    """
    rows, columns = output_shape
    positions, features, filters = int_shape(kernel)
    channels_first = normalize_data_format(data_format) == "channels_first"
    first = 2 if channels_first else 1
    windows = tf.gather(inputs, _window_indices(rows, kernel_size[0], strides[0]), axis=first)
    windows = tf.gather(
        windows, _window_indices(columns, kernel_size[1], strides[1]), axis=first + 2
    )
    by_position = [2, 4, 0, 1, 3, 5] if channels_first else [1, 3, 0, 2, 4, 5]
    patches = tf.reshape(tf.transpose(windows, by_position), [positions, -1, features])
    result = tf.reshape(tf.matmul(patches, kernel), [rows, columns, -1, filters])
    return tf.transpose(result, [2, 3, 0, 1] if channels_first else [2, 0, 1, 3])


def _window_indices(count, size, stride):
    return np.arange(count)[:, np.newaxis] * stride + np.arange(size)
