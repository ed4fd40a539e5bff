"""Rule ``names of Python 2``: built-in names that mean something else in Python 3.

They are imported from ``tfkeras_compat.python_2``, in one line: what stands in it keeps the meaning
that it had, and can be taken out of it when that is no longer wanted.
"""

import ast
from typing import Any, List, Optional

from tfkeras_compat.legacy.python_2 import MEANINGS
from tfkeras_compat.migrate.calls import named
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.python_2 import sign_of_python_2
from tfkeras_compat.migrate.rule import FROM_PYTHON_2, Replacement, Rule, text_of


class NamesOfPython2(Rule):
    """``round``, ``filter``, ``cmp``, ``open`` of a text: only those that are used otherwise than
    Python 3 would understand them."""

    name = "names of Python 2"
    steps = (FROM_PYTHON_2,)
    nodes = (ast.Name, ast.stmt)
    note = "what Python 3 has otherwise is imported from tfkeras_compat.python_2: round, open, cmp"

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        if isinstance(node, ast.Name):
            is_file = node.id == "file" and names.is_builtin(node)
            return Replacement("open") if is_file else None
        if node is not names.remembered("first", _first):
            return None
        nodes: List[Any] = names.nodes
        needed = sorted({each.id for each in nodes if _is_needed(each, names)})
        line = "from tfkeras_compat.python_2 import " + ", ".join(needed)
        return Replacement(None, before=(line,)) if needed else None


def _first(names: Names) -> Any:
    """The first import, but those of ``__future__``; else the first statement."""
    body = names.tree.body
    imports = [node for node in body if isinstance(node, (ast.Import, ast.ImportFrom))]
    own = [node for node in imports if getattr(node, "module", "") != "__future__"]
    others = [node for node in body if not _is_text(node) and node not in imports]
    return (own + others + [None])[0]


def _is_text(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and text_of(node.value) is not None


def _is_needed(node: Any, names: Names) -> bool:
    if not isinstance(node, ast.Name) or node.id not in MEANINGS or not names.is_builtin(node):
        return False
    call = names.parent_of(node)
    if not isinstance(call, ast.Call) or call.func is not node:
        return True
    means_the_same = _SAME.get(node.id)
    return means_the_same is None or not means_the_same(call)


def _opens_bytes(call: ast.Call) -> bool:
    mode = call.args[1] if len(call.args) > 1 else named(call, "mode")
    return "b" in (text_of(mode) or "")


def _has_no_comparison(call: ast.Call) -> bool:
    return len(call.args) == 1 and named(call, "cmp") is None


def _maps_one(call: ast.Call) -> bool:
    return len(call.args) == 2 and not any(isinstance(each, ast.Starred) for each in call.args)


def _runs_python_3(call: ast.Call) -> bool:
    source = text_of(call.args[0]) if call.args else None
    try:
        return source is not None and sign_of_python_2(ast.parse(source)) is None
    except SyntaxError:
        return False


# Name -> whether a call means in Python 3 what it means in Python 2.
_SAME: Any = {
    "exec": _runs_python_3,
    "map": _maps_one,
    "open": _opens_bytes,
    "sorted": _has_no_comparison,
}
