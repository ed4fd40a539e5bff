"""TensorFlow's hooks under the names of ``tf.estimator``, and two more."""

import time

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator import evaluation, sessions
from tfkeras_compat.estimator.mode_keys import ModeKeys
from tfkeras_compat.estimator.spec import checked_hooks

CheckpointSaverHook = tf.train.CheckpointSaverHook
CheckpointSaverListener = tf.train.CheckpointSaverListener
FeedFnHook = tf.train.FeedFnHook
FinalOpsHook = tf.train.FinalOpsHook
GlobalStepWaiterHook = tf.train.GlobalStepWaiterHook
LoggingTensorHook = tf.train.LoggingTensorHook
NanLossDuringTrainingError = tf.train.NanLossDuringTrainingError
NanTensorHook = tf.train.NanTensorHook
ProfilerHook = tf.train.ProfilerHook
SecondOrStepTimer = tf.train.SecondOrStepTimer
SessionRunArgs = tf.train.SessionRunArgs
SessionRunContext = tf.train.SessionRunContext
SessionRunHook = tf.train.SessionRunHook
SessionRunValues = tf.train.SessionRunValues
StepCounterHook = tf.train.StepCounterHook
StopAtStepHook = tf.train.StopAtStepHook
SummarySaverHook = tf.train.SummarySaverHook


class InMemoryEvaluatorHook(tf.train.SessionRunHook):
    """Evaluates before a training, every ``every_n_iter`` steps and at its end, with the weights as
    they are in memory: no checkpoint is written or read.

    The evaluation's graph is built once. Raises ConfigError in a cluster, for ``every_n_iter``
    below 1, and for a model function with a saver or initializer of its own.
    """

    def __init__(self, estimator, input_fn, steps=None, hooks=None, name=None, every_n_iter=100):
        if every_n_iter is None or every_n_iter <= 0:
            raise ConfigError("invalid every_n_iter=%s. It must be 1 or more." % every_n_iter)
        if estimator.config.num_ps_replicas > 0 or estimator.config.num_worker_replicas > 1:
            raise ConfigError(
                "InMemoryEvaluator supports only single machine (aka Local) setting. Use "
                "train_and_evaluate in a cluster."
            )
        self._estimator = estimator
        self._input_fn = input_fn
        self._hooks = checked_hooks(hooks) + evaluation.steps_hooks(steps)
        self._directory = estimator.eval_dir(name)
        self._timer = SecondOrStepTimer(every_steps=every_n_iter)

    def begin(self):
        self._timer.reset()
        self._runs = 0
        with self._estimator._new_graph(ModeKeys.EVAL) as self._graph:
            self._estimator._create_and_assert_global_step(self._graph)
            self._update, self._values, scaffold, hooks = self._estimator._evaluated(self._input_fn)
            _check_scaffold(scaffold)
            self._scaffold = evaluation.scaffold_with_local_init(scaffold)
            self._all_hooks = hooks[0] + self._hooks + hooks[1]

    def after_create_session(self, session, coord):
        if tf.get_collection(tf.GraphKeys.SAVEABLE_OBJECTS):
            raise ConfigError(
                "InMemoryEvaluator does not support saveables other than global variables."
            )
        self._trained = {each.name: each for each in tf.global_variables()}
        with self._graph.as_default():
            self._load_variables()
        self._evaluate(session)

    def _load_variables(self):
        """Makes the operation that gives the evaluation's variables the values of those of the same
        name in the training."""
        shared = [each for each in tf.global_variables() if each.name in self._trained]
        self._fed = {each.name: tf.placeholder(each.dtype.base_dtype) for each in shared}
        self._load = tf.group(*[tf.assign(each, self._fed[each.name]) for each in shared])
        self._trained = {each.name: self._trained[each.name] for each in shared}

    def _evaluate(self, session):
        values = session.run(self._trained)
        feed = {self._fed[name]: values[name] for name in values}

        def load(scaffold, session):
            session.run(self._load, feed_dict=feed)

        with self._graph.as_default():
            results = evaluation.run(
                self._update,
                self._values,
                tf.train.Scaffold(init_fn=load, copy_from_scaffold=self._scaffold),
                self._all_hooks,
                master=self._estimator.config.evaluation_master,
                config=self._estimator.config.session_config,
            )
        evaluation.write(self._directory, results)
        self._timer.update_last_triggered_step(self._runs)

    def after_run(self, run_context, run_values):
        self._runs += 1
        if self._timer.should_trigger_for_step(self._runs):
            self._evaluate(run_context.session)

    def end(self, session):
        self._evaluate(session)


def _check_scaffold(scaffold):
    for name in ("saver", "init_fn"):
        if getattr(scaffold, name) is not None:
            raise ConfigError(
                "InMemoryEvaluator does not support custom %s: the evaluation's weights come from "
                "the training, and are not saved." % name
            )


class _StopAtCheckpointStep(tf.train.SessionRunHook):
    """Waits for the checkpoint of the last step before it ends the training."""

    def __init__(self, model_dir, last_step, wait_after_file_check_secs):
        if last_step is None:
            raise ConfigError("last_step must be specified.")
        if model_dir is None:
            raise ConfigError("model_dir must be specified.")
        self._model_dir = model_dir
        self._last_step = last_step
        self._wait_secs = wait_after_file_check_secs

    def begin(self):
        self._step = tf.train.get_global_step()
        if self._step is None:
            raise ConfigError("Global step should be created to use StopAtCheckpointStepHook.")

    def before_run(self, run_context):
        return SessionRunArgs(self._step)

    def after_run(self, run_context, run_values):
        if run_values.results + 1 < self._last_step:  # the value may be that before this run
            return
        if sessions.saved_step(self._model_dir) >= self._last_step:
            run_context.request_stop()
        else:
            time.sleep(self._wait_secs)


def make_stop_at_checkpoint_step_hook(estimator, last_step, wait_after_file_check_secs=30):
    """The hook that ends a training at ``last_step``, on other workers than the chief only when its
    checkpoint is there."""
    if estimator.config.is_chief:
        return StopAtStepHook(last_step=last_step)
    return _StopAtCheckpointStep(estimator.model_dir, last_step, wait_after_file_check_secs)
