"""How and where an Estimator runs."""

import copy
import os

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator import cluster
from tfkeras_compat.estimator.arguments import argument_names
from tfkeras_compat.estimator.cluster import TaskType

__all__ = ["RunConfig", "TaskType"]

_UNSET = object()
_BOTH = "`save_checkpoints_steps` and `save_checkpoints_secs` cannot be both set."

_REPLACEABLE = [
    "model_dir",
    "tf_random_seed",
    "save_summary_steps",
    "save_checkpoints_steps",
    "save_checkpoints_secs",
    "session_config",
    "keep_checkpoint_max",
    "keep_checkpoint_every_n_hours",
    "log_step_count_steps",
    "train_distribute",
    "device_fn",
    "protocol",
    "eval_distribute",
    "experimental_distribute",
    "experimental_max_worker_delay_secs",
    "session_creation_timeout_secs",
]

# Property -> what a value other than None must fulfil, and how the error says it.
_RULES = {
    "model_dir": (bool, "should be non-empty"),
    "save_summary_steps": (lambda value: value >= 0, "should be >= 0"),
    "save_checkpoints_steps": (lambda value: value >= 0, "should be >= 0"),
    "save_checkpoints_secs": (lambda value: value >= 0, "should be >= 0"),
    "session_config": (
        lambda value: isinstance(value, tf.ConfigProto),
        "must be instance of ConfigProto",
    ),
    "keep_checkpoint_max": (lambda value: value >= 0, "should be >= 0"),
    "keep_checkpoint_every_n_hours": (lambda value: value > 0, "should be > 0"),
    "log_step_count_steps": (lambda value: value > 0, "should be > 0"),
    "tf_random_seed": (lambda value: isinstance(value, int), "must be integer"),
    "experimental_max_worker_delay_secs": (
        lambda value: isinstance(value, int),
        "must be an integer if set",
    ),
    "session_creation_timeout_secs": (lambda value: value > 0, "should be > 0"),
    "device_fn": (
        lambda value: callable(value) and argument_names(value) == ("op",),
        'must be callable with exactly one argument "op"',
    ),
    "protocol": (lambda value: value in ("grpc", "grpc+verbs"), "should be grpc or grpc+verbs"),
}


def _reader(name):
    return property(lambda config: getattr(config, "_" + name))


