import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.backend import numpy_backend as NP
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import (
    Conv2D,
    DepthwiseConv2D,
    SeparableConv1D,
    SeparableConv2D,
    SeparableConvolution2D,
)

LAYOUTS = ["channels_last", "channels_first"]


def numbers(*shape):
    return np.random.normal(size=shape).astype("float32")


def in_layout(array, data_format):
    return np.moveaxis(array, -1, 1) if data_format == "channels_first" else array


def run(layer, values):
    return K.eval(layer(K.constant(values)))


@pytest.mark.parametrize("data_format", LAYOUTS)
@pytest.mark.parametrize("padding", ["valid", "same"])
@pytest.mark.parametrize("kind, rank", [(SeparableConv1D, 1), (SeparableConv2D, 2)])
def test_channels_are_convolved_each_and_then_mixed(kind, rank, padding, data_format):
    layer = kind(
        4, 3, padding=padding, data_format=data_format, depth_multiplier=2, bias_initializer="ones"
    )
    x = in_layout(numbers(*(2, 7, 6)[: rank + 1] + (3,)), data_format)
    found = run(layer, x)
    depthwise, pointwise, bias = layer.get_weights()
    expected = NP.separable_conv(x, depthwise, pointwise, padding, data_format) + 1
    np.testing.assert_allclose(found, expected, atol=1e-5)
    assert layer.compute_output_shape(x.shape) == found.shape
    assert bias.shape == (4,)


@pytest.mark.parametrize("data_format", LAYOUTS)
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_depthwise_convolution_gives_some_outputs_for_each_channel(padding, data_format):
    layer = DepthwiseConv2D(
        (2, 3), padding=padding, depth_multiplier=2, data_format=data_format, activation="relu"
    )
    x = in_layout(numbers(2, 7, 6, 3), data_format)
    found = run(layer, x)
    kernel, bias = layer.get_weights()
    expected = NP.depthwise_conv(x, kernel, padding, data_format)
    np.testing.assert_allclose(found, np.maximum(expected, 0), atol=1e-5)
    assert layer.compute_output_shape(x.shape) == found.shape
    assert bias.shape == (6,)


@pytest.mark.parametrize(
    "layer",
    [
        SeparableConv1D(3, 2, strides=2, depthwise_regularizer="l2", pointwise_constraint="nonneg"),
        SeparableConv2D(3, 2, dilation_rate=2, pointwise_initializer="he_normal", use_bias=False),
        DepthwiseConv2D(2, strides=2, depthwise_initializer="zeros", bias_regularizer="l1"),
    ],
)
def test_the_configuration_makes_the_same_layer(layer):
    config = layer.get_config()
    assert type(layer).from_config(config).get_config() == config
    assert not [name for name in config if name.startswith("kernel_") and name != "kernel_size"]


def test_each_kernel_has_its_own_initializer_regularizer_and_constraint():
    layer = SeparableConv2D(
        3, 2, depthwise_initializer="zeros", pointwise_regularizer="l2", bias_initializer="ones"
    )
    layer.build((None, 5, 5, 2))
    depthwise, _, bias = layer.get_weights()
    assert not depthwise.any() and bias.all()
    assert len(layer.losses) == 1


def test_sizes_one_by_one_and_one_initializer_for_both_kernels_are_keras_1_words():
    with pytest.warns(UserWarning):
        layer = SeparableConvolution2D(4, 3, 2, border_mode="same", init="zeros")
    assert (layer.kernel_size, layer.padding) == ((3, 2), "same")
    assert layer.get_config()["depthwise_initializer"]["class_name"] == "Zeros"
    assert layer.get_config()["pointwise_initializer"]["class_name"] == "Zeros"
    assert LAYERS.resolve("SeparableConvolution2D") is SeparableConv2D


def test_a_depthwise_convolution_is_one_of_images():
    assert isinstance(DepthwiseConv2D(3), Conv2D)


@pytest.mark.parametrize("layer", [SeparableConv2D(3, 2), DepthwiseConv2D(2)])
def test_the_number_of_channels_must_be_known(layer):
    with pytest.raises(ShapeError, match="channel dimension"):
        layer(K.placeholder((None, 5, 5, None)))


def test_another_padding_is_refused():
    with pytest.raises(ConfigError, match="padding"):
        SeparableConv2D(3, 2, padding="full")
