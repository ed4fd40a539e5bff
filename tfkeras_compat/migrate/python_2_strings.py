"""Rule ``codecs``: ``.encode()`` and ``.decode()`` of Python 2, where ``str`` has both.

``__encoded__`` and ``__decoded__`` are names that ``run`` gives to programs of Python 2.
"""

import ast
from typing import Any, Optional

from tfkeras_compat.migrate.rule import PYTHON_2, Replacement, Rule

_FUNCTIONS = {"encode": "__encoded__", "decode": "__decoded__"}


class Codecs(Rule):
    """Calls of the methods ``encode`` and ``decode``, whatever the object is."""

    name = "codecs"
    steps = (PYTHON_2,)
    nodes = (ast.Attribute,)
    note = "text has `encode` and `decode`, and both give text"

    def replacement(self, node: Any, names: Any) -> Optional[Replacement]:
        if node.attr not in _FUNCTIONS or not isinstance(node.ctx, ast.Load):
            return None
        return Replacement("%s({0})" % _FUNCTIONS[node.attr], (node.value,))
