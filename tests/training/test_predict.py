import threading

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.callbacks import Callback
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import LSTM, Concatenate, Dense, Dropout, Input
from tfkeras_compat.models import Model, Sequential

X = np.random.RandomState(0).normal(size=(10, 3)).astype("float32")


def small_model():
    return Sequential([Dense(2, input_shape=(3,))])


def by_hand(model, x=X):
    kernel, bias = model.get_weights()
    return x @ kernel + bias


def two_inputs():
    a, b = Input(shape=(3,), name="a"), Input(shape=(2,), name="b")
    joined = Concatenate(name="joined")([a, b])
    return Model([a, b], [joined, Dense(1, name="score")(joined)])


@pytest.mark.parametrize("batch_size", [None, 1, 4, 10, 64])
def test_the_size_of_batches_does_not_show_in_the_outputs(batch_size):
    model = small_model()
    found = model.predict(X, batch_size=batch_size)
    assert found.shape == (10, 2) and found.dtype == np.float32
    np.testing.assert_allclose(found, by_hand(model), atol=1e-6)


def test_a_model_needs_no_compile_to_predict():
    model = small_model()
    np.testing.assert_allclose(model.predict_on_batch(X), by_hand(model), atol=1e-6)


def test_inputs_are_a_list_or_a_dictionary_by_name():
    model = two_inputs()
    y = np.ones((10, 2), "float32")
    for data in ([X, y], (X, y), {"b": y, "a": X}):
        joined, score = model.predict(data, batch_size=3)
        np.testing.assert_array_equal(joined, np.hstack([X, y]))
        assert score.shape == (10, 1)


def test_dropout_does_nothing_in_prediction():
    model = Sequential([Dropout(0.5, input_shape=(3,))])
    np.testing.assert_array_equal(model.predict(X), X)


def test_repeated_calls_leave_the_graph_as_it_is():
    model = Sequential([Dense(2, input_shape=(3,)), Dropout(0.5)])
    model.predict(X)
    before = len(tf.get_default_graph().get_operations())
    for size in (3, 5):
        model.predict(X, batch_size=size)
        model.predict_on_batch(X[:size])
    assert len(tf.get_default_graph().get_operations()) == before


def test_a_prepared_model_predicts_after_its_graph_was_finalized():
    model = Sequential([Dense(2, input_shape=(3,)), Dropout(0.5)])
    expected = model.predict(X)
    tf.get_default_graph().finalize()
    np.testing.assert_array_equal(model.predict(X), expected)


