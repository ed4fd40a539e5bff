"""Constructors that configure: arguments become attributes, and the configuration is derived from
them.

A layer states its arguments once, in the signature of its ``__init__``; :func:`configured` turns
each into an attribute (through ``initializers.get`` and its like, chosen by the argument's name),
accepts Keras 1's names for it, and :func:`config_of` reads the same attributes back for
``get_config``.
"""

import functools
import inspect
from typing import Any

from tfkeras_compat import activations, constraints, initializers, regularizers
from tfkeras_compat.engine.keras_1 import (
    in_keras_2_words,
    in_order_of_generation,
    order_explained,
)

_KINDS = {
    "initializer": initializers,
    "regularizer": regularizers,
    "constraint": constraints,
    "activation": activations,
}


def _kind_of(name: str) -> Any:
    return _KINDS.get(name.rsplit("_", 1)[-1])


def configured(init: Any) -> Any:
    """Decorates an ``__init__``: its arguments are attributes by the time its body runs.

    ``bias_constraint="non_neg"`` is the attribute ``bias_constraint`` with the constraint object;
    names that end in none of ``initializer``, ``regularizer``, ``constraint``, ``activation`` are
    kept as they are.
    """
    signature = inspect.signature(init)
    names = [
        parameter.name
        for parameter in list(signature.parameters.values())[1:]
        if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
    ]

    @functools.wraps(init)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        # Else a subclass passes them on.
        is_outermost = inspect.unwrap(type(self).__init__) is init
        args, kwargs = in_order_of_generation(self, init, args, kwargs)
        with order_explained(type(self), args if is_outermost else ()):
            kwargs = in_keras_2_words(type(self), kwargs)
            bound = signature.bind(self, *args, **kwargs)
            bound.apply_defaults()
            for name in names:
                kind = _kind_of(name)
                value = bound.arguments[name]
                setattr(self, name, value if kind is None else kind.get(value))
            init(*bound.args, **bound.kwargs)

    vars(wrapper)["config_names"] = names
    return wrapper


def accepts_keras_1_names(init: Any) -> Any:
    """Decorates an ``__init__`` that is not configured: it too is understood in Keras 1's words."""

    @functools.wraps(init)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        args, kwargs = in_order_of_generation(self, init, args, kwargs)
        init(self, *args, **in_keras_2_words(type(self), kwargs))

    return wrapper


def config_of(instance: Any) -> Any:
    """The configuration of ``instance``: the arguments of its configured constructors, serialized.

    A class leaves out those of a base that it fills in itself by naming them in
    ``config_excludes``.
    """
    names = []
    for cls in reversed(type(instance).__mro__):
        names += [
            name
            for name in getattr(vars(cls).get("__init__"), "config_names", ())
            if name not in names
        ]
    excluded = getattr(instance, "config_excludes", ())
    return {
        name: _serialized(name, getattr(instance, name)) for name in names if name not in excluded
    }


def _serialized(name: str, value: Any) -> Any:
    kind = _kind_of(name)
    return value if kind is None else kind.serialize(value)
