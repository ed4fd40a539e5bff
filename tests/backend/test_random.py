import numpy as np
import pytest

from tfkeras_compat import backend as K

DRAWS = {
    K.random_normal: {"mean": 1.0, "stddev": 2.0},
    K.truncated_normal: {"mean": 1.0, "stddev": 2.0},
    K.random_uniform: {"minval": -1.0, "maxval": 3.0},
    K.random_binomial: {"p": 0.5},
}


@pytest.mark.parametrize("draw", DRAWS)
def test_random_tensors_have_the_mean_and_the_dtype_asked_for(draw):
    values = K.eval(draw((200, 200), dtype="float64", **DRAWS[draw]))
    assert values.dtype == np.float64
    assert abs(values.mean() - (0.5 if draw is K.random_binomial else 1.0)) < 0.05


def test_the_spread_is_that_asked_for():
    assert abs(K.eval(K.random_normal((200, 200), stddev=2.0)).std() - 2) < 0.05
    truncated = K.eval(K.truncated_normal((200, 200), mean=1.0, stddev=2.0))
    assert np.abs(truncated - 1).max() <= 4
    uniform = K.eval(K.random_uniform((200, 200), -1.0, 3.0))
    assert -1 <= uniform.min() < -0.9 < 2.9 < uniform.max() < 3
    assert set(np.unique(K.eval(K.random_binomial((20, 20), p=0.5)))) == {0, 1}


@pytest.mark.parametrize("draw", DRAWS)
def test_without_a_seed_the_seed_is_drawn_from_numpy(draw):
    def draw_twice():
        np.random.seed(7)
        return [draw((4, 4), **DRAWS[draw]) for _ in range(2)]

    first, second = K.function([], draw_twice())([])
    again, _ = K.function([], draw_twice())([])
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, second)


def test_the_float_type_is_the_default_one():
    assert K.dtype(K.random_normal((2,))) == K.floatx()
