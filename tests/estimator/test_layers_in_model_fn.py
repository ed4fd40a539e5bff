"""Keras layers inside a model function."""

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat import estimator, layers
from tfkeras_compat._tf import tf

X = (np.arange(24).reshape(12, 2) / 4).astype("float32")


def read():
    return tf.data.Dataset.from_tensor_slices((X, X[:, :1])).batch(6).repeat(3)


# Keras' moving statistics are those of a series that began with the first batch.
MEAN = (0.25 * X[:6].mean(axis=0) + 0.5 * X[6:].mean(axis=0)) / 0.75


def normalizing(with_dependencies=False):
    """A model function of a batch normalization and a dropout that drops nearly all."""

    def model_fn(features, labels, mode):
        normal = layers.BatchNormalization(momentum=0.5, name="normal")(features)
        dropped = layers.Dropout(0.5, name="drop")(normal)
        scale = tf.get_variable("scale", [], initializer=tf.ones_initializer())
        predictions = {"normal": normal, "dropped": dropped, "phase": features * K.learning_phase()}
        if mode == estimator.ModeKeys.PREDICT:
            return estimator.EstimatorSpec(mode, predictions)
        loss = tf.reduce_mean(tf.square(scale * dropped - labels))
        updates = tf.get_collection(tf.GraphKeys.UPDATE_OPS) if with_dependencies else []
        with tf.control_dependencies(updates):
            step = tf.train.AdamOptimizer(0.01).minimize(loss, tf.train.get_global_step())
        return estimator.EstimatorSpec(mode, predictions, loss, step)

    return model_fn


def test_a_training_updates_moving_statistics_without_being_asked(tmp_path):
    made = estimator.Estimator(normalizing(), str(tmp_path))
    made.train(read, steps=2)
    np.testing.assert_allclose(made.get_variable_value("normal/moving_mean"), MEAN, rtol=1e-5)


def test_updates_that_the_training_depends_on_anyway_run_once(tmp_path):
    made = estimator.Estimator(normalizing(with_dependencies=True), str(tmp_path))
    made.train(read, steps=2)
    np.testing.assert_allclose(made.get_variable_value("normal/moving_mean"), MEAN, rtol=1e-5)


def test_the_mode_sets_the_learning_phase(tmp_path):
    made = estimator.Estimator(normalizing(), str(tmp_path))
    made.train(read, steps=1)
    batch = next(made.predict(read, yield_single_examples=False))
    np.testing.assert_array_equal(batch["dropped"], batch["normal"])
    assert batch["phase"].sum() == 0
    mean, variance, gamma, beta = [
        made.get_variable_value("normal/" + name)
        for name in ("moving_mean", "moving_variance", "gamma", "beta")
    ]
    expected = gamma * (X[:6] - mean) / np.sqrt(variance + 1e-3) + beta
    np.testing.assert_allclose(batch["normal"], expected, rtol=1e-4)


def test_layers_raw_variables_and_slots_are_saved_alike(tmp_path):
    made = estimator.Estimator(normalizing(), str(tmp_path)).train(read, steps=1)
    assert set(made.get_variable_names()) >= {
        "normal/gamma",
        "normal/moving_variance",
        "scale",
        "scale/Adam",
        "normal/gamma/Adam_1",
        "global_step",
    }


def test_a_training_stops_and_goes_on_as_if_it_had_not(tmp_path):
    whole = estimator.Estimator(_without_dropout, str(tmp_path / "whole")).train(again, steps=3)
    parts = estimator.Estimator(_without_dropout, str(tmp_path / "parts")).train(again, steps=1)
    parts.train(again, steps=2)
    for name in whole.get_variable_names():
        np.testing.assert_allclose(
            parts.get_variable_value(name), whole.get_variable_value(name), rtol=1e-6, err_msg=name
        )


def again():
    """The same batch at every step: an input begins anew with each training."""
    return read().take(1).repeat()


def _without_dropout(features, labels, mode):
    normal = layers.BatchNormalization(momentum=0.5)(features)
    outputs = layers.Dense(1, kernel_initializer="ones")(normal)
    loss = tf.reduce_mean(tf.square(outputs - labels))
    step = tf.train.AdamOptimizer(0.01).minimize(loss, tf.train.get_global_step())
    return estimator.EstimatorSpec(mode, outputs, loss, step)


def test_a_warm_start_from_a_path_takes_moving_statistics_too(tmp_path):
    """Defect 1 of the original: they were left as those of an untrained layer."""
    first = estimator.Estimator(normalizing(), str(tmp_path / "first")).train(read, steps=2)
    second = estimator.Estimator(
        normalizing(), str(tmp_path / "second"), warm_start_from=first.model_dir
    )
    expected = next(first.predict(read, yield_single_examples=False))["normal"]
    found = next(second.predict(read, yield_single_examples=False))["normal"]
    np.testing.assert_array_equal(found, expected)
