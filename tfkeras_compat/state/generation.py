"""Which generation of Keras names, layouts and defaults follow, and its traits."""

import functools
import inspect
import os
from typing import Any, List, Optional

from tfkeras_compat.errors import ConfigError
from tfkeras_compat.legacy.generations import DEFAULT, GENERATIONS

VARIABLE = "TFKERAS_COMPAT_GENERATION"
_chosen: List[Optional[str]] = [None]


def generation(name: Optional[str] = None) -> Any:
    """Chooses the generation if a name is given; returns the one that is on.

    At first it is the one that the environment variable ``TFKERAS_COMPAT_GENERATION`` names, or
    ``'2.2'``. It counts for what is made from then on. Raises ConfigError for a generation that
    does not exist.

    >>> generation("2.2")
    '2.2'
    """
    if name is not None:
        _chosen[0] = _checked(name, "generation()")
    if _chosen[0] is None:
        _chosen[0] = _checked(os.environ.get(VARIABLE) or DEFAULT, "$" + VARIABLE)
    return _chosen[0]


def _checked(name: str, origin: Any) -> Any:
    if name in GENERATIONS:
        return name
    known = ", ".join(
        "%r (%s)" % (key, table["title"]) for key, table in sorted(GENERATIONS.items())
    )
    raise ConfigError(
        "%s asks for the unknown generation %r. There is: %s." % (origin, name, known)
    )


def trait(name: str) -> Any:
    """What the table of the generation that is on says under ``name``."""
    return GENERATIONS[generation()][name]


def trait_of(name: str, cls: type) -> Any:
    """What a table by classes says of the nearest base that it lists; an empty one if of none."""
    table = trait(name)
    return next((table[base.__name__] for base in cls.__mro__ if base.__name__ in table), {})


def takes_defaults(init: Any) -> Any:
    """Decorates a constructor: what is not given has the default of the generation, and what is
    given in the generation's words is understood."""
    signature = inspect.signature(init)

    @functools.wraps(init)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        words, defaults = [trait_of(name, type(self)) for name in ("words", "defaults")]
        kwargs = {words.get(name, name): value for name, value in kwargs.items()}
        given = signature.bind_partial(self, *args, **kwargs).arguments
        for name in [name for name in defaults if name in signature.parameters]:
            if given.get(name) is None:
                kwargs[name] = defaults[name]
        return init(self, *args, **kwargs)

    return wrapper
