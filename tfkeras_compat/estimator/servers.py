"""The server through which a process of a cluster takes part in it."""

import threading

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import SessionError
from tfkeras_compat.estimator import cluster
from tfkeras_compat.estimator.run_config import TaskType

_TRAINERS = (TaskType.CHIEF, TaskType.MASTER, TaskType.WORKER)


def start(config):
    """Starts the server of this process as the ``RunConfig`` says; returns it.

    None if the cluster is this process alone, or if its environment (``"google"`` in TF_CONFIG)
    brings the servers. Raises SessionError, which is a RuntimeError, for a configuration that names
    no cluster, no task or no master.
    """
    if cluster.environment().get("environment") == "google":
        return None
    if not config.cluster_spec or not config.task_type or config.task_id is None:
        raise SessionError(_missing("cluster_spec, task_type, and task"))
    if not config.master:
        if not _is_alone(config):
            raise SessionError(_missing("master"))
        tf.logging.info("Skip starting Tensorflow server as there is only one node in the cluster.")
        return None
    tf.logging.info("Start Tensorflow server.")
    return tf.train.Server(
        config.cluster_spec,
        job_name=config.task_type,
        task_index=config.task_id,
        config=_server_config(config.session_config),
        protocol=config.protocol,
    )


def join(server):
    """Serves until the process is ended; Ctrl-C ends it, to which TensorFlow's own ``join`` is
    deaf."""
    thread = threading.Thread(target=server.join, daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(1.0)


def _missing(what):
    return (
        "Could not start server; be sure to specify %s in RunConfig or set the TF_CONFIG "
        "environment variable." % what
    )


def _is_alone(config):
    addresses = config.cluster_spec.as_dict()
    return config.task_type in _TRAINERS and sum(map(len, addresses.values())) == 1


def _server_config(session_config):
    if session_config is None:
        return tf.ConfigProto()
    return tf.ConfigProto(gpu_options=session_config.gpu_options)
