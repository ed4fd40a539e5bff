import json

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.registry import deserialize
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import (
    GRU,
    LSTM,
    RNN,
    BatchNormalization,
    Bidirectional,
    Conv2D,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Input,
    LSTMCell,
    Masking,
    SimpleRNN,
    SimpleRNNCell,
    TimeDistributed,
    Wrapper,
)
from tfkeras_compat.models import Model
from tfkeras_compat.state.registry import serialize

X = np.random.RandomState(1).normal(size=(2, 5, 4)).astype("float32")
STATE = np.random.RandomState(2).normal(size=(2, 3)).astype("float32")

BATCH_SIZES = pytest.mark.parametrize("batch_size", [None, 2], ids=["unknown", "known"])


def run(tensors, feed=None):
    return K.get_session().run(tensors, feed)


def sequence(batch_size=None, steps=5):
    return Input(batch_shape=(batch_size, steps, 4))


# ---- TimeDistributed ----------------------------------------------------------------------------


@BATCH_SIZES
@pytest.mark.parametrize("steps", [5, None], ids=["5 steps", "any steps"])
def test_a_layer_is_applied_to_each_step(batch_size, steps):
    layer = TimeDistributed(Dense(3, activation="tanh"))
    x = sequence(batch_size, steps)
    output = layer(x)
    kernel, bias = layer.get_weights()
    np.testing.assert_allclose(run(output, {x: X}), np.tanh(X @ kernel + bias), atol=1e-6)
    assert K.int_shape(output) == (batch_size, steps, 3)
    assert [weight.name for weight in layer.weights] == [
        "time_distributed_1/kernel:0",
        "time_distributed_1/bias:0",
    ]


@BATCH_SIZES
def test_images_in_a_sequence_are_convolved_and_flattened(batch_size):
    x = Input(batch_shape=(batch_size, 3, 6, 7, 2))
    hidden = TimeDistributed(Conv2D(4, 3))(x)
    flat = TimeDistributed(Flatten())(hidden)
    values = np.random.normal(size=(2, 3, 6, 7, 2))
    found = run([hidden, flat], {x: values})
    assert found[0].shape == (2, 3, 4, 5, 4)
    np.testing.assert_array_equal(found[0].reshape((2, 3, -1)), found[1])
    assert K.int_shape(flat) == (batch_size, 3, 80)


def test_wrapped_recurrent_layers_agree_on_both_routes():
    x, fixed = Input((3, 5, 4)), Input(batch_shape=(2, 3, 5, 4))
    layer = TimeDistributed(LSTM(3))
    output = layer(x)
    stepwise = TimeDistributed(layer.layer)(fixed)
    values = np.random.normal(size=(2, 3, 5, 4))
    found = run([output, stepwise], {x: values, fixed: values})
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)


@BATCH_SIZES
def test_batch_normalization_inside_has_its_updates_once(batch_size):
    layer = TimeDistributed(BatchNormalization(momentum=0.5))
    x = sequence(batch_size)
    model = Model(x, layer(x))
    assert [variable.name for variable, _ in layer.updates] == [
        "time_distributed_1/moving_mean:0",
        "time_distributed_1/moving_variance:0",
    ]
    assert model.updates == layer.updates == layer.get_updates_for(x)
    assert layer.get_updates_for(None) == []
    collected = tf.get_collection(tf.GraphKeys.UPDATE_OPS)
    assert collected == [update.op for update in layer.updates]
    run(layer.updates, {x: X, K.learning_phase(): 1})
    mean = K.get_value(layer.layer.moving_mean)
    np.testing.assert_allclose(mean, X.mean((0, 1)), atol=1e-5)


def test_freezing_the_wrapper_freezes_the_layer():
    layer = TimeDistributed(BatchNormalization())
    layer(sequence())
    assert (len(layer.trainable_weights), len(layer.updates)) == (2, 2)
    layer.trainable = False
    assert not layer.layer.trainable
    assert (len(layer.trainable_weights), len(layer.updates)) == (0, 0)
    assert tf.trainable_variables() == []
    layer.layer.trainable = True
    assert layer.trainable
    assert TimeDistributed(Dense(3), trainable=False).layer.trainable is False


@BATCH_SIZES
def test_the_losses_of_the_layer_inside_are_the_wrappers(batch_size):
    layer = TimeDistributed(Dense(3, kernel_regularizer="l2", activity_regularizer="l1"))
    x = sequence(batch_size)
    output = layer(x)
    values, losses = run([output, layer.losses], {x: X})
    kernel = layer.get_weights()[0]
    expected = [0.01 * np.square(kernel).sum(), 0.01 * np.abs(values).sum()]
    np.testing.assert_allclose(losses, expected, rtol=1e-5)
    assert len(layer.get_losses_for(None)) == 1
    assert len(Model(x, output).losses) == 2


