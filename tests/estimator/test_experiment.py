"""Experiment: an Estimator with its data, and what is done with them."""

import os
import time

import numpy as np
import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator import Estimator, EstimatorSpec, RunConfig
from tfkeras_compat.estimator import experiment as module
from tfkeras_compat.estimator.experiment import Experiment
from tfkeras_compat.estimator.learn.export_strategy import ExportStrategy, make_export_strategy
from tfkeras_compat.estimator.receivers import build_raw_serving_input_receiver_fn
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential

X = np.linspace(-1.0, 1.0, 8).reshape(8, 1).astype("float32")
Y = 2.0 * X


def read(repeat=None):
    return lambda: tf.data.Dataset.from_tensor_slices((X, Y)).batch(4).repeat(repeat)


def line(features, labels, mode):
    features = features["x"] if isinstance(features, dict) else features
    predictions = tf.get_variable("weight", initializer=0.0) * features
    if mode == "infer":
        return EstimatorSpec(mode, predictions)
    loss = tf.reduce_mean(tf.square(predictions - labels))
    step = tf.train.GradientDescentOptimizer(0.1).minimize(loss, tf.train.get_global_step())
    error = tf.metrics.mean_absolute_error(labels, predictions)
    return EstimatorSpec(mode, predictions, loss, step, {"mae": error})


def experiment(directory, *, config=None, **kwargs):
    settings = dict({"train_steps": 6, "eval_steps": None, "eval_delay_secs": 0}, **kwargs)
    estimator = Estimator(line, model_dir=str(directory), config=config)
    return Experiment(estimator, read(), read(1), **settings)


def test_it_trains_evaluates_and_exports(tmp_path):
    receive = build_raw_serving_input_receiver_fn({"x": tf.placeholder(tf.float32, [None, 1])})
    trial = experiment(tmp_path, export_strategies=make_export_strategy(receive))
    results, exports = trial.train_and_evaluate()
    assert results["global_step"] == 6 and set(results) == {"loss", "mae", "global_step"}
    (path,) = [os.fsdecode(each) for each in exports]
    assert os.path.dirname(path) == str(tmp_path / "export" / "Servo")
    assert os.path.exists(os.path.join(path, "saved_model.pb"))
    assert (tmp_path / "eval").is_dir()


def test_a_strategy_is_given_what_it_declares_and_can_be_replaced(tmp_path):
    seen = []

    def export(estimator, export_path, checkpoint_path, eval_result):
        seen.append((export_path, checkpoint_path, eval_result["global_step"]))
        return export_path

    trial = experiment(tmp_path, export_strategies=[ExportStrategy("mine", export)])
    assert trial.test()["global_step"] == 1
    assert seen == [(str(tmp_path / "export" / "mine"), None, 1)]
    assert [each.name for each in trial.reset_export_strategies()] == ["mine"]
    trial.test()
    assert len(seen) == 1


def test_checkpoint_and_export_evaluates_every_checkpoint(tmp_path):
    steps = []

    def export(estimator, export_path, checkpoint_path, eval_result):
        steps.append((int(checkpoint_path.rpartition("-")[2]), eval_result["global_step"]))

    config = RunConfig(save_checkpoints_steps=3)
    strategy = ExportStrategy("each", export)
    trial = experiment(
        tmp_path, config=config, export_strategies=strategy, checkpoint_and_export=True
    )
    results, _ = trial.train_and_evaluate()
    assert results["global_step"] == 6
    assert [a for a, _ in steps] == [b for _, b in steps]
    assert steps[0][0] < steps[-1][0] == 6


def test_new_checkpoints_are_evaluated_during_the_training(tmp_path, monkeypatch):
    config = RunConfig(save_checkpoints_steps=2)
    trial = experiment(tmp_path, config=config, min_eval_frequency=2, check_interval_secs=None)
    evaluated = []
    evaluate = Estimator.evaluate

    def noting(self, *args, **kwargs):
        results = evaluate(self, *args, **kwargs)
        evaluated.append(int(results["global_step"]))
        return results

    monkeypatch.setattr(Estimator, "evaluate", noting)
    trial.train_and_evaluate()
    assert evaluated[-1] == 6 and len(evaluated) >= 3 and evaluated == sorted(evaluated)


