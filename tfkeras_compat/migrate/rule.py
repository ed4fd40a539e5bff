"""What every rule is: a name, the steps it belongs to, its nodes and what replaces them.

The replacement is source text. ``{0}``, ``{1}`` in it stand for parts of the old node that stay as
they are, so that the same rule serves a tree (the parts are nodes) and a text (the parts are what
the user wrote).
"""

import ast
from typing import Any, NamedTuple, Optional, Sequence, Tuple

# The steps of a journey, in order.
DROP_IN = "drop-in"
KERAS_2 = "keras2"
COMPAT_V1 = "compat.v1"
KERAS_3 = "keras3"
STEPS = (DROP_IN, KERAS_2, COMPAT_V1, KERAS_3)
# The rules of Python 2: for running a program as it is, and for its text, on the way to Keras 2.
PYTHON_2 = "python-2"
FROM_PYTHON_2 = "keras2 (Python 2)"


class Replacement(NamedTuple):
    """Source text for the place of a node, with the nodes that its ``{0}``, ``{1}`` stand for.

    source: ``None`` if the node itself stays.
    before, after: statements beside the statement that is replaced, or stays.
    keeps_layout: whether the spaces and comments between the parts stay, too.
    """

    source: Optional[str]
    parts: Tuple[Any, ...] = ()
    before: Tuple[str, ...] = ()
    after: Tuple[str, ...] = ()
    keeps_layout: bool = False

    def filled(self, texts: Sequence[str]) -> str:
        """The source with ``texts`` in the place of the parts."""
        source = str(self.source)
        return source.format(*texts) if self.parts else source


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

    def replacement(self, node: Any, names: Any) -> Optional[Replacement]:
        """What takes the place of ``node``; ``None`` if it stays. ``names`` tells what the names of
        the module mean (:class:`tfkeras_compat.migrate.names.Names`)."""
        return None

    def mark(self, node: Any, names: Any) -> Optional[str]:
        """What is to be said of ``node`` in a comment above it, if something is."""
        return None


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
