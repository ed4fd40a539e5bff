import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ShapeError


def numbers(*shape):
    return np.random.uniform(-2, 2, shape).astype("float32")


def placeholder_of(array, shape):
    return tf.placeholder_with_default(array, shape)


@pytest.mark.parametrize("x_shape, y_shape", [
    ((2, 3), (3, 4)), ((2, 5, 3), (3, 4)), ((2, 3), (4, 3, 5)), ((2, 6, 3), (4, 3, 5)),
])  # fmt: skip
def test_dot_multiplies_the_last_axis_with_the_second_to_last(x_shape, y_shape):
    x, y = numbers(*x_shape), numbers(*y_shape)
    product = K.dot(K.constant(x), K.constant(y))
    expected = np.dot(x, y)
    assert K.int_shape(product) == expected.shape
    np.testing.assert_allclose(K.eval(product), expected, rtol=1e-5, atol=1e-5)


def test_dot_works_with_unknown_sizes_and_keeps_the_known_ones():
    x, y = numbers(2, 5, 3), numbers(3, 4)
    product = K.dot(placeholder_of(x, [None, None, 3]), K.constant(y))
    assert K.int_shape(product) == (None, None, 4)
    np.testing.assert_allclose(K.eval(product), np.dot(x, y), rtol=1e-5, atol=1e-5)


def test_dot_takes_a_sparse_matrix():
    sparse = tf.SparseTensor([[0, 2], [1, 0]], [2.0, 3.0], [2, 3])
    product = K.eval(K.dot(sparse, K.constant([[1, 1], [10, 10], [100, 200]])))
    assert product.tolist() == [[200, 400], [3, 3]]


@pytest.mark.parametrize("x_shape, y_shape, axes, equation", [
    ((4, 3), (4, 3), None, "bi,bi->b"),
    ((4, 3), (4, 3, 2), None, "bi,bij->bj"),
    ((4, 5, 3), (4, 3), None, "bji,bi->bj"),
    ((4, 5, 3), (4, 3, 2), None, "bji,bik->bjk"),
    ((4, 3, 5), (4, 2, 3), (1, 2), "bij,bki->bjk"),
    ((4, 5, 3), (4, 2, 3), -1, "bji,bki->bjk"),
    ((4, 2, 3, 5), (4, 6, 3), (2, 2), "bjik,bli->bjkl"),
    ((4, 3, 2), (4, 6, 3, 5), (1, 2), "bij,bkil->bjkl"),
])  # fmt: skip
@pytest.mark.parametrize("is_known", [True, False])
def test_batch_dot_multiplies_sample_by_sample(x_shape, y_shape, axes, equation, is_known):
    x, y = numbers(*x_shape), numbers(*y_shape)
    shapes = (x_shape, y_shape) if is_known else ([None] * x.ndim, [None] * y.ndim)
    product = K.batch_dot(placeholder_of(x, shapes[0]), placeholder_of(y, shapes[1]), axes=axes)
    expected = np.einsum(equation, x, y)
    expected = expected[:, np.newaxis] if expected.ndim == 1 else expected
    np.testing.assert_allclose(K.eval(product), expected, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("x_shape, y_shape, axes, message", [
    ((4,), (4, 3), None, "rank 2 or more"),
    ((4, 3), (5, 3), None, "same batch size"),
    ((4, 3), (4, 3), 0, "axis 0"),
    ((4, 3), (4, 2), 1, "same size"),
    ((4, 3, 3), (4, 3, 3), ((1, 2), 1), "one axis of each"),
])  # fmt: skip
def test_batch_dot_explains_what_does_not_fit(x_shape, y_shape, axes, message):
    with pytest.raises(ShapeError, match=message):
        K.batch_dot(K.placeholder(x_shape), K.placeholder(y_shape), axes=axes)


@pytest.mark.parametrize("name", ["max", "min", "sum", "prod", "mean", "var", "std", "any", "all"])
def test_reductions_are_those_of_numpy(name):
    x = numbers(2, 3, 4)
    ours, theirs = getattr(K, name), getattr(np, name)
    for axis in (None, 1, -1, (0, 2)):
        for keepdims in (False, True):
            expected = theirs(x, axis=axis, keepdims=keepdims)
            found = K.eval(ours(K.constant(x), axis=axis, keepdims=keepdims))
            assert found.shape == np.shape(expected)
            np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-5)


