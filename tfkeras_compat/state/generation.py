"""Which generation of Keras names and defaults follow."""

import os
from typing import Any, List, Optional

from tfkeras_compat.errors import ConfigError
from tfkeras_compat.legacy.generations import DEFAULT, GENERATIONS

VARIABLE = "TFKERAS_COMPAT_GENERATION"
_chosen: List[Optional[str]] = [None]


def generation(name: Optional[str] = None) -> Any:
    """Chooses the generation if a name is given; returns the one that is on.

    At first it is the one that the environment variable ``TFKERAS_COMPAT_GENERATION`` names, or
    ``'2.2'``. Raises ConfigError for a generation that does not exist.

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
