"""A network is written as plain values and made anew from them."""

import json

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.engine.input import Input
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.network import Network
from tfkeras_compat.layers import Dense, Dropout, add, concatenate


def through_json(network, custom_objects=None):
    """The network made anew from its configuration, with the same weights."""
    config = json.loads(json.dumps(network.get_config()))
    twin = Network.from_config(config, custom_objects)
    twin.set_weights(network.get_weights())
    return twin


def outputs(network):
    """Its outputs for inputs that are different for each input and element."""
    shapes = [[2] + list(K.int_shape(x)[1:]) for x in network.inputs]
    values = [np.arange(np.prod(s)).reshape(s) / 7.0 + i for i, s in enumerate(shapes)]
    return K.function(network.inputs, network.outputs)(values)


def assert_survives(network, custom_objects=None):
    twin = through_json(network, custom_objects)
    assert [layer.name for layer in twin.layers] == [layer.name for layer in network.layers]
    for expected, found in zip(outputs(network), outputs(twin)):
        np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert json.dumps(twin.get_config()) == json.dumps(network.get_config())
    return twin


def test_several_inputs_and_outputs_and_a_layer_shared_between_them():
    a, b = Input((3,), name="a"), Input((3,), name="b")
    shared = Dense(3, name="shared")
    first, second = shared(a), shared(b)
    assert_survives(Network([b, a], [concatenate([first, second]), shared(second), first]))


def test_a_nested_network_that_is_called_twice():
    x = Input((3,), name="x")
    inner = Network(x, Dense(3)(x), name="inner")
    a, b = Input((3,), name="a"), Input((3,), name="b")
    twin = assert_survives(Network([a, b], add([inner(a), inner(inner(b))]), name="outer"))
    assert isinstance(twin.get_layer("inner"), Network) and len(twin.weights) == 2


def test_calls_of_shared_layers_that_do_not_belong_to_the_network_are_left_out():
    shared = Dense(3, name="shared")
    shared(Input((3,)))
    x = Input((3,), name="x")
    network = Network(x, Dense(2)(shared(x)))
    shared(Input((3,)))
    assert_survives(network)


def test_layers_that_call_each_other_in_turns_are_rebuilt_in_a_possible_order():
    x = Input((3,), name="x")
    one, two = Dense(3, name="one"), Dense(3, name="two")
    assert_survives(Network(x, two(one(two(one(x))))))


def test_frozen_layers_come_back_frozen():
    x = Input((3,))
    network = Network(x, Dense(1)(Dense(2, trainable=False)(x)))
    assert [layer.trainable for layer in through_json(network).layers] == [False, False, True]


def test_arguments_of_calls_are_kept():
    x = Input((3,))
    network = Network(x, Dropout(0.5)(x, training=True))
    twin = through_json(network)
    assert not twin.uses_learning_phase and (outputs(twin)[0] == 0).any()


def test_arguments_that_can_not_be_written_are_left_out_with_a_warning():
    class Plus(Layer):
        def call(self, inputs, more=None):
            return inputs if more is None else inputs + more

    x = Input((3,))
    network = Network(x, Plus(name="plus")(x, more=K.constant([1.0])))
    with pytest.warns(UserWarning, match="plus was passed non-serializable keyword arguments"):
        config = network.get_config()
    assert config["layers"][1]["inbound_nodes"] == [[["input_1", 0, 0, {}]]]


def test_a_layer_of_the_user_is_found_among_the_custom_objects():
    class Mine(Dense):
        pass

    x = Input((3,))
    network = Network(x, Mine(2)(x))
    assert_survives(network, {"Mine": Mine})
    with pytest.raises(ValueError, match="Unknown layer: Mine.*custom_objects="):
        through_json(network)


def test_the_form_is_the_originals():
    x = Input((3,), name="x")
    config = Network(x, Dense(2, name="d")(x), name="net").get_config()
    assert config["input_layers"] == [["x", 0, 0]] and config["output_layers"] == [["d", 0, 0]]
    assert sorted(config) == ["input_layers", "layers", "name", "output_layers"]
    assert [
        (layer["class_name"], layer["name"], layer["inbound_nodes"]) for layer in config["layers"]
    ] == [("InputLayer", "x", []), ("Dense", "d", [[["x", 0, 0, {}]]])]


def test_a_configuration_shares_nothing_with_the_network():
    x = Input((3,))
    network = Network(x, Dense(2)(x))
    network.get_config()["layers"][1]["config"]["kernel_initializer"]["config"]["scale"] = 99
    assert network.get_config()["layers"][1]["config"]["kernel_initializer"]["config"]["scale"] == 1


def test_what_is_malformed_is_named():
    x = Input((3,), name="x")
    config = Network(x, Dense(2, name="d")(x)).get_config()
    with pytest.raises(ValueError, match="input_layers, output_layers missing"):
        Network.from_config({"layers": []})
    with pytest.raises(ValueError, match="there is no layer 'z'"):
        Network.from_config(dict(config, output_layers=[["z", 0, 0]]))
    config["layers"][1]["inbound_nodes"] = [[["x", 5, 0, {}]]]
    with pytest.raises(ValueError, match="inputs of layer d are never computed"):
        Network.from_config(config)
