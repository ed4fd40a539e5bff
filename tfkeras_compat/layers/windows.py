"""Windows that slide over the spatial axes of an input: sizes, and numbers of positions."""

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, PaddingError, ShapeError

_PADDINGS = ("valid", "same", "causal")


def normalize_tuple(value, n, name):
    """``value`` as a tuple of ``n`` ints; a single int counts for every axis.

    Raises ConfigError, naming the argument, for anything else.

    >>> from tfkeras_compat.layers.windows import normalize_tuple
    >>> normalize_tuple(2, 3, "strides")
    (2, 2, 2)
    """
    if isinstance(value, int):
        return (value,) * n
    try:
        values = tuple(value)
        valid = len(values) == n and all(int(size) == size for size in values)
    except (TypeError, ValueError):
        valid = False
    if not valid:
        raise ConfigError(
            "The `%s` argument must be a tuple of %d integers. Received: %s" % (name, n, value)
        )
    return values


def normalize_padding(value):
    """The padding in lower case. Raises ConfigError unless it is valid, same or causal."""
    padding = value.lower()
    if padding not in _PADDINGS:
        raise ConfigError(
            'The `padding` argument must be one of "valid", "same" (or "causal" for Conv1D). '
            "Received: %s" % value
        )
    return padding


def conv_output_length(input_length, filter_size, padding, stride, dilation=1):
    """The number of positions of a window on an axis, or ``None`` if the axis has an unknown
    length.

    ``padding`` may be ``"full"`` besides those that layers take.

    >>> from tfkeras_compat.layers.windows import conv_output_length
    >>> conv_output_length(10, 3, "valid", stride=2)
    4
    """
    if input_length is None:
        return None
    overhang = (filter_size - 1) * dilation
    lengths = {
        "same": input_length,
        "causal": input_length,
        "valid": input_length - overhang,
        "full": input_length + overhang,
    }
    return (_of_padding(lengths, padding) + stride - 1) // stride


def conv_input_length(output_length, filter_size, padding, stride):
    """The length of an axis that a window has ``output_length`` positions on, or ``None`` if that
    is unknown; of several lengths one that has an end at a position.

    >>> from tfkeras_compat.layers.windows import conv_input_length
    >>> conv_input_length(4, 3, "valid", stride=2)
    9
    """
    if output_length is None:
        return None
    trimmed = _of_padding(_trimmed(filter_size), padding)
    return (output_length - 1) * stride - 2 * trimmed + filter_size


def _trimmed(reach):
    """How far a window hangs over each end of an axis, by padding."""
    return {"same": reach // 2, "valid": 0, "full": reach - 1}


def _of_padding(lengths, padding):
    if padding not in lengths:
        raise PaddingError(
            "Unknown padding %r: expected one of %s." % (padding, ", ".join(sorted(lengths)))
        )
    return lengths[padding]


def deconv_length(dim_size, stride_size, kernel_size, padding, output_padding=None, dilation=1):
    """The length of an axis after a transposed convolution, or ``None`` if it was unknown before.

    ``output_padding`` says how much longer the result is than the shortest possible; without it
    the length is the one that a convolution leads back to ``dim_size``.

    >>> from tfkeras_compat.layers.windows import deconv_length
    >>> deconv_length(4, 2, 3, "valid"), deconv_length(4, 2, 3, "same", output_padding=0)
    (9, 7)
    """
    if dim_size is None:
        return None
    reach = (kernel_size - 1) * dilation + 1
    if output_padding is None:
        overhang = {
            "same": 0,
            "valid": max(reach - stride_size, 0),
            "full": 2 - stride_size - reach,
        }
        return dim_size * stride_size + _of_padding(overhang, padding)
    trimmed = _of_padding(_trimmed(reach), padding)
    return (dim_size - 1) * stride_size + reach - 2 * trimmed + output_padding


def normalize_windows(layer, rank):
    """Gives the arguments of a convolution, which are attributes of ``layer``, their normal form.

    Raises ConfigError, naming the argument, if one has none.
    """
    for name in ("kernel_size", "strides", "dilation_rate"):
        setattr(layer, name, normalize_tuple(getattr(layer, name), rank, name))
    layer.padding = normalize_padding(layer.padding)
    layer.data_format = K.normalize_data_format(layer.data_format)


def convolved_shape(layer, input_shape, channels):
    """The shape of an input after the convolution that the attributes of ``layer`` describe."""
    sizes = [
        conv_output_length(
            size,
            layer.kernel_size[axis],
            layer.padding,
            layer.strides[axis],
            layer.dilation_rate[axis],
        )
        for axis, size in enumerate(spatial(input_shape, layer.data_format))
    ]
    return shape_of(input_shape[0], sizes, channels, layer.data_format)


def spatial(shape, data_format):
    """The spatial sizes of a shape: without batch and channels."""
    return tuple(shape[2:] if data_format == "channels_first" else shape[1:-1])


def shape_of(batch, spatial_sizes, channels, data_format):
    """The shape in the order of the layout."""
    if data_format == "channels_first":
        return (batch, channels) + tuple(spatial_sizes)
    return (batch,) + tuple(spatial_sizes) + (channels,)


def transpose_shape(shape, target_format, spatial_axes):
    """A channels-last shape (tuple or list) in the order of ``target_format``.

    ``spatial_axes`` are the places of the spatial sizes. Raises: ConfigError for an unknown format.

    >>> from tfkeras_compat.layers.windows import transpose_shape
    >>> transpose_shape((16, 128, 64, 3), "channels_first", spatial_axes=(1, 2))
    (16, 3, 128, 64)
    """
    if target_format not in ("channels_first", "channels_last"):
        raise ConfigError(
            "The `data_format` argument must be one of "
            '"channels_first", "channels_last". Received: %s' % (target_format,)
        )
    if target_format == "channels_last":
        return shape
    order = list(range(spatial_axes[0])) + [-1] + list(spatial_axes)
    return type(shape)(shape[axis] for axis in order)


def channel_axis(data_format):
    """The axis of the channels: 1 or -1."""
    return 1 if data_format == "channels_first" else -1


def known_channels(layer, input_shape):
    """The number of channels. Raises ShapeError if the shape does not tell."""
    channels = input_shape[channel_axis(layer.data_format)]
    if channels is None:
        raise ShapeError(
            "The channel dimension of the inputs should be defined. Found `None` in shape %s of "
            "the input of "
            "layer %s, whose data_format is %s."
            % (tuple(input_shape), layer.name, layer.data_format)
        )
    return channels
