"""Making an Experiment and doing what the role of this process in the cluster asks for."""

from tfkeras_compat.errors import ConfigError, KindError, OtherRunError
from tfkeras_compat.estimator import run_config as core_run_config
from tfkeras_compat.estimator.experiment import Experiment
from tfkeras_compat.estimator.learn.run_config import uid_of

# What a process of each role in a cluster does.
_SCHEDULES = {
    "chief": "train_and_evaluate",
    "evaluator": "continuous_eval",
    "master": "train_and_evaluate",
    "ps": "run_std_server",
    "worker": "train",
}
_ALONE = "train_and_evaluate"


def run(experiment_fn, output_dir=None, schedule=None, run_config=None, hparams=None):
    """Makes an Experiment, and calls its method ``schedule``; returns what that gives.

    Args:
        experiment_fn: ``f(run_config, hparams)``, or ``f(output_dir)``; gives an Experiment.
        output_dir: a directory; then there is no ``run_config``, nor ``hparams``.
        schedule: the name of a method. By default, ``train_and_evaluate`` outside of clusters and
            for a master or chief, ``train`` for a worker, ``run_std_server`` for a parameter
            server, ``continuous_eval`` for an evaluator.
        run_config: a ``RunConfig`` of ``tf.contrib.learn`` or ``tf.estimator`` with a model_dir,
            which the Estimator must be made with.
        hparams: given to ``experiment_fn`` as they are.
    Raises: ConfigError for arguments that do not go together, an unknown schedule or role;
        OtherRunError, which is a RuntimeError, for an Estimator of another configuration;
        KindError for something else than a function, an Experiment, or a method.
    """
    if (output_dir is None) == (run_config is None):
        raise ConfigError("Set either `output_dir` or `run_config`, and not both.")
    if not callable(experiment_fn):
        raise KindError('Experiment builder "%s" is not callable.' % (experiment_fn,))
    if run_config is not None:
        experiment = _made(experiment_fn, run_config, hparams)
    else:
        experiment = _made_for_directory(experiment_fn, output_dir, hparams)
    config = run_config or experiment.estimator.config
    return _method(experiment, schedule or _default_schedule(config))()


def tune(experiment_fn, tuner):
    """Lets a tuner run trials: as long as ``tuner.next_trial()`` is true, its ``run_experiment`` is
    given a function of ``run_config`` and ``hparams`` that makes an Experiment."""

    def checked(run_config, hparams):
        if hparams is None:
            raise ConfigError("`hparams` cannot be `None`.")
        return _made(experiment_fn, run_config, hparams)

    while tuner.next_trial():
        tuner.run_experiment(checked)


def _made(experiment_fn, run_config, hparams):
    if not isinstance(run_config, core_run_config.RunConfig):
        raise ConfigError("`run_config` must be a `RunConfig` instance, found %r." % (run_config,))
    if not run_config.model_dir:
        raise ConfigError("Must specify a model directory `model_dir` in `run_config`.")
    if hparams is not None and not hasattr(hparams, "values"):
        raise ConfigError("`hparams` must be `HParams` instance, found %r." % (hparams,))
    expected = uid_of(run_config)
    experiment = _checked(experiment_fn(run_config, hparams))
    found = uid_of(experiment.estimator.config)
    if found != expected:
        raise OtherRunError(
            "The Estimator in the Experiment must be made with the `run_config` that experiment_fn "
            "is given: Estimator(..., config=run_config). Expected %s, but got %s."
            % (expected, found)
        )
    return experiment


def _made_for_directory(experiment_fn, output_dir, hparams):
    if not output_dir:
        raise ConfigError("Must specify an output directory")
    if hparams is not None:
        raise ConfigError("Must set `hparams` as None for `experiment_fn` with `output_dir`.")
    return _checked(experiment_fn(output_dir=output_dir))


def _checked(experiment):
    if not isinstance(experiment, Experiment):
        raise KindError(
            "Experiment builder did not return an Experiment instance, got %s instead."
            % type(experiment)
        )
    return experiment


def _default_schedule(config):
    jobs = config.cluster_spec.as_dict() if config.cluster_spec else {}
    # An evaluator sees no cluster, as it is no part of it.
    if sum(map(len, jobs.values())) <= 1 and config.task_type != "evaluator":
        return _ALONE
    if config.task_type not in _SCHEDULES:
        raise ConfigError(
            "No default schedule for task type: %s. Must specify a schedule." % config.task_type
        )
    return _SCHEDULES[config.task_type]


def _method(experiment, schedule):
    names = [name for name in dir(experiment) if not name.startswith("_")]
    if schedule not in names:
        raise ConfigError(
            "Schedule references non-existent task %s. Allowed are: %s."
            % (schedule, ", ".join(n for n in names if callable(getattr(experiment, n))))
        )
    if not callable(getattr(experiment, schedule)):
        raise KindError("Schedule references non-callable member %s" % schedule)
    return getattr(experiment, schedule)
