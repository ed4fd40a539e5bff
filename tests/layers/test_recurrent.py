import json

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.registry import deserialize
from tfkeras_compat.errors import ConfigError, GraphError, ShapeError
from tfkeras_compat.layers import (
    GRU,
    LSTM,
    RNN,
    BatchNormalization,
    GRUCell,
    Input,
    LSTMCell,
    Masking,
    SimpleRNN,
)
from tfkeras_compat.models import Model
from tfkeras_compat.state.registry import serialize

KINDS = [SimpleRNN, GRU, LSTM]
STATES = {SimpleRNN: 1, GRU: 1, LSTM: 2}
X = np.random.RandomState(1).normal(size=(2, 5, 4)).astype("float32")
STATE = np.random.RandomState(2).normal(size=(2, 3)).astype("float32")

each_kind = pytest.mark.parametrize("kind", KINDS)


def run(tensors, feed=None):
    return K.get_session().run(tensors, feed)


def like(layer, **changes):
    """A layer with the same weights and other arguments, applied to X."""
    other = type(layer).from_config(dict(layer.get_config(), name=None, **changes))
    output = other(K.constant(X))
    other.set_weights(layer.get_weights())
    return output


@each_kind
def test_a_loop_an_unrolled_loop_and_steps_by_hand_agree(kind):
    layer = kind(3, return_sequences=True)
    looped = layer(K.constant(X))
    unrolled = like(layer, unroll=True)
    states, by_hand = [K.zeros_like(K.constant(STATE))] * STATES[kind], []
    for time in range(5):
        output, states = layer.cell.call(K.constant(X[:, time]), states)
        by_hand.append(output)
    found = run([looped, unrolled, K.stack(by_hand, axis=1)])
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)
    np.testing.assert_allclose(found[0], found[2], atol=1e-6)


@each_kind
def test_sequences_states_and_last_output_belong_together(kind):
    layer = kind(3, return_sequences=True, return_state=True)
    outputs = layer(K.constant(X))
    found = run(outputs + [like(layer, return_sequences=False, return_state=False)])
    assert len(outputs) == 1 + STATES[kind]
    np.testing.assert_allclose(found[0][:, -1], found[1], atol=1e-6)
    np.testing.assert_allclose(found[0][:, -1], found[-1], atol=1e-6)
    assert layer.compute_output_shape((2, 5, 4)) == [(2, 5, 3)] + [(2, 3)] * STATES[kind]


@each_kind
def test_going_backwards_begins_with_the_last_step(kind):
    layer = kind(3, return_sequences=True, go_backwards=True)
    backwards = layer(K.constant(X))
    forwards = kind(3, return_sequences=True)
    reversed_input = forwards(K.constant(X[:, ::-1]))
    forwards.set_weights(layer.get_weights())
    found = run([backwards, reversed_input])
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)


@each_kind
@pytest.mark.parametrize("unroll", [False, True])
def test_a_masked_step_leaves_output_and_states_as_they_were(kind, unroll):
    padded = X.copy()
    padded[1, 3:] = 0
    layer = kind(3, return_sequences=True, return_state=True, unroll=unroll)
    outputs = layer(Masking()(K.constant(padded)))
    short = like(layer, return_sequences=False, return_state=False, unroll=False)
    found = run(outputs)
    np.testing.assert_allclose(found[0][1, 4], found[0][1, 2], atol=1e-7)
    np.testing.assert_allclose(found[1][1], found[0][1, 2], atol=1e-7)
    np.testing.assert_allclose(found[0][0, -1], run(short)[0], atol=1e-6)
    assert layer.output_mask[0] is not None
    assert layer.output_mask[1:] == [None] * STATES[kind]


@each_kind
def test_dropout_needs_the_phase_and_holds_over_the_steps(kind):
    layer = kind(50, dropout=0.5, return_sequences=True)
    output = layer(K.constant(np.ones((2, 5, 4))))
    assert layer.uses_learning_phase
    phase = K.learning_phase()
    train, test = run(output, {phase: 1}), run(output, {phase: 0})
    assert np.abs(train - test).max() > 1e-3
    np.testing.assert_array_equal(test, run(output))
    assert not kind(3)(K.constant(X))._uses_learning_phase


def test_each_call_draws_its_own_dropout_masks():
    layer = LSTM(20, recurrent_dropout=0.5)
    x = K.constant(X)
    first, second = run([layer(x, training=True), layer(x, training=True)])
    assert np.abs(first - second).max() > 1e-3


