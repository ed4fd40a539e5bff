import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import constraints
from tfkeras_compat.state.registry import CustomObjectScope

NAMES = {
    "max_norm": constraints.MaxNorm,
    "maxnorm": constraints.MaxNorm,
    "non_neg": constraints.NonNeg,
    "nonneg": constraints.NonNeg,
    "unit_norm": constraints.UnitNorm,
    "unitnorm": constraints.UnitNorm,
    "min_max_norm": constraints.MinMaxNorm,
}

CONFIGURED = [
    constraints.Constraint(),
    constraints.MaxNorm(3, axis=1),
    constraints.NonNeg(),
    constraints.UnitNorm(axis=[0, 1]),
    constraints.MinMaxNorm(1.0, 2.0, rate=0.5, axis=1),
]

WEIGHT = np.array([[0.3, 3.0, -6.0], [0.4, -4.0, 8.0]])  # columns of length 0.5, 5 and 10


def _norms(constraint, axis=0):
    return np.linalg.norm(K.eval(constraint(K.constant(WEIGHT))), axis=axis)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_short_name_is_the_class_and_resolves_to_an_instance(name):
    assert getattr(constraints, name) is NAMES[name]
    assert type(constraints.get(name)) is NAMES[name]
    assert type(constraints.get(NAMES[name].__name__)) is NAMES[name]


def test_max_norm_shortens_only_long_columns():
    np.testing.assert_allclose(_norms(constraints.MaxNorm(5)), [0.5, 5, 5], rtol=1e-5)


def test_unit_norm_makes_every_column_one_long():
    np.testing.assert_allclose(_norms(constraints.UnitNorm()), [1, 1, 1], rtol=1e-5)


def test_min_max_norm_goes_the_given_part_of_the_way():
    np.testing.assert_allclose(_norms(constraints.MinMaxNorm(1, 6)), [1, 5, 6], rtol=1e-5)
    slow = constraints.MinMaxNorm(1, 6, rate=0.5)
    np.testing.assert_allclose(_norms(slow), [0.75, 5, 8], rtol=1e-5)


def test_norms_are_taken_along_the_given_axis():
    np.testing.assert_allclose(_norms(constraints.UnitNorm(axis=1), axis=1), [1, 1], rtol=1e-5)


def test_non_neg_sets_negative_weights_to_zero():
    values = K.eval(constraints.NonNeg()(K.constant(WEIGHT)))
    np.testing.assert_allclose(values, np.maximum(WEIGHT, 0), rtol=1e-6)


def test_a_constraint_leaves_the_variable_itself_alone():
    weight = K.variable(WEIGHT)
    for constraint in CONFIGURED:
        K.eval(constraint(weight) * 1)
    np.testing.assert_allclose(K.get_value(weight), WEIGHT, rtol=1e-6)


@pytest.mark.parametrize("made", CONFIGURED, ids=lambda made: type(made).__name__)
def test_a_configuration_makes_an_equal_constraint(made):
    config = constraints.serialize(made)
    for again in (constraints.deserialize(config), constraints.get(config)):
        assert type(again) is type(made)
        assert again.get_config() == made.get_config()


def test_none_stays_none_and_a_callable_itself():
    function = lambda w: w * 2  # noqa: E731
    assert constraints.get(None) is None
    assert constraints.serialize(None) is None
    assert constraints.get(function) is function


@pytest.mark.parametrize("identifier", ["tight", 5])
def test_anything_else_is_a_value_error_that_names_it(identifier):
    with pytest.raises(ValueError, match=str(identifier)):
        constraints.get(identifier)


def test_custom_names_resolve_inside_their_scope():
    class Halved(constraints.Constraint):
        def __call__(self, w):
            return w / 2

    with CustomObjectScope({"Halved": Halved}):
        np.testing.assert_allclose(_norms(constraints.get("Halved")), [0.25, 2.5, 5], rtol=1e-6)
    with pytest.raises(ValueError, match="Halved"):
        constraints.get("Halved")
