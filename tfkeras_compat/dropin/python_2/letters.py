"""What Python 2's ``string`` had besides Python 3's: letters, and the methods as functions."""

from string import ascii_letters as letters
from string import ascii_lowercase as lowercase
from string import ascii_uppercase as uppercase

__all__ = ["join", "joinfields", "letters", "lowercase", "maketrans", "uppercase"]

_METHODS = [
    "capitalize",
    "count",
    "expandtabs",
    "find",
    "index",
    "ljust",
    "lower",
    "lstrip",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rstrip",
    "split",
    "strip",
    "swapcase",
    "translate",
    "upper",
    "zfill",
]
_METHODS_AS_FUNCTIONS = {name: getattr(str, name) for name in _METHODS}
globals().update(_METHODS_AS_FUNCTIONS)
maketrans = str.maketrans
__all__ += _METHODS


def join(words, sep=" "):
    """The words of a list as one text.

    >>> join(["a", "b"])
    'a b'
    """
    return sep.join(words)


joinfields = join
