"""Constructors called in Keras 1's words: ``Dense(output_dim=2)`` is ``Dense(units=2)``.

The words are the tables of ``legacy/keywords.py``.
"""

import contextlib
import inspect
import warnings
from typing import Any, Dict, Iterator

from tfkeras_compat.errors import KindError
from tfkeras_compat.legacy.keywords import (
    IGNORED,
    KEYWORDS,
    OF_STEPS,
    ONLY_LISTED_VALUES,
    POSITIONAL,
    VALUES,
)
from tfkeras_compat.state.generation import trait, trait_of
from tfkeras_compat.state.structures import to_list

_PACKAGE = __name__.split(".")[0]


def in_keras_2_words(cls: Any, kwargs: Any) -> Any:
    """The arguments of a constructor under their names in Keras 2, with a warning of the change.

    Raises: TypeError for what Keras 2 does not have, or an argument that is given twice.
    """
    # The signature may be that of a base class, the words are those of the class that was called.
    table = words_of(cls)
    kwargs = _without_ignored(cls, _with_shape_of_steps(cls, kwargs))
    kwargs = _without_unknown_values(table, kwargs)
    old = [name for name in kwargs if name in table]
    if not old:
        return kwargs
    if not trait("speaks_keras_1"):
        new = [each for name in old for each in new_names(table, name)]
        warnings.warn(
            "Update your `%s` call to the Keras 2 API: Keras 1's %s became %s."
            % (cls.__name__, _listed(old), _listed(new)),
            stacklevel=3,
        )
    translated = {name: value for name, value in kwargs.items() if name not in table}
    for name in old:
        for new in new_names(table, name):
            _translate(translated, name, new, kwargs[name])
    return translated


def words_of(cls: Any) -> Any:
    """Keras 1's names of a class's arguments, and their new names."""
    return _entry(KEYWORDS, cls)


def _entry(table: Any, cls: Any) -> Any:
    return next((table[base.__name__] for base in cls.__mro__ if base.__name__ in table), {})


def new_names(table: Any, name: str) -> Any:
    """The new name, or names, of an argument of Keras 1: a list."""
    return to_list(table[name], allow_tuple=True)


def _listed(names: Any) -> str:
    return ", ".join("`%s`" % name for name in names)


def _translate(translated: Any, old: str, new: str, value: Any) -> None:
    if new in translated:
        raise TypeError(
            "`%s` was given twice: under its name in Keras 1, `%s`, and in Keras 2. Stick to `%s`."
            % (new, old, new)
        )
    translated[new] = values_of(new).get(value, value) if isinstance(value, str) else value


def values_of(new: str) -> Dict[str, Any]:
    """The values of an argument of Keras 1 that are called otherwise now, by what they were."""
    return dict(VALUES.get(new, {}), **trait("values").get(new, {}))


def _without_ignored(cls: Any, kwargs: Any) -> Any:
    kept = trait_of("kept_words", cls)
    table = {name: values for name, values in _entry(IGNORED, cls).items() if name not in kept}
    for name in [name for name in kwargs if name in table]:
        if table[name] and kwargs[name] not in table[name]:
            raise TypeError(
                "The `%s` argument of `%s` no longer exists; %r was given, and only %s meant what "
                "Keras 2 does." % (name, cls.__name__, kwargs[name], _listed(table[name]))
            )
        warnings.warn(
            "The `%s` argument of `%s` no longer exists, and has been ignored."
            % (name, cls.__name__),
            stacklevel=4,
        )
    return {name: value for name, value in kwargs.items() if name not in table}


def _without_unknown_values(table: Any, kwargs: Any) -> Any:
    kept = {}
    for name, value in kwargs.items():
        new = table.get(name)
        if new in ONLY_LISTED_VALUES and value not in values_of(new):
            warnings.warn(
                "The `%s` argument has been ignored. Use `%s=True` instead to initialize with ones."
                % (name, new),
                stacklevel=4,
            )
        else:
            kept[name] = value
    return kept


def _with_shape_of_steps(cls: Any, kwargs: Any) -> Any:
    is_of_steps = any(base.__name__ in OF_STEPS for base in cls.__mro__)
    if not is_of_steps or kwargs.get("input_dim") is None:
        return kwargs
    rest = {name: kwargs[name] for name in kwargs if name not in ("input_dim", "input_length")}
    return dict(rest, input_shape=(kwargs.get("input_length"), kwargs["input_dim"]))


# ---- the order of arguments ---------------------------------------------------------------------


def in_order_of_generation(layer: Any, init: Any, args: Any, kwargs: Any) -> Any:
    """``(args, kwargs)`` of a layer's constructor ``init``: where a generation has its own order of
    arguments, those without names are understood in it.

    It does so only for calls that a user wrote; classes here call each other in the order of Keras
    2. As many arguments as Keras 2 took without names mean the same in both.
    """
    cls = type(layer)
    order = trait_of("orders", cls) if len(args) > len(_entry(POSITIONAL, cls)) else ()
    if not order or not _is_called_by_user(cls, init):
        return args, kwargs
    return (), named_in_order(cls, order, args, kwargs)


def _is_called_by_user(cls: Any, init: Any) -> bool:
    """Whether no other constructor of this package comes before ``init`` of ``cls``."""
    first = next(
        base
        for base in cls.__mro__
        if "__init__" in vars(base) and base.__module__.split(".")[0] == _PACKAGE
    )
    return inspect.unwrap(vars(first)["__init__"]) is inspect.unwrap(init)


def named_in_order(cls: Any, order: Any, args: Any, kwargs: Any) -> Any:
    """All arguments by name. Raises TypeError for too many, or one that is given twice."""
    if len(args) > len(order):
        raise TypeError(
            "%s takes at most %d arguments without names: %s; found %d."
            % (cls.__name__, len(order), _listed(order), len(args))
        )
    named = dict(zip(order, args))
    twice = [name for name in named if name in kwargs]
    if twice:
        raise TypeError("%s got several values for %s." % (cls.__name__, _listed(twice)))
    return dict(named, **kwargs)


@contextlib.contextmanager
def order_explained(cls: Any, args: Any) -> Iterator[None]:
    """Turns an error in the constructor of a layer into one that tells of the order of arguments,
    if more were given without names than Keras 2 took.

    It is only a guess where all is well: tf.keras takes them in the order of Keras 2.
    """
    try:
        yield
    except (TypeError, ValueError) as error:
        names = _entry(POSITIONAL, cls)
        if not names or len(args) <= len(names):
            raise
        raise KindError(
            "`%s` can accept only %d positional arguments %s in Keras 2, but you passed the "
            "following positional arguments: %s. Keras 1 had them in another order; give the "
            "others by name. (%s)" % (cls.__name__, len(names), tuple(names), list(args), error)
        ) from error