@BATCH_SIZES
def test_the_phase_reaches_the_layer_inside(batch_size):
    layer = TimeDistributed(Dropout(0.5))
    x = sequence(batch_size)
    output = layer(x)
    assert layer.uses_learning_phase and output._uses_learning_phase
    ones = np.ones((2, 5, 4))
    assert run(output, {x: ones, K.learning_phase(): 0}).tolist() == ones.tolist()
    assert set(run(output, {x: ones, K.learning_phase(): 1}).ravel()) == {0.0, 2.0}


def test_the_mask_of_the_steps_passes_through():
    padded = X.copy()
    padded[1, 3:] = 0
    x = Input((5, 4))
    output = TimeDistributed(Dense(3))(Masking()(x))
    mask = output._keras_history[0].output_mask
    assert run(mask, {x: padded}).tolist() == [[True] * 5, [True] * 3 + [False] * 2]


def test_a_mask_made_inside_is_unfolded_and_one_with_more_axes_reduced():
    words = np.array([[[1, 2, 0], [0, 0, 0]], [[3, 0, 0], [1, 1, 1]]])
    x = Input((None, 3), dtype="int32")
    embedded = TimeDistributed(Embedding(5, 4, mask_zero=True))(x)
    read = TimeDistributed(LSTM(3))(embedded)
    masks = [tensor._keras_history[0].output_mask for tensor in (embedded, read)]
    inner, outer = run(masks, {x: words})
    assert inner.tolist() == (words > 0).tolist()
    assert outer.tolist() == [[True, False], [True, True]]
    assert run(read, {x: words})[0, 1].tolist() == [0, 0, 0]


def test_a_model_inside_is_computed_once_for_output_and_mask():
    start = Input((4,))
    inner = Model(start, Dense(3)(BatchNormalization()(start)))
    layer = TimeDistributed(inner)
    x = sequence()
    output = layer(x)
    assert len(layer.updates) == 2
    assert run(output, {x: X}).shape == (2, 5, 3)
    assert len(layer.trainable_weights) == 4


def test_less_than_three_axes_are_refused():
    with pytest.raises(ShapeError, match=r"\(batch, time, ...\), found shape \(None, 4\)"):
        TimeDistributed(Dense(3))(Input((4,)))


@pytest.mark.parametrize(
    "layer",
    [
        lambda: TimeDistributed(Dense(3, activation="relu"), name="each", trainable=False),
        lambda: Bidirectional(GRU(3, return_sequences=True), merge_mode="sum"),
        lambda: Bidirectional(RNN([LSTMCell(3), SimpleRNNCell(2)])),
        lambda: Wrapper(Dense(2)),
    ],
    ids=["time", "both", "cells", "wrapper"],
)
def test_the_configuration_makes_an_equal_wrapper(layer):
    wrapper = layer()
    again = deserialize(json.loads(json.dumps(serialize(wrapper))))
    assert again.get_config() == wrapper.get_config()


# ---- Bidirectional ------------------------------------------------------------------------------

MERGED = {
    "sum": lambda forward, backward: forward + backward,
    "mul": lambda forward, backward: forward * backward,
    "ave": lambda forward, backward: (forward + backward) / 2,
    "concat": lambda forward, backward: np.concatenate([forward, backward], axis=-1),
}


def directions(layer, **arguments):
    """What each direction gives on X on its own, the second in the order of time."""
    forward = SimpleRNN(3, **arguments)
    backward = SimpleRNN(3, go_backwards=True, **arguments)
    outputs = [forward(K.constant(X)), backward(K.constant(X))]
    forward.set_weights(layer.get_weights()[:3])
    backward.set_weights(layer.get_weights()[3:])
    forward, backward = run(outputs)
    return forward, backward[:, ::-1] if arguments.get("return_sequences") else backward


@pytest.mark.parametrize("sequences", [False, True])
@pytest.mark.parametrize("mode", sorted(MERGED))
def test_both_directions_are_merged(mode, sequences):
    layer = Bidirectional(SimpleRNN(3, return_sequences=sequences), merge_mode=mode)
    output = layer(K.constant(X))
    expected = MERGED[mode](*directions(layer, return_sequences=sequences))
    np.testing.assert_allclose(run(output), expected, atol=1e-6)
    assert layer.compute_output_shape((2, 5, 4)) == expected.shape


def test_without_merging_both_outputs_come_in_a_list():
    layer = Bidirectional(SimpleRNN(3, return_sequences=True), merge_mode=None)
    outputs = layer(Masking()(K.constant(X)))
    expected = directions(layer, return_sequences=True)
    for found, value in zip(run(outputs), expected):
        np.testing.assert_allclose(found, value, atol=1e-6)
    assert layer.compute_output_shape((2, 5, 4)) == [(2, 5, 3), (2, 5, 3)]
    assert all(mask is not None for mask in layer.output_mask)


