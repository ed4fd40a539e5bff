import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import losses, metrics
from tfkeras_compat.state.registry import CustomObjectScope

ALSO_LOSSES = ["mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error",
               "mean_squared_logarithmic_error", "hinge", "logcosh", "squared_hinge",
               "categorical_crossentropy", "sparse_categorical_crossentropy",
               "binary_crossentropy", "kullback_leibler_divergence", "poisson", "cosine_proximity",
               "mse", "MSE", "mae", "MAE", "mape", "MAPE", "msle", "MSLE", "cosine"]  # fmt: skip

OWN = ["binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy",
       "top_k_categorical_accuracy", "sparse_top_k_categorical_accuracy"]  # fmt: skip

PREDICTIONS = [[0.3, 0.2, 0.1], [0.1, 0.2, 0.7]]


def _value(name, y_true, y_pred, dtype=None, **arguments):
    metric = getattr(metrics, name)
    return K.eval(metric(K.constant(y_true, dtype=dtype), K.constant(y_pred), **arguments)).tolist()


@pytest.mark.parametrize("name", ALSO_LOSSES)
def test_a_loss_is_a_metric_under_the_same_name(name):
    assert getattr(metrics, name) is getattr(losses, name)
    assert metrics.get(name) is getattr(losses, name)


@pytest.mark.parametrize("name", OWN)
def test_a_name_and_its_function_stand_for_each_other(name):
    function = getattr(metrics, name)
    assert metrics.get(name) is function
    assert metrics.deserialize(metrics.serialize(function)) is function


def test_binary_accuracy_is_the_part_that_is_right_and_one_half_is_a_no():
    assert _value("binary_accuracy", [[0, 1, 1, 0]], [[0.2, 0.8, 0.1, 0.3]]) == [0.75]
    assert _value("binary_accuracy", [[0], [1]], [[0.5], [0.5]]) == [1.0, 0.0]


def test_categorical_accuracy_is_one_number_per_sample():
    assert _value("categorical_accuracy", [[1, 0, 0], [1, 0, 0]], PREDICTIONS) == [1.0, 0.0]


@pytest.mark.parametrize("y_true", [[0, 0], [[0], [0]]])
@pytest.mark.parametrize("dtype", ["float32", "int32", "int64"])
def test_sparse_categorical_accuracy_takes_class_numbers_of_any_type(y_true, dtype):
    assert _value("sparse_categorical_accuracy", y_true, PREDICTIONS, dtype) == [1.0, 0.0]


def test_sparse_categorical_accuracy_counts_every_step():
    y_pred = np.random.random((2, 4, 3))
    labels = np.random.randint(0, 3, (2, 4))
    dense = _value("categorical_accuracy", np.eye(3)[labels], y_pred)
    assert _value("sparse_categorical_accuracy", labels, y_pred) == dense
    assert _value("sparse_categorical_accuracy", labels[..., None], y_pred) == dense


@pytest.mark.parametrize("k, expected", [(1, [0, 0]), (2, [1, 0]), (3, [1, 1])])
def test_top_k_accuracy_asks_for_the_k_best(k, expected):
    dense, sparse = [[0, 1, 0], [1, 0, 0]], [1, 0]
    assert _value("top_k_categorical_accuracy", dense, PREDICTIONS, k=k) == expected
    for y_true in (sparse, [[label] for label in sparse]):
        assert _value("sparse_top_k_categorical_accuracy", y_true, PREDICTIONS, k=k) == expected


def test_top_k_is_five_unless_told():
    y_pred = [[6.0, 5.0, 4.0, 3.0, 2.0, 1.0]] * 2
    assert _value("sparse_top_k_categorical_accuracy", [4, 5], y_pred) == [1, 0]
    assert _value("top_k_categorical_accuracy", np.eye(6)[[4, 5]], y_pred) == [1, 0]


def test_a_callable_is_taken_as_it_is():
    function = lambda y_true, y_pred: K.mean(y_pred)  # noqa: E731
    assert metrics.get(function) is function


@pytest.mark.parametrize("identifier", ["no_such", 5, None])
def test_anything_else_is_a_value_error_that_names_it(identifier):
    with pytest.raises(ValueError, match=str(identifier)):
        metrics.get(identifier)


def test_a_metric_object_goes_through_its_configuration():
    class Above:
        def __init__(self, limit):
            self.limit = limit

        def get_config(self):
            return {"limit": self.limit}

    config = metrics.serialize(Above(0.7))
    with CustomObjectScope({"Above": Above}):
        assert metrics.get(config).limit == 0.7
    assert metrics.deserialize(config, {"Above": Above}).limit == 0.7
