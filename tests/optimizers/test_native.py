"""``tf.train`` optimizers in the place of ours: steps, state, configuration, files."""

import pickle

import numpy as np
import original
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat import optimizers
from tfkeras_compat._tf import tf
from tfkeras_compat.callbacks import LearningRateScheduler
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers import Dense, Embedding, Flatten
from tfkeras_compat.models import Sequential, load_model

pytestmark = pytest.mark.either_end

X = np.array([[0, 1, 2, 2], [3, 3, 1, 0]])
Y = np.array([[1.0, 0.0], [0.5, -1.0]])


def trained(optimizer, steps=3, **options):
    """A model with a sparse gradient."""
    model = Sequential([Embedding(4, 3, input_length=4), Flatten(), Dense(2, **options)])
    model.compile(optimizer, "mse")
    for _ in range(steps):
        model.train_on_batch(X, Y)
    return model


KNOWN = {
    "Adadelta": lambda: tf.train.AdadeltaOptimizer(1.0, rho=0.9),
    "Adagrad": lambda: tf.train.AdagradOptimizer(0.1),
    "Adam": lambda: tf.train.AdamOptimizer(0.01, beta1=0.8),
    "GradientDescent": lambda: tf.train.GradientDescentOptimizer(0.1, name="Descent"),
    "Momentum": lambda: tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
    "ProximalAdagrad": lambda: tf.train.ProximalAdagradOptimizer(0.1, 0.2, 1e-3, 1e-3),
    "ProximalGradientDescent": lambda: tf.train.ProximalGradientDescentOptimizer(0.1, 1e-3),
    "RMSProp": lambda: tf.train.RMSPropOptimizer(0.01, momentum=0.5, centered=True),
}


@pytest.mark.parametrize("name", sorted(KNOWN))
def test_training_goes_on_after_loading_as_if_nothing_had_happened(name, tmp_path):
    path = str(tmp_path / "model.h5")
    model = trained(KNOWN[name]())
    model.save(path)
    loaded = load_model(path)
    assert loaded.optimizer.get_config() == model.optimizer.get_config()
    assert K.get_value(loaded.optimizer.iterations) == 3
    for _ in range(2):
        assert loaded.train_on_batch(X, Y) == model.train_on_batch(X, Y)


def test_the_state_is_iterations_then_slots_by_kind_then_what_belongs_to_no_parameter():
    model = trained(KNOWN["Adam"](), steps=1)
    assert [weight.op.name.split("/")[-1] for weight in model.optimizer.weights] == [
        "iterations",
        *["Adam"] * 3,
        *["Adam_1"] * 3,
        "beta1_power",
        "beta2_power",
    ]
    shapes = [array.shape for array in model.optimizer.get_weights()]
    assert shapes == [()] + [(4, 3), (12, 2), (2,)] * 2 + [(), ()]
    state = [array + 1 for array in model.optimizer.get_weights()]
    model.optimizer.set_weights(state)
    for found, expected in zip(model.optimizer.get_weights(), state):
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_a_rate_given_as_variable_is_set_by_callbacks_and_saved():
    model = trained(tf.train.GradientDescentOptimizer(K.variable(0.5)))
    model.fit(X, Y, verbose=0, callbacks=[LearningRateScheduler(lambda epoch: 0.0)])
    before = model.get_weights()
    model.train_on_batch(X, Y)
    for found, expected in zip(model.get_weights(), before):
        np.testing.assert_array_equal(found, expected)
    K.set_value(model.optimizer.lr, 0.25)
    copy = pickle.loads(pickle.dumps(model))
    assert K.get_value(copy.optimizer.lr) == 0.25


def test_a_rate_given_as_number_can_not_be_set():
    model = trained(KNOWN["Adam"](), steps=0)
    with pytest.raises(AttributeError, match="K.variable"):
        model.optimizer.lr  # noqa: B018
    with pytest.raises(ConfigError, match='"lr" attribute'):
        model.fit(X, Y, verbose=0, callbacks=[LearningRateScheduler(lambda epoch: 0.1)])


class Unknown(tf.train.GradientDescentOptimizer):
    pass


@pytest.mark.parametrize(
    "make, reason",
    [
        (lambda: Unknown(0.1), "arguments of Unknown are not known"),
        (lambda: tf.train.AdamOptimizer(tf.constant(0.1) / 2), "learning_rate .* is computed"),
        (lambda: tf.train.AdamOptimizer(lambda: 0.1), "learning_rate .* is computed"),
    ],
)
def test_what_can_not_be_made_again_is_warned_of_and_the_model_saved(make, reason, tmp_path):
    path = str(tmp_path / "model.h5")
    model = trained(make())
    with pytest.warns(UserWarning, match="compile it again.*" + reason):
        model.save(path)
    with pytest.raises(NotImplementedError, match=reason):
        model.optimizer.get_config()
    with pytest.warns(UserWarning, match="not.* compiled"):
        loaded = load_model(path)
    np.testing.assert_array_equal(loaded.predict(X), model.predict(X))


@pytest.mark.parametrize("config", [None, {}, {"class_name": "os.system", "config": {}}])
def test_only_known_classes_are_made(config):
    with pytest.raises(ConfigError, match="AdamOptimizer"):
        optimizers.TFOptimizer.from_config(config)


def test_keras_2_2_5_loads_the_model_and_warns_that_it_is_not_compiled(tmp_path):
    if not original.is_installed_here():
        pytest.skip("NOT COMPARED: no Keras 2.2.5 in this environment")
    path = str(tmp_path / "model.h5")
    model = trained(KNOWN["Adam"]())
    model.save(path)
    expected = model.predict(X)
    import keras as theirs

    theirs.backend.clear_session()
    with pytest.warns(UserWarning, match="not.* compiled"):
        loaded = theirs.models.load_model(path)
    np.testing.assert_allclose(loaded.predict(X), expected, rtol=1e-6, atol=1e-6)


def test_a_gradient_of_rows_changes_only_the_rows_looked_up():
    model = Sequential([Embedding(4, 3, input_length=4), Flatten(), Dense(2)])
    model.compile(tf.train.GradientDescentOptimizer(0.1), "mse")
    before = model.get_weights()[0]
    model.train_on_batch(X[:1], Y[:1])
    changed = (model.get_weights()[0] != before).any(axis=1)
    assert changed.tolist() == [True, True, True, False]


def test_a_constraint_holds_after_each_step():
    model = trained(KNOWN["Momentum"](), kernel_constraint="non_neg")
    assert model.get_weights()[1].min() == 0


def test_steps_are_counted_once_each_and_called_either_way():
    w = K.variable([1.0])
    wrapped = optimizers.get(tf.train.GradientDescentOptimizer(0.5))
    assert wrapped.weights == []
    for updates in (wrapped.get_updates([w], {}, K.sum(w)), wrapped.get_updates(K.sum(w), [w])):
        K.function([], [], updates)([])
    assert K.get_value(w).tolist() == [0.0]
    assert K.get_value(wrapped.iterations) == 2


@pytest.mark.parametrize("scale", [128.0, "dynamic"])
def test_a_loss_scale_around_it_changes_nothing_but_the_range(scale):
    plain = trained(KNOWN["Adam"](), steps=0)
    scaled = trained(
        tf.train.experimental.MixedPrecisionLossScaleOptimizer(KNOWN["Adam"](), scale), steps=0
    )
    scaled.set_weights(plain.get_weights())
    for _ in range(3):
        expected = plain.train_on_batch(X, Y)
        np.testing.assert_allclose(scaled.train_on_batch(X, Y), expected, rtol=1e-5)
