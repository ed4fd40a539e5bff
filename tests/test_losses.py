import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import losses
from tfkeras_compat._tf import tf
from tfkeras_compat.state.registry import CustomObjectScope

ALIASES = {
    "mse": losses.mean_squared_error,
    "mae": losses.mean_absolute_error,
    "mape": losses.mean_absolute_percentage_error,
    "msle": losses.mean_squared_logarithmic_error,
    "kld": losses.kullback_leibler_divergence,
}
ALIASES.update({name.upper(): function for name, function in ALIASES.items()})
ALIASES["cosine"] = losses.cosine_proximity

NAMES = ["mean_squared_error", "mean_absolute_error", "mean_absolute_percentage_error",
         "mean_squared_logarithmic_error", "squared_hinge", "hinge", "categorical_hinge",
         "logcosh", "categorical_crossentropy", "sparse_categorical_crossentropy",
         "binary_crossentropy", "kullback_leibler_divergence", "poisson",
         "cosine_proximity"]  # fmt: skip

# True and predicted values, and the loss by hand.
BY_HAND = {
    "mean_squared_error": ([1.0, 2.0], [2.0, 4.0], 2.5),
    "mean_absolute_error": ([1.0, 2.0], [2.0, 4.0], 1.5),
    "mean_absolute_percentage_error": ([1.0, 4.0], [2.0, 2.0], 75.0),
    "mean_squared_logarithmic_error": ([0.0, 0.0], [np.e - 1, 0.0], 0.5),
    "squared_hinge": ([1.0, -1.0], [-1.0, -1.0], 2.0),
    "hinge": ([1.0, -1.0], [-1.0, -1.0], 1.0),
    "categorical_hinge": ([0.0, 1.0, 0.0], [1.0, 1.5, 0.0], 0.5),
    "logcosh": ([0.0], [1.0], np.log(np.cosh(1.0))),
    "categorical_crossentropy": ([0.0, 1.0], [0.75, 0.25], np.log(4)),
    "binary_crossentropy": ([0.0, 1.0], [0.75, 0.25], np.log(4)),
    "kullback_leibler_divergence": ([0.5, 0.5], [0.25, 0.75], 0.5 * np.log(4.0 / 3)),
    "poisson": ([2.0], [np.e], np.e - 2),
    "cosine_proximity": ([3.0, 0.0], [1.0, 1.0], -np.sqrt(0.5)),
}


class Weighted:
    """A loss with arguments, as users write them."""

    def __init__(self, weight=1.0):
        self.weight = weight

    def __call__(self, y_true, y_pred):
        return self.weight * losses.mean_squared_error(y_true, y_pred)

    def get_config(self):
        return {"weight": self.weight}


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_the_value_is_the_one_computed_by_hand(name):
    y_true, y_pred, expected = BY_HAND[name]
    value = K.eval(getattr(losses, name)(K.constant([y_true]), K.constant([y_pred])))
    np.testing.assert_allclose(value, [expected], rtol=1e-5)


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_there_is_one_number_per_step_of_each_sample(name):
    y_true, y_pred = (K.constant(np.random.random((2, 3, 4))) for _ in range(2))
    assert K.eval(getattr(losses, name)(y_true, y_pred)).shape == (2, 3)


def test_sparse_and_dense_crossentropy_agree():
    y_pred = np.random.random((5, 3)) + 0.1
    y_pred = K.constant(y_pred / y_pred.sum(axis=-1, keepdims=True))
    labels = np.array([0, 2, 1, 1, 0])
    dense = K.eval(losses.categorical_crossentropy(K.constant(np.eye(3)[labels]), y_pred))
    for y_true in (labels, labels[:, None]):
        sparse = losses.sparse_categorical_crossentropy(K.constant(y_true), y_pred)
        np.testing.assert_allclose(K.eval(sparse), dense, rtol=1e-5)


def test_a_certain_and_wrong_prediction_costs_a_finite_amount():
    y_true, y_pred = K.constant([[1.0, 0.0]]), K.constant([[0.0, 1.0]])
    for name in ("categorical_crossentropy", "binary_crossentropy", "kullback_leibler_divergence"):
        value = K.eval(getattr(losses, name)(y_true, y_pred))
        assert np.isfinite(value).all() and value > 7


@pytest.mark.parametrize("name", NAMES)
def test_a_name_and_its_function_stand_for_each_other(name):
    function = getattr(losses, name)
    assert losses.get(name) is function
    assert losses.deserialize(losses.serialize(function)) is function


@pytest.mark.parametrize("alias", sorted(ALIASES))
def test_an_alias_is_the_function_and_resolves_to_it(alias):
    assert getattr(losses, alias) is ALIASES[alias]
    assert losses.get(alias) is ALIASES[alias]


def test_none_stays_none_and_a_callable_itself():
    assert losses.get(None) is None
    assert losses.get(tf.nn.l2_loss) is tf.nn.l2_loss


@pytest.mark.parametrize("identifier", ["no_such", 5])
def test_anything_else_is_a_value_error_that_names_it(identifier):
    with pytest.raises(ValueError, match=str(identifier)):
        losses.get(identifier)


def test_a_loss_object_goes_through_its_configuration():
    config = losses.serialize(Weighted(0.3))
    assert config == {"class_name": "Weighted", "config": {"weight": 0.3}}
    with CustomObjectScope({"Weighted": Weighted}):
        assert losses.get(config).weight == 0.3
    assert losses.deserialize(config, {"Weighted": Weighted}).weight == 0.3
    with pytest.raises(ValueError, match="Weighted"):
        losses.get(config)


def test_losses_serve_tensorflow_code_with_placeholders():
    labels = tf.placeholder(tf.float32, shape=(None, 3))
    weights = tf.Variable(tf.zeros((3, 3)), dtype=tf.float32)
    preds = tf.nn.softmax(tf.matmul(labels, weights))
    loss = tf.reduce_mean(losses.categorical_crossentropy(labels, preds))
    step = tf.train.GradientDescentOptimizer(0.5).minimize(loss)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        before = session.run(loss, {labels: np.eye(3)})
        session.run(step, {labels: np.eye(3)})
        after = session.run(loss, {labels: np.eye(3)})
    assert before == pytest.approx(np.log(3), rel=1e-5)
    assert after < before


def test_losses_of_double_precision_keep_it():
    y_true, y_pred = (K.constant([[0.25, 0.75]], dtype="float64") for _ in range(2))
    for name in sorted(BY_HAND):
        assert K.dtype(getattr(losses, name)(y_true, y_pred)) == "float64"