def test_booleans_count_as_numbers_in_mean_and_variance():
    flags = tf.constant([True, False, True, True])
    assert K.eval(K.mean(flags)) == 0.75
    assert K.eval(K.var(flags)) == 0.1875


@pytest.mark.parametrize("name", ["argmax", "argmin"])
def test_positions_of_extremes_are_along_the_last_axis_by_default(name):
    x = numbers(3, 4)
    assert K.eval(getattr(K, name)(K.constant(x))).tolist() == getattr(np, name)(x, -1).tolist()


def test_running_sums_and_products_go_along_the_first_axis_by_default():
    x = numbers(3, 2)
    np.testing.assert_allclose(K.eval(K.cumsum(K.constant(x))), np.cumsum(x, 0), rtol=1e-5)
    np.testing.assert_allclose(K.eval(K.cumprod(K.constant(x), 1)), np.cumprod(x, 1), rtol=1e-5)


def test_logsumexp_does_not_overflow():
    assert np.isclose(K.eval(K.logsumexp(K.constant([500.0, 500.0]))), 500 + np.log(2))


def test_l2_normalize_gives_vectors_of_length_one():
    x = numbers(3, 4)
    expected = x / np.linalg.norm(x, axis=1, keepdims=True)
    np.testing.assert_allclose(K.eval(K.l2_normalize(K.constant(x), axis=1)), expected, rtol=1e-5)


@pytest.mark.parametrize("name", ["square", "abs", "exp", "round", "sign", "sin", "cos"])
def test_element_wise_functions_are_those_of_numpy(name):
    x = numbers(3, 4)
    found = K.eval(getattr(K, name)(K.variable(x)))
    np.testing.assert_allclose(found, getattr(np, name)(x), rtol=1e-5, atol=1e-6)


def test_roots_of_negative_numbers_are_zero():
    assert K.eval(K.sqrt(K.constant([-4, 0, 4]))).tolist() == [0, 0, 2]


def test_pow_and_log_undo_each_other():
    x = K.constant([1, 2, 3])
    np.testing.assert_allclose(K.eval(K.log(K.pow(x, 2))), 2 * np.log([1, 2, 3]), rtol=1e-6)


@pytest.mark.parametrize("bounds, expected", [
    ((-1, 1), [-1, 0, 1]), ((None, 1), [-3, 0, 1]), ((-1, None), [-1, 0, 3]), ((2, 1), [2, 2, 2]),
])  # fmt: skip
def test_clip_moves_values_into_the_interval(bounds, expected):
    assert K.eval(K.clip(K.constant([-3, 0, 3]), *bounds)).tolist() == expected


@pytest.mark.parametrize("name", ["equal", "not_equal", "greater", "greater_equal", "less",
                                  "less_equal", "maximum", "minimum"])  # fmt: skip
def test_comparisons_are_element_by_element(name):
    x, y = np.float32([1, 2, 3]), np.float32([3, 2, 1])
    found = K.eval(getattr(K, name)(K.constant(x), K.constant(y)))
    assert found.tolist() == getattr(np, name)(x, y).tolist()


def test_gather_picks_rows_of_a_variable():
    rows = K.gather(K.variable([[1, 1], [2, 2], [3, 3]]), K.constant([[2, 0]], dtype="int32"))
    assert K.eval(rows).tolist() == [[[3, 3], [1, 1]]]


def test_transpose_reverses_the_axes():
    assert K.int_shape(K.transpose(K.constant(numbers(2, 3, 4)))) == (4, 3, 2)
