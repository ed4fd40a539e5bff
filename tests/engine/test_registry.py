"""The registry of layers."""

import tfkeras_compat.models  # noqa: F401  (defines all kinds of layers)
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.registry import LAYERS, deserialize
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Model, Sequential


def test_layers_of_this_package_register_when_they_are_defined():
    assert LAYERS.resolve("Dense") is Dense
    assert LAYERS.resolve("Model") is Model
    assert LAYERS.resolve("Sequential") is Sequential


def test_layers_of_users_do_not_register():
    class Mine(Layer):
        pass

    assert "Mine" not in LAYERS


def test_a_layer_is_made_from_its_configuration():
    layer = deserialize({"class_name": "Dense", "config": Dense(3, activation="relu").get_config()})
    assert (type(layer), layer.units, layer.activation.__name__) == (Dense, 3, "relu")


def test_every_registered_layer_is_a_layer_under_its_own_name():
    for name in LAYERS.names():
        assert issubclass(LAYERS.resolve(name), Layer)
