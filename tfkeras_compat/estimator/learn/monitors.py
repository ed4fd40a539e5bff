"""Monitors: what hooks were called in ``tf.contrib.learn``, and how they run as hooks."""

import copy
import time
from typing import Any

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.arguments import call_declared
from tfkeras_compat.estimator.estimator import Estimator


class BaseMonitor:
    """The base of monitors: called before and after each step with its number, from 1."""

    _estimator: Any = None

    @property
    def run_on_all_workers(self):
        """Whether it runs in workers that are not the chief as well."""
        return False

    def set_estimator(self, estimator):
        """Tells the Estimator that is trained."""
        self._estimator = estimator

    def begin(self, max_steps=None):
        """Called before the session is made."""
        self._max_steps = max_steps

    def end(self, session=None):
        """Called at the end of the training."""

    def step_begin(self, step):
        """Gives the tensors, or their names, that the step is to evaluate as well."""
        return []

    def step_end(self, step, output):
        """Takes their values by what ``step_begin`` gave; True ends the training."""
        return False

    def post_step(self, step, session):
        """Called after the step, with the session."""


class EveryN(BaseMonitor):
    """The base of monitors that act every ``every_n_steps``, and in the first steps."""

    def __init__(self, every_n_steps=100, first_n_steps=1):
        self._every_n_steps = every_n_steps
        self._first_n_steps = first_n_steps
        self._last_step = None
        self._last_active_step = 0
        self._is_active = False

    def every_n_step_begin(self, step):
        return []

    def every_n_step_end(self, step, outputs):
        return False

    def every_n_post_step(self, step, session):
        """Also called after the last step."""

    def step_begin(self, step):
        self._is_active = (
            step <= self._first_n_steps
            or step >= self._every_n_steps + self._last_active_step
            or step == self._max_steps
        )
        return self.every_n_step_begin(step) if self._is_active else []

    def step_end(self, step, output):
        return self.every_n_step_end(step, output) if self._is_active else False

    def post_step(self, step, session):
        if self._is_active:
            self.every_n_post_step(step, session)
            self._last_active_step = step
        self._last_step = step

    def end(self, session=None):
        if self._last_step != self._last_active_step:
            self.every_n_post_step(self._last_step, session)


class PrintTensor(EveryN):
    """Logs the values of tensors, by name in the log."""

    def __init__(self, tensor_names, every_n=100, first_n=1):
        super().__init__(every_n, first_n)
        is_named = isinstance(tensor_names, dict)
        self._tensors = tensor_names if is_named else {name: name for name in tensor_names}

    def every_n_step_begin(self, step):
        return list(self._tensors.values())

    def every_n_step_end(self, step, outputs):
        values = ["%s = %s" % (tag, outputs[name]) for tag, name in self._tensors.items()]
        tf.logging.info("Step %d: %s", step, ", ".join(values))
        return False


class CaptureVariable(EveryN):
    """Keeps the values of a variable: ``values`` is a dictionary by step."""

    def __init__(self, var_name, every_n=100, first_n=1):
        super().__init__(every_n, first_n)
        self._name = var_name
        self.values = {}

    def every_n_step_begin(self, step):
        return [self._name]

    def every_n_step_end(self, step, outputs):
        self.values[step] = outputs[self._name]
        return False


