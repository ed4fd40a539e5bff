import threading

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input import Input
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import GraphError
from tfkeras_compat.layers import (
    BatchNormalization,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Lambda,
    Masking,
)


def names(variables):
    return [variable.name for variable in variables]


def run(outputs, feeds=None):
    return K.get_session().run(outputs, feeds)


def two_dense(**settings):
    x = Input((3,))
    return Network(x, Dense(1, name="b")(Dense(2, name="a")(x)), **settings)


class Pair(Network):
    """A network of a user that defines its call."""

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.first = Dense(2, name="a", activity_regularizer="l2")
        self.second = BatchNormalization(name="b")

    def call(self, inputs):
        return self.second(self.first(inputs))


# ---- calling ------------------------------------------------------------------------------------


def test_a_network_is_called_like_a_layer_and_shares_its_weights():
    network = two_dense()
    z = tf.placeholder(tf.float32, (None, 3))
    y = network(z)
    data = np.random.rand(2, 3)
    first, second = run([network.output, y], {network.input: data, z: data})
    assert len(tf.global_variables()) == 4
    np.testing.assert_allclose(first, second, rtol=1e-6)


def test_input_and_output_keep_meaning_the_networks_own_after_it_was_called():
    network = two_dense()
    own = network.inputs[0], network.outputs[0]
    y = network(Input((3,)))
    assert (network.input, network.output) == own
    assert (network.input_shape, network.output_shape) == ((None, 3), (None, 1))
    assert network.get_output_at(0) is own[1] and network.get_output_at(1) is y


def test_operations_of_a_call_are_named_by_the_network_and_its_layers():
    network = two_dense(name="net")
    assert network(Input((3,))).name == "net/b/BiasAdd:0"


def test_the_argument_training_replaces_the_learning_phase_inside():
    x = Input((3,))
    network = Network(x, Dropout(0.5)(x))
    z = K.constant(np.ones((50, 3)))
    assert network.uses_learning_phase
    y = network(z, training=True)
    assert not y._uses_learning_phase
    assert (run(y) == 0).any() and not (run(network(z, training=False)) == 0).any()


def test_masks_go_through_a_network():
    x = Input((4,), dtype="int32")
    network = Network(x, Embedding(5, 2, mask_zero=True)(x))
    z = tf.placeholder("int32", (None, 4))
    network(z)
    mask = network.get_output_mask_at(1)
    assert run(mask, {z: [[1, 0, 2, 0]]}).tolist() == [[True, False, True, False]]
    assert network.compute_mask(network.inputs) is network.get_output_mask_at(0)


def test_a_mask_that_comes_in_is_used():
    x = Input((4, 2))
    network = Network(x, Dense(3)(x))
    masked = Masking()
    network(masked(K.placeholder((None, 4, 2))))
    assert network.get_output_mask_at(1) is masked.output_mask


def test_several_inputs_and_outputs_keep_their_order():
    a, b = Input((1,), name="a"), Input((1,), name="b")
    network = Network([b, a], [Lambda(lambda x: x * 2.0)(a), Lambda(lambda x: x * 3.0)(b)])
    outputs = network([K.constant([[1.0]]), K.constant([[10.0]])])
    assert [y.tolist() for y in run(outputs)] == [[[20.0]], [[3.0]]]
    assert network.input_names == ["b", "a"] and network.output_names == ["lambda_1", "lambda_2"]


def test_a_layer_with_arguments_is_called_with_them_again():
    class Times(Layer):
        def call(self, inputs, factor=1.0):
            return inputs * factor

    x = Input((1,))
    network = Network(x, Times()(x, factor=5.0))
    assert run(network(K.constant([[1.0]]))).tolist() == [[5.0]]


