"""Recurrent cells: what goldens do not show."""

import numpy as np
import pytest

import tfkeras_compat.tensorflow as tf
from tfkeras_compat.errors import ConfigError, KindError, ShapeError

cells = tf.nn.rnn_cell


def test_nn_has_the_rest_of_tensorflow():
    from tfkeras_compat.tensorflow import nn

    assert nn.relu is tf.nn.relu
    assert {"rnn_cell", "dynamic_rnn"} <= set(dir(nn))


def test_cells_are_core_layers_with_weights_and_a_configuration():
    cell = cells.LSTMCell(3, use_peepholes=True, activation="relu", initializer="ones")
    assert isinstance(cell, tf.layers.Layer)
    cell(tf.ones([2, 4]), cell.zero_state(2, tf.float32))
    assert len(cell.trainable_weights) == 5
    config = cell.get_config()
    assert (config["num_units"], config["use_peepholes"]) == (3, True)
    assert config["activation"] == "relu"
    assert type(cell).from_config(config).get_config() == config


def test_weights_of_stacks_and_wrappers_are_those_inside():
    inner = cells.GRUCell(3)
    cell = cells.MultiRNNCell([cells.DropoutWrapper(inner, 0.5)])
    cell(tf.ones([2, 3]), cell.zero_state(2, tf.float32))
    assert cell.trainable_weights == inner.trainable_weights == tf.trainable_variables()


def test_states_of_zeros_have_the_structure_and_size_asked_for():
    cell = cells.MultiRNNCell([cells.LSTMCell(3, num_proj=2), cells.GRUCell(4)])
    state = cell.zero_state(tf.placeholder(tf.int32, []), tf.float32)
    assert isinstance(state[0], cells.LSTMStateTuple)
    assert [x.shape.as_list() for x in tf.nest.flatten(state)] == [[None, 3], [None, 2], [None, 4]]
    first = cells.GRUCell(4).get_initial_state(tf.ones([5, 2], tf.float64))
    assert (first.dtype, first.shape.as_list()) == (tf.float64, [5, 4])


def test_raw_rnn_and_a_cell_of_an_older_name():
    from tfkeras_compat.tensorflow.contrib import rnn

    assert rnn.BasicLSTMCell is cells.BasicLSTMCell
    x = tf.TensorArray(tf.float32, 3).unstack(tf.ones([3, 2, 4]))
    cell = cells.GRUCell(5)

    def step(time, output, state, loop_state):
        state = cell.zero_state(2, tf.float32) if output is None else state
        done = time >= 3
        inputs = tf.cond(done, lambda: tf.zeros([2, 4]), lambda: x.read(time))
        inputs.set_shape([2, 4])
        return tf.fill([2], done), inputs, state, output, None

    outputs, _, _ = tf.nn.raw_rnn(cell, step)
    assert outputs.stack().shape.as_list()[1:] == [2, 5]


def test_a_part_of_the_state_is_dropped_as_the_visitor_says():
    def only_carry(state):
        return cells.LSTMStateTuple(c=True, h=False) if isinstance(state, tuple) else True

    inner = cells.LSTMCell(40, initializer=tf.ones_initializer())
    cell = cells.DropoutWrapper(inner, state_keep_prob=0.5, dropout_state_filter_visitor=only_carry)
    _, state = cell(tf.ones([1, 2]), cell.zero_state(1, tf.float32))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        c, h = session.run(state)
    assert (c == 0).any()
    assert (h != 0).all()


def test_keep_probabilities_may_be_fed():
    keep = tf.placeholder_with_default(1.0, [])
    cell = cells.DropoutWrapper(cells.GRUCell(50), output_keep_prob=keep)
    output, _ = cell(tf.ones([1, 2]), cell.zero_state(1, tf.float32))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert (session.run(output) != 0).all()
        assert (session.run(output, {keep: 0.5}) == 0).any()


def test_residual_function_joins_inputs_and_outputs():
    cell = cells.ResidualWrapper(cells.GRUCell(2), lambda x, y: tf.concat([x, y], 1))
    output, _ = cell(tf.ones([1, 3]), cell.zero_state(1, tf.float32))
    assert output.shape.as_list() == [1, 5]


@pytest.mark.parametrize(
    "make, error, words",
    [
        (lambda: cells.MultiRNNCell([]), ConfigError, "at least one cell"),
        (lambda: cells.MultiRNNCell(cells.GRUCell(2)), KindError, "list or tuple"),
        (
            lambda: cells.MultiRNNCell([cells.LSTMCell(2)], state_is_tuple=False),
            ConfigError,
            "state_is_tuple",
        ),
        (lambda: cells.DropoutWrapper(cells.GRUCell(2), 1.5), ConfigError, "between 0 and 1"),
        (lambda: cells.DropoutWrapper(3), KindError, "not an RNNCell"),
        (
            lambda: cells.DropoutWrapper(cells.GRUCell(2), 0.5, variational_recurrent=True),
            ConfigError,
            "dtype",
        ),
        (lambda: cells.GRUCell(2).get_initial_state(), ShapeError, "batch_size"),
        (lambda: cells.GRUCell(2, dtype=tf.int32), ValueError, "floating point"),
        (lambda: cells.RNNCell().state_size, NotImplementedError, "state_size"),
    ],
)
def test_what_no_cell_can_be_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()


def test_a_state_of_two_dtypes_is_refused():
    with pytest.raises(KindError, match="Inconsistent"):
        assert cells.LSTMStateTuple(tf.ones([1]), tf.ones([1], tf.float64)).dtype
    assert cells.LSTMStateTuple(np.ones(1), np.ones(1)).dtype == np.float64
