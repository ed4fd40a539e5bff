import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers import (
    RNN,
    Dense,
    GRUCell,
    LSTMCell,
    SimpleRNNCell,
    StackedRNNCells,
)

X = np.random.RandomState(1).normal(size=(2, 4)).astype("float32")
H, C = np.random.RandomState(2).normal(size=(2, 2, 3)).astype("float32")
UNITS = 3


def hard_sigmoid(x):
    return np.clip(0.2 * x + 0.5, 0, 1)


def simple_by_hand(x, state, kernel, recurrent, bias):
    return [np.tanh(x @ kernel + state[0] @ recurrent + bias)]


def lstm_by_hand(x, states, kernel, recurrent, bias):
    i, f, c, o = np.split(x @ kernel + states[0] @ recurrent + bias, 4, axis=1)
    carry = hard_sigmoid(f) * states[1] + hard_sigmoid(i) * np.tanh(c)
    return [hard_sigmoid(o) * np.tanh(carry), carry]


def gru_by_hand(x, states, kernel, recurrent, bias):
    z, r, h = np.split(x @ kernel + bias, 3, axis=1)
    of_z, of_r, of_h = np.split(recurrent, 3, axis=1)
    z, r = hard_sigmoid(z + states[0] @ of_z), hard_sigmoid(r + states[0] @ of_r)
    return [z * states[0] + (1 - z) * np.tanh(h + (r * states[0]) @ of_h)]


def gru_reset_after_by_hand(x, states, kernel, recurrent, bias):
    z, r, h = np.split(x @ kernel + bias[0], 3, axis=1)
    of_z, of_r, of_h = np.split(states[0] @ recurrent + bias[1], 3, axis=1)
    z, r = hard_sigmoid(z + of_z), hard_sigmoid(r + of_r)
    return [z * states[0] + (1 - z) * np.tanh(h + r * of_h)]


CELLS = {
    "simple": (SimpleRNNCell, {}, simple_by_hand, [H]),
    "lstm": (LSTMCell, {}, lstm_by_hand, [H, C]),
    "lstm 2": (LSTMCell, {"implementation": 2}, lstm_by_hand, [H, C]),
    "gru": (GRUCell, {}, gru_by_hand, [H]),
    "gru 2": (GRUCell, {"implementation": 2}, gru_by_hand, [H]),
    "gru reset after": (GRUCell, {"reset_after": True}, gru_reset_after_by_hand, [H]),
}


def built(cell, size=4):
    cell.build((None, size))
    return cell


def step(cell, states, **arguments):
    output, new_states = cell.call(
        K.constant(X), [K.constant(state) for state in states], **arguments
    )
    return K.get_session().run([output] + list(new_states))


@pytest.mark.parametrize("name", sorted(CELLS))
def test_a_step_gives_the_numbers_of_its_formula(name):
    kind, arguments, by_hand, states = CELLS[name]
    cell = built(kind(UNITS, bias_initializer="random_normal", **arguments))
    expected = by_hand(X, states, *cell.get_weights())
    found = step(cell, states)
    np.testing.assert_allclose(found[1:], expected, atol=1e-6)
    np.testing.assert_allclose(found[0], expected[0], atol=1e-6)


@pytest.mark.parametrize("name", sorted(CELLS))
def test_dropout_of_one_implementation_leaves_the_test_phase_alone(name):
    kind, arguments, by_hand, states = CELLS[name]
    cell = built(kind(UNITS, dropout=0.5, recurrent_dropout=0.5, **arguments))
    expected = by_hand(X, states, *cell.get_weights())
    np.testing.assert_allclose(step(cell, states, training=False)[1:], expected, atol=1e-6)
    cell.forget_masks()
    assert np.abs(step(cell, states, training=True)[1] - expected[0]).max() > 1e-3


@pytest.mark.parametrize("kind", [LSTMCell, GRUCell])
def test_implementation_1_draws_a_mask_for_each_gate_and_2_one_for_all(kind):
    counts = []
    for implementation in (1, 2):
        cell = built(kind(UNITS, dropout=0.5, implementation=implementation))
        cell.begin(K.constant(X), training=True)
        counts.append((len(cell._dropout_mask), len(cell._recurrent_dropout_mask)))
    assert counts == [(len(kind.gates), 0), (1, 0)]


def test_a_mask_holds_until_it_is_forgotten():
    cell = built(SimpleRNNCell(50, dropout=0.5))
    step(cell, [np.zeros((2, 50))], training=True)
    mask = cell._dropout_mask
    step(cell, [np.zeros((2, 50))], training=True)
    assert cell._dropout_mask is mask
    cell.begin(K.constant(X), training=True)
    assert cell._dropout_mask is not mask


