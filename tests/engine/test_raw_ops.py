"""Plain TensorFlow code between the layers of a model."""

import json

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input import Input
from tfkeras_compat.engine.network import Network
from tfkeras_compat.layers import Dense, Embedding, Lambda

DATA = np.arange(6.0).reshape(2, 3) / 5 - 0.4


def run(outputs, feeds=None):
    return K.get_session().run(outputs, feeds)


def assert_same_on_another_tensor(network):
    """Called anew, the network computes the same; and leaves no new variables."""
    before = len(tf.global_variables())
    z = tf.placeholder(network.inputs[0].dtype, (None, 3))
    y = network(z)
    expected, found = run([network.output, y], {network.input: DATA, z: DATA})
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    assert len(tf.global_variables()) == before
    return y


def assert_survives_configuration(network):
    twin = Network.from_config(json.loads(json.dumps(network.get_config())))
    twin.set_weights(network.get_weights())
    expected, found = run([network.output, twin.output], {network.input: DATA, twin.input: DATA})
    np.testing.assert_allclose(found, expected, rtol=1e-5)
    return twin


def test_a_stretch_of_operations_is_a_layer():
    x = Input((3,))
    network = Network(x, Dense(2, name="b")(tf.nn.relu(Dense(4, name="a")(x)) + 1.0))
    assert [layer.name for layer in network.layers] == ["input_1", "a", "tensor_flow_ops_1", "b"]
    assert_same_on_another_tensor(network)
    assert_survives_configuration(network)


def test_stretches_may_alternate_with_layers_and_end_the_network():
    x = Input((3,))
    h = Dense(4)(tf.tanh(Dense(3)(tf.abs(x))))
    network = Network(x, tf.reduce_sum(h, axis=1, keepdims=True))
    assert len(network.layers) == 6
    assert network.output_shape == network.compute_output_shape((None, 3)) == (None, 1)
    assert_same_on_another_tensor(network)
    assert_survives_configuration(network)


def test_the_networks_own_output_is_the_raw_tensor_itself():
    x = Input((3,))
    y = tf.nn.softmax(Dense(2)(x))
    assert Network(x, y).outputs[0] is y


def test_several_inputs_of_a_stretch_keep_their_places():
    a, b = Input((3,), name="a"), Input((3,), name="z")
    network = Network([b, a], Dense(1)(tf.concat([a, 2.0 * b], axis=1)))
    others = [K.constant(DATA), K.constant(DATA[::-1])]
    twin = Network.from_config(network.get_config())
    twin.set_weights(network.get_weights())
    expected = run(network.output, {b: DATA, a: DATA[::-1]})
    np.testing.assert_allclose(run(network(others)), expected, rtol=1e-5)
    np.testing.assert_allclose(run(twin(others)), expected, rtol=1e-5)


def test_the_second_output_of_a_layer_may_go_into_a_stretch():
    x = Input((3,))
    first, second = Lambda(lambda t: [t[:, :1], t[:, 1:]])(x)
    assert_same_on_another_tensor(Network(x, Dense(2)(first - second)))


@pytest.mark.parametrize("use_resource", [False, True])
def test_raw_variables_are_weights_and_shared_by_all_calls(use_resource):
    x = Input((3,))
    w = tf.get_variable("w", [3, 2], use_resource=use_resource)
    fixed = tf.get_variable("fixed", [2], use_resource=use_resource, trainable=False)
    network = Network(x, tf.matmul(x, w) + fixed)
    assert network.trainable_weights == [w]
    y = assert_same_on_another_tensor(network)
    assert tf.gradients(y, w)[0] is not None
    network.layers[1].trainable = False
    assert tf.trainable_variables() == network.trainable_weights == []


def test_raw_variables_in_a_configuration_are_an_error_that_names_them():
    x = Input((3,))
    network = Network(x, x * tf.Variable(2.0, name="scale"))
    with pytest.raises(ValueError, match="tensor_flow_ops_1.*variables scale:0.*add_weight"):
        network.get_config()


