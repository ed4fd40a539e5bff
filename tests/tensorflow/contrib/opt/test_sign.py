"""AddSign and PowerSign, where TensorFlow 1.15.5 gives nothing to record; see
contrib_function_cases, too."""

import numpy as np
import pytest

import tfkeras_compat.tensorflow as tf
from tfkeras_compat.errors import ConfigError

decays = tf.contrib.opt.sign_decay


def after_some_steps(kind, is_resource, is_sparse):
    """A table and its averages after steps that reach one row, another, and the first again."""
    with tf.Graph().as_default(), tf.Session() as session:
        table = tf.get_variable("t", initializer=np.eye(3, 2) - 0.4, use_resource=is_resource)
        row = tf.placeholder(tf.int32, [])
        only = table * tf.one_hot([row], 3, axis=0, dtype=tf.float64)
        chosen = tf.gather(table, [row, row]) if is_sparse else np.sqrt(2.0) * only
        optimizer = kind(lambda: 0.1, sign_decay_fn=decays.get_linear_decay_fn(4))
        step = optimizer.minimize(
            tf.reduce_sum(tf.square(chosen)), tf.train.get_or_create_global_step()
        )
        session.run(tf.global_variables_initializer())
        for each in (0, 1, 0):
            session.run(step, {row: each})
        return np.concatenate(session.run([table, optimizer.get_slot(table, "m")]))


@pytest.mark.parametrize("name", ["AddSignOptimizer", "PowerSignOptimizer"])
def test_rows_of_variables_of_any_kind_change_as_the_whole_would(name):
    kind = getattr(tf.contrib.opt, name)
    expected = after_some_steps(kind, False, False)
    for is_resource, is_sparse in ((False, True), (True, False), (True, True)):
        found = after_some_steps(kind, is_resource, is_sparse)
        np.testing.assert_allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize("name", ["linear", "cosine", "restart"])
def test_a_decay_without_a_global_step_says_how_to_give_one(name):
    decay = getattr(decays, "get_%s_decay_fn" % name)(10)
    optimizer = tf.contrib.opt.AddSignOptimizer(sign_decay_fn=decay)
    with tf.Graph().as_default(), pytest.raises(ConfigError, match="global_step="):
        optimizer.minimize(tf.square(tf.get_variable("x", initializer=2.0)))
