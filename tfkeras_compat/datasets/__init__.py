"""Data sets that the original offers, as arrays: ``(x_train, y_train), (x_test, y_test)``.

Their files are read from ``~/.keras/datasets`` (or ``$KERAS_HOME/datasets``), and fetched when they
are not there. A file must have the hash of the published one; then it is read without running
anything that it holds.

Raises: MissingFileError, which names the place for the file, if it can not be fetched;
FileFormatError or UnsafeConfigError (both ValueErrors) if it is damaged or holds code.
"""

from tfkeras_compat.datasets import (
    boston_housing,
    cifar10,
    cifar100,
    fashion_mnist,
    imdb,
    mnist,
    reuters,
)
