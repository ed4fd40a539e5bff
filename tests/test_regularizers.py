import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import regularizers
from tfkeras_compat.state.registry import CustomObjectScope


def _penalty(regularizer):
    return float(K.eval(regularizer(K.constant([[1.0, -2.0], [0.0, 3.0]]))))


def test_l1_sums_sizes_and_l2_squares():
    assert _penalty(regularizers.l1(0.5)) == pytest.approx(3.0)
    assert _penalty(regularizers.l2(0.5)) == pytest.approx(7.0)
    assert _penalty(regularizers.l1_l2(l1=0.5, l2=0.25)) == pytest.approx(6.5)


def test_without_factors_the_penalty_is_the_number_zero():
    assert regularizers.L1L2()(K.constant([1.0])) == 0.0
    assert regularizers.Regularizer()(K.constant([1.0])) == 0.0


@pytest.mark.parametrize("name, l1, l2", [("l1", 0.01, 0), ("l2", 0, 0.01), ("l1_l2", 0.01, 0.01)])
def test_a_name_gives_the_default_factors(name, l1, l2):
    for made in (regularizers.get(name), getattr(regularizers, name)()):
        assert made.get_config() == pytest.approx({"l1": l1, "l2": l2})


def test_factors_can_be_called_l():
    assert regularizers.l1(l=0.5).get_config() == {"l1": 0.5, "l2": 0.0}
    assert regularizers.l2(l=0.5).get_config() == {"l1": 0.0, "l2": 0.5}


def test_a_configuration_makes_an_equal_regularizer():
    made = regularizers.L1L2(l1=0.1, l2=0.2)
    config = regularizers.serialize(made)
    assert config["class_name"] == "L1L2"
    for again in (regularizers.deserialize(config), regularizers.get(config)):
        assert again.get_config() == made.get_config()


def test_none_stays_none_and_a_callable_itself():
    function = lambda x: K.sum(x)  # noqa: E731
    assert regularizers.get(None) is None
    assert regularizers.serialize(None) is None
    assert regularizers.get(function) is function


@pytest.mark.parametrize("identifier", ["l3", 5])
def test_anything_else_is_a_value_error_that_names_it(identifier):
    with pytest.raises(ValueError, match=str(identifier)):
        regularizers.get(identifier)


def test_custom_names_resolve_inside_their_scope():
    class Largest(regularizers.Regularizer):
        def __call__(self, x):
            return K.max(x)

        def get_config(self):
            return {}

    with CustomObjectScope({"Largest": Largest}):
        assert _penalty(regularizers.get("Largest")) == 3.0
        assert _penalty(regularizers.deserialize(regularizers.serialize(Largest()))) == 3.0
    with pytest.raises(ValueError, match="Largest"):
        regularizers.get("Largest")
