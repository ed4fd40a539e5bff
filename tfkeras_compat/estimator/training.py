"""Training and evaluating an Estimator, on one machine or in one role of a cluster."""

import collections
import collections.abc
import time

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError
from tfkeras_compat.estimator import servers, sessions
from tfkeras_compat.estimator.continuous import EvaluationListener, Evaluations
from tfkeras_compat.estimator.estimator import Estimator
from tfkeras_compat.estimator.exporter import Exporter
from tfkeras_compat.estimator.run_config import TaskType
from tfkeras_compat.estimator.spec import checked_hooks

_MAX_DELAY_SECS = 60
_DELAY_SECS_PER_WORKER = 5


class TrainSpec(collections.namedtuple("TrainSpec", ["input_fn", "max_steps", "hooks"])):
    """What :func:`train_and_evaluate` trains with: ``max_steps`` in all, None forever.

    Raises: KindError for an ``input_fn`` that can not be called or a hook of another type;
    ConfigError for steps not above 0.
    """

    def __new__(cls, input_fn, max_steps=None, hooks=None):
        _check_callable(input_fn)
        _check_number("max_steps", max_steps, above=0)
        return super().__new__(cls, input_fn, max_steps, tuple(checked_hooks(hooks)))


class EvalSpec(
    collections.namedtuple(
        "EvalSpec",
        ["input_fn", "steps", "name", "hooks", "exporters", "start_delay_secs", "throttle_secs"],
    )
):
    """What :func:`train_and_evaluate` evaluates with: ``steps`` batches, None until the input ends.

    ``exporters`` (one or several, of different names) run after each evaluation. The evaluator of a
    cluster begins after ``start_delay_secs`` seconds; an evaluation begins no sooner than
    ``throttle_secs`` seconds after the one before. Raises: KindError for something of another type;
    ConfigError for numbers below these limits or names that are empty or not unique.
    """

    def __new__(
        cls,
        input_fn,
        steps=100,
        name=None,
        hooks=None,
        exporters=None,
        start_delay_secs=120,
        throttle_secs=600,
    ):
        _check_callable(input_fn)
        _check_number("steps", steps, above=0)
        if name is not None and not isinstance(name, str):
            raise KindError("`name` must be string, given: %s" % (name,))
        _check_number("start_delay_secs", start_delay_secs, least=0)
        _check_number("throttle_secs", throttle_secs, least=0)
        return super().__new__(
            cls,
            input_fn,
            steps,
            name,
            tuple(checked_hooks(hooks)),
            _checked_exporters(exporters),
            start_delay_secs,
            throttle_secs,
        )


def _check_callable(input_fn):
    if not callable(input_fn):
        raise KindError("`input_fn` must be callable, given: %s" % (input_fn,))


def _check_number(name, value, above=None, least=None):
    if value is None and above is not None:
        return
    if above is not None and value <= above:
        raise ConfigError("Must specify %s > %s, given: %s" % (name, above, value))
    if least is not None and value < least:
        raise ConfigError("Must specify %s >= %s, given: %s" % (name, least, value))


def _checked_exporters(exporters):
    if not exporters:
        return ()
    listed = [exporters] if isinstance(exporters, Exporter) else exporters
    if not isinstance(listed, collections.abc.Iterable):
        raise _no_exporters(exporters)
    listed = tuple(listed)
    if not all(isinstance(each, Exporter) for each in listed):
        raise _no_exporters(exporters)
    names = [each.name for each in listed]
    if not all(isinstance(name, str) and name for name in names):
        raise ConfigError(
            "An Exporter must have a string name that is not empty. All exporter names: %s" % names
        )
    if len(set(names)) < len(names):
        raise ConfigError("`exporters` must have unique names. All exporter names: %s" % names)
    return listed


def _no_exporters(found):
    return KindError(
        "`exporters` must be an Exporter, an iterable of Exporter, or `None`, found %s." % (found,)
    )


