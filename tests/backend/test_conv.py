import itertools

import numpy as np
import pytest

from tfkeras_compat import _tf
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state.graph import state_of

LAYOUTS = ["channels_last", "channels_first"]


def numbers(*shape):
    return np.random.uniform(-1, 1, shape).astype("float32")


def in_layout(array, data_format):
    return np.moveaxis(array, -1, 1) if data_format == "channels_first" else array


def run(operation, x, data_format, **arguments):
    found = K.eval(
        operation(K.constant(in_layout(x, data_format)), data_format=data_format, **arguments)
    )
    return np.moveaxis(found, 1, -1) if data_format == "channels_first" else found


def padded(x, kernel_size, strides, dilation, padding):
    """Zeros around ``x`` so that windows without padding give what ``padding`` asks for."""
    if padding == "valid":
        return x
    pairs = []
    for size, kernel, stride, rate in zip(x.shape[1:-1], kernel_size, strides, dilation):
        reach = rate * (kernel - 1) + 1
        total = max((-(-size // stride) - 1) * stride + reach - size, 0)
        pairs.append((total, 0) if padding == "causal" else (total // 2, total - total // 2))
    return np.pad(x, [(0, 0)] + pairs + [(0, 0)], "constant")


def windows(x, kernel_size, strides, dilation):
    """The windows of ``x``: shape (positions..., batch, kernel sizes..., channels)."""
    reaches = [rate * (kernel - 1) + 1 for kernel, rate in zip(kernel_size, dilation)]
    starts = [range(0, size - reach + 1, stride)
              for size, reach, stride in zip(x.shape[1:-1], reaches, strides)]  # fmt: skip
    cut = [x[(slice(None),) + tuple(slice(a, a + reach, rate)
                                    for a, reach, rate in zip(start, reaches, dilation))]
           for start in itertools.product(*starts)]  # fmt: skip
    return np.stack(cut).reshape([len(start) for start in starts] + list(cut[0].shape))


def convolved(x, kernel, strides, dilation, padding):
    spatial = x.ndim - 2
    x = padded(x, kernel.shape[:spatial], strides, dilation, padding)
    all_windows = windows(x, kernel.shape[:spatial], strides, dilation)
    return np.moveaxis(np.tensordot(all_windows, kernel, spatial + 1), spatial, 0)


CONVOLUTIONS = {1: K.conv1d, 2: K.conv2d, 3: K.conv3d}
SIZES = {1: (7,), 2: (6, 7), 3: (4, 5, 5)}


@pytest.mark.parametrize("spatial", [1, 2, 3])
@pytest.mark.parametrize("data_format", LAYOUTS)
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides, dilation", [(1, 1), (2, 1), (1, 2)])
def test_convolution_sums_over_windows(spatial, data_format, padding, strides, dilation):
    x, kernel = numbers(2, *SIZES[spatial] + (3,)), numbers(*(2,) * spatial + (3, 4))
    expected = convolved(x, kernel, (strides,) * spatial, (dilation,) * spatial, padding)
    is_scalar = spatial == 1
    found = run(
        CONVOLUTIONS[spatial], x, data_format, kernel=K.constant(kernel), padding=padding,
        strides=strides if is_scalar else (strides,) * spatial,
        dilation_rate=dilation if is_scalar else (dilation,) * spatial,
    )  # fmt: skip
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("dilation", [1, 2])
def test_causal_convolution_does_not_look_ahead(dilation):
    x, kernel = numbers(2, 6, 3), numbers(3, 3, 4)
    found = run(K.conv1d, x, "channels_last", kernel=K.constant(kernel), padding="causal",
                dilation_rate=dilation)  # fmt: skip
    expected = convolved(x, kernel, (1,), (dilation,), "causal")
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_causal_convolution_wants_channels_last():
    with pytest.raises(ConfigError, match="causal"):
        K.conv1d(K.placeholder((1, 3, 6)), K.placeholder((3, 3, 4)), padding="causal",
                 data_format="channels_first")  # fmt: skip


def test_a_dilated_convolution_has_a_gradient():
    x, kernel = K.constant(numbers(1, 6, 6, 2)), K.constant(numbers(2, 2, 2, 3))
    loss = K.sum(K.conv2d(x, kernel, dilation_rate=(2, 2)))
    gradient = K.eval(tf.gradients(loss, kernel)[0])
    np.testing.assert_allclose(gradient[0, 0, :, 0], K.eval(x)[:, :4, :4].sum((0, 1, 2)), rtol=1e-4)


def test_unknown_layouts_and_paddings_are_refused():
    x, kernel = K.placeholder((1, 4, 4, 2)), K.placeholder((2, 2, 2, 3))
    with pytest.raises(ValueError, match="channels_middle"):
        K.conv2d(x, kernel, data_format="channels_middle")
    with pytest.raises(ConfigError, match="twice"):
        K.conv2d(x, kernel, padding="twice")


# ---- layouts on a GPU ---------------------------------------------------------------------------


class SessionWithGpu:
    """What a session on a machine with a GPU answers."""

    class Device:
        device_type = "GPU"

    def list_devices(self):
        return [self.Device()]


def test_channels_first_kernels_are_used_where_a_gpu_may_run_them():
    session = SessionWithGpu()
    assert _tf.supports_channels_first(session)
    with tf.device("/gpu:0"):
        assert _tf.supports_channels_first(session)
    with tf.device("/cpu:0"):
        assert not _tf.supports_channels_first(session)
    with tf.device(tf.train.replica_device_setter(ps_tasks=1)):
        assert _tf.supports_channels_first(session)


def test_on_a_gpu_no_transposition_is_made():
    state_of().recent = SessionWithGpu()
    x, kernel = K.placeholder((1, 3, 6, 6)), K.placeholder((2, 2, 3, 4))
    x = K.conv2d(x, kernel, data_format="channels_first")
    x = K.conv2d_transpose(x, kernel, (1, 3, 6, 6), data_format="channels_first")
    x = K.pool2d(x, (2, 2), data_format="channels_first")
    x = K.separable_conv1d(x[:, :, 0], K.placeholder((2, 3, 1)), K.placeholder((1, 3, 2)),
                           data_format="channels_first")  # fmt: skip
    assert K.int_shape(x) == (1, 2, 4)
    assert "Transpose" not in [op.type for op in tf.get_default_graph().get_operations()]


# ---- transposed ---------------------------------------------------------------------------------


def transposed_by_gradient(convolution, y, kernel, x_shape, **arguments):
    """The gradient of the convolution from ``x_shape`` to the shape of ``y``."""
    x = tf.zeros(x_shape)
    return K.eval(tf.gradients(convolution(x, kernel, **arguments), x, grad_ys=K.constant(y))[0])


@pytest.mark.parametrize("data_format", LAYOUTS)
@pytest.mark.parametrize("padding, strides, dilation, size", [
    ("valid", (1, 1), (1, 1), (6, 5)), ("same", (2, 2), (1, 1), (4, 3)),
    ("same", (1, 1), (2, 2), (7, 6)),
])  # fmt: skip
@pytest.mark.parametrize("batch", [2, None])
def test_conv2d_transpose_is_the_gradient_of_conv2d(
    data_format, padding, strides, dilation, size, batch
):
    y, kernel = numbers(2, *size + (4,)), K.constant(numbers(2, 2, 3, 4))
    expected = transposed_by_gradient(K.conv2d, y, kernel, (2, 7, 6, 3), padding=padding,
                                      strides=strides, dilation_rate=dilation)  # fmt: skip
    shape = (batch, 3, 7, 6) if data_format == "channels_first" else (batch, 7, 6, 3)
    found = run(K.conv2d_transpose, y, data_format, kernel=kernel, output_shape=shape,
                padding=padding, strides=strides, dilation_rate=dilation)  # fmt: skip
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


def test_conv2d_transpose_takes_its_shape_as_a_tensor_and_refuses_two_dilation_rates():
    y, kernel = K.constant(numbers(2, 3, 4, 4)), K.constant(numbers(2, 2, 3, 4))
    found = K.conv2d_transpose(y, kernel, tf.constant([2, 4, 5, 3]))
    assert K.eval(found).shape == (2, 4, 5, 3)
    with pytest.raises(ConfigError, match="dilation rate"):
        K.conv2d_transpose(y, kernel, (2, 4, 5, 3), dilation_rate=(1, 2))


@pytest.mark.parametrize("data_format", LAYOUTS)
def test_conv3d_transpose_is_the_gradient_of_conv3d(data_format):
    y, kernel = numbers(2, 2, 2, 3, 4), K.constant(numbers(2, 2, 2, 3, 4))
    expected = transposed_by_gradient(K.conv3d, y, kernel, (2, 4, 4, 5, 3), padding="same",
                                      strides=(2, 2, 2))  # fmt: skip
    shape = (2, 3, 4, 4, 5) if data_format == "channels_first" else (2, 4, 4, 5, 3)
    found = run(K.conv3d_transpose, y, data_format, kernel=kernel, output_shape=shape,
                padding="same", strides=(2, 2, 2))  # fmt: skip
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


# ---- separable ----------------------------------------------------------------------------------


def as_full_kernel(depthwise):
    """The kernel (..., in, in * multiplier) that does what a depthwise one does."""
    channels, multiplier = depthwise.shape[-2:]
    full = np.zeros(depthwise.shape[:-1] + (channels, multiplier), "float32")
    for channel in range(channels):
        full[..., channel, channel, :] = depthwise[..., channel, :]
    return full.reshape(depthwise.shape[:-1] + (channels * multiplier,))


@pytest.mark.parametrize("data_format", LAYOUTS)
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("strides, dilation", [(1, 1), (2, 1), (1, 2)])
def test_separable_convolution_mixes_the_channels_after_the_windows(
    data_format, padding, strides, dilation
):
    for spatial, operation in ((1, K.separable_conv1d), (2, K.separable_conv2d)):
        x, depthwise = numbers(2, *SIZES[spatial] + (3,)), numbers(*(2,) * spatial + (3, 2))
        pointwise = numbers(*(1,) * spatial + (6, 4))
        expected = convolved(x, as_full_kernel(depthwise), (strides,) * spatial,
                             (dilation,) * spatial, padding)  # fmt: skip
        found = run(
            operation, x, data_format, depthwise_kernel=K.constant(depthwise),
            pointwise_kernel=K.constant(pointwise), padding=padding,
            strides=(strides,) * spatial, dilation_rate=(dilation,) * spatial,
        )  # fmt: skip
        np.testing.assert_allclose(
            found, expected.dot(pointwise.reshape(6, 4)), rtol=1e-4, atol=1e-4
        )


@pytest.mark.parametrize("data_format", LAYOUTS)
def test_depthwise_convolution_keeps_the_channels_apart(data_format):
    x, kernel = numbers(2, 6, 7, 3), numbers(3, 2, 3, 2)
    found = run(K.depthwise_conv2d, x, data_format, depthwise_kernel=K.constant(kernel),
                strides=(2, 2), padding="same")  # fmt: skip
    expected = convolved(x, as_full_kernel(kernel), (2, 2), (1, 1), "same")
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


# ---- pooling ------------------------------------------------------------------------------------


@pytest.mark.parametrize("data_format", LAYOUTS)
@pytest.mark.parametrize("pool_mode, function", [("max", np.max), ("avg", np.mean)])
def test_pooling_reduces_windows(data_format, pool_mode, function):
    for spatial, operation in ((2, K.pool2d), (3, K.pool3d)):
        x, pool = numbers(2, *SIZES[spatial] + (3,)), (2, 3, 2)[:spatial]
        strides = (2, 1, 2)[:spatial]
        reduced = function(windows(x, pool, strides, (1,) * spatial),
                           axis=tuple(range(spatial + 1, 2 * spatial + 1)))  # fmt: skip
        found = run(operation, x, data_format, pool_size=pool, strides=strides,
                    pool_mode=pool_mode)  # fmt: skip
        np.testing.assert_allclose(found, np.moveaxis(reduced, spatial, 0), rtol=1e-5, atol=1e-6)


def test_average_pooling_does_not_count_the_padding():
    pooled = K.pool2d(K.ones((1, 3, 3, 1)), (2, 2), padding="same", pool_mode="avg")
    assert K.eval(K.flatten(pooled)).tolist() == [1.0] * 9


def test_another_way_of_pooling_is_refused():
    with pytest.raises(ConfigError, match="median"):
        K.pool2d(K.placeholder((1, 4, 4, 1)), (2, 2), pool_mode="median")


# ---- local --------------------------------------------------------------------------------------


def test_local_conv1d_has_weights_of_its_own_at_each_step():
    x, kernel = numbers(2, 7, 3), numbers(3, 9, 4)
    patches = windows(x, (3,), (2,), (1,)).reshape(3, 2, 9)
    expected = np.einsum("pbi,pio->bpo", patches, kernel)
    found = K.local_conv1d(K.constant(x), K.constant(kernel), (3,), (2,))
    np.testing.assert_allclose(K.eval(found), expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("data_format", LAYOUTS)
def test_local_conv2d_has_weights_of_its_own_at_each_pixel(data_format):
    x, kernel = numbers(2, 5, 6, 3), numbers(6, 18, 4)
    patches = windows(x, (3, 2), (2, 2), (1, 1))  # (rows, columns, batch, 3, 2, channels)
    if data_format == "channels_first":
        patches = np.moveaxis(patches, -1, 3)
    expected = np.einsum("pbi,pio->pbo", patches.reshape(6, 2, 18), kernel).reshape(2, 3, 2, 4)
    found = run(K.local_conv2d, x, data_format, kernel=K.constant(kernel), kernel_size=(3, 2),
                strides=(2, 2), output_shape=(2, 3))  # fmt: skip
    np.testing.assert_allclose(found, np.moveaxis(expected, 2, 0), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("mode", ["max", "avg"])
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_volumes_are_pooled_in_every_float_type(mode, padding):
    values = np.random.normal(size=(2, 4, 5, 6, 3))
    single, double = (
        K.eval(K.pool3d(K.constant(values, dtype), (2, 3, 2), (2, 1, 3), padding, pool_mode=mode))
        for dtype in ("float32", "float64")
    )
    assert double.dtype == "float64"
    np.testing.assert_allclose(double, single, atol=1e-5)
