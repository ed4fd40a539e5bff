"""HDF5 groups as dictionaries, and HDF5 files in memory."""

import io
import os
from typing import Any

import h5py
import numpy as np

from tfkeras_compat import inspection
from tfkeras_compat.errors import ConfigError, KindError, WrongKeysError
from tfkeras_compat.saving.hdf5 import (
    load_attributes_from_hdf5_group,
    save_attributes_to_hdf5_group,
    text,
)
from tfkeras_compat.saving.places import check_opened, reading

_GROUP = "_is_group"  # marks a dictionary that stands for a group


class H5Dict:
    """A dictionary over an HDF5 group, or over a plain dictionary, with the same content.

    Arrays become data sets; strings, numbers and lists of strings become attributes, long lists in
    several parts. A key that is not there gives a new group.

    Args:
        path: a path, an ``h5py`` group or file, or a dictionary.
        mode: ``"r"``, ``"w"`` or ``"a"``.
    The original wraps arrays in a dictionary as pickles; here they are copied as they are, and
    nothing is unpickled.

    Raises: TypeError for another kind of place; FileFormatError for a file that HDF5 does not
        survive; ValueError for writing in mode ``"r"``; KeyError for a name that stands for a group
        already.

    >>> numbers = H5Dict({})
    >>> numbers["group"]["x"] = "y"
    >>> "group" in numbers, numbers["group"]["x"]
    (True, 'y')
    """

    data: Any

    def __init__(self, path, mode="a"):
        if not self.is_supported_type(path):
            raise KindError(
                "Required Group, str, Path or dict. Received: %s." % type(path).__name__
            )
        self._is_file = isinstance(path, (str, os.PathLike))
        self.data = _opened(os.fspath(path), mode) if self._is_file else path
        check_opened(self.data, is_trusted=self._is_file)
        self.read_only = mode == "r"
        if isinstance(self.data, dict):
            if mode == "w":
                self.data.clear()
            self.data[_GROUP] = True

    @staticmethod
    def is_supported_type(path):
        """Whether an ``H5Dict`` can be made of ``path``."""
        return isinstance(path, (h5py.Group, dict, str, os.PathLike))

    def __setitem__(self, attr, val):
        if self.read_only:
            raise ConfigError("Cannot set item %r in read-only mode." % (attr,))
        name = text(attr)
        if isinstance(self.data, dict):
            self.data[name] = np.array(val) if isinstance(val, np.ndarray) else val
        elif name in self.data:
            raise WrongKeysError('Cannot set attribute. Group with name "%s" exists.' % name)
        elif isinstance(val, (np.ndarray, np.generic)):
            self.data.create_dataset(name, data=val)
        elif isinstance(val, (list, tuple)):
            self._set_list(name, list(val))
        else:
            self.data.attrs[name] = val

    def _set_list(self, name, values):
        if values and all(isinstance(value, (str, bytes)) for value in values):
            save_attributes_to_hdf5_group(self.data, name, values)
        else:
            self.data.attrs[name] = values

    def __getitem__(self, attr):
        name = text(attr)
        if isinstance(self.data, dict):
            return self._wrapped(self.data[name] if name in self.data else self._new_group(name))
        if name in self.data.attrs:
            return _plain(self.data.attrs[name])
        if name in self.data:
            return self._wrapped(self.data[name])
        parts = load_attributes_from_hdf5_group(self.data, name)
        return parts if parts else self._wrapped(self._new_group(name))

    def _new_group(self, name):
        if self.read_only:
            raise ConfigError(
                "There is no %r, and cannot create group in read-only mode." % (name,)
            )
        if isinstance(self.data, dict):
            return self.data.setdefault(name, {_GROUP: True})
        return self.data.create_group(name)

    def _wrapped(self, value):
        if isinstance(value, h5py.Dataset):
            return value[()]
        if isinstance(value, h5py.Group) or (isinstance(value, dict) and value.get(_GROUP)):
            return H5Dict(value, "r" if self.read_only else "a")
        return value

    def get(self, key, default=None):
        """The value of a key, or ``default``; nothing is made."""
        return self[key] if key in self else default  # noqa: SIM401 (`get` is this)

    def __contains__(self, key):
        name = text(key)
        return name in self.data or name in getattr(self.data, "attrs", ())

    def __len__(self):
        return len(self.data)

    def __iter__(self):
        return iter(self.data)

    iter = __iter__

    def __getattr__(self, name):
        if name == "data":  # not yet there, while a copy is made
            raise AttributeError(name)
        return getattr(self.data, name)

    def update(self, *others):
        """Sets all items of dictionaries or pairs."""
        for other in others:
            for key, value in dict(other).items():
                self[key] = value

    def close(self):
        """Writes what is pending, and closes a file that was opened here."""
        if isinstance(self.data, h5py.Group):
            self.data.file.flush()
        if self._is_file:
            self.data.close()

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        self.close()


def _opened(path, mode):
    if mode != "w" and os.path.exists(path):
        inspection.check(path, path)
    return h5py.File(path, mode)


def _plain(value):
    """Byte strings as a list of them, whatever else as it is."""
    return value.tolist() if isinstance(value, np.ndarray) and value.dtype.kind == "S" else value


def load_from_binary_h5py(load_function, stream):
    """What a function of an ``h5py.File`` gives for the file in a stream of bytes.

    >>> stream = io.BytesIO()
    >>> save_to_binary_h5py(lambda file: file.create_group("a").name, stream)
    '/a'
    >>> _ = stream.seek(0)
    >>> load_from_binary_h5py(list, stream)
    ['a']
    """
    with reading(stream) as file:
        return load_function(file)


def save_to_binary_h5py(save_function, stream):
    """Writes the file that a function of an ``h5py.File`` fills to a stream of bytes; returns what
    the function gives."""
    memory = io.BytesIO()
    with h5py.File(memory, "w") as file:
        returned = save_function(file)
    stream.write(memory.getvalue())
    return returned
