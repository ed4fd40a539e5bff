"""A model on several GPUs: each computes a part of the batch, with the same weights."""

import collections

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers.merge import concatenate
from tfkeras_compat.layers.resizing import BatchSlice
from tfkeras_compat.models import Model, clone_model
from tfkeras_compat.state.structures import to_list, unpack_singleton

_TOO_FEW = "For multi-gpu usage to be effective, call `multi_gpu_model` with %s >= 2. Received: %s"


def multi_gpu_model(model, gpus=None, cpu_merge=True, cpu_relocation=False):
    """A model that divides each batch among GPUs and joins what they give.

    The weights are those of ``model``, which may be built under ``tf.device("/cpu:0")``. Both
    models can be saved; the file of this one needs as many GPUs where it is loaded.

    Args:
        gpus: how many, or a list of their numbers; all there are if not given. At least two.
        cpu_merge: whether outputs are joined on the CPU, instead of the first GPU.
        cpu_relocation: whether a copy of ``model`` is made on the CPU first, with new weights.
    Raises: ConfigError for fewer than two, or for GPUs that are not there.
    """
    available = [_normalize_device_name(name) for name in _get_available_devices()]
    numbers = _numbers(gpus, available)
    _check_available(gpus, numbers, available)
    if cpu_relocation:
        with tf.device("/cpu:0"):
            model = clone_model(model)
    by_replica = [_replica(model, part, numbers) for part in range(len(numbers))]
    with tf.device("/cpu:0" if cpu_merge else "/gpu:%d" % numbers[0]):
        merged = [
            concatenate(list(parts), axis=0, name=name)
            for name, parts in zip(_distinct(model.output_names), zip(*by_replica))
        ]
        return Model(model.inputs, merged)


def _get_available_devices():
    return [device.name for device in K.get_session().list_devices()]


def _normalize_device_name(name):
    """``/gpu:0`` for ``/job:localhost/replica:0/task:0/device:GPU:0``."""
    return "/" + ":".join(name.lower().replace("/", "").split(":")[-2:])


def _numbers(gpus, available):
    is_list = isinstance(gpus, (list, tuple))
    count = len(gpus) if is_list else gpus or sum("/gpu:" in name for name in available)
    if count <= 1:
        raise ConfigError(_TOO_FEW % ("`len(gpus)`" if is_list else "`gpus`", gpus or count))
    return list(gpus) if is_list else list(range(count))


def _check_available(gpus, numbers, available):
    wanted = ["/cpu:0"] + ["/gpu:%d" % number for number in numbers]
    if not set(wanted) <= set(available):
        raise ConfigError(
            "To call `multi_gpu_model` with `gpus=%s`, we expect the following devices to be "
            "available: %s. However this machine only has: %s. Try reducing `gpus`."
            % (gpus, wanted, available)
        )


def _replica(model, part, numbers):
    """The outputs of the model for one part of the batch, computed on one GPU."""
    number = numbers[part]
    with tf.device("/gpu:%d" % number), tf.name_scope("replica_%d" % number):
        slices = []
        for x in model.inputs:
            with tf.device(x.device):
                slices.append(BatchSlice(part, len(numbers))(x))
        return to_list(model(unpack_singleton(slices)))


def _distinct(names):
    """Names with numbers where one is there more than once."""
    seen: collections.Counter = collections.Counter()
    distinct = []
    for name in names:
        seen[name] += 1
        distinct.append("%s_%d" % (name, seen[name]) if names.count(name) > 1 else name)
    return distinct
