"""What an expression evidently is in Python 2: a whole number, or nothing that is one."""

import ast
from typing import Any, FrozenSet, Optional

from tfkeras_compat.legacy.python_2 import FLOATS, WHOLE
from tfkeras_compat.migrate.names import Names

WHOLE_NUMBER, FLOAT = "whole", "float"
_CLOSED = (ast.Add, ast.Sub, ast.Mult, ast.Mod, ast.FloorDiv, ast.Div)


def kind_of(node: Any, names: Names, seen: FrozenSet[str] = frozenset()) -> Optional[str]:
    """``"whole"`` or ``"float"``; ``None`` if it is not evident.

    >>> tree = ast.parse("n = len(x) * 2\\nn + 1\\n0.5 * y\\ny")
    >>> [kind_of(each.value, Names(tree)) for each in tree.body[1:]]
    ['whole', 'float', None]
    """
    number = _number(node)
    if isinstance(number, (int, float)) and not isinstance(number, bool):
        return WHOLE_NUMBER if isinstance(number, int) else FLOAT
    if isinstance(node, ast.UnaryOp):
        return kind_of(node.operand, names, seen)
    if isinstance(node, ast.BinOp) and isinstance(node.op, _CLOSED):
        return _joined(kind_of(node.left, names, seen), kind_of(node.right, names, seen))
    if isinstance(node, ast.Call):
        return _of_call(node, names)
    if isinstance(node, ast.Subscript):
        return WHOLE_NUMBER if getattr(node.value, "attr", "") == "shape" else None
    return _of_name(node, names, seen) if isinstance(node, ast.Name) else None


def _number(node: Any) -> Any:
    # Python 3.7 has a class of its own for numbers, ast.Num.
    return node.value if isinstance(node, ast.Constant) else getattr(node, "n", None)


def _joined(left: Optional[str], right: Optional[str]) -> Optional[str]:
    if FLOAT in (left, right):
        return FLOAT
    return left if left == right else None


def _of_call(call: ast.Call, names: Names) -> Optional[str]:
    if names.is_builtin(call.func):
        name = call.func.id  # type: ignore[attr-defined]
        return WHOLE_NUMBER if name in WHOLE else FLOAT if name in FLOATS else None
    return FLOAT if names.path_of(call.func) in FLOATS else None


def _of_name(node: ast.Name, names: Names, seen: FrozenSet[str]) -> Optional[str]:
    """What all that is assigned to a name anywhere in the module is."""
    if node.id in seen:
        return None
    stores = [n for n in names.nodes if isinstance(n, ast.Name) and n.id == node.id]
    stores = [n for n in stores if not isinstance(n.ctx, ast.Load)]
    is_argument = any(isinstance(n, ast.arg) and n.arg == node.id for n in names.nodes)
    kinds = {_assigned(each, names, seen | {node.id}) for each in stores}
    return kinds.pop() if len(kinds) == 1 and not is_argument else None


def _assigned(store: ast.Name, names: Names, seen: FrozenSet[str]) -> Optional[str]:
    parent = names.parent_of(store)
    if isinstance(parent, ast.Assign) and store in parent.targets:
        return kind_of(parent.value, names, seen)
    if isinstance(parent, ast.AugAssign):
        return kind_of(parent.value, names, seen) if isinstance(parent.op, _CLOSED) else None
    if isinstance(parent, (ast.For, ast.comprehension)) and parent.target is store:
        called = getattr(parent.iter, "func", None)
        return WHOLE_NUMBER if getattr(called, "id", "") == "range" else None
    return None
