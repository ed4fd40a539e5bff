"""Pickles that hold data only: arrays, lists, dictionaries, strings and numbers.

A pickle names functions and has them called. Here NumPy's that make arrays are replaced by ones
that check what they are given (a pickled dtype can claim that bytes are pointers), and whatever
else a file names is refused before anything runs.
"""

import io
import pickle
import re

import numpy as np

from tfkeras_compat.errors import FileFormatError, UnsafeConfigError

_DTYPE = re.compile("[biufcSU][0-9]+|O8?")
_ARRAY = "ndarray"  # stands for the class, and can not be called

# NumPy's module has moved: files name it as it was called where they were written.
_KNOWN = {("numpy", "dtype"): "dtype_of", ("_codecs", "encode"): "encode"}
for _core in ("numpy.core.multiarray", "numpy._core.multiarray"):
    _KNOWN.update({(_core, "_reconstruct"): "empty_array", (_core, "scalar"): "scalar"})


class _Unpickler(pickle.Unpickler):
    """Its methods are what a file can have called."""

    def find_class(self, module, name):
        if (module, name) == ("numpy", "ndarray"):
            return _ARRAY
        if (module, name) not in _KNOWN:
            raise UnsafeConfigError(
                "it asks for %s.%s, where only arrays, lists, dictionaries, strings and numbers "
                "are expected. Nothing was run" % (module, name)
            )
        return getattr(self, _KNOWN[module, name])

    def dtype_of(self, name, align=False, copy=False):
        return _Dtype(name)

    def empty_array(self, kind, shape, typecode):
        return _Array(0)

    def scalar(self, dtype, content):
        return np.frombuffer(content, dtype.plain())[0]

    def encode(self, text, encoding):
        return text.encode({"latin1": "latin1"}[encoding])  # bytes, as Python 3 writes them for 2


class _Dtype:
    """A type of numbers, strings or objects; of its pickled state, the order of bytes counts."""

    def __init__(self, name):
        if not _DTYPE.fullmatch(name):
            raise UnsafeConfigError("it holds an array of type %r" % (name,))
        self._dtype = np.dtype(name)

    def __setstate__(self, state):
        if state[1] in ("<", ">"):
            self._dtype = self._dtype.newbyteorder(state[1])

    def plain(self):
        """The dtype, if its values are bytes."""
        if self._dtype.hasobject:
            raise ValueError("bytes in place of objects")
        return self._dtype

    def array(self, values):
        """A flat array of bytes, or of a list of objects."""
        if not self._dtype.hasobject:
            return np.frombuffer(values, self.plain())
        array = np.empty(len(values), dtype=object)
        array[:] = [_made(value) for value in values]
        return array


class _Array:
    """An array, once its state is known."""

    def __init__(self, values):
        self.values = values

    def __setstate__(self, state):
        _, shape, dtype, is_fortran, values = state
        flat = dtype.array(values if isinstance(values, list) else _as_bytes(values))
        self.values = flat.reshape(shape, order="F" if is_fortran else "C").copy("K")


def _as_bytes(values):
    # The bytes of a pickle of Python 2 are read as strings.
    return values.encode("latin1") if isinstance(values, str) else values


def _made(value):
    return value.values if isinstance(value, _Array) else value


def load(content, name, encoding="latin1"):
    """The data in the bytes of a pickle: a value, or a dictionary of values.

    Args:
        name: of the file, for errors.
        encoding: of the strings of Python 2; ``"bytes"`` leaves them as they are.

    Raises: UnsafeConfigError if it holds anything but data; FileFormatError if it is damaged.

    >>> load(pickle.dumps({"labels": [1, 2]}), "a file")
    {'labels': [1, 2]}
    """
    try:
        found = _Unpickler(io.BytesIO(content), encoding=encoding).load()
    except UnsafeConfigError as error:
        raise UnsafeConfigError("%s was not read: %s." % (name, error)) from error
    except Exception as error:  # a damaged pickle can lead to any
        raise FileFormatError(
            "%s is damaged, or no pickle: %s: %s" % (name, type(error).__name__, error)
        ) from error
    if isinstance(found, dict):
        return {key: _made(value) for key, value in found.items()}
    return _made(found)
