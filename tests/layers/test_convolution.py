import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import convolution
from tfkeras_compat.layers.convolution import Conv1D, Conv2D, Conv3D

IMAGE = (2, 7, 8, 3)


def images(*shape):
    return np.random.normal(size=shape or IMAGE).astype("float32")


def by_hand(image, kernel, strides=(1, 1), dilation=(1, 1)):
    """A valid convolution over images, position by position."""
    height, width, _, filters = kernel.shape
    reach = ((height - 1) * dilation[0] + 1, (width - 1) * dilation[1] + 1)
    rows = range(0, image.shape[1] - reach[0] + 1, strides[0])
    columns = range(0, image.shape[2] - reach[1] + 1, strides[1])
    result = np.zeros((len(image), len(rows), len(columns), filters))
    for i, row in enumerate(rows):
        for j, column in enumerate(columns):
            window = image[
                :, row : row + reach[0] : dilation[0], column : column + reach[1] : dilation[1]
            ]
            result[:, i, j] = np.tensordot(window, kernel, 3)
    return result


def run(layer, values):
    return K.eval(layer(K.constant(values)))


@pytest.mark.parametrize(
    "options",
    [{}, {"strides": (2, 3)}, {"dilation_rate": (2, 1)}],
    ids=["plain", "strides", "dilation"],
)
def test_conv2d_gives_the_sum_over_each_window_plus_the_bias(options):
    layer = Conv2D(4, (2, 3), bias_initializer="ones", **options)
    values = images()
    result = run(layer, values)
    kernel, bias = layer.get_weights()
    expected = by_hand(
        values, kernel, options.get("strides", (1, 1)), options.get("dilation_rate", (1, 1))
    )
    np.testing.assert_allclose(result, expected + bias, atol=1e-5)
    assert layer.output_shape == result.shape


@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("rank", [1, 2, 3])
def test_the_computed_shape_is_the_shape_of_the_result(rank, data_format, padding):
    layer = [Conv1D, Conv2D, Conv3D][rank - 1](
        4, 3, strides=2, padding=padding, data_format=data_format
    )
    space = (6, 7, 5)[:rank]
    shape = (2,) + space + (3,) if data_format == "channels_last" else (2, 3) + space
    assert run(layer, images(*shape)).shape == layer.compute_output_shape(shape)


def test_channels_first_gives_the_same_numbers_in_another_order():
    last, first = (
        Conv2D(4, 3, padding="same"),
        Conv2D(4, 3, padding="same", data_format="channels_first"),
    )
    values = images()
    expected = run(last, values)
    first.build((2, 3, 7, 8))
    first.set_weights(last.get_weights())
    found = run(first, values.transpose(0, 3, 1, 2))
    np.testing.assert_allclose(found.transpose(0, 2, 3, 1), expected, atol=1e-5)


def test_a_causal_convolution_does_not_see_later_steps():
    layer = Conv1D(4, 3, padding="causal", dilation_rate=2)
    values = images(1, 9, 2)
    changed = values.copy()
    changed[:, 5:] += 1
    before, after = run(layer, values), run(layer, changed)
    assert before.shape == (1, 9, 4)
    np.testing.assert_array_equal(before[:, :5], after[:, :5])
    assert np.abs(before[:, 5:] - after[:, 5:]).min() > 0


def test_conv1d_keeps_channels_last_whatever_the_default_layout_is():
    K.set_image_data_format("channels_first")
    try:
        assert Conv1D(1, 1).data_format == "channels_last"
        assert Conv2D(1, 1).data_format == "channels_first"
    finally:
        K.set_image_data_format("channels_last")


def test_weights_have_the_names_and_shapes_of_the_original():
    layer = Conv3D(4, (1, 2, 3))
    layer(K.placeholder((None, 5, 5, 5, 2)))
    assert [(w.name, K.int_shape(w)) for w in layer.weights] == [
        ("conv3d_1/kernel:0", (1, 2, 3, 2, 4)),
        ("conv3d_1/bias:0", (4,)),
    ]


def test_a_layer_made_from_a_configuration_computes_the_same():
    layer = Conv2D(
        4,
        3,
        strides=2,
        activation="relu",
        use_bias=False,
        kernel_regularizer="l2",
        kernel_constraint="max_norm",
        activity_regularizer="l1",
    )
    values = images()
    expected = run(layer, values)
    config = layer.get_config()
    copy = Conv2D.from_config(config)
    copy.build(IMAGE)
    copy.set_weights(layer.get_weights())
    np.testing.assert_array_equal(run(copy, values), expected)
    assert "rank" not in config
    assert copy.get_config() == config
    assert len(layer.losses) == 2


@pytest.mark.parametrize(
    "arguments, kernel_size",
    [
        ((8, 2, 3), (2, 3)),
        ((8, (2, 3)), (2, 3)),
        ((8, 2, (1, 1)), (2, 2)),
    ],
)
@pytest.mark.filterwarnings("ignore:.*Keras 1's")
def test_separate_sizes_of_a_kernel_are_understood_as_keras_1_wrote_them(arguments, kernel_size):
    assert Conv2D(*arguments).kernel_size == kernel_size


def test_keras_1_keywords_are_translated_with_a_warning():
    with pytest.warns(UserWarning, match="Keras 1's"):
        layer = convolution.Convolution2D(
            nb_filter=8, nb_row=2, nb_col=3, border_mode="same", subsample=(2, 1), dim_ordering="tf"
        )
    assert (layer.filters, layer.kernel_size, layer.strides) == (8, (2, 3), (2, 1))
    assert (layer.padding, layer.data_format) == ("same", "channels_last")


def test_sizes_one_by_one_together_with_keras_2_keywords_are_refused():
    with pytest.raises(ConfigError, match="one by one"):
        Conv2D(8, 3, 2, padding="same")


def test_the_alias_is_the_class_and_stands_in_configurations():
    assert convolution.Convolution2D is Conv2D
    entry = {"class_name": "Convolution2D", "config": {"filters": 2, "kernel_size": 3}}
    assert isinstance(LAYERS.deserialize(entry), Conv2D)


@pytest.mark.parametrize(
    "arguments",
    [
        {"kernel_size": (2, 2, 2)},
        {"kernel_size": 2, "strides": "a"},
        {"kernel_size": None},
        {"kernel_size": 2, "padding": "full"},
        {"kernel_size": 2, "data_format": "last"},
    ],
)
def test_arguments_that_make_no_sense_are_refused(arguments):
    with pytest.raises(ValueError):
        Conv2D(1, **arguments)


def test_causal_padding_is_refused_with_channels_first():
    with pytest.raises(ConfigError, match="causal"):
        Conv1D(1, 2, padding="causal", data_format="channels_first")


def test_an_unknown_number_of_channels_is_refused():
    with pytest.raises(ShapeError, match="channel dimension"):
        Conv2D(1, 2)(K.placeholder((None, 5, 5, None)))
