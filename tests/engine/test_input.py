import numpy as np
import pytest
from scipy import sparse

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input import Input, InputLayer, sources_of
from tfkeras_compat.engine.network import Network
from tfkeras_compat.layers import Dense, Lambda


def layer_of(tensor):
    return tensor._keras_history[0]


@pytest.mark.parametrize(
    "arguments, expected",
    [
        ({"shape": (4, 3)}, (None, 4, 3)),
        ({"shape": 100}, (None, 100)),  # the announcement's Input(shape=(100))
        ({"shape": ()}, (None,)),
        ({"shape": [4]}, (None, 4)),
        ({"batch_shape": (2, 3)}, (2, 3)),
    ],
)
def test_the_shape_is_given_with_or_without_the_batch_axis(arguments, expected):
    x = Input(**arguments)
    assert K.int_shape(x) == expected and K.is_placeholder(x)


def test_inputs_are_named_and_counted():
    assert [Input((3,)).name, Input((3,)).name, Input((3,), name="x").name] == [
        "input_1:0", "input_2:0", "x:0"]  # fmt: skip


def test_a_raw_placeholder_is_wrapped_as_it_is():
    raw = tf.placeholder("int32", (None, 3))
    x = Input(tensor=raw)
    assert x is raw and layer_of(x).is_placeholder
    assert (layer_of(x).dtype, layer_of(x).batch_input_shape) == ("int32", (None, 3))


def test_a_wrapped_tensor_that_is_no_placeholder_is_not_fed():
    x = Input(tensor=tf.constant(np.ones((2, 3), "float32")))
    network = Network(x, Dense(1)(x))
    assert network._feed_inputs == [] and network.inputs == [x]
    assert K.get_session().run(network.output).shape == (2, 1)


def test_the_tutorials_input_layer_may_name_the_batch_axis_of_the_tensor():
    raw = tf.placeholder(tf.float32, (None, 784))
    layer = InputLayer(input_tensor=raw, input_shape=(None, 784))
    assert layer.batch_input_shape == (None, 784) and layer.output is raw


@pytest.mark.parametrize(
    "arguments, expected",
    [
        ({"input_shape": (784,)}, (None, 784)),
        ({"input_shape": (784,), "batch_size": 5}, (5, 784)),
        ({"batch_input_shape": (5, 784)}, (5, 784)),
    ],
)
def test_an_input_layer_makes_its_placeholder(arguments, expected):
    layer = InputLayer(**arguments)
    assert layer.batch_input_shape == expected == K.int_shape(layer.output)


def test_keras_1s_name_of_the_dtype_is_understood():
    with pytest.warns(UserWarning, match="`input_dtype`"):
        assert InputLayer(input_shape=(3,), input_dtype="int32").dtype == "int32"


def test_a_sparse_input_is_fed_from_a_scipy_matrix():
    x = Input((3,), sparse=True)
    assert K.is_sparse(x) and layer_of(x).is_placeholder
    layer = Dense(2, use_bias=False, kernel_initializer="ones")
    network = Network(x, layer(x))
    matrix = sparse.csr_matrix(np.array([[0.0, 2.0, 0.0], [1.0, 0.0, 5.0]]))
    (values,) = K.function(network.inputs, network.outputs)([matrix])
    assert values.tolist() == [[2.0, 2.0], [6.0, 6.0]]


def test_an_input_layer_is_rebuilt_from_its_configuration():
    layer = InputLayer(batch_input_shape=(None, 3), dtype="int32", sparse=True, name="x")
    assert layer.get_config() == {
        "batch_input_shape": (None, 3), "dtype": "int32", "sparse": True, "name": "x"}  # fmt: skip
    assert InputLayer.from_config(layer.get_config()).get_config() == layer.get_config()


def test_missing_and_contradicting_shapes_are_errors():
    with pytest.raises(ValueError, match="either a `shape` or a `batch_shape`"):
        Input()
    with pytest.raises(ValueError, match="either a `batch_input_shape` or an `input_shape`"):
        InputLayer()
    with pytest.raises(ValueError, match="not both"):
        InputLayer(input_shape=(3,), batch_input_shape=(None, 3))
    with pytest.raises(ValueError, match="rank of tensor.*unknown.*input_shape="):
        InputLayer(input_tensor=tf.placeholder(tf.float32, name="x"))


def test_the_sources_of_a_tensor_are_the_inputs_behind_it():
    a, b = Input((3,)), Input((3,))
    joined = Lambda(lambda pair: pair[0] + pair[1])([Dense(3)(a), b])
    assert sources_of(joined) == [a, b]
    assert sources_of(a) == [a]
    raw = tf.constant(1.0)
    assert sources_of(raw) is raw


def test_the_batch_size_may_be_given_beside_the_shape_as_in_tf_keras():
    assert Input((3,), batch_size=2).shape.as_list() == [2, 3]
