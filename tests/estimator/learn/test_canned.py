"""The ready-made Estimators of tf.contrib.learn."""

import numpy as np
import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.estimator.experiment import Experiment
from tfkeras_compat.estimator.learn import canned
from tfkeras_compat.estimator.learn.metric_spec import MetricSpec

pytestmark = pytest.mark.either_end

X = np.linspace(-1.0, 1.0, 20).astype("float32")
COLUMNS = [tf.feature_column.numeric_column("x")]


def read(labels):
    return lambda: tf.data.Dataset.from_tensor_slices(({"x": X}, labels)).batch(10).repeat(20)


@pytest.mark.parametrize("kind", ["dnn", "linear"])
def test_a_classifier_learns_and_gives_classes_and_probabilities(kind, tmp_path):
    labels = (X > 0).astype("int64")
    made = {
        "dnn": lambda: canned.DNNClassifier([4], COLUMNS, str(tmp_path), activation_fn=tf.nn.tanh),
        "linear": lambda: canned.LinearClassifier(COLUMNS, str(tmp_path)),
    }
    classifier = made[kind]().fit(input_fn=read(labels))
    result = classifier.evaluate(
        input_fn=read(labels),
        steps=2,
        metrics={"mine": MetricSpec(tf.metrics.accuracy, prediction_key="class_ids")},
    )
    assert result["accuracy"] >= 0.9 and result["global_step"] == 40 and 0.0 <= result["mine"] <= 1
    classes = list(classifier.predict({"x": X}, batch_size=20))
    assert (np.array(classes) == labels).mean() >= 0.9
    probabilities = classifier.predict_proba({"x": X}, batch_size=20, as_iterable=False)
    np.testing.assert_array_equal(probabilities.argmax(axis=1), classes)


@pytest.mark.parametrize("kind", ["dnn", "linear"])
def test_a_regressor_takes_part_in_an_experiment(kind, tmp_path):
    made = {
        "dnn": lambda: canned.DNNRegressor([4], COLUMNS, str(tmp_path)),
        "linear": lambda: canned.LinearRegressor(COLUMNS, str(tmp_path)),
    }
    trial = Experiment(made[kind](), read(X), read(X), train_steps=5, eval_steps=2)
    results, _ = trial.train_and_evaluate()
    assert results["global_step"] == 5
    assert np.shape(next(trial.estimator.predict({"x": X}))) == ()


def test_the_loss_is_the_mean_as_in_the_original(tmp_path):
    regressor = canned.LinearRegressor(COLUMNS, str(tmp_path)).fit(input_fn=read(X), steps=1)
    result = regressor.evaluate(input_fn=read(X), steps=2)
    scores = regressor.predict({"x": X}, batch_size=20, as_iterable=False)[:, 0]
    assert result["loss"] == pytest.approx(np.mean((scores - X) ** 2), rel=1e-4)


def test_what_is_not_supported_is_said(tmp_path):
    with pytest.raises(ValueError, match="does not support gradient_clip_norm"):
        canned.DNNRegressor([4], COLUMNS, str(tmp_path), gradient_clip_norm=1.0)
