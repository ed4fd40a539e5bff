from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input import Input
from tfkeras_compat.engine.node import label, mask_of
from tfkeras_compat.layers import Dense, Lambda, Masking


def test_a_call_is_a_node_between_the_layers_on_both_sides():
    x = Input((3,))
    first, second = Dense(2, name="a"), Dense(2, name="b")
    y = second(first(x))
    (node,) = second._inbound_nodes
    assert node.inbound_layers == [first] and node.outbound_layer is second
    assert first._outbound_nodes == [node]
    assert node.output_tensors == [y] and node.input_tensors == [first.output]
    assert node.get_config() == {
        "outbound_layer": "b",
        "inbound_layers": ["a"],
        "node_indices": [0],
        "tensor_indices": [0],
    }


def test_an_input_that_no_layer_made_has_no_layer_in_the_node():
    layer = Dense(2)
    layer(K.placeholder((None, 3)))
    assert layer._inbound_nodes[0].get_config()["inbound_layers"] == [None]


def test_a_call_that_fails_leaves_no_node():
    def fail(x):
        raise RuntimeError("no")

    x, layer = Input((3,)), Lambda(fail)
    try:
        layer(x)
    except RuntimeError:
        pass
    assert layer._inbound_nodes == x._keras_history[0]._outbound_nodes == []


def test_the_history_of_a_tensor_names_the_layer_the_call_and_the_output():
    layer = Lambda(lambda x: [x[:, :1], x[:, 1:]])
    layer(Input((3,)))
    second = layer(Input((4,)))[1]
    assert second._keras_history == (layer, 1, 1)
    assert second._keras_shape == (None, 3)


def test_the_node_of_an_input_comes_from_nowhere():
    layer = Input((3,))._keras_history[0]
    (node,) = layer._inbound_nodes
    assert node.is_source() and node.get_config()["inbound_layers"] == []


def test_the_mask_of_a_tensor_is_the_one_of_its_call():
    layer = Masking()
    y = layer(K.placeholder((None, 4, 2)))
    assert mask_of(y) is layer.output_mask
    assert mask_of(tf.constant(1.0)) is None


def test_a_label_carries_what_the_original_wrote_on_a_tensor():
    x = tf.constant([1.0])
    label(x, None, 2, 1, (1,), True)
    assert (x._keras_history, x._keras_shape, x._uses_learning_phase) == ((None, 2, 1), (1,), True)


def test_arguments_of_the_call_are_kept():
    layer = Lambda(lambda x: x)
    layer(K.placeholder((None, 4)), mask=None)
    assert layer._inbound_nodes[0].arguments == {"mask": None}