def test_a_merge_mode_that_does_not_exist_is_refused():
    with pytest.raises(ConfigError, match="'product'"):
        Bidirectional(LSTM(3), merge_mode="product")


def test_weights_are_named_and_ordered_by_direction():
    layer = Bidirectional(LSTM(3, name="memory"))
    layer(K.constant(X))
    parts = ["kernel:0", "recurrent_kernel:0", "bias:0"]
    assert [weight.name for weight in layer.weights] == [
        "bidirectional_1/%s_memory/%s" % (direction, part)
        for direction in ("forward", "backward")
        for part in parts
    ]
    values = [np.random.normal(size=value.shape) for value in layer.get_weights()]
    layer.set_weights(values)
    np.testing.assert_allclose(K.get_value(layer.backward_layer.cell.kernel), values[3], atol=1e-6)
    given = Bidirectional(LSTM(3), weights=values)
    given(K.constant(X))
    np.testing.assert_allclose(given.get_weights()[4], values[4], atol=1e-6)


@pytest.mark.parametrize("mode", ["concat", None])
def test_the_states_of_both_directions_are_returned(mode):
    layer = Bidirectional(LSTM(3, return_state=True), merge_mode=mode)
    found = run(layer(K.constant(X)))
    states = found[-4:]
    outputs = found[:-4] if mode is None else np.split(found[0], 2, axis=-1)
    np.testing.assert_allclose(outputs[0], states[0], atol=1e-6)
    np.testing.assert_allclose(outputs[1], states[2], atol=1e-6)
    assert len(layer.compute_output_shape((2, 5, 4))) == len(found)


def test_initial_states_are_halved():
    layer = Bidirectional(GRU(3))
    x, forward, backward = sequence(), Input((3,)), Input((3,))
    from_inputs = layer(x, initial_state=[forward, backward])
    raw = layer(x, initial_state=[K.constant(STATE), K.constant(-STATE)])
    model = Model([x, forward, backward], from_inputs)
    again = Model.from_config(model.get_config())
    again.set_weights(model.get_weights())
    values = [X, STATE, -STATE]
    found = run([from_inputs, raw], dict(zip(model.inputs, values)))
    np.testing.assert_allclose(found[0], found[1], atol=1e-6)
    rebuilt = run(again.outputs[0], dict(zip(again.inputs, values)))
    np.testing.assert_allclose(rebuilt, found[0], atol=1e-6)
    with pytest.raises(ShapeError, match="forward layer"):
        layer(x, initial_state=[forward])


def test_both_directions_keep_their_states():
    layer = Bidirectional(GRU(3, stateful=True))
    x = K.placeholder((2, 5, 4))
    step = K.function([x], [layer(x)], updates=layer.updates)
    first, second = step([X])[0], step([X])[0]
    assert np.abs(first - second).max() > 1e-3
    assert len(layer.updates) == 2
    layer.reset_states()
    np.testing.assert_allclose(step([X])[0], first, atol=1e-6)
    layer.reset_states([STATE, 2 * STATE])
    np.testing.assert_array_equal(K.get_value(layer.backward_layer.states[0]), 2 * STATE)


def test_dropout_and_losses_of_both_directions_count():
    layer = Bidirectional(LSTM(3, dropout=0.5, kernel_regularizer="l2", activity_regularizer="l1"))
    output = layer(K.constant(X))
    assert layer.uses_learning_phase
    assert len(layer.losses) == 3
    value, activity = run([output, layer.get_losses_for(layer.input)[0]])
    np.testing.assert_allclose(activity, 0.01 * np.abs(value).sum(), rtol=1e-5)


def test_both_directions_are_frozen_together():
    layer = Bidirectional(LSTM(3), trainable=False)
    layer(K.constant(X))
    assert (len(layer.trainable_weights), len(layer.non_trainable_weights)) == (0, 6)
    assert tf.trainable_variables() == []
    layer.trainable = True
    assert tf.trainable_variables() == layer.weights
    assert Bidirectional(LSTM(3, trainable=False)).trainable is False


class Doubling(SimpleRNNCell):
    def call(self, inputs, states, training=None):
        return super().call(2 * inputs, states, training=training)


def test_a_users_cell_goes_both_ways_without_registration():
    layer = Bidirectional(RNN([Doubling(3), Doubling(2)]))
    assert run(layer(K.constant(X))).shape == (2, 4)


def test_everything_is_under_the_wrappers_name():
    x = K.placeholder((None, 2, 5, 4))
    before = {op.name for op in tf.get_default_graph().get_operations()}
    TimeDistributed(Bidirectional(GRU(3)), name="both")(x)
    made = {op.name for op in tf.get_default_graph().get_operations()} - before
    assert all(name.startswith("both/") for name in made)
