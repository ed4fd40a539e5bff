import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers import Masking, pooling

REDUCTIONS = {"Max": np.max, "Average": np.mean}


def run(layer, values):
    return K.eval(layer(K.constant(values)))


def blocks(values, size, reduction):
    """The reduction of each block of ``size`` positions along the spatial axes."""
    for axis in range(1, values.ndim - 1):
        sizes = values.shape
        whole = values.reshape(sizes[:axis] + (sizes[axis] // size, size) + sizes[axis + 1 :])
        values = reduction(whole, axis=axis + 1)
    return values


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("kind", sorted(REDUCTIONS))
def test_each_window_gives_one_number(kind, rank, data_format):
    values = np.random.normal(size=(2,) + (4,) * rank + (3,)).astype("float32")
    expected = blocks(values, 2, REDUCTIONS[kind])
    layer = getattr(pooling, "%sPooling%dD" % (kind, rank))(data_format=data_format)
    if data_format == "channels_first":
        values, expected = np.moveaxis(values, -1, 1), np.moveaxis(expected, -1, 1)
    found = run(layer, values)
    np.testing.assert_allclose(found, expected, atol=1e-6)
    assert layer.output_shape == found.shape


@pytest.mark.parametrize("padding, length", [("valid", 3), ("same", 4)])
def test_strides_and_padding_decide_the_number_of_windows(padding, length):
    layer = pooling.MaxPooling2D(3, strides=2, padding=padding)
    found = run(layer, np.zeros((1, 8, 8, 1)))
    assert found.shape == layer.output_shape == (1, length, length, 1)


def test_zeros_of_padding_do_not_count_in_an_average():
    layer = pooling.AveragePooling2D(2, padding="same")
    assert run(layer, np.ones((1, 3, 3, 1))).min() == 1


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
@pytest.mark.parametrize("rank", [1, 2, 3])
@pytest.mark.parametrize("kind", sorted(REDUCTIONS))
def test_global_pooling_gives_one_number_for_each_channel(kind, rank, data_format):
    values = np.random.normal(size=(2, 3, 4, 5, 6)[: rank + 2]).astype("float32")
    first = data_format == "channels_first"
    axes = tuple(range(2, rank + 2) if first else range(1, rank + 1))
    layer = getattr(pooling, "Global%sPooling%dD" % (kind, rank))(data_format=data_format)
    found = run(layer, values)
    np.testing.assert_allclose(found, REDUCTIONS[kind](values, axis=axes), atol=1e-6)
    assert layer.output_shape == found.shape


@pytest.mark.parametrize("data_format", ["channels_last", "channels_first"])
def test_global_average_leaves_masked_steps_out(data_format):
    steps = np.array([[[2.0, 4], [4, 6], [0, 0]], [[1, 1], [0, 0], [0, 0]]])
    mask = K.constant([[True, True, False], [True, False, False]], dtype="bool")
    values = steps if data_format == "channels_last" else steps.transpose(0, 2, 1)
    layer = pooling.GlobalAveragePooling1D(data_format)
    found = K.eval(layer.call(K.constant(values), mask=mask))
    np.testing.assert_allclose(found, [[3, 5], [1, 1]])


def test_global_average_takes_the_mask_that_comes_with_its_input_and_gives_none():
    layer = pooling.GlobalAveragePooling1D()
    masked = Masking()(K.constant([[[2.0], [4.0], [0.0]]]))
    assert K.eval(layer(masked)).tolist() == [[3.0]]
    assert layer.output_mask is None


def test_strides_are_the_size_of_the_window_if_not_given():
    config = pooling.MaxPooling2D((2, 3)).get_config()
    assert config["strides"] == config["pool_size"] == (2, 3)
    assert config["padding"] == "valid"
    assert pooling.MaxPooling2D.from_config(config).get_config() == config


def test_aliases_are_the_classes_and_stand_in_configurations():
    assert pooling.MaxPool2D is pooling.MaxPooling2D
    assert pooling.GlobalAvgPool3D is pooling.GlobalAveragePooling3D
    entry = {"class_name": "AvgPool1D", "config": {}}
    assert isinstance(LAYERS.deserialize(entry), pooling.AveragePooling1D)


def test_keras_1_keywords_are_translated_with_a_warning():
    with pytest.warns(UserWarning, match="border_mode"):
        layer = pooling.MaxPooling2D(border_mode="same", dim_ordering="th")
    assert (layer.padding, layer.data_format) == ("same", "channels_first")


def test_a_window_of_another_rank_is_refused():
    with pytest.raises(ConfigError, match="pool_size"):
        pooling.MaxPooling2D((2, 2, 2))
