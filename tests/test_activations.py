import warnings

import numpy as np
import pytest

from tfkeras_compat import activations
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.state.registry import CustomObjectScope

NAMES = ["softmax", "elu", "selu", "softplus", "softsign", "relu", "tanh", "sigmoid",
         "hard_sigmoid", "exponential", "linear"]  # fmt: skip


class FakeLayer:
    """What a layer looks like from here."""

    def __call__(self, x):
        return x

    def call(self, x):
        return x

    def get_config(self):
        return {}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_and_its_function_stand_for_each_other(name):
    function = getattr(activations, name)
    assert activations.get(name) is function
    assert activations.deserialize(name) is function
    assert activations.serialize(function) == name


def test_no_activation_is_the_linear_one():
    assert activations.get(None) is activations.linear
    x = K.constant([1.0])
    assert activations.linear(x) is x


def test_functions_are_taken_as_they_are_without_a_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert activations.get(tf.nn.relu) is tf.nn.relu


def test_a_layer_is_taken_with_a_warning_that_names_it():
    layer = FakeLayer()
    with pytest.warns(UserWarning, match="FakeLayer"):
        assert activations.get(layer) is layer


def test_a_layer_has_no_name_to_be_serialized_by():
    with pytest.raises(ValueError, match="FakeLayer"):
        activations.serialize(FakeLayer())


@pytest.mark.parametrize("identifier", ["no_such", 6])
def test_anything_else_is_a_value_error_that_names_it(identifier):
    with pytest.raises(ValueError, match=str(identifier)):
        activations.get(identifier)


def test_custom_names_resolve_inside_their_scope():
    def double(x):
        return 2 * x

    with CustomObjectScope({"double": double}):
        assert activations.get("double") is double
    assert activations.deserialize("double", {"double": double}) is double
    with pytest.raises(ValueError, match="double"):
        activations.get("double")


@pytest.mark.parametrize("shape, axis", [((3, 4), -1), ((2, 3, 4), -1), ((2, 3, 4), 1)])
def test_softmax_sums_to_one_along_its_axis(shape, axis):
    x = K.constant(np.random.normal(size=shape))
    y = K.eval(activations.softmax(x, axis=axis))
    np.testing.assert_allclose(y.sum(axis=axis), 1.0, rtol=1e-6)
    assert (y > 0).all()


def test_softmax_does_not_overflow():
    y = K.eval(activations.softmax(K.constant([[[1000.0, 0.0]]])))
    assert y.tolist() == [[[1.0, 0.0]]]


def test_softmax_of_a_vector_is_an_error():
    with pytest.raises(ValueError, match="two axes"):
        activations.softmax(K.constant([1.0, 2.0]))


def test_softmax_takes_a_tensor_of_unknown_rank():
    x = tf.placeholder(tf.float32)
    with tf.Session() as session:
        y = session.run(activations.softmax(x), {x: [[1.0, 1.0]]})
    assert y.tolist() == [[0.5, 0.5]]


def test_relu_has_a_slope_a_threshold_and_a_ceiling():
    x = K.constant([-1.0, 0.0, 1.0, 2.0, 9.0])
    y = K.eval(activations.relu(x, alpha=0.5, max_value=6.0, threshold=1.0))
    assert y.tolist() == [-1.0, -0.5, 0.0, 2.0, 6.0]


def test_selu_keeps_mean_and_variance():
    y = K.eval(activations.selu(K.constant(np.random.RandomState(1).normal(size=100000))))
    np.testing.assert_allclose([y.mean(), y.std()], [0, 1], atol=0.02)
