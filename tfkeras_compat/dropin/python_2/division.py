"""Division as in Python 2: between whole numbers the result is whole, rounded down."""

import numbers
import operator


def divided(a, b):
    """``a / b`` of Python 2, for numbers, arrays, tensors and objects with ``__div__``.

    >>> divided(7, 2), divided(-7, 2), divided(7.0, 2)
    (3, -4, 3.5)
    """
    for function, value, other in ((_own(a, "__div__"), a, b), (_own(b, "__rdiv__"), b, a)):
        result = function(value, other) if function else NotImplemented
        if result is not NotImplemented:
            return result
    return a // b if _is_whole(a) and _is_whole(b) else a / b


def divided_in_place(a, b):
    """What ``a /= b`` of Python 2 assigns: arrays change where they are."""
    own = _own(a, "__idiv__")
    if own:
        return own(a, b)
    if not hasattr(type(a), "__itruediv__"):
        return divided(a, b)
    # An array of whole numbers can hold no other ones: its `/=` is the whole division in any case.
    return operator.ifloordiv(a, b) if _is_whole(a) else operator.itruediv(a, b)


def _own(value, name):
    return getattr(type(value), name, None)


def _is_whole(value):
    kind = getattr(getattr(value, "dtype", None), "kind", None)
    return isinstance(value, numbers.Integral) if kind is None else kind in "iub"
