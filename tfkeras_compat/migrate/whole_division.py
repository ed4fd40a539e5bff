"""Rule ``whole division``: what ``/`` gives in Python 2, in the text of Python 3."""

import ast
from typing import Any, Optional

from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.python_2_division import applies_to_division
from tfkeras_compat.migrate.python_2_numbers import FLOAT, WHOLE_NUMBER, kind_of
from tfkeras_compat.migrate.rule import FROM_PYTHON_2, Replacement, Rule

_TIGHT = (ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.MatMult, ast.Pow)
_LOOSE = (ast.BoolOp, ast.Compare, ast.IfExp, ast.Lambda)


class WholeDivision(Rule):
    """``//`` between evident whole numbers, ``/`` where one is evidently none, else
    ``divided(a, b)`` of ``tfkeras_compat.python_2``, which looks at the values."""

    name = "whole division"
    steps = (FROM_PYTHON_2,)
    nodes = (ast.BinOp, ast.AugAssign)
    note = "`/` is `//` between whole numbers, and divided() where it is not to be seen which"

    def applies_to(self, tree: ast.Module) -> bool:
        return applies_to_division(tree)

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        if not isinstance(node.op, ast.Div):
            return None
        if isinstance(node, ast.AugAssign):
            return _in_place(node, names)
        kinds = [kind_of(each, names) for each in (node.left, node.right)]
        if FLOAT in kinds and not _defines_division(names):
            return None
        if kinds == [WHOLE_NUMBER, WHOLE_NUMBER]:
            places = _bracketed(node.left, "{0}", True), _bracketed(node.right, "{1}", False)
            return Replacement("%s // %s" % places, (node.left, node.right), keeps_layout=True)
        return Replacement("divided({0}, {1})", (node.left, node.right))


def _in_place(node: ast.AugAssign, names: Names) -> Optional[Replacement]:
    target: Any = node.target
    kinds = [kind_of(target, names), kind_of(node.value, names)]
    if kinds[0] == FLOAT and kinds[1]:
        return None
    if kinds == [WHOLE_NUMBER, WHOLE_NUMBER]:
        return Replacement("{0} //= {1}", (target, node.value), keeps_layout=True)
    return Replacement("{0} = divided_in_place({0}, {1})", (target, node.value))


def _bracketed(node: ast.AST, place: str, is_left: bool) -> str:
    """The place of an operand, in brackets if it has them where it stands."""
    is_loose = isinstance(node, _LOOSE)
    if isinstance(node, ast.BinOp):
        is_loose = not isinstance(node.op, _TIGHT if is_left else ast.Pow)
    return "(%s)" % place if is_loose else place


def _defines_division(names: Names) -> bool:
    """Whether a class of the module has a division of its own."""
    own = ("__div__", "__rdiv__")
    return any(isinstance(node, ast.FunctionDef) and node.name in own for node in names.nodes)
