"""One evaluation: running the metrics' updates over the input, and writing down what they gave."""

import math
import time

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.sessions import SessionCreator

LOSS_KEY = "loss"
STEP_KEY = tf.GraphKeys.GLOBAL_STEP


class StopAfterSteps(tf.train.SessionRunHook):
    """Ends an evaluation after ``steps`` batches, and says how far it is, ten times."""

    def __init__(self, steps):
        self._steps = steps
        self._every = 1 if steps < 20 else math.floor(steps / 10.0)
        self._done = 0

    def after_create_session(self, session, coord):
        self._done = 0

    def after_run(self, run_context, run_values):
        self._done += 1
        if self._done % self._every == 0 or self._done == self._steps:
            tf.logging.info("Evaluation [%d/%d]", self._done, self._steps)
        if self._done >= self._steps:
            run_context.request_stop()


def steps_hooks(steps):
    """The hooks that end an evaluation after ``steps`` batches. Raises ConfigError unless that is
    None or positive."""
    if steps is None:
        return []
    if steps <= 0:
        raise ConfigError("Must specify steps > 0, given: %s" % steps)
    return [StopAfterSteps(steps)]


def checked_metrics(metrics):
    """A copy of the metrics. Raises ConfigError where one has the name of the loss."""
    if LOSS_KEY in metrics:
        raise ConfigError(
            'Metric with name "%s" is not allowed, because Estimator already defines a default '
            "metric with the same name." % LOSS_KEY
        )
    return dict(metrics)


def metrics_with_loss(spec):
    """The metrics of a spec, and the mean of its loss over batches."""
    return dict(checked_metrics(spec.eval_metric_ops), **{LOSS_KEY: tf.metrics.mean(spec.loss)})


def split(metrics):
    """``(update, values)``: one operation for the updates of all metrics, and their values by
    name, with the global step.

    Raises ConfigError where a metric has that name already.
    """
    if STEP_KEY in metrics:
        raise ConfigError(
            "Metric with name `global_step` is not allowed, because Estimator already defines a "
            "default metric with the same name."
        )
    names = sorted(metrics)
    update = tf.group(*[metrics[name][1] for name in names])
    values = {name: metrics[name][0] for name in names}
    values[STEP_KEY] = tf.train.get_global_step()
    return update, values


def scaffold_with_local_init(scaffold):
    """The scaffold of a model function; a local initializer of its own leaves out no variable of
    the metrics, which were made after it."""
    if not scaffold.local_init_op:
        return scaffold
    everything = tf.group(scaffold.local_init_op, tf.train.Scaffold.default_local_init_op())
    return tf.train.Scaffold(local_init_op=everything, copy_from_scaffold=scaffold)


def run(update, values, scaffold, hooks, checkpoint_path=None, master="", config=None):
    """The values of the metrics after all updates, with the weights of a checkpoint, or new ones if
    there is none."""
    tf.logging.info(
        "Starting evaluation at %s", time.strftime("%Y-%m-%dT%H:%M:%SZ", time.localtime())
    )
    creator = SessionCreator(
        scaffold, master=master, config=config, checkpoint_path=checkpoint_path
    )
    final = tf.train.FinalOpsHook(values)
    session = tf.train.MonitoredSession(session_creator=creator, hooks=list(hooks) + [final])
    with session:
        while not session.should_stop():
            session.run(update)
    tf.logging.info(
        "Finished evaluation at %s", time.strftime("%Y-%m-%d-%H:%M:%S", time.localtime())
    )
    return final.final_ops_values


def write(directory, values, checkpoint_path=None):
    """Writes the values as summaries for their global step, under their names; and the path of the
    checkpoint they belong to, under ``checkpoint_path``."""
    step = values[STEP_KEY]
    tf.logging.info("Saving dict for global step %d: %s", step, _as_text(values))
    summary = tf.Summary()
    for name, value in values.items():
        if value is not None and name != STEP_KEY:
            _add(summary, name, value)
    _write(directory, summary, step)
    if checkpoint_path:
        tf.logging.info(
            "Saving 'checkpoint_path' summary for global step %d: %s", step, checkpoint_path
        )
        path = tf.make_tensor_proto(checkpoint_path, dtype=tf.string)
        _write(
            directory,
            tf.Summary(value=[tf.Summary.Value(tag="checkpoint_path", tensor=path)]),
            step,
        )


def _write(directory, summary, step):
    writer = tf.summary.FileWriterCache.get(directory)
    writer.add_summary(summary, step)
    writer.flush()


def _as_text(values):
    return ", ".join(
        "%s = %s" % (name, values[name])
        for name in sorted(values)
        if not isinstance(values[name], bytes)
    )


def _add(summary, name, value):
    if isinstance(value, (float, np.floating, int, np.integer)):
        summary.value.add(tag=name, simple_value=float(value))
    elif isinstance(value, bytes):
        _add_serialized(summary, name, value)
    elif isinstance(value, np.ndarray):
        summary.value.add(tag=name, node_name=name, tensor=tf.make_tensor_proto(value))
        tf.logging.info("Summary for np.ndarray is not visible in Tensorboard by default: %s", name)
    else:
        tf.logging.warning(
            "Skipping summary for %s, must be a float, np.float32, np.int64, np.int32 or int or "
            "np.ndarray or a serialized string of Summary.",
            name,
        )


def _add_serialized(summary, name, value):
    try:
        inner = tf.Summary.FromString(value)
    except Exception:  # protobuf's DecodeError, which is google's and not TensorFlow's
        tf.logging.warning("Skipping summary for %s, cannot parse string to Summary.", name)
        return
    for index, each in enumerate(inner.value):
        each.tag = "%s/%d" % (name, index)
    summary.value.extend(inner.value)
