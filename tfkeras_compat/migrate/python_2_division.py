"""Rules of Python 2's ``/``: between whole numbers it gives a whole number.

``__divided__`` is a name that ``run`` gives to programs of Python 2.
"""

import ast
from typing import Any, Optional

from tfkeras_compat.migrate.rule import PYTHON_2, Replacement, Rule


def applies_to_division(tree: ast.Module) -> bool:
    """Whether ``/`` in a module is that of Python 2."""
    futures = [
        alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module == "__future__"
        for alias in node.names
    ]
    return "division" not in futures


class _Divisions(Rule):
    steps = (PYTHON_2,)
    note = "`/` between whole numbers stays the division without remainder"

    def applies_to(self, tree: ast.Module) -> bool:
        return applies_to_division(tree)


class Division(_Divisions):
    """``a / b``."""

    name = "division"
    nodes = (ast.BinOp,)

    def replacement(self, node: Any, names: Any) -> Optional[Replacement]:
        if not isinstance(node.op, ast.Div):
            return None
        return Replacement("__divided__({0}, {1})", (node.left, node.right))


class DivisionInPlace(_Divisions):
    """``a /= b``. The target is evaluated twice."""

    name = "division in place"
    nodes = (ast.AugAssign,)

    def replacement(self, node: Any, names: Any) -> Optional[Replacement]:
        if not isinstance(node.op, ast.Div):
            return None
        return Replacement("{0} = __divided_in_place__({0}, {1})", (node.target, node.value))
