"""The Estimator of tf.contrib.learn."""

import os

import numpy as np
import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import NotFittedError
from tfkeras_compat.estimator.experiment import Experiment
from tfkeras_compat.estimator.learn.estimator import Estimator
from tfkeras_compat.estimator.learn.export_strategy import make_export_strategy
from tfkeras_compat.estimator.learn.metric_spec import MetricSpec
from tfkeras_compat.estimator.learn.model_fn_ops import InputFnOps, ModelFnOps, ProblemType
from tfkeras_compat.estimator.learn.monitors import CaptureVariable, ValidationMonitor
from tfkeras_compat.estimator.learn.run_config import RunConfig

X = np.linspace(-1.0, 1.0, 8).astype("float32")
Y = 2.0 * X


def read():
    return tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).batch(4)


def parts(features, labels, params=None):
    predictions = tf.get_variable("weight", initializer=0.0) * features["x"]
    loss = None if labels is None else tf.reduce_mean(tf.square(predictions - labels))
    if loss is None:
        return predictions, None, None
    step = tf.train.GradientDescentOptimizer((params or {}).get("rate", 0.1))
    return predictions, loss, step.minimize(loss, tf.train.get_global_step())


def tuple_model_fn(x, y, mode, params, model_dir):
    assert os.path.isdir(os.path.dirname(model_dir))
    predictions, loss, step = parts(x, y, params)
    return {"line": predictions}, loss, step if mode == "train" else None


def ops_model_fn(features, labels, mode):
    predictions, loss, step = parts(features, labels)
    alternatives = {"head": (ProblemType.LINEAR_REGRESSION, {"scores": predictions})}
    return ModelFnOps(
        mode,
        {"scores": predictions},
        loss,
        step,
        output_alternatives=alternatives,
        eval_metric_ops={"loss": tf.metrics.mean(loss)} if mode == "eval" else None,
    )


def test_a_model_function_may_return_predictions_loss_and_step(tmp_path):
    estimator = Estimator(tuple_model_fn, str(tmp_path), params={"rate": 0.5})
    assert estimator.fit(input_fn=read) is estimator
    assert estimator.get_variable_value("global_step") == 2
    metrics = {"error": MetricSpec(tf.metrics.mean_absolute_error, prediction_key="line")}
    result = estimator.evaluate(input_fn=read, metrics=metrics)
    weight = estimator.get_variable_value("weight")
    assert result["error"] == pytest.approx(np.abs(weight * X - Y).mean(), rel=1e-5)
    found = list(estimator.predict(input_fn=read))
    np.testing.assert_allclose([each["line"] for each in found], weight * X, rtol=1e-5)
    joined = estimator.predict(input_fn=read, as_iterable=False)
    np.testing.assert_allclose(joined["line"], weight * X, rtol=1e-5)
    once = list(estimator.predict(input_fn=lambda: {"x": tf.constant(X)}))
    assert [each["line"] for each in once] == [each["line"] for each in found]


def default_signature(path):
    with tf.Graph().as_default(), tf.Session() as session:
        meta = tf.saved_model.load(session, ["serve"], os.fsdecode(path))
        return meta.signature_def["serving_default"]


def test_it_may_return_model_fn_ops_and_is_exported_by_an_experiment(tmp_path):
    def serve():
        examples = tf.placeholder(tf.string, [None])
        features = tf.parse_example(examples, {"x": tf.FixedLenFeature([], tf.float32)})
        return InputFnOps(features, None, {"examples": examples})

    def serve_raw():
        x = tf.placeholder(tf.float32, [None])
        return InputFnOps({"x": x}, None, {"x": x})

    strategy = make_export_strategy(serve, default_output_alternative_key="head")
    estimator = Estimator(ops_model_fn, config=RunConfig(model_dir=str(tmp_path)))
    trial = Experiment(
        estimator,
        lambda: tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).batch(4).repeat(),
        read,
        eval_metrics={"mean": MetricSpec(lambda predictions: tf.reduce_mean(predictions))},
        train_steps=4,
        export_strategies=strategy,
    )
    results, (path,) = trial.train_and_evaluate()
    assert results["global_step"] == 4 and results["mean"] == pytest.approx(0.0, abs=1e-6)
    assert default_signature(path).method_name == "tensorflow/serving/regress"
    raw = estimator.export_savedmodel(str(tmp_path / "raw"), serve_raw)
    assert default_signature(raw).method_name == "tensorflow/serving/predict"


def test_arrays_are_read_in_batches(tmp_path):
    estimator = Estimator(tuple_model_fn, str(tmp_path), params={})
    estimator.fit({"x": X}, Y, batch_size=4, steps=3)
    assert estimator.get_variable_value("global_step") == 3
    assert len(list(estimator.predict({"x": X}, batch_size=3))) == 8


def test_what_needs_a_training_says_so(tmp_path):
    estimator = Estimator(ops_model_fn, str(tmp_path))
    with pytest.raises(NotFittedError, match="Couldn't find trained model"):
        estimator.evaluate(input_fn=read)


def test_features_may_be_engineered(tmp_path):
    def doubled(features, labels):
        return {"x": features["x"] * 2.0}, labels

    estimator = Estimator(ops_model_fn, str(tmp_path), feature_engineering_fn=doubled)
    estimator.fit(input_fn=read)
    found = [each["scores"] for each in estimator.predict(input_fn=read)]
    np.testing.assert_allclose(found, estimator.get_variable_value("weight") * 2 * X, rtol=1e-5)


def test_monitors_run_as_hooks_and_may_end_the_training(tmp_path):
    class Stopped(Exception):
        pass

    config = RunConfig(model_dir=str(tmp_path), save_checkpoints_steps=1)
    validation = ValidationMonitor(
        input_fn=read,
        every_n_steps=1,
        early_stopping_rounds=2,
        early_stopping_metric_minimize=False,  # the loss does not increase
        check_interval_secs=None,
    )
    capture = CaptureVariable("weight", every_n=1)
    endless = lambda: tf.data.Dataset.from_tensor_slices(({"x": X}, Y)).batch(4).repeat()  # noqa: E731
    Estimator(ops_model_fn, config=config).fit(
        input_fn=endless, monitors=[validation, capture], max_steps=50
    )
    assert validation.early_stopped and validation.best_step < 10
    assert sorted(capture.values)[:2] == [1, 2] and max(capture.values) < 10


def test_a_metric_finds_its_arguments_by_name():
    spec = MetricSpec(lambda predictions, targets, weights=None: (predictions, targets, weights))
    assert spec.create_metric_ops({}, 1, {"only": 2}) == (2, 1, None)
    weighted = MetricSpec(lambda x, label, weight: (x, label, weight), "p", "l", "w")
    assert weighted.create_metric_ops({"w": 3}, {"l": 1}, {"p": 2}) == (2, 1, 3)
    with pytest.raises(ValueError, match="Ambiguous arguments"):
        MetricSpec(lambda label, targets: None)
    with pytest.raises(KeyError, match="missing from the predictions"):
        MetricSpec(lambda predictions: None, "p").create_metric_ops({}, None, {"q": 1})
