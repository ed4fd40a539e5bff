import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ShapeError

BATCH, TIME, FEATURES, UNITS = 2, 4, 3, 5
MASK = np.array([[0, 1, 0, 1], [1, 1, 0, 0]])
FORMS = pytest.mark.parametrize("unroll", [True, False])


def numbers(*shape):
    return np.random.uniform(-1, 1, shape).astype("float32")


def reference(x, kernel, recurrent, state, mask=None, go_backwards=False):
    """What a simple recurrent network with output ``2 * state`` gives, in numpy."""
    order = range(TIME)[::-1] if go_backwards else range(TIME)
    output, outputs = np.zeros((BATCH, UNITS), "float32"), []
    for time in order:
        new = np.tanh(x[:, time].dot(kernel) + state.dot(recurrent))
        keeps = np.ones((BATCH, 1)) if mask is None else mask[:, time, np.newaxis]
        state = np.where(keeps, new, state)
        output = np.where(keeps, 2 * new, output)
        outputs.append(output)
    return output, np.stack(outputs, axis=1), state


def make_step(kernel, recurrent):
    kernel, recurrent = K.constant(kernel), K.constant(recurrent)

    def step(x, states):
        new = K.tanh(K.dot(x, kernel) + K.dot(states[0], recurrent))
        return 2 * new, [new]

    return step


@FORMS
@pytest.mark.parametrize("mask", [None, MASK, MASK.astype("float32"), MASK.astype(bool)])
@pytest.mark.parametrize("go_backwards", [False, True])
def test_steps_follow_each_other_and_a_mask_holds_output_and_state(unroll, mask, go_backwards):
    x, state = numbers(BATCH, TIME, FEATURES), numbers(BATCH, UNITS)
    kernel, recurrent = numbers(FEATURES, UNITS), numbers(UNITS, UNITS)
    last, outputs, states = K.rnn(
        make_step(kernel, recurrent), K.constant(x), [K.constant(state)], unroll=unroll,
        go_backwards=go_backwards, mask=None if mask is None else tf.constant(mask),
    )  # fmt: skip
    found = K.function([], [last, outputs] + list(states))([])
    expected = reference(x, kernel, recurrent, state, mask, go_backwards)
    for ours, theirs in zip(found, expected):
        np.testing.assert_allclose(ours, theirs, rtol=1e-5, atol=1e-5)


@FORMS
def test_an_output_is_zero_until_the_mask_lets_a_step_through(unroll):
    x = K.ones((1, 3, 2))
    mask = tf.constant([[0, 0, 1]])
    _, outputs, _ = K.rnn(lambda x, states: (x + 1, states), x, [K.ones((1, 2))], mask=mask,
                          unroll=unroll)  # fmt: skip
    assert K.eval(outputs).tolist() == [[[0, 0], [0, 0], [2, 2]]]


@FORMS
def test_states_of_any_rank_are_held(unroll):
    def step(x, states):
        return x, [states[0] + 1, states[1] + 1]

    _, _, states = K.rnn(
        step, K.zeros((2, 4, 1)), [tf.zeros([2]), tf.zeros([2, 3, 2])],
        mask=tf.constant(MASK[:, ::-1].copy()), unroll=unroll,
    )  # fmt: skip
    counts, blocks = K.function([], list(states))([])
    assert counts.tolist() == [2, 2]
    assert blocks.tolist() == [[[2, 2]] * 3] * 2


@FORMS
def test_constants_come_after_the_states_and_there_may_be_no_states(unroll):
    def step(x, states):
        assert isinstance(states, list) and len(states) == 1
        return x * states[0], []

    inputs = tf.placeholder_with_default(numbers(BATCH, TIME, 2, 2), [None, TIME, 2, 2])
    last, outputs, states = K.rnn(step, inputs, [], constants=[tf.constant(3.0)], unroll=unroll)
    given, found, end = K.function([], [inputs, outputs, last])([])
    np.testing.assert_allclose(found, 3 * given, rtol=1e-6)
    np.testing.assert_allclose(end, 3 * given[:, -1], rtol=1e-6)
    assert len(states) == 0


@FORMS
def test_static_shapes_are_known_afterwards(unroll):
    step = make_step(numbers(FEATURES, UNITS), numbers(UNITS, UNITS))
    inputs = K.placeholder((None, TIME, FEATURES))
    start = tf.zeros([tf.shape(inputs)[0], UNITS])
    last, outputs, states = K.rnn(step, inputs, [start], unroll=unroll)
    assert K.int_shape(last) == (None, UNITS)
    assert K.int_shape(outputs) == (None, TIME, UNITS)
    assert K.int_shape(states[0]) == (None, UNITS)


def test_a_loop_takes_any_number_of_steps():
    inputs = K.placeholder((None, None, 1))
    last, outputs, _ = K.rnn(lambda x, s: (x + s[0], [x + s[0]]), inputs, [tf.zeros([1, 1])])
    add_up = K.function([inputs], [last, outputs])
    for count in (1, 5):
        last_value, all_values = add_up([np.ones((1, count, 1))])
        assert last_value == count and all_values.shape == (1, count, 1)


@FORMS
def test_gradients_go_through_the_steps_and_around_masked_ones(unroll):
    x = tf.constant(numbers(1, 3, 1))
    weight = tf.constant([[2.0]])

    def step(x, states):
        new = tf.matmul(states[0], weight) + x
        return new, [new]

    last, outputs, _ = K.rnn(step, x, [tf.ones([1, 1])], mask=tf.constant([[1, 0, 1]]),
                             unroll=unroll)  # fmt: skip
    gradient = K.eval(tf.gradients(last, x)[0])
    assert gradient.ravel().tolist() == [2, 0, 1]
    gradient = K.eval(tf.gradients(K.sum(outputs), x)[0])
    assert gradient.ravel().tolist() == [4, 0, 1]


def test_a_loop_works_inside_another_loop_and_has_a_gradient_there():
    weight = tf.constant(1.0)

    def outer(index, total):
        last, _, _ = K.rnn(lambda x, s: (x * weight + s[0], [x * weight + s[0]]),
                           tf.ones([1, 3, 1]), [tf.zeros([1, 1])])  # fmt: skip
        return index + 1, total + K.sum(last)

    _, total = tf.while_loop(lambda index, _: index < 2, outer, [tf.constant(0), tf.constant(0.0)])
    assert K.function([], [total] + tf.gradients(total, weight))([]) == [6, 6]


def test_every_operation_of_a_loop_carries_the_device_of_its_scope():
    inputs = K.placeholder((2, TIME, FEATURES))
    step = make_step(numbers(FEATURES, UNITS), numbers(UNITS, UNITS))
    graph = tf.get_default_graph()
    before = set(graph.get_operations())
    with tf.device("/cpu:0"):
        K.rnn(step, inputs, [tf.zeros([2, UNITS])], mask=tf.constant(MASK))
    made = [op for op in graph.get_operations() if op not in before]
    assert [op.name for op in made if not op.device] == []


def test_what_does_not_fit_is_explained():
    def step(x, states):
        return x, states

    with pytest.raises(ShapeError, match="batch, time"):
        K.rnn(step, K.placeholder((2, 3)), [])
    with pytest.raises(ShapeError, match="fixed number of timesteps"):
        K.rnn(step, K.placeholder((2, None, 3)), [], unroll=True)
    with pytest.raises(ShapeError, match="samples, time"):
        K.rnn(step, K.placeholder((2, 4, 3)), [], mask=K.placeholder((2, 4, 1)))
