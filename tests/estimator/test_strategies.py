"""Estimators on two replicas: MirroredStrategy on two logical CPU devices."""

import numpy as np
import pytest

import tfkeras_compat
import tfkeras_compat.tensorflow as tf
from tfkeras_compat.layers import BatchNormalization, Dense

pytestmark = pytest.mark.either_end

X = (np.arange(20).reshape(10, 2) ** 1.5).astype("float32")
Y = X[:, :1] * 0.1
MOMENTUM = 0.9


def model_fn(features, labels, mode):
    x = BatchNormalization(momentum=MOMENTUM, name="bn")(features)
    predictions = Dense(1, kernel_initializer="ones")(x)
    loss = tf.losses.mean_squared_error(labels, predictions)
    step = tf.train.GradientDescentOptimizer(0.01).minimize(loss, tf.train.get_global_step())
    metrics = {"mae": tf.metrics.mean_absolute_error(labels, predictions)}
    return tf.estimator.EstimatorSpec(mode, predictions, loss, step, metrics)


def batches(skip=0, count=5):
    return lambda: tf.data.Dataset.from_tensor_slices((X, Y)).batch(2).skip(skip).take(count)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """That of an Estimator which has trained two steps on two replicas."""
    folder = str(tmp_path_factory.mktemp("mirrored"))
    on_two_replicas(folder).train(batches(), steps=2)
    return folder


def on_two_replicas(folder):
    strategy = tf.distribute.MirroredStrategy(devices=["/cpu:0", "/cpu:1"])
    config = tf.estimator.RunConfig(
        train_distribute=strategy,
        eval_distribute=strategy,
        session_config=tf.ConfigProto(device_count={"CPU": 2}, allow_soft_placement=True),
    )
    return tf.estimator.Estimator(model_fn, folder, config)


def test_moving_statistics_follow_the_mean_over_the_replicas(folder):
    # Each step takes two batches; the same numbers as tf.layers and tf.keras of TensorFlow 1.15.5
    # have on two devices, but for the correction of an average that began at zero.
    average = 0.0
    for step in (X[:4], X[4:8]):
        average = MOMENTUM * average + (1 - MOMENTUM) * step.mean(axis=0)
    np.testing.assert_allclose(average, [4.27939, 5.01892], rtol=1e-5)  # of TensorFlow 1.15.5
    estimator = on_two_replicas(folder)
    found = estimator.get_variable_value("bn/moving_mean/biased")
    np.testing.assert_allclose(found, average, rtol=1e-5)
    found = estimator.get_variable_value("bn/moving_mean")
    np.testing.assert_allclose(found, average / (1 - MOMENTUM**2), rtol=1e-5)


def test_the_plain_averages_of_tf_keras_follow_the_mean_over_the_replicas_too(tmp_path):
    tfkeras_compat.generation("tf.keras")
    try:
        estimator = on_two_replicas(str(tmp_path))
        estimator.train(batches(), steps=2)
    finally:
        tfkeras_compat.generation("2.2")
    found = estimator.get_variable_value("bn/moving_mean")
    np.testing.assert_allclose(found, [4.27939, 5.01892], rtol=1e-5)  # of TensorFlow 1.15.5


@pytest.mark.parametrize("count", [1, 5])
def test_an_evaluation_counts_every_batch_also_in_a_step_that_is_not_full(count, folder):
    found = on_two_replicas(folder).evaluate(batches(count=count))
    expected = tf.estimator.Estimator(model_fn, folder).evaluate(batches(count=count))
    assert found == pytest.approx(expected, rel=1e-5)
