"""Core layers: the same objects as Keras layers, with variables of variable scopes."""

import copy

import numpy as np
import pytest

import tfkeras_compat as keras
import tfkeras_compat.tensorflow as tf
from tfkeras_compat.engine.registry import LAYERS
from tfkeras_compat.errors import ConfigError, ShapeError


def names(variables):
    return [variable.name for variable in variables]


def test_core_layers_are_keras_layers_and_their_names_in_files_stay_those_of_keras():
    assert isinstance(tf.layers.Dense(3), keras.layers.Dense)
    assert isinstance(tf.layers.BatchNormalization(), keras.layers.BatchNormalization)
    assert issubclass(tf.layers.Layer, keras.layers.Layer)
    assert LAYERS.resolve("Dense") is keras.layers.Dense
    assert LAYERS.resolve("Layer") is keras.layers.Layer


def test_a_keras_model_is_made_of_core_layers_too_and_trains():
    inputs = keras.layers.Input((4,))
    hidden = tf.layers.Dense(3, activation=tf.nn.relu, name="hidden")(inputs)
    outputs = tf.layers.dense(keras.layers.Dense(2)(hidden), 2)
    model = keras.models.Model(inputs, keras.layers.Dense(1)(outputs))
    assert [layer.name for layer in model.layers[1:]] == [
        "hidden",
        "dense_1",
        "core_dense_1",
        "dense_2",
    ]
    assert names(model.weights)[:2] == ["hidden/kernel:0", "hidden/bias:0"]
    model.compile("sgd", "mse")
    before = model.get_weights()
    model.train_on_batch(np.ones((2, 4)), np.ones((2, 1)))
    assert model.predict(np.ones((2, 4))).shape == (2, 1)
    assert any((x != y).any() for x, y in zip(before, model.get_weights()))


def test_the_name_of_a_keras_layer_does_not_depend_on_core_layers():
    tf.layers.dense(tf.ones([1, 2]), 2)
    assert keras.layers.Dense(2).name == "dense_1"


def test_sharing_needs_to_be_asked_for():
    x = tf.ones([1, 2])
    tf.layers.dense(x, 2, name="fc")
    with pytest.raises(ValueError, match="already exists"):
        tf.layers.dense(x, 2, name="fc")
    tf.layers.dense(x, 2, name="fc", reuse=True)
    with pytest.raises(ValueError, match="does not exist"):
        tf.layers.dense(x, 2, name="other", reuse=True)
    assert len(tf.trainable_variables()) == 2


def test_scope_and_graph_are_told_after_the_first_call():
    layer = tf.layers.Dense(2)
    with pytest.raises(ConfigError, match="first called"):
        assert layer.scope_name
    with tf.variable_scope("tower"):
        layer(np.ones((1, 3), "float32"))
    assert layer.scope_name == "tower/dense"
    assert layer.graph is tf.get_default_graph()
    assert layer.count_params() == 8
    assert layer.dtype == "float32"


def test_input_and_output_are_told_of_a_call_on_a_raw_tensor():
    x = tf.placeholder(tf.float32, [None, 3])
    layer = tf.layers.Dense(2)
    y = layer(x)
    assert layer.input is x
    assert layer.output is y


def test_what_a_custom_getter_makes_untrainable_is_listed_so():
    def frozen(getter, *args, **kwargs):
        return getter(*args, **dict(kwargs, trainable=False))

    with tf.variable_scope("base", custom_getter=frozen):
        layer = tf.layers.Dense(2, use_bias=False)
        layer(tf.ones([1, 3]))
    assert names(layer.non_trainable_variables) == ["base/dense/kernel:0"]
    assert layer.trainable_variables == tf.trainable_variables() == []


def test_freezing_a_core_layer_holds_for_every_optimizer():
    layer = tf.layers.Dense(2)
    layer(tf.ones([1, 3]))
    layer.trainable = False
    assert tf.trainable_variables() == []
    layer.trainable = True
    assert len(tf.trainable_variables()) == 2


def test_numbers_of_several_layers_and_arguments_reach_call():
    class Joined(tf.layers.Layer):
        def call(self, inputs, factor, scope=None):
            first, second = inputs["pair"]
            return {"sum": (first + second) * factor, "scope": scope.name}

    joined = Joined(name="joined")
    found = joined({"pair": (tf.ones([2]), tf.ones([2]))}, 3.0)
    assert found["scope"] == "joined"
    assert keras.backend.eval(found["sum"]).tolist() == [6.0, 6.0]


def test_weights_made_before_the_first_call_are_not_made_again():
    layer = tf.layers.Dense(2)
    layer.build(tf.TensorShape([None, 3]))
    layer(tf.ones([1, 3]))
    assert names(tf.global_variables()) == ["dense/kernel:0", "dense/bias:0"]


def test_inputs_of_another_size_than_the_first_are_refused():
    layer = tf.layers.Dense(2)
    layer(tf.ones([1, 3]))
    with pytest.raises(ShapeError, match="incompatible with layer dense_1"):
        layer(tf.ones([1, 4]))


def test_a_copy_has_variables_of_its_own_unless_the_layer_has_them_already():
    cell = tf.nn.rnn_cell.GRUCell(2)
    cells = [copy.deepcopy(cell) for _ in range(2)]
    stack = tf.nn.rnn_cell.MultiRNNCell(cells)
    stack(tf.ones([1, 2]), stack.zero_state(1, tf.float32))
    assert len(tf.trainable_variables()) == 8
    same = copy.deepcopy(stack)
    assert same._cells[0] is not cells[0]
    assert same.weights == stack.weights


def test_an_unknown_argument_of_a_weight_is_named():
    with pytest.raises(TypeError, match=r"\['colour'\]"):
        tf.layers.Layer().add_variable("w", [1], colour=1)


def test_in_keras_style_every_layer_has_variables_of_its_own():
    with tf.layers.experimental.keras_style_scope():
        layers = [tf.layers.Dense(2, name="fc") for _ in range(2)]
        with pytest.raises(ConfigError, match="keras_style_scope"):
            tf.layers.dense(tf.ones([1, 3]), 2, name="fc", reuse=True)
    for layer in layers:
        layer(tf.ones([1, 3]))
    assert len({id(weight) for layer in layers for weight in layer.weights}) == 4
    assert tf.layers.Dense(2, _reuse=True)._reuse is True
