"""CIFAR-100: small pictures of 100 kinds in 20 groups."""

from tfkeras_compat.datasets.cifar import load_part
from tfkeras_compat.datasets.published import unpacked
from tfkeras_compat.errors import ConfigError


def load_data(label_mode="fine"):
    """60,000 pictures.

    Shapes: pictures ``(50000, 32, 32, 3)`` and ``(10000, 32, 32, 3)`` uint8, in the default image
    layout; labels ``(50000, 1)`` and ``(10000, 1)`` int64.

    Args:
        label_mode: ``"fine"`` for the 100 kinds, ``"coarse"`` for the 20 groups.
    Raises: ConfigError for another ``label_mode``.
    """
    if label_mode not in ("fine", "coarse"):
        raise ConfigError(
            '`label_mode` must be one of `"fine"`, `"coarse"`, found %r.' % (label_mode,)
        )
    folder = unpacked("cifar-100-python.tar.gz", "cifar-100-python")
    return tuple(load_part(folder, [name], label_mode + "_labels") for name in ("train", "test"))
