"""Gradients that are written out, against those of TensorFlow for the same formula."""

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.backend import fused
from tfkeras_compat.backend.fused import cross_entropy

RANDOM = np.random.RandomState(0)
MARGIN = 1e-7


def clipped(x):
    return tf.minimum(tf.maximum(x, K.constant(MARGIN, x.dtype)), K.constant(1 - MARGIN, x.dtype))


def categorical(target, output, axis=-1):
    shares = clipped(output / tf.reduce_sum(output, axis, keepdims=True))
    return -tf.reduce_sum(target * tf.log(shares), axis)


def binary(target, output):
    output = clipped(output)
    logits = tf.log(output / (1 - output))
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=target, logits=logits)


def mean(scores, weights):
    share = tf.reduce_mean(tf.cast(tf.not_equal(weights, 0), scores.dtype))
    return tf.reduce_mean(scores * weights / share)


def with_gradients(function, arrays, dtype):
    tensors = [K.constant(array, dtype) for array in arrays]
    result = function(*tensors)
    weights = K.constant(np.linspace(1, 2, int(np.prod(K.int_shape(result)))), dtype)
    total = tf.reduce_sum(tf.reshape(result, [-1]) * weights)
    return [result] + tf.gradients(total, tensors)


def compare(written, plain, arrays, dtype, tolerance):
    found = with_gradients(written, arrays, dtype)
    expected = with_gradients(plain, arrays, dtype)
    for one, other in zip(*K.get_session().run([found, expected])):
        np.testing.assert_allclose(one, other, rtol=tolerance, atol=tolerance)


DTYPES = pytest.mark.parametrize("dtype, tolerance", [("float32", 2e-6), ("float64", 1e-13)])


@DTYPES
@pytest.mark.parametrize("axis", [-1, 1])
def test_categorical_crossentropy_has_the_gradient_of_its_formula(dtype, tolerance, axis):
    target, output = RANDOM.rand(3, 4, 5), RANDOM.rand(3, 4, 5)
    output[0, 0] = [0, 0, 1, 0, 0]  # clipped at both ends: no gradient
    compare(
        lambda t, o: cross_entropy.categorical_crossentropy(t, o, MARGIN, axis),
        lambda t, o: categorical(t, o, axis),
        [target, output],
        dtype,
        tolerance,
    )


@DTYPES
def test_binary_crossentropy_has_the_gradient_of_its_formula(dtype, tolerance):
    target, output = RANDOM.rand(6, 5), RANDOM.uniform(0.05, 0.95, size=(6, 5))
    output[0, :2] = [0, 1]
    compare(
        lambda t, o: cross_entropy.binary_crossentropy(t, o, MARGIN),
        binary,
        [target, output],
        dtype,
        tolerance,
    )


@DTYPES
def test_a_weighted_mean_has_the_gradient_of_its_formula(dtype, tolerance):
    weights = RANDOM.rand(6, 2)
    weights[0] = 0
    compare(cross_entropy.weighted_mean, mean, [RANDOM.rand(6, 2), weights], dtype, tolerance)


@pytest.mark.parametrize("noise_shape", [None, (4, 1, 3)])
def test_dropout_passes_the_gradient_of_what_it_kept(noise_shape):
    x, phase = K.constant(RANDOM.rand(4, 2, 3)), tf.placeholder(tf.bool, [])
    y = fused.dropout(x, 0.25, noise_shape, 1, phase)
    (of_x,) = tf.gradients(y, [x], [K.constant(np.full((4, 2, 3), 3.0))])
    run = K.get_session().run
    dropped, gradient, value = run([y, of_x, x], {phase: True})
    assert 0 < np.count_nonzero(dropped) < dropped.size
    np.testing.assert_allclose(dropped, np.where(dropped != 0, value / 0.75, 0), rtol=1e-6)
    np.testing.assert_allclose(gradient, np.where(dropped != 0, 4.0, 0), rtol=1e-6)
    passed, gradient, value = run([y, of_x, x], {phase: False})
    np.testing.assert_array_equal(passed, value)
    np.testing.assert_array_equal(gradient, np.full((4, 2, 3), 3.0))


def test_gradients_have_gradients():
    x, phase = K.constant(RANDOM.rand(2, 3)), tf.constant(True)
    for function, plain in (
        (lambda: cross_entropy.categorical_crossentropy(x * x, x, MARGIN, -1), categorical),
        (lambda: cross_entropy.binary_crossentropy(x * x, x, MARGIN), binary),
    ):
        (first,), (expected,) = tf.gradients(function(), [x]), tf.gradients(plain(x * x, x), [x])
        seconds = [tf.gradients(first, [x])[0], tf.gradients(expected, [x])[0]]
        found, wanted = K.get_session().run(seconds)
        np.testing.assert_allclose(found, wanted, rtol=1e-4, atol=1e-4)
    dropped = fused.dropout(x * x, 0.5, None, 1, phase)
    (first,) = tf.gradients(dropped, [x])
    found, y, value = K.get_session().run([tf.gradients(first, [x])[0], dropped, x])
    np.testing.assert_allclose(found, np.where(y != 0, 4.0, 0), rtol=1e-5)


def test_dropout_in_a_loop_has_a_gradient():
    x, phase = K.constant(np.ones((2, 3))), tf.placeholder(tf.bool, [])

    def body(time, y):
        return time + 1, fused.dropout(y * 2, 0.5, None, 1, phase)

    _, y = tf.while_loop(lambda time, _: time < 3, body, [0, x])
    gradient = tf.gradients(y, [x])[0]
    run = K.get_session().run
    assert run(gradient, {phase: False}).tolist() == np.full((2, 3), 8.0).tolist()
    dropped, found = run([y, gradient], {phase: True})
    np.testing.assert_array_equal(dropped, found)
