"""tf.contrib.slim trains, saves, goes on and evaluates."""

import numpy as np
import pytest

import tfkeras_compat.tensorflow as tf
from tfkeras_compat.errors import ConfigError

slim = tf.contrib.slim


def build():
    x = tf.constant(np.linspace(-1, 1, 8).reshape(8, 1), tf.float32)
    predictions = slim.fully_connected(x, 1, activation_fn=None, scope="line")
    return slim.losses.mean_squared_error(predictions, 2.0 * x)


def train(directory, steps):
    with tf.Graph().as_default():
        loss = build()
        step = slim.learning.create_train_op(loss, tf.train.GradientDescentOptimizer(0.5))
        tf.summary.scalar("loss", loss)
        return slim.learning.train(
            step, str(directory), number_of_steps=steps, log_every_n_steps=5, save_summaries_secs=0
        )


def test_training_goes_on_from_the_last_checkpoint_and_is_evaluated(tmp_path):
    first = train(tmp_path, 10)
    last = train(tmp_path, 20)
    assert last < first / 2
    path = tf.train.latest_checkpoint(str(tmp_path))
    assert path.endswith("-20")
    with tf.Graph().as_default():
        tf.train.get_or_create_global_step()
        value, update = slim.metrics.streaming_mean(build())
        arguments = {"num_evals": 2, "eval_op": update, "final_op": value}
        found = slim.evaluation.evaluate_once("", path, str(tmp_path / "eval"), **arguments)
        again = slim.evaluation.evaluation_loop(
            "", str(tmp_path), None, max_number_of_evaluations=1, **arguments
        )
    assert 0 < found < last and again == found


def test_a_part_of_a_network_is_restored_from_a_checkpoint(tmp_path):
    train(tmp_path, 1)
    path = tf.train.latest_checkpoint(str(tmp_path))
    build()
    new = tf.get_variable("new", [], initializer=tf.ones_initializer())
    variables = slim.get_variables_to_restore()
    with pytest.raises(ValueError, match="missing the variables new.*ignore_missing_vars"):
        slim.assign_from_checkpoint(path, variables)
    restore = slim.assign_from_checkpoint_fn(path, variables, ignore_missing_vars=True)
    operation, feeds = slim.assign_from_checkpoint(path, slim.get_model_variables("line"))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        restore(session)
        restored = session.run(slim.get_model_variables("line/weights")[0])
        session.run(operation, feeds)
        assert session.run(new) == 1.0
        np.testing.assert_array_equal(session.run("line/weights/read:0"), restored)
    np.testing.assert_array_equal(tf.train.load_variable(path, "line/weights"), restored)


def test_what_training_needs_is_said():
    with pytest.raises(ConfigError, match="number_of_steps must be positive"):
        slim.learning.train(tf.constant(1.0), None, number_of_steps=0)
    with pytest.raises(ConfigError, match="tf.train.MonitoredTrainingSession"):
        slim.learning.train(tf.constant(1.0), None, trace_every_n_steps=1)
    with pytest.raises(ConfigError, match="no variable to train"):
        slim.learning.create_train_op(tf.constant(1.0), tf.train.GradientDescentOptimizer(1.0))
