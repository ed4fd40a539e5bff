"""``pickle`` as programs of Python 2 use it: files opened as text, and pickles of Python 2.

Strings of Python 2 are read as Latin-1, the only coding in which arrays of numpy can be read.
"""

import pickle

__all__ = ["Pickler", "Unpickler", "dump", "dumps", "load", "loads"]

_CODING = "latin1"


def load(file):
    """The object that a file holds, which may have been opened without ``"b"``."""
    return pickle.load(_binary(file), encoding=_CODING)


def loads(text):
    """The object that bytes, or the text that :func:`dumps` gave, hold.

    >>> loads(dumps([1, "two"]))
    [1, 'two']
    """
    return pickle.loads(_bytes(text), encoding=_CODING)


def dump(obj, file, protocol=0):
    """Writes an object to a file, which may have been opened without ``"b"``."""
    pickle.dump(obj, _binary(file), protocol)


def dumps(obj, protocol=0):
    """An object as bytes."""
    return pickle.dumps(obj, protocol)


class Pickler(pickle.Pickler):
    """Writes to a file that may have been opened without ``"b"``."""

    def __init__(self, file, protocol=0):
        super().__init__(_binary(file), protocol)


class Unpickler(pickle.Unpickler):
    """Reads a file that may have been opened without ``"b"``, also one of Python 2."""

    def __init__(self, file):
        super().__init__(_binary(file), encoding=_CODING)


def _binary(file):
    return getattr(file, "buffer", file)


def _bytes(text):
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
