import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import Conv1D, Conv2D, LocallyConnected1D, LocallyConnected2D


def numbers(*shape):
    return np.random.normal(size=shape).astype("float32")


def run(layer, values):
    return K.eval(layer(K.constant(values)))


def test_with_the_same_kernel_everywhere_it_is_a_convolution():
    x, kernel, bias = numbers(2, 7, 3), numbers(3, 3, 4), numbers(4)
    shared, local = Conv1D(4, 3, strides=2), LocallyConnected1D(4, 3, strides=2)
    for layer in (shared, local):
        layer.build(x.shape)
    shared.set_weights([kernel, bias])
    local.set_weights([np.stack([kernel.reshape((9, 4))] * 3), np.stack([bias] * 3)])
    np.testing.assert_allclose(run(local, x), run(shared, x), atol=1e-5)


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_with_the_same_kernel_everywhere_it_is_a_convolution_of_images(data_format):
    x, kernel, bias = numbers(2, 5, 6, 3), numbers(2, 3, 3, 4), numbers(4)
    order, biases = kernel, np.tile(bias, (4, 4, 1))
    if data_format == "channels_first":
        x, order = np.moveaxis(x, -1, 1), np.moveaxis(kernel, 2, 0)
        biases = np.repeat(bias, 16).reshape((4, 4, 4))  # read as (filters, rows, columns)
    shared = Conv2D(4, (2, 3), data_format=data_format, activation="relu")
    local = LocallyConnected2D(4, (2, 3), data_format=data_format, activation="relu")
    for layer in (shared, local):
        layer.build(x.shape)
    shared.set_weights([kernel, bias])
    local.set_weights([np.stack([order.reshape((18, 4))] * 16), biases])
    found = run(local, x)
    np.testing.assert_allclose(found, run(shared, x), atol=1e-5)
    assert local.compute_output_shape(x.shape) == found.shape


def test_each_position_has_its_own_weights():
    layer = LocallyConnected1D(1, 1, use_bias=False)
    layer.build((None, 3, 1))
    layer.set_weights([np.array([1.0, 2.0, 3.0]).reshape((3, 1, 1))])
    assert run(layer, np.ones((1, 3, 1))).ravel().tolist() == [1, 2, 3]


def test_steps_are_channels_last_whatever_the_layout_is_called():
    layer = LocallyConnected1D(4, 3, data_format="channels_first")
    assert layer(K.placeholder((None, 7, 2))).shape.as_list() == [None, 5, 4]
    assert "data_format" not in layer.get_config()


@pytest.mark.parametrize(
    "layer",
    [
        LocallyConnected1D(3, 2, strides=2, kernel_regularizer="l2"),
        LocallyConnected2D(3, 2, strides=2, data_format="channels_first", use_bias=False),
    ],
)
def test_the_configuration_makes_the_same_layer(layer):
    config = layer.get_config()
    assert type(layer).from_config(config).get_config() == config


@pytest.mark.parametrize(
    "layer, shape",
    [
        (LocallyConnected1D(3, 2), (None, None, 2)),
        (LocallyConnected2D(3, 2), (None, 5, None, 2)),
    ],
)
def test_the_number_of_positions_must_be_known(layer, shape):
    with pytest.raises(ShapeError, match="fully-defined"):
        layer(K.placeholder(shape))


@pytest.mark.parametrize("kind", [LocallyConnected1D, LocallyConnected2D])
def test_only_valid_padding_is_there(kind):
    with pytest.raises(ConfigError, match="Invalid border mode.*same"):
        kind(3, 2, padding="same")


def test_sizes_one_by_one_are_keras_1_words():
    with pytest.warns(UserWarning):
        layer = LocallyConnected2D(4, 3, 2)
    assert layer.kernel_size == (3, 2)