def test_an_lstm_starts_with_a_forget_bias_of_one():
    assert built(LSTMCell(2)).get_weights()[2].tolist() == [0, 0, 1, 1, 0, 0, 0, 0]
    without = built(LSTMCell(2, unit_forget_bias=False, bias_initializer="ones"))
    assert without.get_weights()[2].tolist() == [1] * 8


def test_the_identity_initializes_the_recurrent_kernel_gate_by_gate():
    recurrent = built(GRUCell(2, recurrent_initializer="identity")).get_weights()[1]
    assert recurrent.tolist() == np.tile(np.eye(2), 3).tolist()


def test_the_columns_of_a_gate_are_attributes():
    cell = built(LSTMCell(3))
    kernel, recurrent, bias = cell.get_weights()
    np.testing.assert_array_equal(K.eval(cell.kernel_f), kernel[:, 3:6])
    np.testing.assert_array_equal(K.eval(cell.recurrent_kernel_o), recurrent[:, 9:])
    np.testing.assert_array_equal(K.eval(cell.bias_f), bias[3:6])
    assert built(GRUCell(3, use_bias=False)).bias_z is None


def test_the_configuration_makes_an_equal_cell():
    cell = GRUCell(3, dropout=0.2, reset_after=True, recurrent_regularizer="l2", implementation=2)
    config = cell.get_config()
    assert GRUCell.from_config(config).get_config() == config
    assert (config["dropout"], config["reset_after"], config["implementation"]) == (0.2, True, 2)


def test_a_stack_hands_each_cell_its_states():
    first, second = LSTMCell(3), GRUCell(2)
    stack = built(StackedRNNCells([first, second]))
    state = np.ones((2, 2), "float32")
    found = step(stack, [H, C, state])
    hidden = lstm_by_hand(X, [H, C], *first.get_weights())
    last = gru_by_hand(hidden[0], [state], *second.get_weights())
    assert stack.state_size == (3, 3, 2)
    assert stack.output_size == 2
    for values, expected in zip(found, [last[0]] + hidden + last):
        np.testing.assert_allclose(values, expected, atol=1e-6)


def test_a_stack_may_keep_its_states_in_reverse_order_of_cells():
    with pytest.warns(UserWarning, match="natural order"):
        stack = StackedRNNCells([LSTMCell(3), GRUCell(2)], reverse_state_order=True)
    assert stack.state_size == (2, 3, 3)
    output, h, c = step(built(stack), [np.zeros((2, 2)), H, C])[:3]
    np.testing.assert_array_equal(output, h)
    assert c.shape == (2, 3)
    with pytest.warns(UserWarning):
        assert StackedRNNCells.from_config(stack.get_config()).state_size == (2, 3, 3)


def test_a_stack_holds_the_weights_and_losses_of_its_cells():
    stack = built(StackedRNNCells([LSTMCell(3, kernel_regularizer="l2"), GRUCell(2)]))
    assert len(stack.trainable_weights) == 6
    assert len(stack.losses) == 1
    stack.trainable = False
    assert (len(stack.trainable_weights), len(stack.non_trainable_weights)) == (0, 6)


def test_what_is_no_cell_is_refused():
    with pytest.raises(ConfigError, match="state_size"):
        RNN(Dense(3))
    with pytest.raises(ConfigError, match="call"):
        StackedRNNCells([object()])


class Countdown:
    """A cell that is no layer: its state goes down by one."""

    state_size = 1

    def call(self, inputs, states):
        return inputs + states[0], [states[0] - 1]


class Scaled(Layer):
    """A cell with constants and a training argument."""

    state_size = output_size = 1

    def call(self, inputs, states, training=None, constants=None):
        return inputs * constants[0] * (2 if training else 1), states


def test_cells_of_any_kind_stack():
    x = np.ones((1, 3, 1), "float32")
    layer = RNN([Countdown(), Scaled()], return_sequences=True)
    outputs = layer(K.constant(x), constants=K.constant([[10.0]]), training=True)
    assert K.eval(outputs).ravel().tolist() == [20, 0, -20]


class Zoneout(LSTMCell):
    """A user's cell that builds on ours."""

    def call(self, inputs, states, training=None):
        output, new_states = super().call(inputs, states, training=training)
        return output * 0 + 7, new_states


def test_an_overridden_step_is_the_one_that_is_run():
    layer = RNN(Zoneout(3, dropout=0.5, recurrent_dropout=0.5))
    x = K.constant(np.ones((2, 5, 4)))
    output = layer(x, training=True)
    gradients = K.gradients(output, layer.trainable_weights)
    assert K.eval(output).tolist() == [[7] * 3] * 2
    assert all(gradient is not None for gradient in gradients)
