"""CIFAR-10: small pictures of 10 kinds."""

from tfkeras_compat.datasets.cifar import load_part
from tfkeras_compat.datasets.published import unpacked


def load_data():
    """60,000 pictures.

    Shapes: pictures ``(50000, 32, 32, 3)`` and ``(10000, 32, 32, 3)`` uint8, in the default image
    layout; labels ``(50000, 1)`` uint8 and ``(10000, 1)`` int64, as in the original.
    """
    folder = unpacked("cifar-10-python.tar.gz", "cifar-10-batches-py")
    batches = ["data_batch_%d" % number for number in range(1, 6)]
    x_train, y_train = load_part(folder, batches, "labels")
    return (x_train, y_train.astype("uint8")), load_part(folder, ["test_batch"], "labels")
