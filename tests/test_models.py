import json

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.layers import (
    LSTM,
    BatchNormalization,
    Dense,
    Dropout,
    Embedding,
    Flatten,
    Input,
    InputLayer,
    Lambda,
    Layer,
)
from tfkeras_compat.models import Model, Sequential, clone_model

DATA = np.arange(6.0).reshape(2, 3) / 5 - 0.4


def names(items):
    return [item.name for item in items]


def run(outputs, feeds=None):
    return K.get_session().run(outputs, feeds)


def assert_same_values(first, second):
    expected, found = first.predict(DATA), second.predict(DATA)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


class Scale(Layer):
    def build(self, input_shape):
        self.factor = self.add_weight("factor", (input_shape[-1],), initializer="ones")

    def call(self, inputs):
        return inputs * self.factor


# ---- Sequential ---------------------------------------------------------------------------------


def test_layers_are_stacked_one_by_one():
    model = Sequential(name="s")
    model.add(Dense(4, input_dim=3, name="a"))
    assert model.output_shape == (None, 4)
    model.add(Dense(2, name="b"))
    assert model.output is model.outputs[0] is model.layers[1].output
    assert (model.input_shape, model.output_shape) == ((None, 3), (None, 2))
    assert names(model.layers) == ["a", "b"] and model.built
    assert model.input_names == ["a_input"] and model.output_names == ["b"]


def test_a_layer_added_after_the_model_was_called_leaves_that_call_alone():
    model = Sequential([Dense(4, input_shape=(3,))])
    z = Input((3,))
    y = model(z)
    model.add(Dense(2))
    assert model.output_shape == (None, 2) and model.get_output_at(1) is y
    assert Model(z, y).output_shape == (None, 4)


def test_popping_takes_the_top_off():
    model = Sequential([Dense(4, input_shape=(3,), name="a"), Dense(2, name="b")])
    model.pop()
    assert names(model.layers) == ["a"] and model.output_shape == (None, 4)
    assert model.predict(DATA).shape == (2, 4) and len(model.weights) == 2
    model.add(Dense(7, name="c"))
    assert model.output_shape == (None, 7)
    model.pop()
    model.pop()
    assert model.layers == [] and model.outputs is None
    with pytest.raises(TypeError, match="no layers"):
        model.pop()


def test_popping_works_before_the_model_is_built_too():
    model = Sequential([Dense(4), Dense(2)])
    model.pop()
    model.build((None, 3))
    assert model.output_shape == (None, 4)


def test_without_a_shape_the_model_is_built_later():
    model = Sequential([Dense(4, name="a"), Dense(2, name="b")])
    assert not model.built and model.weights == [] and model.outputs is None
    model.build((None, 3))
    assert model.built and [weight.shape for weight in model.get_weights()] == [
        (3, 4), (4,), (4, 2), (2,)]  # fmt: skip


def test_a_call_on_a_raw_tensor_builds_the_model():
    model = Sequential([Dense(4), Dense(2)])
    y = model(tf.placeholder(tf.float32, (None, 3)))
    assert K.int_shape(y) == (None, 2) and model.built and len(tf.global_variables()) == 4


def test_an_input_layer_in_front_is_not_among_the_layers():
    raw = tf.placeholder(tf.float32, (None, 3))
    model = Sequential([InputLayer(input_tensor=raw, input_shape=(None, 3)), Dense(2, name="a")])
    assert model.input is raw and names(model.layers) == ["a"]
    assert run(model.output, {raw: DATA}).shape == (2, 2)


def test_models_can_be_stacked():
    inner = Sequential([Dense(4, input_shape=(3,), name="a")], name="inner")
    x = Input((4,))
    second = Model(x, Dense(2, name="b")(x), name="second")
    model = Sequential([inner, second, Dense(1, name="c")])
    assert names(model.layers) == ["inner", "second", "c"]
    assert (model.input_shape, model.output_shape) == ((None, 3), (None, 1))
    assert names(model.weights) == [
        "a/kernel:0", "a/bias:0", "b/kernel:0", "b/bias:0", "c/kernel:0", "c/bias:0"]  # fmt: skip


