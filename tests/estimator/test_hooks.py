"""What hooks see, ours and the user's."""

import os
import time

import estimator_cases as cases
import numpy as np
import pytest

from tfkeras_compat import estimator
from tfkeras_compat._tf import tf
from tfkeras_compat.estimator import early_stopping, hooks, sessions


def linear(folder, **options):
    config = estimator.RunConfig(**options)
    return estimator.Estimator(
        cases.regression(estimator), str(folder), config, params={"rate": 0.1}
    )


class Recorder(tf.train.SessionRunHook, tf.train.CheckpointSaverListener):
    def __init__(self):
        self.seen = []

    def begin(self):
        self.seen.append("begin")

    def after_create_session(self, session, coord):
        self.seen.append("session")

    def before_run(self, run_context):
        self.seen.append("before")
        # A variable by name, nested; operations give None.
        return tf.train.SessionRunArgs({"step": ["global_step:0"], "op": (tf.no_op_of_test,)})

    def after_run(self, run_context, run_values):
        assert run_values.results["op"] == (None,)
        self.seen.append(int(run_values.results["step"][0]) >= 0)

    def end(self, *arguments):
        self.seen.append("end")


def test_every_hook_is_called_around_every_step(tmp_path, monkeypatch):
    recorder = Recorder()

    class MakesOperation(tf.train.SessionRunHook):
        def begin(self):
            monkeypatch.setattr(tf, "no_op_of_test", tf.no_op(), raising=False)

    linear(tmp_path).train(cases.batches(2), hooks=[MakesOperation(), recorder], steps=4)
    assert recorder.seen == ["begin", "session"] + ["before", True] * 4 + ["end"]


def test_a_hook_that_feeds_is_served(tmp_path):
    class Feeds(tf.train.SessionRunHook):
        def begin(self):
            self.fed = tf.placeholder(tf.float32, [])
            self.double = 2 * self.fed
            self.found = []

        def before_run(self, run_context):
            feed = {self.fed: len(self.found)}
            return tf.train.SessionRunArgs(self.double, feed_dict=feed)

        def after_run(self, run_context, run_values):
            self.found.append(run_values.results)

    feeds = Feeds()
    linear(tmp_path).train(cases.batches(2), hooks=[feeds], steps=4)
    assert feeds.found == [0, 2, 4, 6]


def test_a_hook_that_traces_gets_its_metadata(tmp_path):
    class Traces(tf.train.SessionRunHook):
        def before_run(self, run_context):
            options = tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE)
            return tf.train.SessionRunArgs([], options=options)

        def after_run(self, run_context, run_values):
            self.devices = len(run_values.run_metadata.step_stats.dev_stats)

    traces = Traces()
    linear(tmp_path).train(cases.batches(2), hooks=[traces], steps=3)
    assert traces.devices >= 1


def test_listeners_hear_of_every_checkpoint(tmp_path):
    heard = []

    class Listener(tf.train.CheckpointSaverListener):
        def after_save(self, session, global_step):
            heard.append(int(global_step))

    made = linear(tmp_path, save_checkpoints_steps=2)
    made.train(cases.batches(3), steps=5, saving_listeners=[Listener()])
    assert heard == [0, 2, 4, 5]
    never = linear(tmp_path / "never", save_checkpoints_steps=None, save_checkpoints_secs=None)
    with pytest.raises(ValueError, match="There should be a CheckpointSaverHook"):
        never.train(cases.batches(), steps=1, saving_listeners=[Listener()])


def test_a_loss_that_is_no_number_ends_the_training(tmp_path):
    def model_fn(features, labels, mode):
        rate = tf.get_variable("rate", initializer=1.0)
        loss = rate * tf.log(-1.0)
        step = tf.train.GradientDescentOptimizer(1.0).minimize(loss, tf.train.get_global_step())
        return estimator.EstimatorSpec(mode, loss=loss, train_op=step)

    with pytest.raises(estimator.NanLossDuringTrainingError):
        estimator.Estimator(model_fn, str(tmp_path)).train(cases.batches(), steps=1)