def test_eight_threads_predict_under_foreign_default_graphs():
    models = [small_model()]
    for _ in range(2):
        with tf.Graph().as_default():
            models.append(small_model())
    expected = [model.predict(X, batch_size=3) for model in models]
    wrong = []

    def work(number):
        with tf.Graph().as_default():
            for turn in range(5):
                index = (number + turn) % len(models)
                found = models[index].predict(X, batch_size=3)
                if not np.array_equal(found, expected[index]):
                    wrong.append((number, turn))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_threads_may_be_the_first_to_predict():
    model = Sequential([Dense(2, input_shape=(3,)), Dropout(0.5)])
    found = []
    threads = [threading.Thread(target=lambda: found.append(model.predict(X))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    for each in found:
        np.testing.assert_allclose(each, by_hand(model), atol=1e-6)


def test_steps_count_batches_that_come_from_tensors():
    model = Sequential([Dense(2, input_shape=(3,))])
    wrapped = Input(tensor=K.constant(X[:4]))
    from_tensor = Model(wrapped, model(wrapped))
    assert from_tensor.predict(None, steps=3).shape == (12, 2)
    with pytest.raises(ConfigError, match="steps"):
        from_tensor.predict(None)


def test_a_tensor_may_be_given_for_an_array():
    model = small_model()
    found = model.predict(K.constant(X[:4]), steps=2)
    np.testing.assert_allclose(found, np.vstack([by_hand(model, X[:4])] * 2), atol=1e-6)


def test_a_layer_added_later_is_part_of_the_next_prediction():
    model = small_model()
    assert model.predict(X).shape == (10, 2)
    model.add(Dense(5))
    assert model.predict(X).shape == (10, 5)


def test_a_model_without_input_shape_takes_it_from_the_first_data():
    model = Sequential([Dense(2)])
    assert model.predict(X).shape == (10, 2)
    assert model.input_shape == (None, 3)


def test_a_model_that_defines_call_takes_its_inputs_from_the_first_data():
    class Doubled(Model):
        def __init__(self):
            super().__init__()
            self.dense = Dense(2)

        def call(self, inputs):
            return 2 * self.dense(inputs)

    model = Doubled()
    found = model.predict(X)
    np.testing.assert_allclose(found, 2 * by_hand(model), atol=1e-5)


def test_a_stateful_model_goes_on_from_batch_to_batch():
    model = Sequential([LSTM(2, stateful=True, batch_input_shape=(2, 4, 3))])
    x = np.random.normal(size=(2, 4, 3))
    first, second = model.predict(x), model.predict(x)
    assert np.abs(first - second).max() > 1e-4
    model.reset_states()
    np.testing.assert_allclose(model.predict(x), first, atol=1e-6)
    with pytest.raises(ValueError):
        model.predict(np.zeros((3, 4, 3)))


def test_a_fixed_batch_size_is_used_and_another_refused():
    model = Sequential([Dense(2, batch_input_shape=(5, 3))])
    assert model.predict(X).shape == (10, 2)
    with pytest.raises(ConfigError, match="incompatible"):
        model.predict(X, batch_size=4)


@pytest.mark.parametrize(
    "data, error, message",
    [
        (np.zeros((4, 5)), ShapeError, r"expected dense_1_input to have shape \(3,\) but got .*5"),
        (np.zeros((4, 3, 1)), ShapeError, "expected dense_1_input to have 2 dimensions"),
        ([X, X], ShapeError, r"Expected to see 1 array\(s\)"),
        ({"other": X}, ShapeError, 'No data provided for "dense_1_input"'),
        ("text", TypeError, "Numpy array"),
    ],
)
def test_data_that_do_not_fit_are_refused_naming_the_input(data, error, message):
    with pytest.raises(error, match=message):
        small_model().predict(data)


def test_verbose_prints_a_bar(capsys):
    small_model().predict(X, verbose=1)
    assert "10/10 [==============================]" in capsys.readouterr().out


def test_callbacks_see_the_outputs_of_each_batch():
    seen = []

    class Watch(Callback):
        def on_predict_batch_end(self, batch, logs=None):
            seen.append((batch, logs["size"], logs["outputs"][0].shape))

    small_model().predict(X, batch_size=8, callbacks=[Watch()])
    assert seen == [(0, 8, (8, 2)), (1, 2, (2, 2))]


def test_a_variable_may_be_given_for_an_array():
    model = Sequential([Dense(2, input_shape=(3,))])
    model.compile("sgd", "mse")
    x, y = K.variable(np.ones((4, 3))), K.variable(np.zeros((4, 2)))
    expected = model.predict(np.ones((4, 3)))
    np.testing.assert_allclose(model.predict(x, steps=1), expected, rtol=1e-6)
    assert model.train_on_batch(x, y) == pytest.approx(np.mean(expected**2), rel=1e-5)
    K.set_value(x, np.zeros((4, 3)))
    np.testing.assert_allclose(model.predict(x, steps=1), model.predict(np.zeros((4, 3))))


def test_the_inputs_of_a_model_are_set_once():
    base = Sequential([Dense(2, input_shape=(3,))])
    model = Model(base.inputs, base.outputs)
    with pytest.raises(ConfigError, match="already set"):
        model._set_inputs(base.inputs)
    expected = model.predict(np.ones((1, 3)))
    for inputs in (base.inputs, base.input):
        model.inputs = None
        model._set_inputs(inputs)
        np.testing.assert_array_equal(model.predict(np.ones((1, 3))), expected)
