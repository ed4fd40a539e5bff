"""One tensor or a list of them: the convention that runs through the whole Keras interface."""

import collections
import inspect
from typing import Any, List


def to_list(x: Any, allow_tuple: bool = False) -> List[Any]:
    """``x`` as a list; a list is returned as it is, a tuple too becomes a list if allowed."""
    if isinstance(x, list):
        return x
    if allow_tuple and isinstance(x, tuple):
        return list(x)
    return [x]


def object_list_uid(object_list: Any) -> str:
    """A string that stands for just these objects, as long as they exist."""
    return ", ".join(str(abs(id(value))) for value in to_list(object_list))


def unpack_singleton(x: Any) -> Any:
    """The only element of a list or tuple of one; anything else as it is."""
    return x[0] if isinstance(x, (list, tuple)) and len(x) == 1 else x


def is_all_none(iterable_or_element: Any) -> bool:
    """Whether there is nothing but ``None`` in one value, or in a list or tuple of
    them."""
    return all(element is None for element in to_list(iterable_or_element, allow_tuple=True))


def contains(values: Any, value: Any) -> bool:
    """Whether ``value`` itself is among ``values``; tensors may define ``==`` element-wise, so
    identity counts."""
    return any(element is value for element in values)


def unique(values: List[Any]) -> List[Any]:
    """``values`` without repetition, by identity, in order; numbers, which have none, all stay."""
    seen, kept = set(), []
    for value in values:
        if isinstance(value, (int, float)) or id(value) not in seen:
            seen.add(id(value))
            kept.append(value)
    return kept


ArgSpec = collections.namedtuple("ArgSpec", "args varargs keywords defaults")


def getargspec(fn: Any) -> ArgSpec:
    """Arguments of a function as Python 2 told them, with those that only keywords can give left
    out."""
    found = inspect.getfullargspec(fn)
    return ArgSpec(found.args, found.varargs, found.varkw, found.defaults)


def has_arg(fn: Any, name: str, accept_all: bool = False) -> bool:
    """Whether ``fn`` can be called with a keyword argument ``name``; ``**kwargs`` counts if
    ``accept_all``."""
    parameters = inspect.signature(fn).parameters
    if name in parameters:
        return parameters[name].kind in (
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            inspect.Parameter.KEYWORD_ONLY,
        )
    return accept_all and any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values())
