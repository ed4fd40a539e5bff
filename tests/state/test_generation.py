"""Generations: which one is on, and what its table says to names, defaults, phase and counts.

What layers make of it is in ``tests/golden/test_generations.py``.
"""

import warnings

import numpy as np
import pytest

import tfkeras_compat as keras
from tfkeras_compat import backend as K
from tfkeras_compat import initializers, layers, metrics, models, optimizers
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.legacy.generations import GENERATIONS
from tfkeras_compat.state import generation as generations
from tfkeras_compat.state import naming
from tfkeras_compat.tensorflow import layers as core

pytestmark = pytest.mark.filterwarnings("ignore:.*(Keras 1|nb_epoch|An epoch has):UserWarning")


@pytest.fixture
def generation():
    yield generations.generation
    naming.reset_uids()
    generations.generation("2.2")


def test_every_generation_has_every_trait():
    names = set(GENERATIONS["2.2"])
    assert all(set(table) == names for table in GENERATIONS.values())


def test_an_unknown_generation_is_refused_with_the_known_ones(generation):
    with pytest.raises(ConfigError, match="'3.0'.*'1.2' .*'2.2' .*'tf.keras'"):
        generation("3.0")
    assert generation() == "2.2"


def test_the_environment_names_the_generation_of_a_new_process(generation, monkeypatch):
    monkeypatch.setattr(generations, "_chosen", [None])
    monkeypatch.setenv(generations.VARIABLE, "tf.keras")
    assert generation() == "tf.keras"


@pytest.mark.parametrize(
    "name, expected",
    [
        ("1.2", ["maxpooling2d_1", "maxpooling2d_2", "sequential_1", "dense_input_1"]),
        ("2.2", ["max_pooling2d_1", "max_pooling2d_2", "sequential_1", "a_input"]),
        ("tf.keras", ["max_pooling2d", "max_pooling2d_1", "sequential", "a_input"]),
    ],
)
def test_automatic_names(generation, name, expected):
    generation(name)
    naming.reset_uids()
    pools = [naming.layer_name("MaxPooling2D") for _ in range(2)]
    assert pools + [naming.model_name("Sequential"), naming.input_name("a", "Dense")] == expected


def test_in_keras_1_numbers_go_on_in_a_new_graph_until_the_session_is_cleared(generation):
    generation("1.2")
    first = naming.layer_name("Dense")
    with tf.Graph().as_default():
        assert naming.layer_name("Dense") != first
    K.clear_session()
    assert naming.layer_name("Dense") == "dense_1"


def test_a_name_scope_comes_before_the_name_of_the_layer(generation):
    generation("1.2")
    with tf.name_scope("block1"):
        layer = layers.LSTM(2, name="mylstm")
        layer(K.placeholder((None, 3, 4)))
    assert [weight.name for weight in layer.weights] == [
        "block1/mylstm_%s_%s:0" % (kind, gate) for gate in "icfo" for kind in "WUb"
    ]
    assert layer.W_i is layer.weights[0]
    assert K.get_value(layer.b_f).tolist() == [1.0, 1.0]
    assert K.get_value(layer.b_i).tolist() == [0.0, 0.0]


def test_in_keras_1_the_phase_has_to_be_fed(generation):
    generation("1.2")
    x = K.placeholder((None, 2))
    y = layers.Dropout(0.5)(x)
    with pytest.raises(tf.errors.InvalidArgumentError, match="keras_learning_phase"):
        K.get_session().run(y, {x: np.ones((1, 2))})
    feed = {x: np.ones((1, 2)), K.learning_phase(): 0}
    assert K.get_session().run(y, feed).tolist() == [[1.0, 1.0]]


@pytest.mark.parametrize(
    "name, expected",
    [("1.2", (1.0, 1e-8)), ("2.2", (1.0, 1e-7)), ("tf.keras", (0.001, 1e-7))],
)
def test_optimizers_have_the_defaults_of_the_generation(generation, name, expected):
    generation(name)
    config = optimizers.get("adadelta").get_config()
    np.testing.assert_allclose((config["lr"], config["epsilon"]), expected, rtol=1e-6)
    given = optimizers.Adadelta(lr=0.5, epsilon=1e-3).get_config()
    np.testing.assert_allclose((given["lr"], given["epsilon"]), (0.5, 1e-3), rtol=1e-6)


