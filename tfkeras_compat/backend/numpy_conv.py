"""Convolution and pooling of arrays of NumPy, in both image layouts; convolutions have stride 1."""

import itertools
from typing import Any, Dict

import numpy as np

# ---- layouts ------------------------------------------------------------------------------------


def channels_last(x, data_format):
    """Images in the layout that is computed in."""
    return np.moveaxis(x, 1, -1) if data_format == "channels_first" else x


def in_layout(x, data_format):
    """Images that were computed, in the layout that is asked for."""
    return np.moveaxis(x, -1, 1) if data_format == "channels_first" else x


def sizes(value, length):
    """A size for each axis: as given, or one for all."""
    return (value,) * length if isinstance(value, int) else tuple(value)


# ---- windows ------------------------------------------------------------------------------------


def _around(size, window, stride):
    """The padding of one axis that TensorFlow calls SAME."""
    total = max((-(-size // stride) - 1) * stride + window - size, 0)
    return (total // 2, total - total // 2)


def _padded(x, windows, strides, padding, value=0.0):
    if padding == "valid":
        return x
    spatial = [_around(*each) for each in zip(x.shape[1:-1], windows, strides)]
    return np.pad(x, [(0, 0)] + spatial + [(0, 0)], "constant", constant_values=value)


def _views(x, size, strides, dilation):
    """For each place in a window: the place, and what is there as the window slides over ``x``."""
    reaches = [(window - 1) * rate + 1 for window, rate in zip(size, dilation)]
    for place in itertools.product(*[range(window) for window in size]):
        starts = [index * rate for index, rate in zip(place, dilation)]
        ends = [
            start + whole - reach + 1 for start, whole, reach in zip(starts, x.shape[1:], reaches)
        ]
        cuts = [slice(*cut) for cut in zip(starts, ends, strides)]
        yield place, x[tuple([slice(None)] + cuts)]


def _slide(combine, x, w, padding, data_format, dilation_rate):
    spatial = x.ndim - 2
    size, ones = w.shape[:spatial], (1,) * spatial
    dilation = sizes(dilation_rate, spatial)
    reaches = [(window - 1) * rate + 1 for window, rate in zip(size, dilation)]
    x = _padded(channels_last(x, data_format), reaches, ones, padding)
    parts = [combine(view, w[place]) for place, view in _views(x, size, ones, dilation)]
    return in_layout(sum(parts), data_format)


def _mix(view, w):
    return np.dot(view, w)


def _each_channel(view, w):
    return (view[..., np.newaxis] * w).reshape(view.shape[:-1] + (w.size,))


def conv(x, w, padding, data_format, dilation_rate=1):
    """Convolution over one to three axes, by the number of axes of ``x``."""
    return _slide(_mix, x, w, padding, data_format, dilation_rate)


def depthwise_conv(x, w, padding, data_format, dilation_rate=1):
    """Convolution of each channel."""
    return _slide(_each_channel, x, w, padding, data_format, dilation_rate)


def separable_conv(x, w1, w2, padding, data_format, dilation_rate=1):
    """Convolution of each channel, then a mixture of the channels."""
    mixed = depthwise_conv(x, w1, padding, data_format, dilation_rate)
    return conv(mixed, w2, padding, data_format)


def conv_transpose(x, w, output_shape, padding, data_format, dilation_rate=1):
    """Transposed convolution, the kernel ``(..., out, in)``; the sizes of the result follow from
    the padding."""
    spatial = x.ndim - 2
    dilation = sizes(dilation_rate, spatial)
    reaches = [(window - 1) * rate for window, rate in zip(w.shape, dilation)]
    cut = [reach // 2 if padding == "same" else 0 for reach in reaches]
    around = [
        (reach - before, before if padding == "same" else reach)
        for reach, before in zip(reaches, cut)
    ]
    x = np.pad(channels_last(x, data_format), [(0, 0)] + around + [(0, 0)], "constant")
    turned = np.swapaxes(np.flip(w, tuple(range(spatial))), -1, -2)
    return in_layout(conv(x, turned, "valid", "channels_last", dilation), data_format)


_POOLS: Dict[str, Any] = {"max": np.nanmax, "avg": np.nanmean}


def pool(x, pool_size, strides, padding, data_format, pool_mode):
    """The maximum or the average of each window; padding does not count."""
    x = _padded(channels_last(x, data_format), pool_size, strides, padding, value=np.nan)
    views = [view for _, view in _views(x, pool_size, strides, (1,) * len(pool_size))]
    return in_layout(_POOLS[pool_mode](np.stack(views), axis=0), data_format)
