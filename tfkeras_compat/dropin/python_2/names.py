"""The built-in names of a program of Python 2: those that Python 3 has not, or has otherwise."""

import builtins
import functools
import importlib
import itertools
import math
import sys

from tfkeras_compat.dropin import rewrite
from tfkeras_compat.dropin.python_2 import division, strings
from tfkeras_compat.dropin.python_2.strings import raw_input

__all__ = []


def apply(function, args=(), keywords=None):
    """``function(*args, **keywords)``."""
    return function(*args, **(keywords or {}))


def cmp(a, b):
    """-1, 0 or 1: whether ``a`` is less than, equal to or greater than ``b``."""
    return bool(a > b) - bool(a < b)  # numbers of numpy give booleans that have no difference


def exec_(source, scope=None, local=None):
    """The statement ``exec``: runs code, or text of Python 2, in the caller's scope by default."""
    if scope is None:
        frame = sys._getframe(1)
        scope, local = frame.f_globals, frame.f_locals
    builtins.exec(_code(source, "<string>"), scope, local)


def execfile(path, scope=None, local=None):
    """Runs the source in a file, in the caller's scope by default."""
    if scope is None:
        frame = sys._getframe(1)
        scope, local = frame.f_globals, frame.f_locals
    with builtins.open(path, "rb") as file:
        builtins.exec(_code(file.read(), path), scope, local)


def _code(source, path):
    is_text = isinstance(source, (str, bytes))
    return rewrite.compiled(source, path, python_2=True) if is_text else source


def filter(function, values):
    """A list, or a tuple or text if ``values`` is one."""
    kept = [value for value in values if (value if function is None else function(value))]
    if isinstance(values, str):
        return "".join(kept)
    return tuple(kept) if isinstance(values, tuple) else kept


def input(prompt=""):
    """The value of the expression that a user types."""
    frame = sys._getframe(1)
    return eval(raw_input(prompt), frame.f_globals, frame.f_locals)


def map(function, *values):
    """A list; shorter sequences are filled with ``None``, and so is the function's place.

    >>> map(str, [1, 2]), map(None, "ab")
    (['1', '2'], ['a', 'b'])
    """
    if len(values) == 1:
        return list(values[0]) if function is None else [function(each) for each in values[0]]
    rows = itertools.zip_longest(*values)
    return list(rows) if function is None else [function(*row) for row in rows]


def range(*bounds):
    """A list of whole numbers.

    >>> range(2) + range(5, 6)
    [0, 1, 5]
    """
    return list(builtins.range(*bounds))


def round(number, digits=0):
    """A float; a half is rounded away from zero.

    >>> round(2.5), round(-0.25, 1)
    (3.0, -0.3)
    """
    scaled = abs(number) * 10.0**digits
    return math.copysign(math.floor(scaled + 0.5) / 10.0**digits, number)


def sorted(values, cmp=None, key=None, reverse=False):
    """A sorted list; ``cmp`` compares two values, or their keys."""
    if cmp is None:
        return builtins.sorted(values, key=key, reverse=reverse)
    compared = functools.cmp_to_key(cmp)
    by = compared if key is None else lambda value: compared(key(value))
    return builtins.sorted(values, key=by, reverse=reverse)


def zip(*values):
    """A list of tuples."""
    return list(builtins.zip(*values))


_DEFINED = (apply, cmp, execfile, filter, input, map, range, raw_input, round, sorted, zip)

BUILTINS = dict(
    vars(builtins),
    __divided__=division.divided,
    __divided_in_place__=division.divided_in_place,
    __decoded__=strings.decoded,
    __encoded__=strings.encoded,
    basestring=str,
    exec=exec_,
    file=strings.opened,
    intern=sys.intern,
    long=int,
    open=strings.opened,
    reduce=functools.reduce,
    reload=importlib.reload,
    unichr=chr,
    unicode=str,
    xrange=builtins.range,
    **{function.__name__: function for function in _DEFINED},
)


def __getattr__(name):
    # `import __builtin__` gives this module.
    try:
        return BUILTINS[name]
    except KeyError:
        raise AttributeError("module '__builtin__' has no attribute %r" % name) from None