def test_one_layer_may_be_stacked_twice_in_a_model_of_its_own_each_time():
    shared = Dense(3, name="shared")
    first = Sequential([InputLayer(input_shape=(3,)), shared])
    second = Sequential([InputLayer(input_shape=(3,)), Dense(3), shared])
    assert first.weights[0] is second.weights[2]
    assert first.output_shape == second.output_shape == (None, 3)


def test_what_can_not_be_stacked_is_an_error_that_names_it():
    with pytest.raises(TypeError, match="instance of class Layer. Found: 3"):
        Sequential().add(3)
    with pytest.raises(TypeError, match="single output"):
        Sequential([Lambda(lambda x: [x, 2 * x], input_shape=(3,))])
    with pytest.raises(ValueError, match="empty model"):
        Sequential([Sequential()])


@pytest.mark.parametrize("dtype", ["float64", "float16"])
def test_the_weights_of_a_model_may_have_another_precision(dtype):
    model = Sequential([Dense(2, input_shape=(3,), dtype=dtype), Dense(1, dtype=dtype)])
    assert {K.dtype(x) for x in model.weights + model.inputs + model.outputs} == {dtype}
    assert {value.dtype for value in model.get_weights()} == {np.dtype(dtype)}
    assert model.predict(DATA).dtype == dtype


def test_classes_and_probabilities_are_predicted():
    many = Sequential([Dense(4, activation="softmax", input_shape=(3,))])
    assert many.predict_proba(DATA).shape == (2, 4)
    assert many.predict_classes(DATA).tolist() == many.predict(DATA).argmax(1).tolist()
    one = Sequential([Dense(1, activation="sigmoid", input_shape=(3,))])
    assert one.predict_classes(DATA).tolist() == (one.predict(DATA) > 0.5).astype(int).tolist()


# ---- configurations -----------------------------------------------------------------------------


def test_a_sequential_model_is_rebuilt_from_json():
    model = Sequential([Dense(4, input_shape=(3,)), Dropout(0.5), Dense(2)], name="s")
    twin = Sequential.from_config(json.loads(json.dumps(model.get_config())))
    twin.set_weights(model.get_weights())
    assert twin.name == "s" and names(twin.layers) == names(model.layers)
    assert_same_values(model, twin)


def test_the_bare_list_of_layers_that_keras_1_wrote_is_read():
    model = Sequential([Dense(4, input_shape=(3,)), Dense(2)])
    assert Sequential.from_config(model.get_config()["layers"]).output_shape == (None, 2)


def test_a_model_that_was_built_by_hand_is_rebuilt_with_that_shape():
    model = Sequential([Dense(4)])
    model.build((None, 3))
    twin = Sequential.from_config(json.loads(json.dumps(model.get_config())))
    assert twin.built and twin.input_shape == (None, 3)


def test_a_model_without_a_shape_comes_back_without_one():
    assert not Sequential.from_config(Sequential([Dense(4)]).get_config()).built


def test_nested_models_are_rebuilt():
    inner = Sequential([Dense(3, input_shape=(3,))], name="inner")
    x = Input((3,))
    model = Model(x, inner(inner(x)))
    twin = Model.from_config(json.loads(json.dumps(model.get_config())))
    twin.set_weights(model.get_weights())
    assert isinstance(twin.get_layer("inner"), Sequential)
    assert_same_values(model, twin)


def test_a_config_that_is_none_is_an_error():
    with pytest.raises(ValueError, match="'layers' missing"):
        Sequential.from_config({"name": "x"})


# ---- clones -------------------------------------------------------------------------------------


def test_a_clone_has_the_structure_and_new_weights():
    model = Sequential([Scale(input_shape=(3,)), BatchNormalization(), Dense(2)], name="s")
    clone = clone_model(model)
    assert isinstance(clone, Sequential) and names(clone.layers) == names(model.layers)
    assert not {id(weight) for weight in clone.weights} & {id(weight) for weight in model.weights}
    clone.set_weights(model.get_weights())
    assert_same_values(model, clone)


def test_layers_of_the_user_are_cloned_wherever_they_are():
    x = Input((3,))
    inner = Sequential([Scale(input_shape=(3,))])
    assert isinstance(clone_model(Model(x, inner(x))).layers[1].layers[0], Scale)


