"""Minimizers outside of TensorFlow, where nothing is recorded; see contrib_function_cases, too."""

import numpy as np
import pytest

import tfkeras_compat as keras
import tfkeras_compat.tensorflow as tf
from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, MissingDependencyError, SessionError
from tfkeras_compat.tensorflow.contrib.opt import external

Scipy = tf.contrib.opt.ScipyOptimizerInterface


class Failing(tf.contrib.opt.ExternalOptimizerInterface):
    def _minimize(self, initial_val, loss_grad_func, **given):
        loss_grad_func(initial_val + 1.0)
        raise ArithmeticError


@pytest.fixture
def session():
    with tf.Graph().as_default(), tf.Session() as session:
        yield session


def test_the_weights_of_a_model_are_fitted_where_the_graph_is_finalized(session):
    x = np.linspace(-1.0, 1.0, 10).reshape(5, 2).astype("float32")
    y = x.dot([[2.0], [-1.0]]) + 3.0
    inputs = keras.layers.Input(batch_shape=(None, 2))
    outputs, target = keras.layers.Dense(1)(inputs), tf.placeholder(tf.float32, [None, 1])
    optimizer = Scipy(tf.reduce_mean(tf.square(outputs - target)))
    losses = []
    K.get_session().run(tf.global_variables_initializer())
    session.graph.finalize()
    optimizer.minimize(
        session, {inputs: x, target: y}, [optimizer._loss[0]], loss_callback=losses.append
    )
    np.testing.assert_allclose(session.run(outputs, {inputs: x}), y, atol=1e-3)
    assert len(losses) > 2 and losses[-1] < 1e-6 < losses[0]


def test_rows_that_are_looked_up_in_a_variable_of_any_kind_are_found(session):
    for is_resource in (False, True):
        table = tf.get_variable(
            "t%d" % is_resource, initializer=[1.0, 2.0], use_resource=is_resource
        )
        loss = tf.reduce_sum(tf.square(tf.gather(table, [1, 1]) - 5.0))
        session.run(table.initializer)
        Scipy(loss, [table]).minimize()
        np.testing.assert_allclose(session.run(table), [1.0, 5.0], atol=1e-4)


def test_variables_keep_their_values_if_the_minimizer_fails(session):
    x = tf.get_variable("x", initializer=2.0)
    session.run(x.initializer)
    with pytest.raises(ArithmeticError):
        Failing(tf.square(x)).minimize()
    assert session.run(x) == 2.0


def test_whole_numbers_are_not_trained_unless_they_are_named(session):
    x, _ = tf.get_variable("x", initializer=2.0), tf.get_variable("n", initializer=3)
    session.run(tf.global_variables_initializer())
    Scipy(tf.square(x - 1.0)).minimize()
    assert session.run(x) == pytest.approx(1.0)


@pytest.mark.parametrize(
    "given, says",
    [
        ({"bounds": [(0, 1)]}, "var_to_bounds"),
        ({"jac": False}, "TensorFlow's"),
        ({"constraints": []}, "equalities"),
        ({"callback": print}, "step_callback"),
    ],
)
def test_arguments_of_scipy_that_are_said_otherwise_are_refused(session, given, says):
    x = tf.get_variable("x", initializer=2.0)
    session.run(x.initializer)
    with pytest.raises(ConfigError, match=says):
        Scipy(tf.square(x), **given).minimize()


def test_without_variables_or_a_session_it_says_what_is_missing():
    with tf.Graph().as_default():
        with pytest.raises(ConfigError, match="give var_list"):
            Scipy(tf.constant(1.0))
        optimizer = Scipy(tf.square(tf.get_variable("x", initializer=2.0)))
        with pytest.raises(SessionError, match="with tf.Session"):
            optimizer.minimize()


def test_without_scipy_it_names_the_extra(session, monkeypatch):
    def missing(name):
        raise ImportError(name)

    x = tf.get_variable("x", initializer=2.0)
    session.run(x.initializer)
    optimizer = Scipy(tf.square(x))
    monkeypatch.setattr(external.importlib, "import_module", missing)
    with pytest.raises(MissingDependencyError, match=r"tfkeras_compat\[scipy\]"):
        optimizer.minimize()
