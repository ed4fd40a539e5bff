"""learn_runner: making an Experiment, and doing what a role asks for."""

import json

import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import OtherRunError
from tfkeras_compat.estimator import Estimator, EstimatorSpec, RunConfig, learn_runner
from tfkeras_compat.estimator.experiment import Experiment
from tfkeras_compat.estimator.hparams import HParams
from tfkeras_compat.estimator.learn.run_config import RunConfig as LearnRunConfig


def read():
    return tf.data.Dataset.from_tensors((1.0, 3.0)).repeat(4)


def experiment_fn(run_config, hparams):
    def model_fn(features, labels, mode):
        weight = tf.get_variable("weight", initializer=0.0)
        loss = tf.square(weight * features - labels)
        step = tf.train.GradientDescentOptimizer(hparams.rate if hparams else 0.1)
        train = step.minimize(loss, tf.train.get_global_step())
        return EstimatorSpec(mode, weight * features, loss, train)

    return Experiment(Estimator(model_fn, config=run_config), read, read, train_steps=2)


@pytest.mark.parametrize("kind", [LearnRunConfig, RunConfig])
def test_defect_7_both_kinds_of_run_config_are_taken(kind, tmp_path):
    config = kind(model_dir=str(tmp_path))
    results, _ = learn_runner.run(experiment_fn, run_config=config, hparams=HParams(rate=0.5))
    assert results["global_step"] == 2
    assert results["loss"] == 0.0  # the first step is exact, with this rate


def test_a_directory_alone_will_do(tmp_path):
    def of_directory(output_dir):
        return experiment_fn(RunConfig(model_dir=output_dir), None)

    estimator = learn_runner.run(of_directory, str(tmp_path), "train")
    assert estimator.model_dir == str(tmp_path)
    assert estimator.get_variable_value("global_step") == 2


def test_an_estimator_of_another_configuration_is_an_error(tmp_path):
    config = LearnRunConfig(model_dir=str(tmp_path / "one"))
    other = LearnRunConfig(model_dir=str(tmp_path / "two"))
    with pytest.raises(RuntimeError, match="must be made with the `run_config`") as caught:
        learn_runner.run(lambda run_config, hparams: experiment_fn(other, None), run_config=config)
    assert isinstance(caught.value, OtherRunError)


def test_a_configuration_may_be_replaced_in_part(tmp_path):
    config = LearnRunConfig(model_dir=str(tmp_path))

    def replacing(run_config, hparams):
        return experiment_fn(run_config.replace(save_checkpoints_steps=1), hparams)

    assert learn_runner.run(replacing, run_config=config, schedule="test")["global_step"] == 1


@pytest.mark.parametrize(
    "role, schedule",
    [("ps", "run_std_server"), ("worker", "train"), ("chief", "train_and_evaluate")],
)
def test_the_role_chooses_the_schedule(role, schedule, monkeypatch):
    cluster = {"chief": ["a:1"], "worker": ["a:2"], "ps": ["a:3"]}
    task = {"type": role, "index": 0}
    monkeypatch.setenv("TF_CONFIG", json.dumps({"cluster": cluster, "task": task}))
    assert learn_runner._default_schedule(RunConfig()) == schedule


def test_a_master_trains_and_evaluates_and_an_evaluator_evaluates(monkeypatch):
    cluster = {"master": ["a:1"], "worker": ["a:2"]}
    settings = {"cluster": cluster, "task": {"type": "master", "index": 0}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(dict(settings, environment="cloud")))
    config = LearnRunConfig()
    assert learn_runner._default_schedule(config) == "train_and_evaluate"
    assert config.is_chief and config.master == "grpc://a:1" and config.num_worker_replicas == 2
    cluster = {"chief": ["a:1"], "worker": ["a:2"]}
    settings = {"cluster": cluster, "task": {"type": "evaluator", "index": 0}}
    monkeypatch.setenv("TF_CONFIG", json.dumps(settings))
    assert learn_runner._default_schedule(RunConfig()) == "continuous_eval"


def test_arguments_that_do_not_go_together_are_refused(tmp_path):
    config = LearnRunConfig(model_dir=str(tmp_path))
    with pytest.raises(ValueError, match="and not both"):
        learn_runner.run(experiment_fn)
    with pytest.raises(TypeError, match="is not callable"):
        learn_runner.run("experiment", run_config=config)
    with pytest.raises(TypeError, match="did not return an Experiment"):
        learn_runner.run(lambda run_config, hparams: None, run_config=config)
    with pytest.raises(ValueError, match="non-existent task fly"):
        learn_runner.run(experiment_fn, run_config=config, schedule="fly")
    with pytest.raises(ValueError, match="Must specify a model directory"):
        learn_runner.run(experiment_fn, run_config=LearnRunConfig())


def test_a_tuner_is_given_a_function_that_makes_experiments(tmp_path):
    class Tuner:
        trials = [0.1, 0.5]
        results = []

        def next_trial(self):
            return bool(self.trials)

        def run_experiment(self, make):
            rate = self.trials.pop()
            config = LearnRunConfig(model_dir=str(tmp_path / str(rate)))
            self.results.append(make(config, HParams(rate=rate)).train_and_evaluate()[0]["loss"])

    learn_runner.tune(experiment_fn, Tuner())
    assert Tuner.results[0] == 0.0 < Tuner.results[1]
