"""``tf.contrib.distribute``: strategies, by their first arguments."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.tensorflow import offered

_config = _tf.submodule("python.distribute.distribute_config")

AllReduceCrossDeviceOps = _tf.submodule(
    "python.distribute.cross_device_ops"
).AllReduceCrossDeviceOps
CrossDeviceOps = tf.distribute.CrossDeviceOps
DistributeConfig = _config.DistributeConfig
OneDeviceStrategy = tf.distribute.OneDeviceStrategy
ReductionToOneDeviceCrossDeviceOps = tf.distribute.ReductionToOneDevice
TPUStrategy = offered.refused("tensorflow.contrib.distribute.TPUStrategy")
get_distribution_strategy = tf.distribute.get_strategy
get_replica_context = tf.distribute.get_replica_context
get_strategy = tf.distribute.get_strategy
has_distribution_strategy = tf.distribute.has_strategy
has_strategy = tf.distribute.has_strategy
in_cross_replica_context = tf.distribute.in_cross_replica_context
initialize_tpu_system = offered.refused("tensorflow.contrib.distribute.initialize_tpu_system")


def MirroredStrategy(  # noqa: N802
    devices=None,
    num_gpus=None,
    num_gpus_per_worker=None,
    cross_device_ops=None,
    auto_shard_dataset=False,
    cross_tower_ops=None,
):
    """``tf.distribute.MirroredStrategy`` on devices, or on so many GPUs.

    Raises: ConfigError if the devices are given in more than one way.
    """
    count = num_gpus if num_gpus_per_worker is None else num_gpus_per_worker
    if sum(each is not None for each in (devices, num_gpus, num_gpus_per_worker)) > 1:
        raise ConfigError("Give one of devices, num_gpus and num_gpus_per_worker.")
    if count is not None:
        devices = ["/gpu:%d" % number for number in range(count)] or ["/cpu:0"]
    return tf.distribute.MirroredStrategy(devices, cross_device_ops or cross_tower_ops)


def CollectiveAllReduceStrategy(num_gpus_per_worker=0, communication=None):  # noqa: N802
    """``tf.distribute.experimental.MultiWorkerMirroredStrategy``: one for each worker of
    ``TF_CONFIG``."""
    return tf.distribute.experimental.MultiWorkerMirroredStrategy()


def ParameterServerStrategy(num_gpus_per_worker=0):  # noqa: N802
    """``tf.distribute.experimental.ParameterServerStrategy``."""
    return tf.distribute.experimental.ParameterServerStrategy()


__getattr__, __dir__ = offered.names_of(__name__)
