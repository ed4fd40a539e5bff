import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.backend import fused
from tfkeras_compat.backend.fused import scan

TIME, BATCH, UNITS = 4, 3, 2


@pytest.fixture
def form(request, monkeypatch):
    if request.param == "loop":
        monkeypatch.setattr(scan, "MOST_UNROLLED_STEPS", 0)


in_both_forms = pytest.mark.parametrize("form", ["each step", "loop"], indirect=True)


def numbers(*shape):
    return tf.constant(np.random.uniform(-2, 2, shape))


def gates_of(z, activation):
    return [getattr(K, activation)(each) for each in z]


def lstm_step(x, states, kernel, activation, recurrent_activation):
    i, f, g, o = tf.split(x + K.dot(states[0], kernel), 4, axis=1)
    i, f, o = gates_of([i, f, o], recurrent_activation)
    carry = f * states[1] + i * getattr(K, activation)(g)
    hidden = o * getattr(K, activation)(carry)
    return hidden, [hidden, carry]


def looped(step, x, states):
    _, outputs, states = K.rnn(step, tf.transpose(x, [1, 0, 2]), states)
    return [tf.transpose(outputs, [1, 0, 2])] + list(states)


def worst_difference(pairs):
    """The largest difference between values, and between gradients of a sum of all results."""
    weights = [numbers(*result.get_shape().as_list()) for result in pairs[0][0]]
    fetched = []
    for results, sources in pairs:
        loss = sum(tf.reduce_sum(weight * result) for weight, result in zip(weights, results))
        fetched.append(list(results) + tf.gradients(loss, sources))
    ours, theirs = K.get_session().run(fetched)
    return max(np.abs(a - b).max() for a, b in zip(ours, theirs))


@in_both_forms
@pytest.mark.parametrize("recurrent_activation", sorted(fused.GATES))
@pytest.mark.parametrize("activation", ["relu", "tanh"])
def test_an_lstm_and_its_gradients_are_those_of_the_loop(activation, recurrent_activation, form):
    sources = [numbers(TIME, BATCH, 4 * UNITS), numbers(UNITS, 4 * UNITS)]
    sources += [numbers(BATCH, UNITS), numbers(BATCH, UNITS)]
    x, kernel, hidden, carry = sources
    expected = looped(
        lambda x, states: lstm_step(x, states, kernel, activation, recurrent_activation),
        x,
        [hidden, carry],
    )
    ours = fused.lstm(x, kernel, hidden, carry, activation, recurrent_activation)
    assert worst_difference([(ours, sources), (expected, sources)]) < 1e-12


def test_a_gradient_has_a_gradient():
    x, kernel = numbers(TIME, BATCH, 3 * UNITS), numbers(UNITS, 3 * UNITS)
    outputs, _ = fused.gru(x, kernel, numbers(BATCH, UNITS), "tanh", "sigmoid")
    first = tf.gradients(tf.reduce_sum(outputs**2), kernel)[0]
    second = tf.gradients(tf.reduce_sum(first**2), kernel)[0]
    run, start, step = K.get_session().run, K.eval(kernel), 1e-5
    moved = np.zeros_like(start)
    moved[1, 2] = step
    above, below = (run(first, {kernel: start + sign * moved}) for sign in (1, -1))
    expected = (np.sum(above**2) - np.sum(below**2)) / (2 * step)
    assert run(second)[1, 2] == pytest.approx(expected, rel=1e-6)


def block_sources():
    shapes = [(TIME, BATCH, 2), (2, 4 * UNITS), (UNITS, 4 * UNITS), (4 * UNITS,)]
    return [tf.cast(numbers(*shape), tf.float32) for shape in shapes + [(BATCH, UNITS)] * 2]


def test_tensorflows_lstm_has_the_gradients_of_ours():
    sources = block_sources()
    x, kernel, recurrent_kernel, bias, hidden, carry = sources
    ours = fused.block_lstm(*sources)
    same = fused.lstm(K.dot(x, kernel) + bias, recurrent_kernel, hidden, carry, "tanh", "sigmoid")
    ours, same = ([tf.cast(each, tf.float64) for each in results] for results in (ours, same))
    assert worst_difference([(ours, sources), (same, sources)]) < 1e-5


def test_a_gradient_that_has_no_gradient_says_so(monkeypatch):
    monkeypatch.setattr(scan, "MOST_UNROLLED_STEPS", 0)
    x, kernel = numbers(TIME, BATCH, UNITS), numbers(UNITS, UNITS)
    by_loop = fused.simple_rnn(x, kernel, numbers(BATCH, UNITS), "tanh")
    sources = block_sources()
    by_operation = fused.block_lstm(*sources)
    for (outputs, *_), source in ((by_loop, kernel), (by_operation, sources[0])):
        first = tf.gradients(outputs, source)[0]
        with pytest.raises(LookupError, match="unroll=True"):
            tf.gradients(first, source)
