"""The order of axes that configurations of Keras 1 leave open; files it wrote are in
tests/golden."""

import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, UnsafeConfigError
from tfkeras_compat.models import model_from_config
from tfkeras_compat.saving import order_of_axes

pytestmark = pytest.mark.filterwarnings("ignore:.*Keras 1's")


def entry(class_name, **config):
    return {"class_name": class_name, "config": dict(config, name=class_name.lower())}


def of_keras_1(*layers):
    return {"class_name": "Sequential", "config": list(layers), "keras_version": "1.2.2"}


def padding(**config):
    shape = {"batch_input_shape": [None, 2, 7, 7], "input_dtype": "float32"}
    return entry("ZeroPadding2D", padding=[1, 1], **shape, **config)


def pooling(order):
    return entry("MaxPooling2D", pool_size=[2, 2], dim_ordering=order)


def test_a_layer_that_leaves_it_open_has_the_order_of_the_others():
    assert model_from_config(of_keras_1(padding(), pooling("th"))).output_shape == (None, 2, 4, 4)
    assert model_from_config(of_keras_1(padding(), pooling("tf"))).output_shape == (None, 2, 4, 7)


@pytest.mark.parametrize(
    "place",
    [
        lambda layer: entry("TimeDistributed", layer=layer),
        lambda layer: {"class_name": "Sequential", "config": [layer]},
        lambda layer: entry("Merge", layers=[{"class_name": "Sequential", "config": [layer]}]),
    ],
)
def test_it_is_found_wherever_layers_are(place):
    config = of_keras_1(place(padding()), pooling("th"))
    assert "dim_ordering': 'th'" in repr(order_of_axes.filled_in(config)["config"][0])
    assert "dim_ordering" not in repr(config["config"][0])  # which stays as it was
    assert order_of_axes.left_open(of_keras_1(place(padding()))) == ["zeropadding2d"]


def test_it_is_left_open_where_others_disagree_or_there_are_none():
    mixed = of_keras_1(padding(), pooling("th"), pooling("tf"))
    assert order_of_axes.left_open(mixed) == ["zeropadding2d"]
    assert order_of_axes.filled_in(mixed) is mixed
    assert order_of_axes.left_open(of_keras_1(padding(dim_ordering="th"))) == []
    of_keras_2 = dict(of_keras_1(padding()), keras_version="2.2.5")
    assert order_of_axes.left_open(of_keras_2) == []


def test_what_is_left_open_is_taken_as_assumed():
    config, before = of_keras_1(padding()), K.image_data_format()
    with order_of_axes.assumed("channels_first"):
        assert model_from_config(config).output_shape == (None, 2, 9, 9)
    assert K.image_data_format() == before
    assert model_from_config(config).output_shape == (None, 4, 9, 7)


def test_an_error_says_that_it_may_come_from_the_order():
    config = of_keras_1(padding(), entry("Dense", output_dim=-1))
    with pytest.raises(ConfigError, match="zeropadding2d is not said there, and channels_last"):
        model_from_config(config)
    with pytest.raises(ConfigError) as raised:
        model_from_config(of_keras_1(padding(), pooling("th"), entry("Dense", output_dim=-1)))
    assert "ordered" not in str(raised.value)
    with pytest.raises(UnsafeConfigError, match="^code$"):
        with order_of_axes.explained(config):
            raise UnsafeConfigError("code")


@pytest.mark.parametrize("order", [[], {}, ["th"], 1, {"a": "th"}])
def test_an_order_that_is_none_is_refused(order):
    with pytest.raises(ConfigError):
        model_from_config(of_keras_1(padding(), pooling(order or ["x"])))
