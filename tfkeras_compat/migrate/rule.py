"""What every rule is: a name, the steps it belongs to, its nodes and what replaces them.

The replacement is source text. ``{0}``, ``{1}`` in it stand for parts of the old node that stay as
they are, so that the same rule serves a tree (the parts are nodes) and a text (the parts are what
the user wrote).
"""

import ast
from typing import Any, NamedTuple, Optional, Sequence, Tuple

# The steps of a journey, in order, and those that are only for running a program as it is.
DROP_IN = "drop-in"
PYTHON_2 = "python-2"


class Replacement(NamedTuple):
    """Source text for the place of a node, with the nodes that its ``{0}``, ``{1}`` stand for."""

    source: str
    parts: Tuple[Any, ...] = ()

    def filled(self, texts: Sequence[str]) -> str:
        """The source with ``texts`` in the place of the parts."""
        return self.source.format(*texts) if self.parts else self.source


class Rule:
    """One thing that changes in legacy source.

    ``nodes`` are the classes of nodes that :meth:`replacement` is asked about.
    """

    name: str
    steps: Tuple[str, ...] = ()
    nodes: Tuple[type, ...] = ()
    note: str

    def applies_to(self, tree: ast.Module) -> bool:
        """Whether the rule holds for a module at all."""
        return True

    def replacement(self, node: Any) -> Optional[Replacement]:
        """What takes the place of ``node``; ``None`` if it stays."""
        raise NotImplementedError


def text_of(node: Any) -> Optional[str]:
    """The value of a node that is a string literal, else ``None``.

    >>> text_of(ast.parse("'keras'").body[0].value), text_of(ast.parse("3").body[0].value)
    ('keras', None)
    """
    # Python 3.7 has a class of its own for strings, ast.Str.
    value = node.value if isinstance(node, ast.Constant) else getattr(node, "s", None)
    return value if isinstance(value, str) else None


def dotted(node: Any) -> Optional[str]:
    """The path that a chain of attributes spells, else ``None``.

    >>> dotted(ast.parse("tf.contrib.keras").body[0].value)
    'tf.contrib.keras'
    """
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        below = dotted(node.value)
        return below and below + "." + node.attr
    return None