def test_one_evaluation_has_a_name_and_continuous_ones_end_with_the_training(tmp_path):
    trial = experiment(tmp_path, eval_steps=2)
    assert trial.train() is trial.estimator
    trial.evaluate()
    assert (tmp_path / "eval_one_pass").is_dir()
    trial.continuous_eval()
    assert (tmp_path / "eval_continuous").is_dir()
    trial.continuous_eval_on_train_data()
    assert (tmp_path / "eval_continuous_on_train_data").is_dir()


def test_a_predicate_ends_continuous_evaluation(tmp_path):
    asked = []

    def goes_on(eval_results, checkpoint_path):
        asked.append((eval_results, checkpoint_path))
        return len(asked) < 2

    trial = experiment(tmp_path, train_steps=None, continuous_eval_throttle_secs=0)
    trial.estimator.train(read(), steps=2)
    trial.continuous_eval(continuous_eval_predicate_fn=goes_on)
    assert asked[0] == (None, None)
    assert asked[1][0]["global_step"] == 2 and asked[1][1].endswith("model.ckpt-2")


def test_a_compiled_model_stands_for_its_estimator():
    model = Sequential([Dense(1, input_shape=(1,))])
    model.compile("sgd", "mse", metrics=["mae"])
    trial = Experiment(model, train_input_fn=read(), eval_input_fn=read(1), train_steps=2)
    assert isinstance(trial.estimator, Estimator)
    results, exports = trial.train_and_evaluate()
    assert results["global_step"] == 2 and "mean_absolute_error" in results and exports == []


def test_hooks_are_added_to_the_training(tmp_path):
    class Counting(tf.train.SessionRunHook):
        count = 0

        def after_run(self, run_context, run_values):
            self.count += 1

    hook = Counting()
    trial = experiment(tmp_path)
    trial.extend_train_hooks([hook])
    trial.train()
    assert hook.count == 6


def test_other_things_than_estimators_and_strategies_are_refused(tmp_path):
    with pytest.raises(ValueError, match="must be a `tf.estimator.Estimator`"):
        Experiment("model", read(), read())
    with pytest.raises(ValueError, match="`eval_metrics` must be `None`"):
        experiment(tmp_path, eval_metrics={})
    with pytest.raises(ValueError, match="`export_strategies` must be an ExportStrategy"):
        experiment(tmp_path, export_strategies=["Servo"])
    with pytest.raises(ConfigError, match="must be an integer"):
        experiment(tmp_path, train_steps_per_iteration=1.5)


# ---- defect 7 of the original, by its number in estimator.md -------------------------------------


def test_defect_7_a_few_steps_are_trained_and_evaluated_in_turns(tmp_path):
    trial = experiment(tmp_path, train_steps=3)
    results, _ = trial.continuous_train_and_eval()
    assert results["global_step"] == 3


class _Worker(RunConfig):
    """The configuration of the second worker; its cluster is this process alone."""

    def _init_distributed_setting_from_environment_var(self, tf_config):
        super()._init_distributed_setting_from_environment_var({})
        self._task_id = 1


def test_defect_7_only_the_remainder_of_the_delay_is_slept(tmp_path, monkeypatch):
    trial = experiment(tmp_path, config=_Worker())
    slept = []
    now = iter([100.0, 103.0])
    monkeypatch.setattr(time, "sleep", slept.append)
    monkeypatch.setattr(module.time, "time", lambda: next(now, 103.0))
    monkeypatch.setattr(trial, "_call_train", lambda hooks, max_steps: max_steps)
    trial.train()
    assert slept == [2.0]  # 5 seconds for the second worker, of which 3 are gone


def test_defect_7_a_core_run_config_trains_in_a_cluster(tmp_path, monkeypatch):
    trial = experiment(tmp_path)
    config = trial.estimator.config
    config._cluster_spec = tf.train.ClusterSpec({"chief": ["localhost:1"], "ps": ["localhost:2"]})
    config._master, config._task_type = "grpc://localhost:1", "chief"
    started = []
    monkeypatch.setattr(type(trial.estimator), "config", property(lambda self: config))
    monkeypatch.setattr(module.servers, "start", started.append)
    monkeypatch.setattr(trial, "_call_train", lambda hooks, max_steps: max_steps)
    assert trial.train() == 6
    assert started == [config]