def train_and_evaluate(estimator, train_spec, eval_spec):
    """Trains, and evaluates and exports what is trained, in the role that ``TF_CONFIG`` gives to
    this process.

    Alone it evaluates after checkpoints and returns ``(metrics, exports)`` of the last evaluation.
    In a cluster it returns None: a chief or worker trains, a master also evaluates, an evaluator
    evaluates the chief's checkpoints until the last step, a parameter server serves until it is
    ended. A worker that joins a training that has begun joins at once; at the start workers follow
    one another. Raises: KindError for arguments of other types; ConfigError for a role that there
    is not.

    >>> import tempfile
    >>> from tfkeras_compat._tf import tf
    >>> from tfkeras_compat.estimator.spec import EstimatorSpec
    >>> def model_fn(features, labels, mode):
    ...     weight = tf.get_variable("weight", initializer=1.0)
    ...     loss = tf.square(weight * features - labels)
    ...     step = tf.train.GradientDescentOptimizer(0.25)
    ...     train = step.minimize(loss, tf.train.get_or_create_global_step())
    ...     return EstimatorSpec(mode, weight * features, loss, train)
    >>> one = lambda: (tf.constant(1.0), tf.constant(3.0))
    >>> metrics, exports = train_and_evaluate(
    ...     Estimator(model_fn, tempfile.mkdtemp()), TrainSpec(one, 2), EvalSpec(one, steps=1))
    >>> float(metrics["loss"]), int(metrics["global_step"])
    (0.25, 2)
    """
    _check_kind("estimator", estimator, Estimator)
    _check_kind("train_spec", train_spec, TrainSpec)
    _check_kind("eval_spec", eval_spec, EvalSpec)
    config = estimator.config
    if not config.cluster_spec and config.task_type != TaskType.EVALUATOR:
        return _run_alone(estimator, train_spec, eval_spec)
    if config.task_type not in _ROLES:
        raise ConfigError(
            "Task type %s is not supported. Supported task types are %s. Leave `cluster` and "
            "`task` out of TF_CONFIG to run locally." % (config.task_type, sorted(_ROLES))
        )
    _ROLES[config.task_type](estimator, train_spec, eval_spec)
    return None


def _check_kind(name, value, kind):
    if not isinstance(value, kind):
        raise KindError(
            "`%s` must have type `tf.estimator.%s`. Got: %s" % (name, kind.__name__, type(value))
        )


def _run_alone(estimator, train_spec, eval_spec):
    tf.logging.info("Running training and evaluation locally (non-distributed).")
    tf.logging.info(
        "Start train and evaluate loop. The evaluate will happen after every checkpoint. "
        "Checkpoint frequency is determined based on RunConfig arguments: save_checkpoints_steps "
        "%s or save_checkpoints_secs %s.",
        estimator.config.save_checkpoints_steps,
        estimator.config.save_checkpoints_secs,
    )
    evaluations = Evaluations(estimator, eval_spec, train_spec.max_steps)
    _train(estimator, train_spec, [EvaluationListener(evaluations, eval_spec.throttle_secs)])
    return evaluations.metrics, evaluations.exports


def _train(estimator, spec, listeners=()):
    estimator.train(
        input_fn=spec.input_fn,
        max_steps=spec.max_steps,
        hooks=list(spec.hooks),
        saving_listeners=list(listeners),
    )


def _run_trainer(estimator, train_spec, eval_spec):
    _train_in_cluster(estimator, train_spec)


def _run_master(estimator, train_spec, eval_spec):
    evaluations = Evaluations(estimator, eval_spec, train_spec.max_steps)
    listener = EvaluationListener(evaluations, eval_spec.throttle_secs)
    _train_in_cluster(estimator, train_spec, [listener])


def _train_in_cluster(estimator, spec, listeners=()):
    began = time.time()
    server = servers.start(estimator.config)
    delay = began + start_delay_secs(estimator.config) - time.time()
    if delay > 0:
        tf.logging.info("Waiting %d secs before starting training.", delay)
        time.sleep(delay)
    _train(estimator, spec, listeners)
    del server  # it had to live until here


def start_delay_secs(config):
    """How long a worker leaves the first steps to those before it, which helps asynchronous
    training to converge; 0 where a training goes on, as after a restart."""
    if config.task_type != TaskType.WORKER or sessions.saved_step(config.model_dir) > 0:
        return 0
    longest = config.experimental_max_worker_delay_secs
    longest = _MAX_DELAY_SECS if longest is None else longest
    return min(longest, (config.task_id + 1) * _DELAY_SECS_PER_WORKER)


def _run_parameter_server(estimator, train_spec, eval_spec):
    servers.join(servers.start(estimator.config))


def _run_evaluator(estimator, train_spec, eval_spec):
    if estimator.config.task_id > 0:
        raise ConfigError(
            "For distributed training, there can only be one `evaluator` task (with task id 0).  "
            "Given task id %s" % estimator.config.task_id
        )
    if eval_spec.start_delay_secs:
        tf.logging.info("Waiting %f secs before starting eval.", eval_spec.start_delay_secs)
        time.sleep(eval_spec.start_delay_secs)
    Evaluations(estimator, eval_spec, train_spec.max_steps).run_until_final()


_ROLES = {
    TaskType.CHIEF: _run_trainer,
    TaskType.WORKER: _run_trainer,
    TaskType.MASTER: _run_master,
    TaskType.PS: _run_parameter_server,
    TaskType.EVALUATOR: _run_evaluator,
}