@each_kind
def test_names_and_order_of_weights_are_those_of_keras_2(kind):
    layer = kind(3)
    with tf.name_scope("block"):
        layer(K.constant(X))
    names = [weight.name for weight in layer.weights]
    expected = ["kernel", "recurrent_kernel", "bias"]
    assert names == ["block/%s/%s:0" % (layer.name, name) for name in expected]
    assert layer.count_params() == sum(np.prod(value.shape) for value in layer.get_weights())


@each_kind
def test_the_configuration_is_flat_and_makes_an_equal_layer(kind):
    layer = kind(3, activation="relu", dropout=0.1, activity_regularizer="l2", unroll=True)
    config = json.loads(json.dumps(layer.get_config()))
    assert "cell" not in config
    assert (config["units"], config["dropout"], config["unroll"]) == (3, 0.1, True)
    again = deserialize(json.loads(json.dumps(serialize(layer))))
    assert type(again) is kind
    assert again.get_config() == layer.get_config()


def test_the_arguments_of_the_cell_are_read_and_set_at_the_layer():
    layer = LSTM(3, kernel_initializer="zeros", recurrent_activation="sigmoid")
    assert layer.units == layer.cell.units == 3
    assert layer.kernel_initializer is layer.cell.kernel_initializer
    layer.recurrent_dropout = 0.25
    assert layer.cell.recurrent_dropout == 0.25
    assert layer.get_config()["recurrent_dropout"] == 0.25
    assert LSTM.units.name == "units"


def test_implementation_0_means_1():
    with pytest.warns(UserWarning, match="implementation=0"):
        layer = GRU(3, implementation=0)
    assert layer.implementation == 1
    assert LSTM.from_config({"units": 3, "implementation": 0}).implementation == 1
    assert SimpleRNN.from_config({"units": 3, "implementation": 1}).units == 3
    with pytest.warns(UserWarning, match="deprecated"):
        SimpleRNN(3, implementation=1)


def test_the_words_of_keras_1_are_understood():
    with pytest.warns(UserWarning, match="Keras 1"):
        layer = LSTM(output_dim=3, inner_activation="sigmoid", dropout_W=0.1, consume_less="gpu")
    assert (layer.units, layer.dropout, layer.implementation) == (3, 0.1, 2)
    assert LSTM(3, input_dim=4, input_length=5).batch_input_shape == (None, 5, 4)
    assert LSTM(3, input_dim=4).batch_input_shape == (None, None, 4)


@each_kind
def test_an_initial_state_may_be_an_input_a_tensor_or_a_variable(kind):
    count = STATES[kind]
    layer = kind(3)
    x = Input(batch_shape=(2, 5, 4))
    inputs = [Input((3,)) for _ in range(count)]
    from_inputs = layer(x, initial_state=inputs)
    as_list = layer([x] + inputs)
    raw = layer(x, initial_state=[K.constant(STATE)] * count)
    variable = layer(x, initial_state=[K.variable(STATE)] * count)
    feed = dict.fromkeys(inputs, STATE)
    feed[x] = X
    found = run([from_inputs, as_list, raw, variable], feed)
    for other in found[1:]:
        np.testing.assert_allclose(found[0], other, atol=1e-6)
    assert layer.get_input_at(0) == [x] + inputs
    assert layer.get_input_at(2) is x
    zero = run(layer(x, initial_state=[K.zeros((2, 3)) for _ in range(count)]), {x: X})
    np.testing.assert_allclose(zero, run(layer(x), {x: X}), atol=1e-6)


def test_a_model_with_initial_states_is_rebuilt_and_called_anew():
    x, h, c = Input((5, 4)), Input((3,)), Input((3,))
    model = Model([x, h, c], LSTM(3)(x, initial_state=[h, c]))
    again = Model.from_config(model.get_config())
    again.set_weights(model.get_weights())
    values = [K.constant(X), K.constant(STATE), K.constant(STATE)]
    found = run([model(values), again(values), model.layers[-1](values)])
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)
    np.testing.assert_allclose(found[0], found[2], atol=1e-6)


def test_states_that_do_not_fit_are_refused():
    x = Input((5, 4))
    with pytest.raises(ShapeError, match="has 2 states but was passed 1"):
        LSTM(3)(x, initial_state=K.constant(STATE))
    with pytest.raises(ShapeError, match=r"sizes \[3\], found \[4\]"):
        GRU(3)(x, initial_state=Input((4,)))
    with pytest.raises(GraphError, match="mix of"):
        LSTM(3)(x, initial_state=[Input((3,)), K.constant(STATE)])
    with pytest.raises(GraphError, match="both"):
        GRU(3)([x, Input((3,))], initial_state=Input((3,)))


def test_unrolling_needs_the_number_of_steps():
    with pytest.raises(ShapeError, match="time dimension"):
        LSTM(3, unroll=True)(Input((None, 4)))


