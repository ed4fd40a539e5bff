import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import Conv2D, Conv2DTranspose, Conv3DTranspose, Deconvolution2D
from tfkeras_compat.layers.windows import deconv_length

IMAGE = (2, 4, 5, 3)


def images(*shape):
    return np.random.normal(size=shape or IMAGE).astype("float32")


def run(layer, values):
    return K.eval(layer(K.constant(values)))


def by_hand(image, kernel, strides):
    """Each pixel adds the kernel, times its channels, to a window of the result."""
    height, width, filters, _ = kernel.shape
    rows, columns = image.shape[1:3]
    result = np.zeros(
        (
            len(image),
            (rows - 1) * strides[0] + max(height, strides[0]),
            (columns - 1) * strides[1] + max(width, strides[1]),
            filters,
        )
    )
    for row in range(rows):
        for column in range(columns):
            top, left = row * strides[0], column * strides[1]
            result[:, top : top + height, left : left + width] += np.einsum(
                "bi,hwfi->bhwf", image[:, row, column], kernel
            )
    return result


@pytest.mark.parametrize("strides", [(1, 1), (2, 3), (3, 1)])
def test_every_pixel_spreads_over_the_window_of_its_kernel(strides):
    layer = Conv2DTranspose(4, (2, 3), strides=strides, bias_initializer="ones")
    values = images()
    result = run(layer, values)
    np.testing.assert_allclose(
        result, by_hand(values, layer.get_weights()[0], strides) + 1, atol=1e-5
    )


def test_it_is_the_gradient_of_the_convolution_with_the_same_kernel():
    convolution = Conv2D(3, 3, strides=2, padding="same", use_bias=False)
    large = K.constant(images(2, 8, 10, 4))
    small = K.constant(images())
    (expected,) = tf.gradients(convolution(large), large, grad_ys=small)
    layer = Conv2DTranspose(4, 3, strides=2, padding="same", use_bias=False)
    layer.build(IMAGE)
    layer.set_weights(convolution.get_weights())
    np.testing.assert_allclose(K.eval(layer(small)), K.eval(expected), atol=1e-5)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize(
    "options",
    [
        {},
        {"strides": 2},
        {"strides": 2, "padding": "same"},
        {"strides": (2, 3), "output_padding": (1, 2)},
        {"strides": 2, "output_padding": 0, "padding": "same"},
        {"dilation_rate": 2, "padding": "same"},
        {"dilation_rate": 2},
    ],
)
def test_the_computed_shape_is_the_shape_of_the_result(options, data_format):
    layer = Conv2DTranspose(2, 3, data_format=data_format, **options)
    shape = IMAGE if data_format == "channels_last" else (2, 3, 4, 5)
    assert run(layer, images(*shape)).shape == layer.compute_output_shape(shape)


def test_a_dilated_kernel_reaches_further():
    layer = Conv2DTranspose(1, 3, padding="same", dilation_rate=(2, 2), kernel_initializer="ones")
    found = run(layer, np.arange(48).reshape((1, 4, 4, 3)))
    assert found[0, :, :, 0].tolist() == [[192, 228, 192, 228], [336, 372, 336, 372]] * 2


def test_channels_first_gives_the_same_numbers_in_another_order():
    last = Conv2DTranspose(4, 3, strides=2)
    first = Conv2DTranspose(4, 3, strides=2, data_format="channels_first")
    values = images()
    expected = run(last, values)
    first.build((2, 3, 4, 5))
    first.set_weights(last.get_weights())
    found = run(first, values.transpose(0, 3, 1, 2))
    np.testing.assert_allclose(found.transpose(0, 2, 3, 1), expected, atol=1e-5)


def test_known_sizes_are_known_of_the_result_and_others_are_computed():
    assert Conv2DTranspose(4, 3)(K.placeholder((None, 5, 6, 3))).shape.as_list()[1:] == [7, 8, 4]
    x = K.placeholder((None, None, None, 3))
    y = Conv2DTranspose(4, 3, strides=2)(x)
    assert y.shape.as_list() == [None, None, None, 4]
    assert K.get_session().run(tf.shape(y), {x: images()}).tolist() == [2, 9, 11, 4]


def test_output_padding_must_be_less_than_the_stride():
    with pytest.raises(ConfigError, match="greater than output padding"):
        Conv2DTranspose(2, 3, strides=(1, 3), output_padding=(0, 3))


def test_the_number_of_channels_must_be_known():
    with pytest.raises(ShapeError, match="channel dimension"):
        Conv2DTranspose(2, 3)(K.placeholder((None, 5, 5, None)))


def test_lengths_of_a_padded_and_an_unknown_axis():
    assert deconv_length(None, 2, 3, "valid") is None
    assert deconv_length(4, 1, 3, "full") == 2
    assert deconv_length(4, 2, 3, "full", output_padding=1) == 6


def test_keras_1_words_and_its_output_shape_are_understood():
    with pytest.warns(UserWarning) as warned:
        layer = Deconvolution2D(4, 2, 3, (None, 9, 9, 4), subsample=(2, 2), border_mode="same")
    assert "output_shape" in str(warned[0].message)
    assert (layer.filters, layer.kernel_size, layer.strides) == (4, (2, 3), (2, 2))
    assert layer.padding == "same" and layer.output_padding is None
    with pytest.warns(UserWarning, match="output_shape"):
        assert Conv2DTranspose(4, 2, output_shape=(None, 9, 9, 4)).kernel_size == (2, 2)


def test_the_older_name_stands_for_the_layer_in_files():
    config = Conv2DTranspose(4, 3, strides=2, output_padding=1).get_config()
    found = LAYERS.deserialize({"class_name": "Deconvolution2D", "config": config})
    assert type(found) is Conv2DTranspose and found.get_config() == config
    assert found.output_padding == (1, 1)


# ---- volumes ------------------------------------------------------------------------------------


def test_every_voxel_spreads_over_the_window_of_its_kernel():
    layer = Conv3DTranspose(1, (1, 2, 2), strides=2, kernel_initializer="ones")
    found = run(layer, np.arange(4).reshape((1, 1, 2, 2, 1)))
    assert found[0, 0, :, :, 0].tolist() == [[0, 0, 1, 1], [0, 0, 1, 1], [2, 2, 3, 3], [2, 2, 3, 3]]


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize(
    "options",
    [{}, {"strides": (2, 3, 1)}, {"strides": 2, "output_padding": (1, 0, 1), "padding": "same"}],
)
def test_the_computed_shape_of_volumes_is_the_shape_of_the_result(options, data_format):
    layer = Conv3DTranspose(2, 3, data_format=data_format, **options)
    shape = (2, 2, 3, 4, 5) if data_format == "channels_first" else (2, 3, 4, 5, 2)
    assert run(layer, images(*shape)).shape == layer.compute_output_shape(shape)
    config = layer.get_config()
    assert "dilation_rate" not in config
    assert Conv3DTranspose.from_config(config).get_config() == config


def test_output_padding_of_volumes_must_be_less_than_the_stride():
    with pytest.raises(ConfigError, match="greater than output padding"):
        Conv3DTranspose(2, 3, strides=(1, 3, 2), output_padding=(0, 3, 1))
