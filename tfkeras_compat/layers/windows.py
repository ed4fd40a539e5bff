"""Windows that slide over the spatial axes of an input: sizes, and numbers of positions."""

from tfkeras_compat.errors import ConfigError, ShapeError

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
    return (lengths[padding] + stride - 1) // stride


def spatial(shape, data_format):
    """The spatial sizes of a shape: without batch and channels."""
    return tuple(shape[2:] if data_format == "channels_first" else shape[1:-1])


def shape_of(batch, spatial_sizes, channels, data_format):
    """The shape in the order of the layout."""
    if data_format == "channels_first":
        return (batch, channels) + tuple(spatial_sizes)
    return (batch,) + tuple(spatial_sizes) + (channels,)


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