def test_a_network_in_a_network_in_a_network():
    innermost = two_dense(name="innermost")
    x, z = Input((3,)), Input((3,))
    middle = Network(x, innermost(x), name="middle")
    outer = Network(z, middle(z), name="outer")
    assert names(outer.weights) == names(innermost.weights) and len(outer.weights) == 4
    data = np.ones((1, 3))
    first, second = run([innermost.output, outer.output], {innermost.input: data, z: data})
    assert first == second


def test_calls_work_from_a_thread_under_another_default_graph():
    network, found = two_dense(), []
    z = tf.placeholder(tf.float32, (None, 3))

    def call():
        with tf.Graph().as_default():
            found.append(network(z))

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    assert found[0].graph is network.graph


def test_compute_output_shape_follows_the_layers():
    x = Input((None, 4))
    network = Network(x, Dense(7)(x))
    assert network.compute_output_shape((5, 6, 4)) == (5, 6, 7)
    with pytest.raises(ValueError, match="1 tensor inputs"):
        network.compute_output_shape([(5, 6, 4), (5, 6, 4)])


# ---- records ------------------------------------------------------------------------------------


def test_updates_are_those_of_the_layers_on_the_networks_own_tensors():
    layer = BatchNormalization()
    layer(K.placeholder((None, 3)))
    x, z = Input((3,)), tf.placeholder(tf.float32, (None, 3))
    network = Network(x, layer(x))
    network(z)
    assert network.updates == layer.get_updates_for(x) == network.get_updates_for(x)
    assert network.get_updates_for(z) == layer.get_updates_for(z)
    assert (len(network.updates), len(layer.updates)) == (2, 6)


def test_updates_and_losses_of_a_nested_network_are_found_from_outside():
    x, z = Input((3,)), Input((3,))
    inner = Network(
        x, BatchNormalization()(Dense(2, kernel_regularizer="l2", activity_regularizer="l1")(x))
    )
    outer = Network(z, inner(z))
    assert len(outer.updates) == 2 and outer.updates == inner.get_updates_for(z)
    assert len(outer.losses) == 2
    assert len(outer.get_losses_for(None)) == 1
    assert not set(map(id, outer.updates)) & set(map(id, inner.updates))


def test_a_frozen_network_has_neither_trainable_weights_nor_updates():
    x = Input((3,))
    network = Network(x, BatchNormalization()(Dense(2)(x)))
    network.trainable = False
    assert network.trainable_weights == network.updates == tf.trainable_variables() == []
    assert len(network.non_trainable_weights) == 6
    assert tf.get_collection(tf.GraphKeys.UPDATE_OPS) == []
    network.trainable = True
    assert len(tf.trainable_variables()) == 4
    assert tf.get_collection(tf.GraphKeys.UPDATE_OPS) == [each.op for each in network.updates]


def test_a_frozen_layer_in_a_network_stays_frozen():
    x = Input((3,))
    frozen = Dense(2, trainable=False, name="frozen")
    network = Network(x, Dense(1, name="free")(frozen(x)))
    assert names(network.trainable_weights) == names(tf.trainable_variables()) == [
        "free/kernel:0", "free/bias:0"]  # fmt: skip


def test_a_layer_that_is_used_twice_has_its_weights_listed_once():
    x, shared = Input((3,)), Dense(3)
    assert len(Network(x, shared(shared(x))).weights) == 2


def test_weights_are_read_and_set_layer_by_layer():
    network = two_dense()
    assert [value.shape for value in network.get_weights()] == [(3, 2), (2,), (2, 1), (1,)]
    network.set_weights([value + 1 for value in network.get_weights()])
    assert network.get_weights()[3].tolist() == [1.0]
    with pytest.raises(ValueError, match="has 4 weights, but set_weights was given 1"):
        network.set_weights([np.ones((3, 2))])


# ---- networks of users --------------------------------------------------------------------------