class RunConfig:
    """The settings of an Estimator's runs; its place in a cluster comes from ``TF_CONFIG``.

    ``model_dir`` is where checkpoints and events go; checkpoints are saved every
    ``save_checkpoints_steps`` steps or ``save_checkpoints_secs`` seconds (600 unless one is given;
    both None: never); ``session_config`` is a ``tf.ConfigProto``. Raises ConfigError (or KindError)
    for a value that can not be.

    >>> config = RunConfig(save_checkpoints_steps=10)
    >>> config.save_checkpoints_secs, config.is_chief, config.task_type
    (None, True, 'worker')
    """

    cluster_spec = _reader("cluster_spec")
    device_fn = _reader("device_fn")
    eval_distribute = _reader("eval_distribute")
    evaluation_master = _reader("evaluation_master")
    experimental_max_worker_delay_secs = _reader("experimental_max_worker_delay_secs")
    global_id_in_cluster = _reader("global_id_in_cluster")
    is_chief = _reader("is_chief")
    keep_checkpoint_every_n_hours = _reader("keep_checkpoint_every_n_hours")
    keep_checkpoint_max = _reader("keep_checkpoint_max")
    log_step_count_steps = _reader("log_step_count_steps")
    master = _reader("master")
    model_dir = _reader("model_dir")
    num_ps_replicas = _reader("num_ps_replicas")
    num_worker_replicas = _reader("num_worker_replicas")
    protocol = _reader("protocol")
    save_checkpoints_secs = _reader("save_checkpoints_secs")
    save_checkpoints_steps = _reader("save_checkpoints_steps")
    save_summary_steps = _reader("save_summary_steps")
    service = _reader("service")
    session_config = _reader("session_config")
    session_creation_timeout_secs = _reader("session_creation_timeout_secs")
    task_id = _reader("task_id")
    task_type = _reader("task_type")
    tf_random_seed = _reader("tf_random_seed")
    train_distribute = _reader("train_distribute")

    def __init__(
        self,
        model_dir=None,
        tf_random_seed=None,
        save_summary_steps=100,
        save_checkpoints_steps=_UNSET,
        save_checkpoints_secs=_UNSET,
        session_config=None,
        keep_checkpoint_max=5,
        keep_checkpoint_every_n_hours=10000,
        log_step_count_steps=100,
        train_distribute=None,
        device_fn=None,
        protocol=None,
        eval_distribute=None,
        experimental_distribute=None,
        experimental_max_worker_delay_secs=None,
        session_creation_timeout_secs=7200,
    ):
        steps, seconds = _saving_interval(save_checkpoints_steps, save_checkpoints_secs)
        environment = cluster.environment()
        self._set(
            model_dir=_model_dir(environment, model_dir),
            tf_random_seed=tf_random_seed,
            save_summary_steps=save_summary_steps,
            save_checkpoints_steps=steps,
            save_checkpoints_secs=seconds,
            session_config=session_config,
            keep_checkpoint_max=keep_checkpoint_max,
            keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours,
            log_step_count_steps=log_step_count_steps,
            train_distribute=train_distribute,
            device_fn=device_fn,
            protocol=protocol,
            eval_distribute=eval_distribute,
            experimental_distribute=experimental_distribute,
            experimental_max_worker_delay_secs=experimental_max_worker_delay_secs,
            session_creation_timeout_secs=session_creation_timeout_secs,
        )
        self._init_distributed_setting_from_environment_var(environment)
        if not session_config and self.cluster_spec:
            self._session_config = cluster.session_config(self.task_type, self.task_id)

    # The original's name: subclasses of legacy code override it.
    def _init_distributed_setting_from_environment_var(self, tf_config):
        for name, value in cluster.settings(tf_config).items():
            setattr(self, "_" + name, value)

    def _set(self, **values):
        for name, value in values.items():
            setattr(self, "_" + name, value)
        _check(self)
        return self

    def replace(self, **kwargs):
        """A copy with other values for the given properties.

        Of ``save_checkpoints_steps`` and ``save_checkpoints_secs`` the one that is not given
        becomes None. Raises ConfigError for a property that can not be replaced, or for both.
        """
        for name in kwargs:
            if name not in _REPLACEABLE:
                raise ConfigError(
                    "Replacing %s is not supported. Allowed properties are %s."
                    % (name, _REPLACEABLE)
                )
        given = {name for name in kwargs if kwargs[name] is not None}
        pair = {"save_checkpoints_steps", "save_checkpoints_secs"}
        if given >= pair:
            raise ConfigError(_BOTH)
        if given & pair:
            (other,) = pair - given
            kwargs.setdefault(other, None)
        return copy.deepcopy(self)._set(**kwargs)

    def __deepcopy__(self, memo):
        # A distribution strategy and a device function are no values to copy.
        copied = copy.copy(self)
        shared = ("train_distribute", "eval_distribute", "experimental_distribute", "device_fn")
        for name, value in vars(self).items():
            if name[1:] not in shared:
                setattr(copied, name, copy.deepcopy(value, memo))
        return copied


def _saving_interval(steps, seconds):
    if steps is _UNSET and seconds is _UNSET:
        return None, 600
    steps, seconds = (None if value is _UNSET else value for value in (steps, seconds))
    if steps is not None and seconds is not None:
        raise ConfigError(_BOTH)
    return steps, seconds


def _check(config):
    for name, (is_right, message) in _RULES.items():
        value = getattr(config, name)
        if value is not None and not is_right(value):
            raise ConfigError("%s %s. Found %r." % (name, message, value))


def path_of(directory):
    """The path that a string or path object stands for; None stays."""
    return directory if directory is None else os.fspath(directory)


def _model_dir(environment, model_dir):
    model_dir = path_of(model_dir)
    if model_dir == "":
        raise ConfigError("model_dir should be non-empty.")
    listed = environment.get("model_dir")
    if listed == "":
        raise ConfigError("model_dir in TF_CONFIG should be non-empty.")
    if listed and model_dir and listed != model_dir:
        raise ConfigError(
            "`model_dir` provided in RunConfig construct, if set, must have the same value as the "
            'model_dir in TF_CONFIG. model_dir: %s\nTF_CONFIG["model_dir"]: %s.\n'
            % (model_dir, listed)
        )
    if listed:
        tf.logging.info("Using model_dir in TF_CONFIG: %s", listed)
    return model_dir or listed
