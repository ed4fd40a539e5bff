import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.layers import BatchNormalization

DATA = np.random.RandomState(0).normal(3.0, 2.0, size=(40, 5)).astype("float32")


def run(fetches, feeds=None):
    return K.get_session().run(fetches, feeds)


def called(shape=(None, 5), **settings):
    layer = BatchNormalization(**settings)
    layer(K.placeholder(shape))
    return layer


def names(variables):
    return [variable.op.name.split("/")[-1] for variable in variables]


def test_training_normalizes_with_the_batch_and_testing_with_the_averages():
    layer = called()
    train = run(layer.output, {layer.input: DATA, K.learning_phase(): 1})
    np.testing.assert_allclose(train.mean(axis=0), np.zeros(5), atol=1e-5)
    np.testing.assert_allclose(train.std(axis=0), np.ones(5), rtol=1e-3)
    test = run(layer.output, {layer.input: DATA})
    np.testing.assert_allclose(test, DATA / np.sqrt(1 + 1e-3), rtol=1e-5)


def test_updates_are_pairs_of_mean_and_variance_that_the_tutorial_assigns():
    layer = called()
    assert names(variable for variable, _ in layer.updates) == ["moving_mean", "moving_variance"]
    assignments = [tf.assign(old, new) for old, new in layer.updates]
    run(assignments, {layer.input: DATA, K.learning_phase(): 1})
    assert (K.get_value(layer.moving_mean) != 0).all()


def test_after_one_update_the_averages_are_the_statistics_of_the_batch():
    # zero_debias for the mean; the variance is corrected by n / (n - (1 + epsilon)) too.
    layer = called()
    run([layer.updates], {layer.input: DATA})
    np.testing.assert_allclose(K.get_value(layer.moving_mean), DATA.mean(axis=0), rtol=1e-4)
    corrected = DATA.var(axis=0) * 40 / (40 - 1.001)
    np.testing.assert_allclose(K.get_value(layer.moving_variance), corrected, rtol=1e-4)


def test_updates_run_by_hand_move_the_averages_in_the_test_phase_too():
    layer = called()
    run(layer.updates, {layer.input: DATA, K.learning_phase(): 0})
    assert (K.get_value(layer.moving_mean) > 1).all()


def test_updates_are_in_update_ops():
    layer = called()
    assert tf.get_collection(tf.GraphKeys.UPDATE_OPS) == [update.op for update in layer.updates]


def test_the_number_of_averaging_steps_counts_runs_of_the_updates_not_of_the_graph():
    layer = called(momentum=0.5)
    for _ in range(3):
        run(layer.output, {layer.input: DATA, K.learning_phase(): 1})
    assert K.get_value(layer.moving_mean).tolist() == [0.0] * 5


@pytest.mark.parametrize(
    "axis, shape", [(1, (None, 3, 4)), (-1, (None, 4, 3)), (1, (None, 3, 2, 2))]
)
def test_any_axis_may_be_normalized(axis, shape):
    layer = called(shape, axis=axis)
    data = np.random.rand(*[8 if size is None else size for size in shape])
    others = tuple(each for each in range(len(shape)) if each != axis % len(shape))
    train = run(layer.output, {layer.input: data, K.learning_phase(): 1})
    np.testing.assert_allclose(train.mean(axis=others), np.zeros(3), atol=1e-5)
    layer.set_weights([np.ones(3), np.zeros(3), np.arange(3.0), np.ones(3) - 1e-3])
    lined_up = [3 if each == axis % len(shape) else 1 for each in range(len(shape))]
    expected = data - np.arange(3.0).reshape(lined_up)
    np.testing.assert_allclose(run(layer.output, {layer.input: data}), expected, atol=1e-5)


@pytest.mark.parametrize(
    "settings, expected",
    [
        ({}, ["gamma", "beta", "moving_mean", "moving_variance"]),
        ({"scale": False}, ["beta", "moving_mean", "moving_variance"]),
        ({"center": False}, ["gamma", "moving_mean", "moving_variance"]),
        ({"center": False, "scale": False}, ["moving_mean", "moving_variance"]),
    ],
)
def test_weights_are_in_the_originals_order(settings, expected):
    layer = called(**settings)
    assert names(layer.weights) == expected
    assert names(layer.trainable_weights) == expected[:-2] == names(tf.trainable_variables())


def test_the_argument_training_replaces_the_phase():
    layer = BatchNormalization()
    x = K.constant(DATA)
    inference = layer(x, training=False)
    assert layer.updates == [] and not layer.uses_learning_phase
    training = layer(x, training=True)
    assert len(layer.updates) == 2 and not training._uses_learning_phase
    assert abs(run(training).mean()) < 1e-4 < run(inference).mean()


def test_a_frozen_layer_still_uses_the_batch_unless_told_otherwise():
    frozen = called(trainable=False)
    train = run(frozen.output, {frozen.input: DATA, K.learning_phase(): 1})
    assert abs(train.mean()) < 1e-4 and frozen.updates == []


def test_frozen_layers_run_as_in_testing_if_the_switch_is_on(monkeypatch):
    monkeypatch.setattr(BatchNormalization, "frozen_uses_moving_statistics", True)
    frozen, free = called(trainable=False), called()
    feeds = {frozen.input: DATA, free.input: DATA, K.learning_phase(): 1}
    assert run(frozen.output, feeds).mean() > 1 > abs(run(free.output, feeds).mean())


def test_a_layer_called_twice_has_one_set_of_weights_and_updates_for_each_call():
    layer = called()
    layer(K.placeholder((None, 5)))
    assert len(layer.weights) == 4 and len(layer.updates) == 4


def test_a_constant_phase_leaves_nothing_to_feed():
    K.set_learning_phase(0)
    layer = called()
    assert not layer.uses_learning_phase
    np.testing.assert_allclose(
        run(layer.output, {layer.input: DATA}), DATA / np.sqrt(1 + 1e-3), rtol=1e-5
    )


def test_an_axis_of_unknown_size_is_an_error():
    with pytest.raises(ValueError, match=r"Axis -1 .*bn.*found shape \(None, 3, None\)"):
        called((None, 3, None), name="bn")


def test_another_size_than_the_first_time_is_an_error():
    layer = called(name="bn")
    with pytest.raises(ValueError, match="layer bn: expected axis -1.*5.*found.*6"):
        layer(K.placeholder((None, 6)))


def test_it_is_rebuilt_from_its_configuration():
    config = BatchNormalization(
        axis=1, momentum=0.8, beta_regularizer="l2", scale=False
    ).get_config()
    assert BatchNormalization.from_config(config).get_config() == config