class ValidationMonitor(EveryN):
    """Evaluates each new checkpoint while the training goes on.

    Args:
        x, y, batch_size, metrics: for Estimators of ``tf.contrib.learn`` only.
        every_n_steps, check_interval_secs: how often it looks for a new checkpoint, at most.
        early_stopping_rounds: ends the training when ``early_stopping_metric`` did not improve for
            so many steps.
    Raises: ConfigError without input, or for a metric that the evaluation does not give.
    """

    def __init__(
        self,
        x=None,
        y=None,
        input_fn=None,
        batch_size=None,
        eval_steps=None,
        every_n_steps=100,
        metrics=None,
        hooks=None,
        early_stopping_rounds=None,
        early_stopping_metric="loss",
        early_stopping_metric_minimize=True,
        name=None,
        check_interval_secs=5,
    ):
        super().__init__(every_n_steps, first_n_steps=-1)
        if x is None and input_fn is None:
            raise ConfigError("Either x or input_fn should be provided.")
        self._evaluated = {"input_fn": input_fn, "steps": eval_steps, "hooks": hooks, "name": name}
        old = {"x": x, "y": y, "batch_size": batch_size, "metrics": metrics}
        self._only_old = {key: value for key, value in old.items() if value is not None}
        self._rounds = early_stopping_rounds
        self._metric = early_stopping_metric
        self._is_minimized = early_stopping_metric_minimize
        self._interval = check_interval_secs
        self._last_check: Any = None
        self._last_path: Any = None
        self.early_stopped = False
        self.best_step = self.best_value = self.best_metrics = None

    def every_n_step_end(self, step, outputs):
        path = self._new_checkpoint()
        if path is None:
            return False
        self._last_path = path
        results = self._evaluate()
        shown = ", ".join("%s = %s" % pair for pair in sorted(results.items()))
        tf.logging.info("Validation (step %d): %s", step, shown)
        return self._rounds is not None and self._is_enough(step, results)

    def _new_checkpoint(self):
        now = time.time()
        is_early = None not in (self._interval, self._last_check)
        if is_early and now - self._last_check <= self._interval:
            return None
        self._last_check = now
        path = tf.train.latest_checkpoint(self._estimator.model_dir)
        return None if path == self._last_path else path

    def _evaluate(self):
        if self._only_old and isinstance(self._estimator, Estimator):
            raise ConfigError(
                "tf.estimator.Estimator does not support the arguments %s of ValidationMonitor. "
                "Give input_fn." % sorted(self._only_old)
            )
        return self._estimator.evaluate(**dict(self._evaluated, **self._only_old))

    def _is_enough(self, step, results):
        if self._metric not in results:
            raise ConfigError("Metric %s missing from outputs %s." % (self._metric, set(results)))
        value = results[self._metric]
        if self.best_value is None or (
            value < self.best_value if self._is_minimized else value > self.best_value
        ):
            self.best_value, self.best_step = value, step
            self.best_metrics = copy.deepcopy(results)
        self.early_stopped = step - self.best_step >= self._rounds
        return self.early_stopped


class RunHookAdapterForMonitors(tf.train.SessionRunHook):
    """One hook for some monitors."""

    def __init__(self, monitors):
        self._monitors = monitors

    def begin(self):
        self._step = None
        self._global_step = tf.train.get_global_step()
        for monitor in self._monitors:
            monitor.begin(max_steps=None)

    def before_run(self, run_context):
        if self._step is None:
            self._step = run_context.session.run(self._global_step) + 1
        asked = [each for monitor in self._monitors for each in monitor.step_begin(self._step)]
        graph = run_context.session.graph
        wanted = {each: _element(graph, each) for each in asked}
        return tf.train.SessionRunArgs({"step": self._global_step, "asked": wanted})

    def after_run(self, run_context, run_values):
        values = run_values.results["asked"]
        # Every monitor is told, also when one has ended the training.
        answers = [monitor.step_end(self._step, values) for monitor in self._monitors]
        if any(answers):
            run_context.request_stop()
        for monitor in self._monitors:
            monitor.post_step(self._step, run_context.session)
        self._step = run_values.results["step"] + 1

    def end(self, session):
        for monitor in self._monitors:
            call_declared(monitor.end, session=session)


def _element(graph, asked):
    if not isinstance(asked, str) or ":" in asked:
        return graph.as_graph_element(asked)
    tensor = graph.get_tensor_by_name(asked + ":0")
    # The operation of a resource variable gives a handle; the value is read by another.
    is_handle = tensor.dtype == tf.resource
    return graph.get_tensor_by_name(asked + "/Read/ReadVariableOp:0") if is_handle else tensor


def replace_monitors_with_hooks(monitors_or_hooks, estimator):
    """A list of hooks: those that are there, and one for all monitors."""
    given = list(monitors_or_hooks or [])
    hooks = [each for each in given if isinstance(each, tf.train.SessionRunHook)]
    monitors = [each for each in given if not isinstance(each, tf.train.SessionRunHook)]
    if not estimator.config.is_chief:
        monitors = [each for each in monitors if each.run_on_all_workers]
    for monitor in monitors:
        monitor.set_estimator(estimator)
    return hooks + ([RunHookAdapterForMonitors(monitors)] if monitors else [])
