"""``Experiment``: an Estimator with its data, and what is done with them in each role of a
cluster."""

import math
import os
import time

from tfkeras_compat._tf import tf
from tfkeras_compat.engine.network import Network
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator import servers
from tfkeras_compat.estimator.arguments import call_declared
from tfkeras_compat.estimator.estimator import Estimator
from tfkeras_compat.estimator.keras import model_to_estimator
from tfkeras_compat.estimator.learn.estimator import Evaluable, Trainable
from tfkeras_compat.estimator.learn.export_strategy import ExportStrategy
from tfkeras_compat.estimator.learn.monitors import ValidationMonitor, replace_monitors_with_hooks
from tfkeras_compat.estimator.learn.run_config import Environment

_WARN_SECS = 600


class Experiment:
    """An Estimator with its training and evaluation data.

    Args:
        estimator: an Estimator of ``tf.estimator`` or ``tf.contrib.learn``, or a compiled Keras
            model, from which one is made.
        train_input_fn, eval_input_fn: functions that give features and labels.
        eval_metrics: a dictionary of metrics, for Estimators of ``tf.contrib.learn`` only.
        train_steps: the global step to train to; None: until the input ends.
        eval_steps: how many batches are evaluated; None: all.
        train_monitors, eval_hooks: hooks of trainings and evaluations.
        local_eval_frequency: ``min_eval_frequency`` of :meth:`local_run`.
        eval_delay_secs: how long :meth:`evaluate` and :meth:`continuous_eval` wait at first.
        continuous_eval_throttle_secs: the least time from one evaluation to the next.
        min_eval_frequency: after how many steps :meth:`train_and_evaluate` looks for a new
            checkpoint, at most every ``check_interval_secs``; 0: only at the end; None: 1.
        delay_workers_by_global_step: whether later workers wait for steps and not for time.
        export_strategies: an ``ExportStrategy``, or several.
        train_steps_per_iteration: the steps between evaluations of
            :meth:`continuous_train_and_eval`.
        checkpoint_and_export: whether :meth:`train_and_evaluate` evaluates and exports every
            checkpoint that it saves.
        saving_listeners: called when a checkpoint is saved.
    Raises: ConfigError for an Estimator, metrics or strategies of another kind.
    """

    def __init__(
        self,
        estimator,
        train_input_fn,
        eval_input_fn,
        eval_metrics=None,
        train_steps=None,
        eval_steps=100,
        train_monitors=None,
        eval_hooks=None,
        local_eval_frequency=None,
        eval_delay_secs=120,
        continuous_eval_throttle_secs=60,
        min_eval_frequency=None,
        delay_workers_by_global_step=False,
        export_strategies=None,
        train_steps_per_iteration=None,
        checkpoint_and_export=False,
        saving_listeners=None,
        check_interval_secs=5,
    ):
        if isinstance(estimator, Network):
            estimator = model_to_estimator(estimator)
        self._is_core = isinstance(estimator, Estimator)
        _check_kind(estimator, eval_metrics, saving_listeners)
        if not isinstance(train_steps_per_iteration, (int, type(None))):
            raise ConfigError("`train_steps_per_iteration` must be an integer.")
        self._estimator = estimator
        self._train_input_fn = train_input_fn
        self._eval_input_fn = eval_input_fn
        self._eval_metrics = eval_metrics
        self._train_steps = train_steps
        self._eval_steps = eval_steps
        self._train_monitors = list(train_monitors or [])
        self._eval_hooks = list(eval_hooks or [])
        self._local_eval_frequency = local_eval_frequency
        self._eval_delay_secs = eval_delay_secs
        self._continuous_eval_throttle_secs = continuous_eval_throttle_secs
        self._min_eval_frequency = 1 if min_eval_frequency is None else min_eval_frequency
        self._delay_workers_by_global_step = delay_workers_by_global_step
        self._export_strategies = _checked_strategies(export_strategies)
        self._train_steps_per_iteration = train_steps_per_iteration
        self._checkpoint_and_export = checkpoint_and_export
        self._saving_listeners = saving_listeners
        self._check_interval_secs = check_interval_secs
        self._server = None

    @property
    def estimator(self):
        return self._estimator

    @property
    def eval_metrics(self):
        return self._eval_metrics

    @property
    def train_steps(self):
        return self._train_steps

    @property
    def eval_steps(self):
        return self._eval_steps

    def extend_train_hooks(self, additional_hooks):
        """Adds hooks to the training."""
        self._train_monitors.extend(additional_hooks)

    def reset_export_strategies(self, new_export_strategies=None):
        """Replaces the export strategies; returns those before."""
        before = self._export_strategies
        self._export_strategies = _checked_strategies(new_export_strategies)
        return before

    # ---- training -------------------------------------------------------------------------------

    def train(self, delay_secs=None):
        """Trains to ``train_steps``, and returns the Estimator.

        In a cluster this starts the server. Without ``delay_secs``, a worker begins ``5 * task_id``
        seconds (60 at most) after this is called, or waits for the global step ``8000 *
        log(task_id + 1)``.
        """
        return self._train(self._train_monitors, delay_secs)

    def _train(self, hooks, delay_secs):
        start = time.time()
        if self._is_in_cluster():
            self._start_server()
        if delay_secs is None:
            waiting, delay_secs = self._start_delay()
            hooks = hooks + waiting
        remaining = delay_secs - (time.time() - start)
        if remaining > 0:
            tf.logging.info("Waiting %d secs before starting training.", remaining)
            time.sleep(remaining)
        return self._call_train(hooks, max_steps=self._train_steps)

    def _start_delay(self):
        """``(hooks, seconds)`` to wait for, in a worker."""
        task_id = self._estimator.config.task_id or 0
        if not self._delay_workers_by_global_step:
            return [], min(60, task_id * 5)
        return [tf.train.GlobalStepWaiterHook(int(8000.0 * math.log(task_id + 1)))], 0

    def _call_train(self, hooks, steps=None, max_steps=None):
        hooks = replace_monitors_with_hooks(hooks, self._estimator)
        if not self._is_core:
            return self._estimator.fit(
                input_fn=self._train_input_fn, steps=steps, max_steps=max_steps, monitors=hooks
            )
        return self._estimator.train(
            self._train_input_fn,
            hooks=hooks,
            steps=steps,
            max_steps=max_steps,
            saving_listeners=self._saving_listeners,
        )

    # ---- evaluation -----------------------------------------------------------------------------

    def evaluate(self, delay_secs=None, name=None):
        """The metrics of one evaluation, after ``delay_secs`` or ``eval_delay_secs``."""
        self._wait_for_evaluation(delay_secs)
        return self._call_evaluate(name=name or "one_pass")

    def _wait_for_evaluation(self, delay_secs):
        delay = self._eval_delay_secs if delay_secs is None else delay_secs
        if delay:
            tf.logging.info("Waiting %d secs before starting eval.", delay)
            time.sleep(delay)

    def _call_evaluate(self, input_fn=None, name=None, checkpoint_path=None, steps=None):
        metrics = {} if self._is_core else {"metrics": self._eval_metrics}
        return self._estimator.evaluate(
            input_fn=input_fn or self._eval_input_fn,
            steps=steps or self._eval_steps,
            name=name,
            checkpoint_path=checkpoint_path,
            hooks=self._eval_hooks,
            **metrics,
        )

    def continuous_eval(
        self,
        delay_secs=None,
        throttle_delay_secs=None,
        evaluate_checkpoint_only_once=True,
        continuous_eval_predicate_fn=None,
        name="continuous",
    ):
        """Evaluates and exports each new checkpoint, until one has ``train_steps`` steps.

        ``continuous_eval_predicate_fn`` takes the last results (None at first), and the path of
        their checkpoint if it declares ``checkpoint_path``; what is not true ends it.
        """
        self._continuous_eval(
            self._eval_input_fn,
            name,
            delay_secs,
            throttle_delay_secs,
            continuous_eval_predicate_fn,
            evaluate_checkpoint_only_once,
        )

    def continuous_eval_on_train_data(
        self,
        delay_secs=None,
        throttle_delay_secs=None,
        continuous_eval_predicate_fn=None,
        name="continuous_on_train_data",
    ):
        """As :meth:`continuous_eval` with the training data, and without exports."""
        self._continuous_eval(
            self._train_input_fn,
            name,
            delay_secs,
            throttle_delay_secs,
            continuous_eval_predicate_fn,
            exports=False,
        )

    def _continuous_eval(
        self, input_fn, name, delay_secs, throttle_secs, predicate, once=True, exports=True
    ):
        _check_predicate(predicate)
        if throttle_secs is None:
            throttle_secs = self._continuous_eval_throttle_secs
        self._wait_for_evaluation(delay_secs)
        results, evaluated, last_warning = None, None, 0
        while _goes_on(predicate, results, evaluated) and not self._is_trained(results):
            start = time.time()
            path = tf.train.latest_checkpoint(self._estimator.model_dir)
            if path and not (once and path == evaluated):
                results = self._call_evaluate(input_fn, name, path) or {}
                if exports:
                    self._export(results, path)
                evaluated, last_warning = path, 0
            else:
                results = {}
                last_warning = _warn_of_waiting(path, last_warning)
            self._sleep_until(start + throttle_secs, results)

    def _sleep_until(self, end, results):
        remaining = end - time.time()
        if remaining > 0 and not self._is_trained(results):
            tf.logging.info("Waiting %f secs before starting next eval run.", remaining)
            time.sleep(remaining)

    def _is_trained(self, results):
        step = (results or {}).get(tf.GraphKeys.GLOBAL_STEP)
        return bool(step and self._train_steps and step >= self._train_steps)

    # ---- both -----------------------------------------------------------------------------------

    def train_and_evaluate(self):
        """Trains, evaluating new checkpoints meanwhile, and evaluates and exports at the end.

        Returns ``(results of the last evaluation, paths of its exports)``.
        """
        config = self._estimator.config
        if self._checkpoint_and_export and (
            config.save_checkpoints_secs or config.save_checkpoints_steps
        ):
            return self._train_and_export(config)
        self._train(self._train_monitors + self._validation(), delay_secs=0)
        results = self._call_evaluate()
        return results, self._export(results)

    def _validation(self):
        if not self._min_eval_frequency:
            return []
        monitor = ValidationMonitor(
            input_fn=self._eval_input_fn,
            eval_steps=self._eval_steps,
            metrics=self._eval_metrics,
            every_n_steps=self._min_eval_frequency,
            check_interval_secs=self._check_interval_secs,
            hooks=self._eval_hooks,
        )
        return [monitor]

    def _train_and_export(self, config):
        listener = _EvaluatingListener(self)
        saving = tf.train.CheckpointSaverHook(
            config.model_dir,
            save_secs=config.save_checkpoints_secs,
            save_steps=config.save_checkpoints_steps,
            listeners=[listener],
        )
        self._train(self._train_monitors + [saving], delay_secs=0)
        return listener.results, listener.exports

    def local_run(self):
        """:meth:`train_and_evaluate` with ``local_eval_frequency``."""
        before = self._min_eval_frequency
        self._min_eval_frequency = self._local_eval_frequency
        try:
            return self.train_and_evaluate()
        finally:
            self._min_eval_frequency = before

    def continuous_train_and_eval(self, continuous_eval_predicate_fn=None):
        """Trains and evaluates in turns, ``train_steps_per_iteration`` steps at a time: a tenth of
        ``train_steps`` unless given. Returns as :meth:`train_and_evaluate`."""
        _check_predicate(continuous_eval_predicate_fn)
        results = exports = path = None
        while _goes_on(continuous_eval_predicate_fn, results, path):
            if self._is_trained(results):
                break
            self._call_train(self._train_monitors, steps=self._steps_per_iteration())
            path = tf.train.latest_checkpoint(self._estimator.model_dir)
            results = self._call_evaluate(name="one_pass", checkpoint_path=path)
            exports = self._export(results)
        return results, exports

    def _steps_per_iteration(self):
        if self._train_steps_per_iteration is not None:
            return self._train_steps_per_iteration
        return 1000 if self._train_steps is None else max(1, self._train_steps // 10)

    def test(self):
        """Trains for one step, evaluates one batch, and exports: a trial of all functions."""
        self._call_train(self._train_monitors, steps=1)
        results = self._call_evaluate(name="one_pass", steps=1)
        self._export(results)
        return results

    def _export(self, results, checkpoint_path=None):
        base = os.path.join(self._estimator.model_dir, "export")
        return [
            strategy.export(
                self._estimator,
                os.path.join(base, strategy.name),
                checkpoint_path=checkpoint_path,
                eval_result=results,
            )
            for strategy in self._export_strategies
        ]

    # ---- cluster --------------------------------------------------------------------------------

    def run_std_server(self):
        """Starts the server of this task, and serves for ever.

        Raises SessionError, which is a RuntimeError, if the configuration names no cluster.
        """
        server = self._start_server()
        if server is not None:
            servers.join(server)

    def _is_in_cluster(self):
        config = self._estimator.config
        if not (config.cluster_spec and config.master):
            return False
        if getattr(config, "environment", None) == Environment.LOCAL:
            tf.logging.warning(
                "ClusterSpec and master are provided, but environment is set to 'local'. Set "
                "environment to 'cloud' in TF_CONFIG if you intend to use the distributed runtime."
            )
            return False
        return getattr(config, "environment", None) != Environment.GOOGLE

    def _start_server(self):
        if self._server is None:
            self._server = servers.start(self._estimator.config)
        return self._server


class _EvaluatingListener(tf.train.CheckpointSaverListener):
    """Evaluates and exports each checkpoint."""

    def __init__(self, experiment):
        self._experiment = experiment
        self._path = self.results = self.exports = None

    def after_save(self, session, global_step_value):
        path = tf.train.latest_checkpoint(self._experiment.estimator.model_dir)
        if not path or path == self._path:
            return
        self._path = path
        self.results = self._experiment._call_evaluate(
            name="intermediate_export", checkpoint_path=path
        )
        self.exports = self._experiment._export(self.results, path)


def _check_kind(estimator, eval_metrics, saving_listeners):
    if isinstance(estimator, Estimator):
        if eval_metrics is not None:
            raise ConfigError(
                "`eval_metrics` must be `None` with `tf.estimator.Estimator`. Use "
                "`eval_metric_ops` in `tf.estimator.EstimatorSpec` instead."
            )
        return
    if not isinstance(estimator, Evaluable) or not isinstance(estimator, Trainable):
        raise ConfigError(
            "`estimator` must be a `tf.estimator.Estimator`, a `tf.contrib.learn.Estimator` or a "
            "compiled Keras model, found %r." % (estimator,)
        )
    if saving_listeners is not None:
        raise ConfigError("`saving_listeners` must be `None` with `tf.contrib.learn.Estimator`.")


def _checked_strategies(strategies):
    given = [strategies] if isinstance(strategies, ExportStrategy) else list(strategies or [])
    for strategy in given:
        if not isinstance(strategy, ExportStrategy):
            raise ConfigError(
                "`export_strategies` must be an ExportStrategy, an iterable of ExportStrategy, or "
                "`None`, found %s." % (strategy,)
            )
    return tuple(given)


def _check_predicate(predicate):
    if predicate is not None and not callable(predicate):
        raise ConfigError("`continuous_eval_predicate_fn` must be a callable, or None.")


def _goes_on(predicate, results, checkpoint_path):
    if predicate is None:
        return True
    return call_declared(predicate, results, checkpoint_path=checkpoint_path if results else None)


def _warn_of_waiting(path, last_warning):
    """Says every ten minutes what is waited for; returns when it did last."""
    if time.time() - last_warning <= _WARN_SECS:
        return last_warning
    tf.logging.warning(
        "No new checkpoint ready for evaluation."
        if path
        else "Estimator is not fitted yet. Will start an evaluation when a checkpoint is ready."
    )
    return time.time()
