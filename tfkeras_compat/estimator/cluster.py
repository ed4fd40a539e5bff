"""The place of this process in a cluster, read from the environment variable ``TF_CONFIG``."""

import json
import os

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError


class TaskType:
    """Names of the roles in a cluster."""

    MASTER = "master"
    PS = "ps"
    WORKER = "worker"
    CHIEF = "chief"
    EVALUATOR = "evaluator"


# What each role has to see of the cluster: the others may be down without its noticing.
_DEVICE_FILTERS = {
    TaskType.MASTER: ["/job:ps", "/job:master"],
    TaskType.CHIEF: ["/job:ps", "/job:chief"],
    TaskType.WORKER: ["/job:ps", "/job:worker/task:%d"],
    TaskType.PS: ["/job:ps", "/job:worker", "/job:chief", "/job:master"],
}


def environment():
    """The dictionary in ``TF_CONFIG``, empty if it is not set. Raises ConfigError if it is no
    JSON."""
    text = os.environ.get("TF_CONFIG") or "{}"
    try:
        found = json.loads(text)
    except ValueError as error:
        raise ConfigError(
            "The environment variable TF_CONFIG must hold a JSON object such as "
            '{"cluster": {"chief": ["host:port"], ...}, "task": {"type": "chief", "index": 0}}. '
            "Found %r (%s)." % (text, error)
        ) from error
    if found:
        tf.logging.info("TF_CONFIG environment variable: %s", found)
    return found


def settings(environment):
    """The attributes of a ``RunConfig`` that tell about the cluster, as a dictionary.

    Raises: ConfigError for a cluster without just one chief (or master), or a task that is not in
    it; KindError for a ``service`` that is no dictionary.
    """
    service = environment.get("service")
    if service is not None and not isinstance(service, dict):
        raise KindError(
            'If "service" is set in TF_CONFIG, it must be a dict. Given %s' % type(service)
        )
    cluster = tf.train.ClusterSpec(environment.get("cluster", {}))
    found = _in_cluster(cluster, environment) if cluster else _alone(environment)
    return dict({"cluster_spec": cluster, "service": service}, **found)


def _alone(environment):
    task = environment.get("task", {})
    task_type, task_id = task.get("type", TaskType.WORKER), int(task.get("index", 0))
    if task_type != TaskType.WORKER:
        raise ConfigError(
            'If "cluster" is not set in TF_CONFIG, task type must be WORKER. Found %r.' % task_type
        )
    if task_id != 0:
        raise ConfigError(
            'If "cluster" is not set in TF_CONFIG, task index must be 0. Found %d.' % task_id
        )
    return {
        "task_type": task_type,
        "task_id": task_id,
        "global_id_in_cluster": 0,
        "master": environment.get("session_master", ""),
        "evaluation_master": environment.get("eval_session_master", ""),
        "is_chief": True,
        "num_ps_replicas": 0,
        "num_worker_replicas": 1,
    }


def _in_cluster(cluster, environment):
    chief = _chief_of(cluster)
    task_type, task_id = _task(cluster, environment.get("task", {}))
    if task_type == TaskType.EVALUATOR:
        if chief == TaskType.MASTER:
            raise ConfigError(
                "If `master` node exists in `cluster`, task_type `evaluator` is not supported: "
                "the master evaluates. Call it chief instead."
            )
        return _evaluator(task_id, environment)
    return {
        "task_type": task_type,
        "task_id": task_id,
        "global_id_in_cluster": _global_id(cluster, task_type, task_id, chief),
        "master": _session_master(cluster, task_type, task_id, environment),
        "evaluation_master": "",
        "is_chief": task_type == chief,
        "num_ps_replicas": _count(cluster, TaskType.PS),
        "num_worker_replicas": _count(cluster, TaskType.WORKER) + _count(cluster, chief),
    }


def _evaluator(task_id, environment):
    return {  # it is no part of the cluster that trains
        "cluster_spec": tf.train.ClusterSpec({}),
        "task_type": TaskType.EVALUATOR,
        "task_id": task_id,
        "global_id_in_cluster": None,
        "master": "",
        "evaluation_master": environment.get("eval_session_master", ""),
        "is_chief": False,
        "num_ps_replicas": 0,
        "num_worker_replicas": 0,
    }


def _chief_of(cluster):
    chief = TaskType.MASTER if TaskType.MASTER in cluster.jobs else TaskType.CHIEF
    if chief == TaskType.MASTER and TaskType.CHIEF in cluster.jobs:
        raise ConfigError(
            "If `master` node exists in `cluster`, job `chief` is not supported. Leave one out."
        )
    if chief not in cluster.jobs:
        raise ConfigError('If "cluster" is set in TF_CONFIG, it must have one "%s" node.' % chief)
    if _count(cluster, chief) > 1:
        raise ConfigError('The "cluster" in TF_CONFIG must have only one "%s" node.' % chief)
    return chief


def _count(cluster, task_type):
    return len(cluster.as_dict().get(task_type, []))


def _task(cluster, task):
    task_type, task_id = task.get("type"), task.get("index")
    if not task_type:
        raise ConfigError('If "cluster" is set in TF_CONFIG, task type must be set.')
    if task_id is None:
        raise ConfigError('If "cluster" is set in TF_CONFIG, task index must be set.')
    task_id = int(task_id)
    if task_id < 0:
        raise ConfigError("Task index must be non-negative number. Found %d." % task_id)
    if task_type == TaskType.EVALUATOR:
        return task_type, task_id
    if task_type not in cluster.jobs:
        raise ConfigError(
            "%s is not a valid task_type in the cluster_spec:\n%s\n\nNote that these values may "
            "be coming from the TF_CONFIG environment variable." % (task_type, cluster)
        )
    if task_id >= _count(cluster, task_type):
        raise ConfigError(
            "%d is not a valid task_id for task_type %s in the cluster_spec:\n%s\n\nNote that "
            "these values may be coming from the TF_CONFIG environment variable."
            % (task_id, task_type, cluster)
        )
    return task_type, task_id


def _global_id(cluster, task_type, task_id, chief):
    """Chief first, parameter servers last, the others by name."""
    rank = {chief: 0, TaskType.PS: 2}
    ordered = sorted(cluster.jobs, key=lambda job: (rank.get(job, 1), job))
    before = ordered[: ordered.index(task_type)]
    return sum(_count(cluster, job) for job in before) + task_id


def _session_master(cluster, task_type, task_id, environment):
    if "session_master" in environment:
        return environment["session_master"]
    if sum(_count(cluster, job) for job in cluster.jobs) == 1:
        return ""  # a cluster of one needs no server
    return "grpc://" + cluster.job_tasks(task_type)[task_id]


def session_config(task_type=None, task_id=0):
    """The ``ConfigProto`` for a session of this role; without a role, of this process alone.

    None for a role that has no filters of its own.
    """
    filters = [] if task_type is None else _DEVICE_FILTERS.get(task_type)
    if filters is None:
        return None
    config = tf.ConfigProto(
        allow_soft_placement=True,
        device_filters=[each % task_id if "%d" in each else each for each in filters],
    )
    options = config.graph_options.rewrite_options
    options.meta_optimizer_iterations = options.ONE
    return config
