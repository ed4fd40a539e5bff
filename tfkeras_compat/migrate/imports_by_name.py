"""Rule ``imports by name``: ``importlib.import_module("keras")`` and ``__import__("keras")``."""

import ast
from typing import Any, Optional

from tfkeras_compat.aliases import translated
from tfkeras_compat.migrate.rule import DROP_IN, Replacement, Rule, dotted, text_of

_IMPORT_MODULE = ("importlib.import_module", "import_module")


class ImportsByName(Rule):
    """Calls that import the module which a string literal names."""

    name = "imports by name"
    steps = (DROP_IN,)
    nodes = (ast.Call,)
    note = "a module that a string literal names is imported under its new name"

    def replacement(self, node: Any, names: Any) -> Optional[Replacement]:
        function = dotted(node.func)
        old = text_of(node.args[0]) if node.args else None
        new = translated(old) if old else None
        if new is None or old is None:
            return None
        others = len(node.args) > 1 or bool(node.keywords)
        if function in _IMPORT_MODULE and not others:
            return Replacement("{0}(%r)" % new, (node.func,))
        if function == "__import__" and not others:
            # Without a list of names `__import__` gives the root; what is below is found lazily.
            root = translated(old.partition(".")[0])
            return Replacement("__import__('importlib').import_module(%r)" % root)
        return None
