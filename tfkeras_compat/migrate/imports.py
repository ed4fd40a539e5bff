"""Rule ``imports``: modules that have another name here are imported under it.

``from keras.layers import Dense`` becomes ``from tfkeras_compat.layers import Dense``. The name
that the statement binds stays. Relative imports stay as they are.
"""

import ast
from typing import Any, Callable, List, Optional

from tfkeras_compat.migrate.rule import Replacement, Rule

Translation = Callable[[str], Optional[str]]


class Imports(Rule):
    """Import statements, by a translation from old module paths to new ones.

    ``translated`` gives the new path of a module, or ``None`` for a module that keeps its name;
    ``is_root`` says which paths the translation changes as such, not for a module above them.
    """

    nodes = (ast.Import, ast.ImportFrom)

    def __init__(self, name: str, step: str, translated: Translation, is_root: Any, note: str):
        self.name, self.steps, self.note = name, (step,), note
        self._translated, self._is_root = translated, is_root

    def replacement(self, node: Any, names: Any) -> Optional[Replacement]:
        if isinstance(node, ast.Import):
            lines = self._import_lines(node)
        elif not node.level and self._translated(node.module) is not None:
            lines = self._from_lines(node)
        else:
            return None
        return Replacement("\n".join(lines)) if lines else None

    def _import_lines(self, node: ast.Import) -> List[str]:
        if all(self._translated(alias.name) is None for alias in node.names):
            return []
        targets = [each for alias in node.names for each in self._targets(alias)]
        return ["import " + ", ".join(targets)]

    def _targets(self, alias: ast.alias) -> List[str]:
        """What takes the place of one name in an ``import`` statement."""
        target = self._translated(alias.name)
        if target is None:
            return [_as(alias.name, alias.asname)]
        if alias.asname:
            return [_as(target, alias.asname)]
        # `import keras.backend` loads the module and binds the root: the second binds it anew.
        root = alias.name.partition(".")[0]
        loaded = [_as(target, root)] if alias.name != root else []
        return loaded + [_as(self._translated(root) or root, root)]

    def _from_lines(self, node: ast.ImportFrom) -> List[str]:
        """``from tensorflow import keras`` becomes an import of the package that stands for it."""
        above = str(node.module)
        roots = [alias for alias in node.names if self._is_root(above + "." + alias.name)]
        others = [_as(each.name, each.asname) for each in node.names if each not in roots]
        lines = [
            "import " + _as(self._translated(above + "." + each.name), each.asname or each.name)
            for each in roots
        ]
        if others:
            lines.append("from %s import %s" % (self._translated(above), ", ".join(others)))
        return lines


def _as(name: Optional[str], asname: Optional[str]) -> str:
    return "%s as %s" % (name, asname) if asname else str(name)
