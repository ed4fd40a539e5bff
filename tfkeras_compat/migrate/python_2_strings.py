"""Rules ``codecs`` and ``encode, decode``: methods of Python 2, where ``str`` has both.

``__encoded__`` and ``__decoded__`` are names that ``run`` gives to programs of Python 2; a text has
``encoded`` and ``decoded`` from ``tfkeras_compat.python_2``.
"""

import ast
from typing import Any, Dict, Optional

from tfkeras_compat.migrate.rule import FROM_PYTHON_2, PYTHON_2, Replacement, Rule


class Codecs(Rule):
    """Calls of the methods ``encode`` and ``decode``, whatever the object is."""

    name = "codecs"
    steps = (PYTHON_2,)
    nodes = (ast.Attribute,)
    note = "text has `encode` and `decode`, and both give text"
    functions: Dict[str, str] = {"encode": "__encoded__", "decode": "__decoded__"}

    def replacement(self, node: Any, names: Any) -> Optional[Replacement]:
        if node.attr not in self.functions or not isinstance(node.ctx, ast.Load):
            return None
        return Replacement("%s({0})" % self.functions[node.attr], (node.value,))


class CodecsInText(Codecs):
    """``text.encode("utf-8")`` is ``encoded(text)("utf-8")``."""

    name = "encode, decode"
    steps = (FROM_PYTHON_2,)
    functions = {"encode": "encoded", "decode": "decoded"}