def test_early_stopping_follows_the_event_files(tmp_path):
    made = linear(tmp_path)
    writer = tf.summary.FileWriter(made.eval_dir())
    for step, value in [(10, 3.0), (20, 1.0), (30, 2.0), (40, 2.0)]:
        writer.add_summary(
            tf.Summary(value=[tf.Summary.Value(tag="loss", simple_value=value)]), step
        )
    writer.close()
    read = early_stopping.read_eval_metrics(made.eval_dir())
    assert list(read.items())[1] == (20, {"loss": 1.0})
    experimental = estimator.experimental

    def stops(make, *arguments, **options):
        return make(made, "loss", *arguments, **options)._should_stop()

    assert stops(experimental.stop_if_no_decrease_hook, 20)
    assert not stops(experimental.stop_if_no_decrease_hook, 21)
    assert stops(experimental.stop_if_no_increase_hook, 20)
    assert not stops(experimental.stop_if_no_increase_hook, 20, min_steps=25)
    assert stops(experimental.stop_if_lower_hook, 1.5)
    assert not stops(experimental.stop_if_lower_hook, 1.5, min_steps=25)
    assert stops(experimental.stop_if_higher_hook, 2.5)
    with pytest.raises(ValueError, match=r"no metric 'accuracy'.*\['loss'\]"):
        experimental.stop_if_lower_hook(made, "accuracy", 1)._should_stop()


def test_early_stopping_ends_the_training_and_tells_the_other_workers(tmp_path):
    made = linear(tmp_path)
    answers = iter([False, False, True])
    hook = estimator.experimental.make_early_stopping_hook(
        made, lambda: next(answers), run_every_secs=None, run_every_steps=2
    )
    made.train(cases.batches(9), hooks=[hook])
    assert sessions.saved_step(made.model_dir) <= 6
    assert made.get_variable_value("signal_early_stopping/STOP")
    worker = early_stopping._StopWithChief()
    made.train(cases.batches(9), hooks=[worker], steps=5)  # restores the variable
    assert sessions.saved_step(made.model_dir) <= 7
    with pytest.raises(ValueError, match="Only one of"):
        estimator.experimental.make_early_stopping_hook(made, bool, run_every_steps=1)


def test_workers_wait_for_the_checkpoint_of_the_last_step(tmp_path, monkeypatch):
    made = linear(tmp_path, save_checkpoints_steps=2)
    hook = hooks._StopAtCheckpointStep(made.model_dir, 4, 30)
    waited = []
    monkeypatch.setattr(time, "sleep", lambda seconds: waited.append(seconds))
    made.train(cases.batches(9), hooks=[hook])
    assert sessions.saved_step(made.model_dir) <= 6
    assert set(waited) <= {30}


def test_evaluating_in_memory_needs_one_machine(tmp_path, monkeypatch):
    made = linear(tmp_path)
    with pytest.raises(ValueError, match="every_n_iter=0"):
        estimator.experimental.InMemoryEvaluatorHook(made, cases.batches(), every_n_iter=0)


def test_added_metrics_join_those_of_the_estimator(tmp_path):
    made = linear(tmp_path)

    def bias(labels, features, config):
        assert config.model_dir == str(tmp_path)
        return {"mae": tf.metrics.mean(labels), "first": tf.metrics.mean(features[:, 0])}

    found = estimator.add_metrics(made, bias).evaluate(cases.batches())
    assert sorted(found) == ["first", "global_step", "loss", "mae"]
    np.testing.assert_allclose(found["mae"], cases.Y.mean(), rtol=1e-5)
    with pytest.raises(ValueError, match="not expected args.*weights"):
        estimator.add_metrics(made, lambda weights: {})


def test_the_hooks_are_those_of_tensorflow():
    for name in ("LoggingTensorHook", "StopAtStepHook", "SessionRunArgs", "SecondOrStepTimer"):
        assert getattr(estimator, name) is getattr(tf.train, name)


def test_nothing_is_left_open(tmp_path):
    linear(tmp_path).train(cases.batches(), steps=1)
    assert "checkpoint" in os.listdir(str(tmp_path))
    assert tf.get_default_session() is None
