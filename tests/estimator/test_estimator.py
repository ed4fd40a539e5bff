"""Against what ``tf.estimator`` of TensorFlow 1.15.5 recorded, and live where that is installed."""

import json
import os
import shutil

import estimator_cases as cases
import numpy as np
import pytest
import record_estimator

from tfkeras_compat import estimator
from tfkeras_compat._tf import tf

with open(record_estimator.FILE) as file:
    RECORDED = json.load(file)

_HAS_THE_ORIGINAL = hasattr(tf, "estimator")


def the_original():
    """TensorFlow's own Estimators, which are there on 1.15."""
    if not _HAS_THE_ORIGINAL:
        pytest.skip("NOT COMPARED LIVE: no tf.estimator here (its recorded answers are compared)")
    return tf.estimator


def assert_same(found, expected, tolerance=1e-5):
    """The same structure, numbers within the tolerance."""
    assert type(found) is type(expected) or isinstance(found, (int, float)), (found, expected)
    if isinstance(expected, dict):
        assert sorted(found) == sorted(expected)
        for key in expected:
            assert_same(found[key], expected[key], tolerance)
    elif isinstance(expected, list):
        assert len(found) == len(expected), (found, expected)
        for one, other in zip(found, expected):
            assert_same(one, other, tolerance)
    elif isinstance(expected, float):
        np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance)
    else:
        assert found == expected


@pytest.mark.parametrize("name", sorted(cases.CASES))
def test_trainings_evaluations_and_predictions_are_those_of_the_original(name, tmp_path):
    found = json.loads(json.dumps(cases.observe(estimator, name, str(tmp_path))))
    assert_same(found, RECORDED[name])


def test_a_training_of_the_original_goes_on(tmp_path):
    folder = str(tmp_path / "kept")
    shutil.copytree(record_estimator.KEPT, folder)
    found = record_estimator.continued(estimator, folder)
    assert_same(json.loads(json.dumps(found)), RECORDED["continued"])


def test_the_original_goes_on_with_a_training_of_ours(tmp_path):
    cases.three_methods(estimator, str(tmp_path))
    found = record_estimator.continued(the_original(), str(tmp_path))
    assert_same(json.loads(json.dumps(found)), RECORDED["continued"])


def linear(folder, **options):
    return estimator.Estimator(
        cases.regression(estimator), str(folder), params={"rate": 0.1}, **options
    )


def test_steps_are_counted_one_way(tmp_path):
    made = linear(tmp_path)
    for options, message in [
        ({"steps": 1, "max_steps": 1}, "both steps and max_steps"),
        ({"steps": 0}, "steps > 0"),
        ({"max_steps": -1}, "max_steps > 0"),
    ]:
        with pytest.raises(ValueError, match=message):
            made.train(cases.batches(), **options)
    with pytest.raises(ValueError, match="steps > 0"):
        made.evaluate(cases.batches(), steps=0)


def test_hooks_and_listeners_of_another_type_are_type_errors(tmp_path):
    made = linear(tmp_path)
    for wrong in ({"hooks": [1]}, {"saving_listeners": [1]}):
        with pytest.raises(TypeError):
            made.train(cases.batches(), **wrong)


def test_members_can_not_be_overridden_but_new_ones_can_be_added(tmp_path):
    class Adds(estimator.Estimator):
        def summarize(self):
            return self.eval_dir("x")

    class Overrides(estimator.Estimator):
        def train(self):
            pass

    assert Adds(cases.classification(estimator), "/there").summarize() == "/there/eval_x"
    with pytest.raises(ValueError, match=r"Overrides.*\['train'\]"):
        Overrides(cases.classification(estimator))


def test_a_model_directory_is_given_once(tmp_path):
    config = estimator.RunConfig(model_dir="/here")
    assert linear("/here", config=config).model_dir == "/here"
    with pytest.raises(ValueError, match="'/there'.*'/here'"):
        linear("/there", config=config)
    made = estimator.Estimator(cases.classification(estimator))
    assert os.path.isdir(made.model_dir)


def test_before_a_training_there_are_no_variables_but_initial_predictions(tmp_path):
    made = linear(tmp_path)
    assert made.latest_checkpoint() is None
    with pytest.raises(ValueError, match="Could not find trained model"):
        made.get_variable_names()
    first = next(made.predict(cases.batches()))
    np.testing.assert_allclose(first["y"], [0.1 * cases.X[0].sum()], rtol=1e-5)


def test_predictions_are_chosen_by_key_and_have_equal_lengths(tmp_path):
    made = linear(tmp_path)
    assert list(next(made.predict(cases.batches(), predict_keys=["y"]))) == ["y"]
    with pytest.raises(ValueError, match="Expected to run at least one output"):
        next(made.predict(cases.batches(), predict_keys=["z"]))

    def uneven(features, mode):
        predictions = {"all": features, "one": features[:1]}
        return estimator.EstimatorSpec(mode, predictions)

    made = estimator.Estimator(uneven, str(tmp_path / "uneven"))
    with pytest.raises(ValueError, match=r"Batch length.*'all': 8.*yield_single_examples=False"):
        next(made.predict(lambda: tf.data.Dataset.from_tensors(cases.X[:8])))


def test_a_metric_can_not_be_called_loss(tmp_path):
    def model_fn(features, labels, mode):
        loss = tf.reduce_mean(features)
        return estimator.EstimatorSpec(
            mode, loss=loss, eval_metric_ops={"loss": tf.metrics.mean(features)}
        )

    with pytest.raises(ValueError, match='name "loss" is not allowed'):
        estimator.Estimator(model_fn, str(tmp_path)).evaluate(cases.batches())


def test_an_evaluator_does_not_train(tmp_path, monkeypatch):
    task = {"cluster": {"chief": ["a:1"]}, "task": {"type": "evaluator", "index": 0}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(task))
    with pytest.raises(ValueError, match="use tf.estimator.train_and_evaluate"):
        linear(tmp_path).train(cases.batches())


def test_what_is_handed_out_is_a_copy(tmp_path):
    made = linear(tmp_path)
    made.params["rate"] = 5
    assert made.params == {"rate": 0.1}
    assert made.config is not made.config
    features = tf.constant(cases.X)
    spec = made.model_fn(features, None, estimator.ModeKeys.PREDICT, made.config)
    assert sorted(spec.predictions) == ["x", "y"]


def test_an_input_of_another_form_is_named(tmp_path):
    with pytest.raises(ValueError, match=r"\(features, labels\).*3 elements"):
        linear(tmp_path).train(lambda: (tf.constant(1), 2, 3))
