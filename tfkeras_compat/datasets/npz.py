"""Files of arrays (``.npz``), read without running anything that they hold."""

import functools
import io
import operator
import zipfile
import zlib

import numpy as np

from tfkeras_compat.datasets import unpickling
from tfkeras_compat.errors import FileFormatError, UnsafeConfigError

_HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError)


def read(path, names):
    """The arrays of the given names in a file; those of objects may hold lists and numbers.

    Raises: FileFormatError if the file is damaged, or has not these arrays; UnsafeConfigError if
        it holds code.

    >>> import os, tempfile
    >>> path = os.path.join(tempfile.mkdtemp(), "data.npz")
    >>> np.savez(path, x=np.arange(3), y=np.zeros(2))
    >>> [array.tolist() for array in read(path, ["y", "x"])]
    [[0.0, 0.0], [0, 1, 2]]
    """
    try:
        with zipfile.ZipFile(path) as archive:
            return [_read_array(archive, name, path) for name in names]
    except KeyError as error:
        raise FileFormatError(
            "%s has not the arrays %s that are expected." % (path, ", ".join(names))
        ) from error
    except _BROKEN as error:
        if isinstance(error, (FileFormatError, UnsafeConfigError)):
            raise
        raise FileFormatError(
            "%s is no file of arrays (npz), or damaged: %s" % (path, error)
        ) from error


def _read_array(archive, name, path):
    member = archive.getinfo(name + ".npy")
    content = archive.read(member)
    label = "The array %r of %s" % (name, path)
    shape, order, dtype, values = _parts(content, label)
    if dtype.hasobject:
        return _checked_objects(unpickling.load(values, label), shape, label)
    expected = functools.reduce(operator.mul, shape, 1) * dtype.itemsize
    if len(values) != expected:
        raise FileFormatError(
            "%s is truncated or damaged: a shape of %s needs %d bytes, found %d."
            % (label, shape, expected, len(values))
        )
    return np.frombuffer(values, dtype).reshape(shape, order=order).copy(order)


def _parts(content, label):
    stream = io.BytesIO(content)
    version = np.lib.format.read_magic(stream)
    if version not in _HEADERS:
        raise FileFormatError("%s is of an unknown format version, %s." % (label, version))
    shape, is_fortran, dtype = _HEADERS[version](stream)
    return shape, "F" if is_fortran else "C", dtype, stream.read()


def _checked_objects(found, shape, label):
    if not isinstance(found, np.ndarray) or found.shape != shape:
        raise FileFormatError(
            "%s is damaged: expected an array of shape %s, found %s."
            % (label, shape, getattr(found, "shape", type(found).__name__))
        )
    return found


def read_parts(path):
    """``(x_train, y_train), (x_test, y_test)`` of a file that has arrays of these names."""
    x_train, y_train, x_test, y_test = read(path, ["x_train", "y_train", "x_test", "y_test"])
    check_lengths(path, x_train, y_train)
    check_lengths(path, x_test, y_test)
    return (x_train, y_train), (x_test, y_test)


def check_lengths(path, x, y):
    """Raises FileFormatError if there are not as many labels as samples."""
    if len(x) != len(y):
        raise FileFormatError("%s holds %d samples, but %d labels." % (path, len(x), len(y)))