def test_raw_code_may_ask_for_the_learning_phase():
    x = Input((3,))
    h = Dense(3)(x)
    network = Network(x, Dense(2)(K.in_train_phase(h * 2.0, h)))
    twin = assert_survives_configuration(network)
    z = tf.placeholder(tf.float32, (None, 3))
    y = network(z)
    assert network.uses_learning_phase and twin.uses_learning_phase and y._uses_learning_phase
    outputs = [network.output, twin.output, y]
    feeds = {network.input: DATA, twin.input: DATA, z: DATA}
    test = run(outputs, feeds)
    feeds[K.learning_phase()] = 1
    train = run(outputs, feeds)
    np.testing.assert_allclose(test[1:], [test[0]] * 2, rtol=1e-5)
    np.testing.assert_allclose(train, [2 * test[0]] * 3, rtol=1e-5)


def test_a_mask_ends_at_raw_code_also_when_the_network_is_called_again():
    x = Input((3,), dtype="int32")
    network = Network(x, Dense(2)(Embedding(5, 4, mask_zero=True)(x) * 2.0))
    z = tf.placeholder("int32", (None, 3))
    ids = [[1, 0, 2]]
    expected, found = run([network.output, network(z)], {x: ids, z: ids})
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_a_table_is_shared_by_all_calls():
    x = Input((1,), dtype="int64")
    initial = tf.lookup.KeyValueTensorInitializer([1, 2], [5.0, 6.0], tf.int64, tf.float32)
    table = tf.lookup.StaticHashTable(initial, 0.0)
    network = Network(x, Dense(1, kernel_initializer="ones")(table.lookup(x)))
    z = tf.placeholder(tf.int64, (None, 1))
    y = network(z)
    run(tf.tables_initializer())
    assert [each.tolist() for each in run([network.output, y], {x: [[1]], z: [[2]]})] == [
        [[5.0]], [[6.0]]]  # fmt: skip


def test_loops_in_raw_code_run_side_by_side_with_their_copies():
    x = Input((3,))
    start = Dense(3)(x)
    _, h = tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * 2.0), [0, start])
    network = Network(x, Dense(2)(h))
    assert_same_on_another_tensor(network)
    assert_survives_configuration(network)
    assert all(each is not None for each in tf.gradients(network.output, network.weights))


def test_a_branch_in_raw_code_can_be_differentiated_in_a_copy():
    x = Input((3,))
    h = Dense(3)(x)
    network = Network(x, Dense(2)(tf.cond(tf.reduce_sum(h) > 100.0, lambda: -h, lambda: h * 2.0)))
    y = assert_same_on_another_tensor(network)
    gradients = tf.gradients(y, network.weights)
    assert np.abs(run(gradients[0], {y.op.graph.get_tensor_by_name("Placeholder:0"): DATA})).sum()


def test_colocation_with_operations_that_stay_behind_does_not_hinder_a_copy():
    x = Input((3,))
    h = Dense(3)(x)
    with tf.colocate_with(h.op):
        raw = h * 3.0
    assert_same_on_another_tensor(Network(x, Dense(2)(raw)))


def test_an_operation_that_is_only_a_control_dependency_is_not_copied():
    x = Input((3,))
    unfed = tf.placeholder(tf.float32, (), name="unfed")
    h = Dense(3)(x)
    with tf.control_dependencies([tf.print(unfed)]):
        raw = h + 1.0
    y = Network(x, raw)(K.constant(DATA))
    assert run(y).shape == (2, 3)


def test_a_layer_on_a_constant_belongs_to_the_network():
    x = Input((3,))
    weights = Dense(3)(K.constant([[1.0, 2.0]]))
    network = Network(x, Lambda(lambda pair: pair[0] * pair[1])([x, weights]))
    assert_same_on_another_tensor(network)
    twin = Network.from_config(network.get_config())
    assert len(twin.weights) == 2


def test_a_network_with_raw_code_can_be_part_of_another():
    x, z = Input((3,)), Input((3,))
    inner = Network(x, tf.nn.relu(Dense(3)(x)), name="inner")
    assert_survives_configuration(Network(z, tf.sqrt(inner(z) + 1.0)))


def test_a_raw_placeholder_behind_an_output_is_an_error_that_says_what_to_do():
    x = Input((3,))
    rate = tf.placeholder(tf.float32, (), name="rate")
    with pytest.raises(ValueError, match=r"raw placeholders \['rate:0'\].*Input\(tensor="):
        Network(x, Dense(2)(x) * rate)
