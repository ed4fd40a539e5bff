import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.engine.input import Input
from tfkeras_compat.engine.topology import Topology, finish_order, node_of
from tfkeras_compat.layers import Dense, Lambda


def add(tensors):
    return Lambda(lambda pair: pair[0] + pair[1])(tensors)


def named(topology):
    return [layer.name for layer in topology.layers]


def test_layers_are_ordered_by_depth_and_then_by_the_walk_from_the_outputs():
    a, b = Input((3,), name="a"), Input((3,), name="b")
    left = Dense(3, name="left2")(Dense(3, name="left1")(a))
    right = Dense(3, name="right")(b)
    out = Dense(1, name="out")(add([left, right]))
    assert named(Topology([a, b], [out])) == [
        "a", "left1", "b", "left2", "right", "lambda_1", "out"]  # fmt: skip


def test_an_input_that_no_output_needs_stands_before_the_outputs():
    a, unused = Input((3,), name="a"), Input((2,), name="unused")
    topology = Topology([a, unused], [Dense(1, name="out")(a)])
    assert named(topology) == ["a", "unused", "out"] and node_of(unused) in topology


def test_a_shared_layer_appears_once_with_the_nodes_that_belong_here():
    x = Input((3,), name="x")
    shared = Dense(3, name="shared")
    y = shared(shared(x))
    shared(Input((3,)))
    topology = Topology([x], [y])
    assert named(topology) == ["x", "shared"]
    assert [index for index, _ in topology.nodes_of(shared)] == [0, 1]
    assert node_of(y) in topology and shared._inbound_nodes[2] not in topology


def test_nodes_are_grouped_by_their_distance_from_the_outputs():
    x = Input((3,))
    y = Dense(3)(Dense(3)(x))
    grouped = Topology([x], [y]).nodes_by_depth()
    assert sorted(grouped) == [0, 1, 2]
    assert grouped[0] == [node_of(y)] and grouped[2] == [node_of(x)]


def test_layers_are_grouped_by_the_distance_of_their_deepest_node():
    x, z = Input((3,), name="x"), Input((3,), name="z")
    shared = Dense(3, name="shared")
    grouped = Topology([x, z], [add([shared(x), Dense(3)(shared(z))])]).layers_by_depth()
    assert {depth: [layer.name for layer in layers] for depth, layers in grouped.items()} == {
        0: ["lambda_1"], 1: ["dense_1"], 2: ["shared"], 3: ["x", "z"]}  # fmt: skip


def test_every_node_comes_after_those_it_depends_on():
    x = Input((3,))
    middle = Dense(3)(x)
    y = add([middle, Dense(3)(middle)])
    order = finish_order([y])
    assert order[0] is node_of(x) and order[-1] is node_of(y) and len(order) == 4


def test_a_very_deep_network_needs_no_recursion():
    x = y = Input((1,))
    for _ in range(1500):
        layer = Dense(1)
        layer.built, layer.call = True, lambda inputs: inputs
        y = layer(y)
    assert len(Topology([x], [y]).nodes) == 1501


def test_a_tensor_from_elsewhere_is_an_error_that_names_the_layer():
    x, other = Input((3,)), Input((3,), name="other")
    y = Dense(2, name="last")(add([x, other]))
    with pytest.raises(ValueError, match='Graph disconnected.*other:0.*layer "other".*tensor='):
        Topology([x], [y])


def test_two_layers_of_one_name_are_an_error():
    x = Input((3,))
    y = Dense(2, name="twice")(Dense(2, name="twice")(x))
    with pytest.raises(ValueError, match='"twice" is used 2 times'):
        Topology([x], [y])
    assert K.int_shape(y) == (None, 2)