# ---- stateful -----------------------------------------------------------------------------------


@each_kind
def test_a_stateful_layer_goes_on_where_the_last_batch_ended(kind):
    layer = kind(3, stateful=True)
    x = K.placeholder((2, 5, 4))
    output = layer(x)
    variables = [variable for variable, _ in layer.updates]
    assert all(mine is kept for mine, kept in zip(variables, layer.states))
    step = K.function([x], [output], updates=layer.updates)
    first = step([X])[0]
    second = step([X])[0]
    np.testing.assert_allclose(K.get_value(layer.states[0]), second, atol=1e-6)
    assert np.abs(first - second).max() > 1e-3
    layer.reset_states()
    np.testing.assert_allclose(step([X])[0], first, atol=1e-6)


def test_the_updates_of_a_stateful_layer_are_pairs_and_operations():
    layer = LSTM(3, stateful=True)
    layer(K.constant(X))
    run(tf.group(*layer.updates))
    moved = K.batch_get_value(layer.states)
    np.testing.assert_allclose(moved[0], run(like(layer, stateful=False)), atol=1e-6)
    layer.reset_states()
    run([tf.assign(old, new) for old, new in layer.updates])
    np.testing.assert_allclose(K.batch_get_value(layer.states), moved, atol=1e-6)
    in_collection = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    assert in_collection == [update.op for update in layer.updates]
    assert not {v.name for v in layer.states} & {v.name for v in tf.trainable_variables()}
    assert layer.get_updates_for(layer.input) == layer.updates


def test_states_are_set_from_arrays():
    layer = LSTM(3, stateful=True)
    layer(K.constant(X))
    layer.reset_states([STATE, 2 * STATE])
    np.testing.assert_array_equal(K.get_value(layer.states[1]), 2 * STATE)
    with pytest.raises(ShapeError, match="expects 2 states"):
        layer.reset_states(STATE)
    with pytest.raises(ShapeError, match="State 1 .* found shape=\\(2, 4\\)"):
        layer.reset_states([STATE, np.ones((2, 4))])
    with pytest.raises(AttributeError, match="stateful"):
        LSTM(3).reset_states()


def test_a_stateful_layer_needs_the_batch_size():
    with pytest.raises(ShapeError, match="batch size"):
        LSTM(3, stateful=True)(Input((5, 4)))
    with pytest.raises(ShapeError, match="batch size"):
        LSTM(3, stateful=True).reset_states()


# ---- losses, freezing, places -------------------------------------------------------------------


@each_kind
def test_regularizers_give_losses(kind):
    layer = kind(3, kernel_regularizer="l2", recurrent_regularizer="l1", activity_regularizer="l2")
    output = layer(K.constant(X))
    kernel, recurrent = layer.get_weights()[:2]
    output, losses = run([output, layer.losses])
    expected = [
        0.01 * values
        for values in (np.square(kernel).sum(), np.abs(recurrent).sum(), np.square(output).sum())
    ]
    np.testing.assert_allclose(sorted(losses), sorted(expected), rtol=1e-5)
    assert len(layer.get_losses_for(None)) == 2


def test_a_frozen_layer_is_frozen_for_any_optimizer():
    frozen, layer = LSTM(3, trainable=False), GRU(3)
    for each in (frozen, layer):
        each(K.constant(X))
    assert frozen.trainable_weights == []
    assert len(frozen.non_trainable_weights) == 3
    assert tf.trainable_variables() == layer.weights
    layer.trainable = False
    frozen.trainable = True
    assert tf.trainable_variables() == frozen.weights


@each_kind
def test_everything_a_layer_makes_is_on_its_device_and_under_its_name(kind):
    x = K.placeholder((2, 5, 4))
    before = {op.name for op in tf.get_default_graph().get_operations()}
    with tf.device("/cpu:1"):
        kind(3, name="memory", dropout=0.3, stateful=True)(x)
    made = [op for op in tf.get_default_graph().get_operations() if op.name not in before]
    outside = [op.name for op in made if not op.name.startswith("memory/")]
    assert outside == ["keras_learning_phase/input", "keras_learning_phase"]
    # TensorFlow 2 writes no device on reads: they are put where their variable is.
    placed = [op for op in made if op.type != "ReadVariableOp"]
    assert [op.name for op in placed if not op.device.endswith("CPU:1")] == outside


def test_a_layer_may_be_built_inside_a_while_loop_and_used_outside():
    layer = GRU(4, dropout=0.2)
    x = K.constant(X)

    def body(count, y):
        return count + 1, layer(x * (1 + y[0, 0]), training=False)

    _, looped = tf.while_loop(lambda count, y: count < 3, body, (0, tf.zeros((2, 4))))
    outside = tf.zeros((2, 4))
    for _ in range(3):
        outside = layer(x * (1 + outside[0, 0]), training=False)
    found = run([looped, outside])
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)


