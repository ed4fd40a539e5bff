"""One tensor or a list of them: the convention that runs through the whole Keras interface."""

import inspect
from typing import Any, List


def to_list(value: Any, allow_tuple: bool = False) -> List[Any]:
    """``value`` as a list; a list is returned as it is, a tuple too becomes a list if allowed."""
    if isinstance(value, list):
        return value
    if allow_tuple and isinstance(value, tuple):
        return list(value)
    return [value]


def object_list_uid(values: Any) -> str:
    """A string that stands for just these objects, as long as they exist."""
    return ", ".join(str(abs(id(value))) for value in to_list(values))


def unpack_singleton(values: Any) -> Any:
    """The only element of a list or tuple of one; anything else as it is."""
    return values[0] if isinstance(values, (list, tuple)) and len(values) == 1 else values


def is_all_none(value: Any) -> bool:
    """Whether there is nothing but ``None`` in one value, or in a list or tuple of them."""
    return all(element is None for element in to_list(value, allow_tuple=True))


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


def has_arg(function: Any, name: str, accept_all: bool = False) -> bool:
    """Whether ``function`` can be called with a keyword argument ``name``; ``**kwargs`` counts if
    ``accept_all``."""
    parameters = inspect.signature(function).parameters
    if name in parameters:
        return parameters[name].kind in (
            inspect.Parameter.POSITIONAL_OR_KEYWORD,
            inspect.Parameter.KEYWORD_ONLY,
        )
    return accept_all and any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters.values())