def test_tf_keras_calls_the_rate_learning_rate_and_names_slots_after_weights(generation):
    generation("tf.keras")
    model = models.Sequential([layers.Dense(1, input_shape=(2,))])
    model.compile(optimizers.SGD(learning_rate=0.25, momentum=0.9), "mse")
    model.train_on_batch(np.ones((1, 2)), np.ones((1, 1)))
    assert K.get_value(model.optimizer.lr) == 0.25
    assert [weight.name for weight in model.optimizer.weights[1:]] == [
        "training/SGD/dense/kernel/momentum:0",
        "training/SGD/dense/bias/momentum:0",
    ]


def test_other_generations_do_not_know_learning_rate():
    with pytest.raises(TypeError, match="learning_rate"):
        optimizers.SGD(learning_rate=0.25)


def test_in_keras_1_orthogonal_matrices_are_scaled(generation):
    assert initializers.get("orthogonal").gain == 1.0
    generation("1.2")
    assert initializers.get("orthogonal").gain == 1.1


def test_in_keras_1_an_accuracy_is_one_number(generation):
    true, predicted = K.constant(np.eye(3)), K.constant(np.eye(3)[[0, 1, 1]])
    assert K.eval(metrics.categorical_accuracy(true, predicted)).tolist() == [1, 1, 0]
    generation("1.2")
    value = K.eval(metrics.categorical_accuracy(true, predicted))
    np.testing.assert_allclose(value, 2 / 3, rtol=1e-6)


def _batches(taken):
    while True:
        taken.append(4)
        yield np.ones((4, 2)), np.ones((4, 1))


def test_in_keras_1_generator_methods_count_samples(generation):
    generation("1.2")
    model = models.Sequential([layers.Dense(1, input_dim=2)])
    model.compile("sgd", "mse")
    steps = []
    counted = keras.callbacks.LambdaCallback(on_batch_end=lambda batch, logs: steps.append(batch))
    history = model.fit_generator(
        _batches([]), samples_per_epoch=10, nb_epoch=2, verbose=0, callbacks=[counted]
    )
    assert steps == [0, 1, 2] * 2
    assert len(history.history["loss"]) == 2
    model.fit_generator(_batches([]), 8, 1, verbose=0, callbacks=[counted])
    assert steps[6:] == [0, 1]
    assert model.predict_generator((x for x, _ in _batches([])), val_samples=8).shape == (8, 1)


def test_an_epoch_of_more_samples_than_asked_for_is_told(generation):
    generation("1.2")
    model = models.Sequential([layers.Dense(1, input_dim=2)])
    model.compile("sgd", "mse")
    with pytest.warns(UserWarning, match="An epoch has 12 samples, and `samples_per_epoch` is 10"):
        model.fit_generator(_batches([]), samples_per_epoch=10, nb_epoch=1, verbose=0)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model.fit_generator(_batches([]), samples_per_epoch=12, nb_epoch=2, verbose=0)


def test_a_sequential_may_begin_with_a_merge_of_others(generation):
    generation("1.2")
    left, right = (models.Sequential([layers.Dense(3, input_dim=2)]) for _ in range(2))
    model = models.Sequential()
    model.add(layers.Merge([left, right], mode=lambda parts: parts[0] * parts[1]))
    model.add(layers.Dense(1))
    assert model.output_shape == (None, 1)
    inputs = [np.ones((4, 2)), np.ones((4, 2))]
    model.compile("sgd", "mse")
    before = model.evaluate(inputs, np.ones((4, 1)), verbose=0)
    model.fit(inputs, np.ones((4, 1)), nb_epoch=5, verbose=0)
    assert model.evaluate(inputs, np.ones((4, 1)), verbose=0) < before


@pytest.mark.parametrize("name", ["1.2", "tf.keras"])
def test_a_whole_model_is_saved_and_loaded_with_the_state_of_its_optimizer(
    generation, name, tmp_path
):
    generation(name)
    model = models.Sequential([layers.LSTM(2, input_shape=(3, 2)), layers.Dense(1)])
    model.compile("rmsprop", "mse")
    x, y = np.ones((4, 3, 2)), np.ones((4, 1))
    model.train_on_batch(x, y)
    model.save(str(tmp_path / "model.h5"))
    loaded = models.load_model(str(tmp_path / "model.h5"))
    expected, found = (each.optimizer.get_weights() for each in (model, loaded))
    assert len(found) == len(expected) > 4
    for ours, theirs in zip(loaded.get_weights() + found, model.get_weights() + expected):
        np.testing.assert_array_equal(ours, theirs)


def test_core_layers_of_tensorflow_belong_to_no_generation(generation):
    generation("1.2")
    layer = core.Conv1D(2, 2)
    layer(K.placeholder((None, 5, 3)))
    assert [weight.name for weight in layer.weights] == ["conv1d/kernel:0", "conv1d/bias:0"]
    assert K.int_shape(layer.kernel) == (2, 3, 2)
