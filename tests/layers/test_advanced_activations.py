import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import (
    ELU,
    LeakyReLU,
    Masking,
    PReLU,
    ReLU,
    Softmax,
    ThresholdedReLU,
)

X = np.array([[-3.0, -1.0, 0.0, 0.5, 1.0, 8.0]], "float32")


def run(layer, values=X):
    return K.eval(layer(K.constant(values)))


@pytest.mark.parametrize(
    "layer, expected",
    [
        (LeakyReLU(), np.where(X > 0, X, 0.3 * X)),
        (LeakyReLU(alpha=-1), np.abs(X)),
        (ELU(), np.where(X > 0, X, np.expm1(X))),
        (ELU(alpha=0.5), np.where(X > 0, X, 0.5 * np.expm1(X))),
        (ThresholdedReLU(), [[0, 0, 0, 0, 0, 8]]),
        (ThresholdedReLU(theta=-2), [[0, -1, 0, 0.5, 1, 8]]),
        (ReLU(), np.maximum(X, 0)),
        (ReLU(max_value=6), np.clip(X, 0, 6)),
        (ReLU(negative_slope=0.5), np.where(X > 0, X, X / 2)),
        (ReLU(2, negative_slope=0.1, threshold=0.7), [[-0.37, -0.17, -0.07, -0.02, 1, 2]]),
        (Softmax(), np.exp(X) / np.exp(X).sum()),
    ],
)  # fmt: skip
def test_an_activation_computes_its_formula(layer, expected):
    np.testing.assert_allclose(run(layer), expected, rtol=1e-5, atol=1e-6)
    assert layer.compute_output_shape((None, 6)) == (None, 6)


def test_softmax_adds_up_to_one_along_its_axis():
    result = run(Softmax(axis=1), np.random.normal(size=(2, 3, 4)))
    np.testing.assert_allclose(result.sum(axis=1), np.ones((2, 4)), rtol=1e-5)


def test_prelu_has_a_slope_for_each_element_below_zero():
    layer = PReLU(alpha_initializer="ones")
    assert run(layer).tolist() == X.tolist()
    layer.set_weights([np.arange(6.0)])
    assert run(layer).tolist() == [[-0.0, -1.0, 0.0, 0.5, 1.0, 8.0]]
    assert [weight.name for weight in layer.weights] == ["p_re_lu_1/alpha:0"]


@pytest.mark.parametrize("shared, shape", [(1, (1, 4)), ((2,), (3, 1)), ([1, 2], (1, 1))])
def test_prelu_shares_slopes_along_axes_and_expects_the_sizes_of_the_others(shared, shape):
    layer = PReLU(shared_axes=shared)
    layer(K.placeholder((None, 3, 4)))
    assert layer.alpha.shape.as_list() == list(shape)
    assert layer.get_config()["shared_axes"] == (list(shared) if shared != 1 else [1])
    if shared == 1:
        layer(K.placeholder((None, 7, 4)))
        with pytest.raises(ShapeError, match="p_re_lu_1"):
            layer(K.placeholder((None, 3, 5)))


def test_prelu_needs_the_sizes_of_axes_that_are_not_shared():
    with pytest.raises(ShapeError, match="not shared"):
        PReLU(shared_axes=[2])(K.placeholder((None, None, 4)))


def test_prelu_takes_regularizer_constraint_and_keras_1_words():
    with pytest.warns(UserWarning, match="`init`"):
        layer = PReLU(init="ones", alpha_regularizer="l2", alpha_constraint="nonneg")
    run(layer)
    assert len(layer.losses) == 1 and K.eval(layer.alpha).tolist() == [1.0] * 6
    assert layer.alpha.constraint is layer.alpha_constraint


def test_numbers_are_kept_in_the_default_float_type():
    layer = LeakyReLU()
    assert layer.get_config()["alpha"] == float(np.float32(0.3))
    assert ReLU().get_config()["max_value"] is None


@pytest.mark.parametrize("name", ["max_value", "negative_slope"])
def test_relu_refuses_negative_numbers(name):
    with pytest.raises(ConfigError, match="%s of ReLU" % name):
        ReLU(**{name: -2.0})


@pytest.mark.parametrize("kind", [LeakyReLU, PReLU, ELU, ThresholdedReLU, ReLU, Softmax])
def test_an_activation_hands_the_mask_on(kind):
    layer = kind()
    layer(Masking()(K.constant(np.ones((1, 2, 3)))))
    assert K.eval(layer.output_mask).tolist() == [[True, True]]


def test_thresholds_work_in_other_float_types():
    assert K.eval(ThresholdedReLU(0.5)(K.constant([0.2, 2.0], dtype="float64"))).tolist() == [0, 2]
