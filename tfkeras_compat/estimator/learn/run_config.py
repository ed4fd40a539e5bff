"""The ``RunConfig`` of ``tf.contrib.learn``."""

import os

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator import cluster, run_config

__all__ = ["ClusterConfig", "Environment", "RunConfig", "TaskType", "uid_of"]

_USE_DEFAULT = 0

# What may differ between two configurations of the same run.
_FREE = (
    "tf_random_seed",
    "save_summary_steps",
    "save_checkpoints_steps",
    "save_checkpoints_secs",
    "session_config",
    "keep_checkpoint_max",
    "keep_checkpoint_every_n_hours",
    "log_step_count_steps",
)


class Environment:
    """Names of where a program runs, from ``TF_CONFIG``."""

    CLOUD = "cloud"
    GOOGLE = "google"
    LOCAL = "local"


class TaskType:
    """Names of the roles in a cluster."""

    MASTER = "master"
    PS = "ps"
    WORKER = "worker"


def uid_of(config, whitelist=None):
    """Text that is the same for configurations of the same run: all settings but the free ones."""
    free = _FREE if whitelist is None else whitelist
    state = {name[1:]: value for name, value in vars(config).items() if name[1:] not in free}
    if state.get("cluster_spec") is not None:
        state["cluster_spec"] = sorted(state["cluster_spec"].as_dict().items())
    return ", ".join("_%s=%r" % (name, state[name]) for name in sorted(state))


class ClusterConfig:
    """The place of this process in a cluster, from ``TF_CONFIG``.

    Unlike in ``tf.estimator``, no role is needed beside workers, of which the first is the chief
    (in the environment ``cloud``, the master).
    """

    def __init__(self, master=None, evaluation_master=None):
        found = cluster.environment()
        task = found.get("task", {})
        self._task_type = task.get("type")
        self._task_id = self.get_task_id()
        self._cluster_spec = tf.train.ClusterSpec(found.get("cluster", {}))
        self._environment = found.get("environment", Environment.LOCAL)
        self._master = self._address() if master is None else master
        self._evaluation_master = evaluation_master or ""
        jobs = self._cluster_spec.as_dict()
        self._num_ps_replicas = len(jobs.get(TaskType.PS, []))
        self._num_worker_replicas = sum(
            len(jobs.get(job, [])) for job in (TaskType.WORKER, TaskType.MASTER)
        )
        self._is_chief = self._task_id == 0 and self._task_type in (None, self._chief_type())

    def _chief_type(self):
        is_cloud = self._environment == Environment.CLOUD
        return TaskType.MASTER if is_cloud else TaskType.WORKER

    def _address(self):
        jobs = self._cluster_spec.as_dict()
        if sum(len(tasks) for tasks in jobs.values()) <= 1 or not self._task_type:
            return ""
        tasks = jobs.get(self._task_type)
        if tasks is None or not 0 <= self._task_id < len(tasks):
            raise ConfigError(
                "%s %d is not in the cluster_spec:\n%s\n\nNote that these values may be coming "
                "from the TF_CONFIG environment variable."
                % (self._task_type, self._task_id, self._cluster_spec)
            )
        return "grpc://" + self._cluster_spec.job_tasks(self._task_type)[self._task_id]

    @property
    def cluster_spec(self):
        return self._cluster_spec

    @property
    def environment(self):
        return self._environment

    @property
    def evaluation_master(self):
        return self._evaluation_master

    @property
    def is_chief(self):
        return self._is_chief

    @property
    def master(self):
        return self._master

    @property
    def num_ps_replicas(self):
        return self._num_ps_replicas

    @property
    def num_worker_replicas(self):
        return self._num_worker_replicas

    @property
    def task_id(self):
        return self._task_id

    @property
    def task_type(self):
        return self._task_type

    @staticmethod
    def get_task_id():
        """The index of this task in ``TF_CONFIG``, 0 if there is none."""
        return int(cluster.environment().get("task", {}).get("index") or 0)


class RunConfig(ClusterConfig, run_config.RunConfig):
    """The settings of an Estimator's runs, as ``tf.contrib.learn`` has them.

    ``num_cores``, ``log_device_placement`` and ``gpu_memory_fraction`` make :attr:`tf_config`, the
    session configuration of the Estimators of ``tf.contrib.learn``. Raises ConfigError for a value
    that can not be.

    >>> config = RunConfig(model_dir="/tmp/model", save_checkpoints_steps=10)
    >>> config.save_checkpoints_secs, config.task_type, config.environment
    (None, None, 'local')
    >>> config.uid() == config.replace(save_checkpoints_steps=20).uid()
    True
    """

    def __init__(
        self,
        master=None,
        num_cores=0,
        log_device_placement=False,
        gpu_memory_fraction=1,
        tf_random_seed=None,
        save_summary_steps=100,
        save_checkpoints_secs=_USE_DEFAULT,
        save_checkpoints_steps=None,
        keep_checkpoint_max=5,
        keep_checkpoint_every_n_hours=10000,
        log_step_count_steps=100,
        protocol=None,
        evaluation_master="",
        model_dir=None,
        session_config=None,
        session_creation_timeout_secs=7200,
    ):
        ClusterConfig.__init__(self, master, evaluation_master)
        if save_checkpoints_secs == _USE_DEFAULT:
            save_checkpoints_secs = 600 if save_checkpoints_steps is None else None
        self._service = self._global_id_in_cluster = None
        self._tf_config = tf.ConfigProto(
            log_device_placement=log_device_placement,
            inter_op_parallelism_threads=num_cores,
            intra_op_parallelism_threads=num_cores,
            gpu_options=tf.GPUOptions(per_process_gpu_memory_fraction=gpu_memory_fraction),
        )
        self._set(
            tf_random_seed=tf_random_seed,
            save_summary_steps=save_summary_steps,
            save_checkpoints_secs=save_checkpoints_secs,
            save_checkpoints_steps=save_checkpoints_steps,
            keep_checkpoint_max=keep_checkpoint_max,
            keep_checkpoint_every_n_hours=keep_checkpoint_every_n_hours,
            log_step_count_steps=log_step_count_steps,
            protocol=protocol,
            model_dir=_model_dir(model_dir),
            session_config=session_config,
            session_creation_timeout_secs=session_creation_timeout_secs,
            train_distribute=None,
            eval_distribute=None,
            experimental_distribute=None,
            experimental_max_worker_delay_secs=None,
            device_fn=None,
        )

    @property
    def tf_config(self):
        return self._tf_config

    def uid(self, whitelist=None):
        """Text that is the same for configurations of the same run."""
        return uid_of(self, whitelist)


def _model_dir(given):
    given = None if given is None else os.fspath(given)
    listed = cluster.environment().get("model_dir")
    if listed and given and listed != given:
        raise ConfigError(
            "`model_dir` provided in RunConfig construct, if set, must have the same value as the "
            "model_dir in TF_CONFIG. model_dir: %s\nTF_CONFIG: %s." % (given, listed)
        )
    return given or listed
