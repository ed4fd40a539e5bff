"""Configurations in Keras 1.2.2's form; all of its layers are in tests/golden/test_keras_1.py."""

import pytest

from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers import (
    LSTM,
    Conv2DTranspose,
    Dense,
    Dot,
    MaxPooling1D,
    TimeDistributed,
    ZeroPadding1D,
    ZeroPadding2D,
    ZeroPadding3D,
)
from tfkeras_compat.saving.keras_1 import in_keras_2_form
from tfkeras_compat.saving.to_keras_1 import in_keras_1_form, training_in_keras_1_form
from tfkeras_compat.state.registry import serialize


def written(layer):
    return in_keras_1_form(serialize(layer))["config"]


@pytest.mark.parametrize(
    "layer, expected",
    [
        (ZeroPadding1D(2), 2),
        (ZeroPadding1D((1, 2)), [1, 2]),
        (ZeroPadding2D((1, 2)), [1, 2]),
        (ZeroPadding2D(((1, 2), (3, 4))), [1, 2, 3, 4]),
        (ZeroPadding3D((1, 2, 3)), [1, 2, 3]),
    ],
)
def test_the_sides_of_padding_are_in_a_row(layer, expected):
    assert written(layer)["padding"] == expected


def test_lists_of_one_are_numbers_and_layers_in_wrappers_are_translated():
    assert written(MaxPooling1D(3, strides=2))["pool_length"] == 3
    inner = written(TimeDistributed(Dense(3, kernel_regularizer="l2")))["layer"]["config"]
    assert inner["output_dim"] == 3
    assert inner["W_regularizer"]["name"] == "L1L2Regularizer"


@pytest.mark.parametrize(
    "layer, said",
    [
        (LSTM(2, use_bias=False, name="a"), "Layer a: Keras 1.2.2's LSTM has nothing for use_bias"),
        (Dot(1, normalize=True, name="b"), "Layer b: .*nothing for normalize=True"),
        (Conv2DTranspose(2, 2, name="c"), "Layer c: .* needs output_shape"),
        (ZeroPadding3D(((1, 2), (1, 1), (1, 1)), name="d"), "Layer d: .* alike on both sides"),
    ],
)
def test_what_it_did_not_have_is_refused(layer, said):
    with pytest.raises(ConfigError, match=said):
        written(layer)


@pytest.mark.filterwarnings("ignore:.*Keras 1's")
def test_what_is_written_is_read_as_what_it_was():
    layer = Dense(3, activation="relu", kernel_constraint="max_norm", bias_initializer="zeros")
    again = Dense.from_config(in_keras_2_form(in_keras_1_form(serialize(layer)))["config"])
    assert again.get_config() == layer.get_config()


def test_arguments_of_optimizers_that_mean_nothing_are_left_out_and_others_refused():
    adam = {"class_name": "Adam", "config": {"lr": 0.1, "amsgrad": False}}
    found = training_in_keras_1_form({"optimizer_config": adam, "loss": "mse"})
    assert found == {
        "optimizer_config": {"class_name": "Adam", "config": {"lr": 0.1}},
        "loss": "mse",
    }
    adam["config"]["amsgrad"] = True
    with pytest.raises(ConfigError, match="Adam has no .*amsgrad"):
        training_in_keras_1_form({"optimizer_config": adam})
    assert training_in_keras_1_form(None) is None
