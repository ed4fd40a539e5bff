"""Hooks that end a training by what its evaluations gave."""

import collections
import operator
import os
from typing import Any

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError
from tfkeras_compat.estimator.estimator import Estimator


def make_early_stopping_hook(estimator, should_stop_fn, run_every_secs=60, run_every_steps=None):
    """The hook that ends the training when ``should_stop_fn()`` says so, which the chief asks every
    ``run_every_secs`` seconds or ``run_every_steps`` steps; the other workers follow it.

    Raises: KindError unless ``estimator`` is an Estimator and the function can be called;
    ConfigError if both intervals are given.
    """
    if not isinstance(estimator, Estimator):
        raise KindError(
            "`estimator` must have type `tf.estimator.Estimator`. Got: %s" % type(estimator)
        )
    if run_every_secs is not None and run_every_steps is not None:
        raise ConfigError(
            "Only one of `run_every_secs` and `run_every_steps` must be set. Pass "
            "run_every_secs=None to count steps."
        )
    if estimator.config.is_chief:
        return _StopOnPredicate(should_stop_fn, run_every_secs, run_every_steps)
    return _StopWithChief()


def stop_if_higher_hook(
    estimator,
    metric_name,
    threshold,
    eval_dir=None,
    min_steps=0,
    run_every_secs=60,
    run_every_steps=None,
):
    """Ends the training when a metric was higher than ``threshold`` at step ``min_steps`` or
    later."""
    found = _Crossed(_Evaluations(estimator, eval_dir, metric_name, min_steps), threshold, "higher")
    return make_early_stopping_hook(estimator, found, run_every_secs, run_every_steps)


def stop_if_lower_hook(
    estimator,
    metric_name,
    threshold,
    eval_dir=None,
    min_steps=0,
    run_every_secs=60,
    run_every_steps=None,
):
    """Ends the training when a metric was lower than ``threshold`` at step ``min_steps`` or
    later."""
    found = _Crossed(_Evaluations(estimator, eval_dir, metric_name, min_steps), threshold, "lower")
    return make_early_stopping_hook(estimator, found, run_every_secs, run_every_steps)


def stop_if_no_increase_hook(
    estimator,
    metric_name,
    max_steps_without_increase,
    eval_dir=None,
    min_steps=0,
    run_every_secs=60,
    run_every_steps=None,
):
    """Ends the training when a metric was not higher than before for as many steps."""
    evaluations = _Evaluations(estimator, eval_dir, metric_name, min_steps)
    found = _Stalled(evaluations, max_steps_without_increase, "higher")
    return make_early_stopping_hook(estimator, found, run_every_secs, run_every_steps)


def stop_if_no_decrease_hook(
    estimator,
    metric_name,
    max_steps_without_decrease,
    eval_dir=None,
    min_steps=0,
    run_every_secs=60,
    run_every_steps=None,
):
    """Ends the training when a metric was not lower than before for as many steps."""
    evaluations = _Evaluations(estimator, eval_dir, metric_name, min_steps)
    found = _Stalled(evaluations, max_steps_without_decrease, "lower")
    return make_early_stopping_hook(estimator, found, run_every_secs, run_every_steps)


def read_eval_metrics(eval_dir):
    """The values in the event files of a directory: a dictionary by step, in order, of
    dictionaries by tag."""
    values: Any = collections.defaultdict(dict)
    for path in tf.gfile.Glob(os.path.join(eval_dir, "*.tfevents.*")):
        for event in tf.train.summary_iterator(path):
            found = {
                value.tag: value.simple_value
                for value in event.summary.value
                if value.HasField("simple_value")
            }
            if found:
                values[event.step].update(found)
    return collections.OrderedDict(sorted(values.items()))


class _Evaluations:
    """The values that a metric had so far."""

    def __init__(self, estimator, eval_dir, metric_name, min_steps):
        self.metric_name = metric_name
        self._directory = estimator.eval_dir() if eval_dir is None else eval_dir
        self._min_steps = min_steps

    def __iter__(self):
        """Pairs of step and value. Raises ConfigError if there is no such metric."""
        for step, metrics in read_eval_metrics(self._directory).items():
            if step >= self._min_steps:
                yield step, _metric(metrics, self.metric_name, self._directory)


def _metric(metrics, name, directory):
    if name not in metrics:
        raise ConfigError(
            "The evaluations in %s have no metric %r to stop by; they have %s."
            % (directory, name, sorted(metrics))
        )
    return metrics[name]


_BETTER = {"higher": operator.gt, "lower": operator.lt}


class _Crossed:
    """Whether the metric crossed the threshold."""

    def __init__(self, evaluations, threshold, direction):
        self._evaluations = evaluations
        self._threshold = threshold
        self._direction = direction

    def __call__(self):
        for step, value in self._evaluations:
            if _BETTER[self._direction](value, self._threshold):
                tf.logging.info(
                    'At step %s, metric "%s" has value %s which is %s than the configured '
                    "threshold (%s) for early stopping.",
                    step,
                    self._evaluations.metric_name,
                    value,
                    self._direction,
                    self._threshold,
                )
                return True
        return False


class _Stalled:
    """Whether the metric's best value is too many steps old."""

    def __init__(self, evaluations, max_steps, direction):
        self._evaluations = evaluations
        self._max_steps = max_steps
        self._direction = direction

    def __call__(self):
        best = best_step = None
        for step, value in self._evaluations:
            if best is None or _BETTER[self._direction](value, best):
                best, best_step = value, step
            if step - best_step >= self._max_steps:
                tf.logging.info(
                    'Metric "%s" was not %s for %s steps, which is greater than or equal to max '
                    "steps (%s) configured for early stopping.",
                    self._evaluations.metric_name,
                    self._direction,
                    step - best_step,
                    self._max_steps,
                )
                return True
        return False


def _stop_variable():
    """The variable through which the chief tells the others; its name is in checkpoints."""
    with tf.variable_scope("signal_early_stopping", reuse=tf.AUTO_REUSE):
        return tf.get_variable(
            "STOP",
            shape=[],
            dtype=tf.bool,
            initializer=tf.constant_initializer(False),
            collections=[tf.GraphKeys.GLOBAL_VARIABLES],
            trainable=False,
        )


class _StopOnPredicate(tf.train.SessionRunHook):
    def __init__(self, should_stop_fn, every_secs, every_steps):
        if not callable(should_stop_fn):
            raise KindError("`should_stop_fn` must be callable. Found %s." % (should_stop_fn,))
        self._should_stop = should_stop_fn
        self._timer = tf.train.SecondOrStepTimer(every_secs=every_secs, every_steps=every_steps)

    def begin(self):
        self._step = tf.train.get_global_step()
        self._stop = tf.assign(_stop_variable(), True).op

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(self._step)

    def after_run(self, run_context, run_values):
        step = run_values.results
        if not self._timer.should_trigger_for_step(step):
            return
        self._timer.update_last_triggered_step(step)
        if self._should_stop():
            tf.logging.info("Requesting early stopping at global step %d", step)
            run_context.session.run(self._stop)
            run_context.request_stop()


class _StopWithChief(tf.train.SessionRunHook):
    def begin(self):
        self._variable = _stop_variable()

    def before_run(self, run_context):
        return tf.train.SessionRunArgs(self._variable)

    def after_run(self, run_context, run_values):
        if run_values.results:
            tf.logging.info("Early stopping requested, suspending run.")
            run_context.request_stop()