def test_a_subclass_holds_its_layers_as_attributes():
    network = Pair()
    assert network.layers == [network.first, network.second] and network.weights == []
    x = K.placeholder((None, 3))
    y = network(x)
    assert K.int_shape(y) == (None, 2)
    assert len(network.weights) == 6 and network.get_layer("a") is network.first
    assert len(network.updates) == 2 and network.get_updates_for(x) == network.updates
    assert len(network.losses) == len(network.get_losses_for(x)) == 1
    assert len(network.trainable_weights) == 4


def test_a_subclass_that_is_a_graph_of_layers_is_made_with_its_tensors():
    class Mine(Network):
        def __init__(self, units):
            x = Input((3,))
            super().__init__(inputs=x, outputs=Dense(units)(x), name="mine")

    assert Mine(5).output_shape == (None, 5)


def test_a_subclass_that_forgot_to_call_the_base_is_told():
    class Forgetful(Network):
        def __init__(self):
            self.layer = Dense(2)

    with pytest.raises(RuntimeError, match=r"super\(\).__init__\(\)"):
        Forgetful()


def test_what_is_code_has_no_configuration():
    with pytest.raises(NotImplementedError, match="pair_1.*save_weights"):
        Pair().get_config()


# ---- questions and errors -----------------------------------------------------------------------


def test_keras_1s_names_of_the_arguments_are_understood():
    x = Input((3,))
    with pytest.warns(UserWarning, match="`input`, `output`"):
        assert Network(input=x, output=Dense(2)(x)).output_shape == (None, 2)


def test_layers_are_found_by_name_or_index():
    network = two_dense(name="net")
    assert network.get_layer("a") is network.layers[1] is network.get_layer(index=1)
    with pytest.raises(ValueError, match="No such layer: c. Model net has input_1, a, b"):
        network.get_layer("c")
    with pytest.raises(ValueError, match="index 9 but model net only has 3"):
        network.get_layer(index=9)
    with pytest.raises(ValueError, match="name or layer index"):
        network.get_layer()


def test_a_raw_placeholder_is_no_input_and_the_message_says_how_to_make_it_one():
    raw = tf.placeholder(tf.float32, (None, 3), name="raw")
    with pytest.raises(ValueError, match=r"Network must come from.*raw:0.*Input\(tensor="):
        Network(raw, Dense(2)(raw))


def test_a_raw_placeholder_may_become_an_input_after_layers_were_called_on_it():
    raw = tf.placeholder(tf.float32, (None, 3))
    y = Dense(2)(raw)
    network = Network(Input(tensor=raw), y)
    assert [layer.name for layer in network.layers] == ["input_1", "dense_1"]
    twin = Network.from_config(network.get_config())
    assert twin.output_shape == (None, 2)


def test_a_tensor_from_within_is_no_input():
    x = Input((3,))
    middle = Dense(3, name="middle")(x)
    with pytest.raises(GraphError, match="middle of type `Dense`"):
        Network(middle, Dense(2)(middle))


def test_an_output_that_is_no_tensor_is_an_error():
    with pytest.raises(GraphError, match="must be tensors. Found: 0"):
        Network(Input((3,)), [0])


def test_an_input_given_twice_or_missing_is_an_error():
    x, other = Input((3,)), Input((3,))
    y = Lambda(lambda pair: pair[0] + pair[1])([x, other])
    with pytest.raises(ValueError, match="redundant"):
        Network([x, x], y)
    with pytest.raises(ValueError, match="Graph disconnected"):
        Network(x, y)


def test_a_tensor_that_does_not_fit_is_an_error_that_names_the_inner_layer():
    x = Input((2, 3))
    network = Network(x, Dense(2, name="inside")(Flatten()(x)))
    with pytest.raises(ValueError, match="inside|shape"):
        network(Input((4, 5)))


def test_input_output_shapes_and_masks_stay_the_networks_own_after_it_was_called():
    x = Input((3,))
    network = Network(x, Dense(2)(x))
    network(Input((3,)))
    assert network.input is x and network.output_mask is None
    assert (network.input_shape, network.output_shape) == ((None, 3), (None, 2))