def test_a_layer_works_in_a_graph_that_is_not_the_default():
    graph = tf.Graph()
    with graph.as_default():
        x = K.placeholder((2, 5, 4))
        layer = LSTM(3, stateful=True)
    output = layer(x)
    assert output.graph is graph
    with tf.Session(graph=graph) as session:
        with graph.as_default():
            session.run(tf.global_variables_initializer())
        assert session.run(output, {x: X}).shape == (2, 3)


@each_kind
def test_gradients_reach_all_weights_through_the_loop(kind):
    layer = kind(3, recurrent_dropout=0.2)
    looped = layer(K.constant(X), training=False)
    states = [K.zeros_like(K.constant(STATE))] * STATES[kind]
    layer.cell.forget_masks()
    for time in range(5):
        output, states = layer.cell.call(K.constant(X[:, time]), states, training=False)
    weights = layer.trainable_weights
    found = run([K.gradients(K.sum(y), weights) for y in (looped, output)])
    for mine, theirs in zip(*found):
        np.testing.assert_allclose(mine, theirs, atol=1e-5)


# ---- user's cells -------------------------------------------------------------------------------


def sum_of_squares(weight):
    return K.sum(K.square(weight))


class Attentive(Layer):
    """A cell with constants: adds the constant to its state."""

    def __init__(self, units, **kwargs):
        self.units = units
        self.state_size = units
        super().__init__(**kwargs)

    def build(self, input_shape):
        (_, size), (_, constant_size) = input_shape
        self.kernel = self.add_weight(name="kernel", shape=(size, self.units))
        self.of_constant = self.add_weight(
            name="of_constant", shape=(constant_size, self.units), regularizer=sum_of_squares
        )
        self.built = True

    def call(self, inputs, states, constants):
        output = K.dot(inputs, self.kernel) + K.dot(constants[0], self.of_constant) + states[0]
        return output, [output]

    def get_config(self):
        return dict(super().get_config(), units=self.units)


def test_constants_reach_the_cell_and_survive_the_configuration():
    x, constant, state = Input((5, 4)), Input((6,)), Input((3,))
    layer = RNN(Attentive(3))
    plain = layer(x, constants=constant)
    with_state = layer(x, initial_state=state, constants=constant)
    model = Model([x, constant, state], [plain, with_state])
    again = Model.from_config(model.get_config(), custom_objects={"Attentive": Attentive})
    again.set_weights(model.get_weights())
    feed = {x: X, constant: np.ones((2, 6)), state: STATE}
    found = run(model.outputs, feed)
    np.testing.assert_allclose(found[1] - found[0], STATE, atol=1e-5)
    fed_again = dict(zip(again.inputs, [X, np.ones((2, 6)), STATE]))
    np.testing.assert_allclose(run(again.outputs, fed_again), found, atol=1e-5)
    assert len(layer.losses) == 1
    assert [weight.name for weight in layer.weights] == ["rnn_1/kernel:0", "rnn_1/of_constant:0"]
    assert layer.get_config()["num_constants"] == 1


def test_constants_that_the_cell_does_not_take_are_refused():
    with pytest.raises(ConfigError, match="does not support constants"):
        RNN(LSTMCell(3))(Input((5, 4)), constants=Input((6,)))


class Normalizing(Layer):
    """A cell with a layer inside whose updates belong to single steps."""

    state_size = 4

    def build(self, input_shape):
        self.inner = BatchNormalization()
        self.inner.build(input_shape)

    def call(self, inputs, states, training=None):
        output = self.inner.call(inputs, training=training) + states[0]
        return output, [output]


def test_updates_of_single_steps_are_not_those_of_the_layer():
    layer = RNN(Normalizing())
    output = layer(K.constant(X))
    assert layer.updates == []
    assert tf.get_collection(tf.GraphKeys.UPDATE_OPS) == []
    assert layer.uses_learning_phase
    assert run(output, {K.learning_phase(): 1}).shape == (2, 4)


def test_stacked_cells_make_a_layer_with_the_weights_of_all():
    layer = RNN([LSTMCell(3), GRUCell(2)], return_state=True)
    outputs = layer(K.constant(X))
    assert [value.shape for value in run(outputs)] == [(2, 2), (2, 3), (2, 3), (2, 2)]
    assert [weight.name for weight in layer.weights][::3] == ["rnn_1/kernel:0", "rnn_1/kernel_1:0"]
    config = layer.get_config()
    again = RNN.from_config(json.loads(json.dumps(config)))
    assert again.get_config() == config
