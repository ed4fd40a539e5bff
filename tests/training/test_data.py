import numpy as np
import pytest

from tfkeras_compat import losses
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.training import data

MATRIX = np.zeros((4, 3))


class DataFrame:
    """Stands for that of pandas, which is known by its name."""

    values = MATRIX


@pytest.mark.parametrize(
    "given", [MATRIX, [MATRIX], {"x": MATRIX}, DataFrame(), {"x": DataFrame()}]
)
def test_one_array_may_be_given_in_many_forms(given):
    (found,) = data.standardize_input_data(given, ["x"], [(None, 3)], exception_prefix="input")
    assert found is MATRIX


def test_a_vector_becomes_a_column():
    for vector in (np.arange(4), [1.0, 2.0, 3.0, 4.0]):
        (found,) = data.standardize_input_data(vector, ["x"], [(None, 1)])
        assert found.shape == (4, 1)


def test_a_dictionary_is_put_in_order():
    given = {"b": MATRIX, "a": MATRIX + 1}
    a, b = data.standardize_input_data(given, ["a", "b"])
    assert a.min() == 1 and b.max() == 0


def test_no_data_for_no_names_is_fine_and_some_are_not():
    assert data.standardize_input_data(None, []) == []
    with pytest.raises(ShapeError, match="expected no data"):
        data.standardize_input_data([MATRIX], [], exception_prefix="input")


def test_unknown_sizes_and_shapes_fit_everything():
    fitting = data.standardize_input_data([MATRIX, MATRIX], ["a", "b"], [(None, None), None])
    assert [array.shape for array in fitting] == [MATRIX.shape, MATRIX.shape]


def test_the_batch_axis_counts_if_asked():
    with pytest.raises(ShapeError, match=r"\(5, 3\) but got array with shape \(4, 3\)"):
        data.standardize_input_data(MATRIX, ["x"], [(5, 3)], exception_prefix="input")
    data.standardize_input_data(MATRIX, ["x"], [(5, 3)], check_batch_axis=False)


def test_categorical_crossentropy_refuses_class_numbers():
    with pytest.raises(ShapeError, match="to_categorical"):
        data.check_loss_and_target_compatibility(
            [np.zeros((4, 1))], [losses.categorical_crossentropy], [(None, 3)]
        )


def test_weights_are_one_by_default_and_multiplied_where_both_are_given():
    y = np.array([[0], [1], [1]])
    assert data.standardize_weights(y).tolist() == [1, 1, 1]
    assert data.standardize_weights(np.zeros((2, 3, 1)), None, None, "temporal").shape == (2, 3)
    both = data.standardize_weights(y, np.array([1.0, 2.0, 3.0]), {0: 10.0, 1: 100.0})
    assert both.tolist() == [10, 200, 300]


def test_class_weights_read_one_hot_targets_and_class_numbers_alike():
    weights = {0: 1.0, 1: 5.0}
    for y in (np.array([0, 1, 1]), np.eye(2)[[0, 1, 1]]):
        assert data.standardize_weights(y, class_weight=weights).tolist() == [1, 5, 5]
    with pytest.raises(ConfigError, match="all classes"):
        data.standardize_weights(np.array([0, 2]), class_weight=weights)
    with pytest.raises(ShapeError, match="3"):
        data.standardize_weights(np.zeros((2, 2, 2)), class_weight=weights)


@pytest.mark.parametrize(
    "y, weights, mode",
    [
        (np.zeros((4, 1)), np.ones((4, 1)), None),
        (np.zeros((4, 1)), np.ones(3), None),
        (np.zeros((4, 1)), None, "temporal"),
        (np.zeros((4, 2, 1)), np.ones(4), "temporal"),
        (np.zeros((4, 1)), None, "spatial"),
    ],
)
def test_weights_that_do_not_fit_are_refused(y, weights, mode):
    with pytest.raises(ValueError):
        data.standardize_weights(y, weights, None, mode)


def test_weights_are_given_by_output():
    assert data.weights_by_output(None, ["a", "b"], "sample_weight") == [None, None]
    assert data.weights_by_output({"b": [1]}, ["a", "b"], "sample_weight") == [None, [1]]
    assert data.weights_by_output({0: 1.0}, ["a"], "class_weight") == [{0: 1.0}]
    with pytest.raises(ShapeError, match="3 elements"):
        data.weights_by_output([[1], [1], [1]], ["a", "b"], "sample_weight")
    with pytest.raises(TypeError, match="sample_weight"):
        data.weights_by_output(np.ones(3), ["a", "b"], "sample_weight")