@pytest.mark.parametrize("kind", ["sequential", "functional"])
@pytest.mark.parametrize("origin", ["raw", "input", "layer"])
def test_a_clone_may_be_made_on_a_given_tensor(kind, origin):
    x = Input((3,), name="x")
    model = (
        Sequential([Dense(2, input_shape=(3,), name="d")])
        if kind == "sequential"
        else Model(x, Dense(2, name="d")(x))
    )
    raw = tf.placeholder(tf.float32, (None, 3))
    given = {"raw": lambda: raw, "input": lambda: Input((3,)), "layer": lambda: Scale()(raw)}
    tensor = given[origin]()
    clone = clone_model(model, tensor)
    clone.set_weights(model.get_weights())
    assert clone.get_layer("d") is not model.get_layer("d") and type(clone) is type(model)
    feed = tensor if origin == "input" else raw
    np.testing.assert_allclose(run(clone.output, {feed: DATA}), model.predict(DATA), rtol=1e-5)


def test_only_models_of_layers_can_be_cloned():
    class Mine(Model):
        pass

    with pytest.raises(ValueError, match="functional or Sequential"):
        clone_model(Mine())


# ---- models in TensorFlow code ------------------------------------------------------------------


def test_a_tensorflow_optimizer_trains_model_and_raw_variables_together_and_spares_the_frozen():
    model = Sequential([Dense(4, input_shape=(3,)), Dense(4, trainable=False), Dense(1)])
    images = tf.placeholder(tf.float32, (None, 3))
    bias = tf.Variable(0.5)
    loss = tf.reduce_mean(tf.square(model(images) + bias - 7.0))
    step = tf.train.AdamOptimizer(0.05).minimize(loss)
    session = K.get_session()
    before, start = model.get_weights(), session.run([loss, bias], {images: DATA})
    for _ in range(50):
        session.run([step] + model.updates, {images: DATA})
    after, end = model.get_weights(), session.run([loss, bias], {images: DATA})
    assert end[0] < start[0] and end[1] != start[1]
    changed = [bool((old != new).any()) for old, new in zip(before, after)]
    assert changed == [True, True, False, False, True, True]


def test_a_model_remembers_its_graph_and_predicts_under_any_other():
    graph = tf.Graph()
    with graph.as_default():
        model = Sequential([Dense(2, input_shape=(3,))])
    first = model.predict(DATA)
    with tf.Graph().as_default():
        second, weights = model.predict(DATA), model.get_weights()
    assert (first == second).all() and len(weights) == 2


def test_models_of_two_graphs_with_sessions_of_their_own_do_not_mix():
    models = []
    for factor in (2.0, 3.0):
        with tf.Graph().as_default() as graph:
            model = Sequential([Scale(input_shape=(3,))])
            K.set_session(tf.Session(graph=graph))
            model.set_weights([np.full(3, factor)])
            models.append(model)
    for model, factor in zip(models, (2.0, 3.0)):
        np.testing.assert_allclose(model.predict(DATA), DATA * factor, rtol=1e-6)


def test_asking_for_weights_never_initializes_anything_again():
    model = Sequential([Dense(2, input_shape=(3,))])
    K.get_session().run(tf.assign(model.weights[1], [5.0, 6.0]))
    model.add(Dense(2))
    assert model.get_weights()[1].tolist() == [5.0, 6.0]


def test_a_model_on_raw_tensors_needs_no_data_to_be_fed():
    x = Input(tensor=K.constant(DATA))
    model = Model(x, Dense(2)(x))
    assert model.inputs[0] is x and run(model.output).shape == (2, 2)


def test_models_for_text_go_from_integers_to_classes():
    model = Sequential([Embedding(10, 4, mask_zero=True), LSTM(3), Dense(2, activation="softmax")])
    np.testing.assert_allclose(
        model.predict(np.array([[1, 2, 0], [3, 0, 0]])).sum(axis=1), [1.0, 1.0], rtol=1e-5
    )


def test_flattened_inputs_of_a_nested_model_keep_their_shape():
    inner = Sequential([Flatten(input_shape=(2, 3)), Dense(2)])
    x = Input((2, 3))
    assert Model(x, inner(x)).predict(np.ones((4, 2, 3))).shape == (4, 2)
