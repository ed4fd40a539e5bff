"""Rule ``old names``: ``Convolution2D``, ``l1l2`` and what else Keras 2 has under another name."""

import ast
from typing import Any, List, Optional

from tfkeras_compat.legacy.places import RENAMED
from tfkeras_compat.migrate.calls import ImportedNames, full, is_free
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.rule import KERAS_2, Replacement


class OldNames(ImportedNames):
    """Names that stand for the same class or function under another name."""

    name = "old names"
    steps = (KERAS_2,)
    nodes = (ast.ImportFrom, ast.Name, ast.Attribute)
    note = "classes and functions have their names of Keras 2: Convolution2D is Conv2D"

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        if isinstance(node, ast.ImportFrom):
            return self.import_of(node, names)
        new = RENAMED.get(names.path_of(node) or "")
        if new is None or not isinstance(node.ctx, ast.Load):
            return None
        return _use(node, new, names)

    def imported(self, path: str, alias: ast.alias, names: Names) -> Optional[List[str]]:
        new = RENAMED.get(path)
        if new is None:
            return None
        last = new.rpartition(".")[2]
        if alias.asname:
            return ["%s as %s" % (last, alias.asname)]
        return [last] if _can_rename(path, new, names) else None


def _use(node: Any, new: str, names: Names) -> Optional[Replacement]:
    old, last = str(names.path_of(node)), new.rpartition(".")[2]
    if isinstance(node, ast.Attribute):
        in_its_place = names.full_path_of(node) == full(old)
        return Replacement("{0}." + last, (node.value,)) if in_its_place else None
    if node.id != old.rpartition(".")[2] or not _can_rename(old, new, names):
        return None
    return Replacement(last)


def _can_rename(old: str, new: str, names: Names) -> bool:
    """Whether the old name is nothing else anywhere in the module, and the new one is free."""
    return is_free(old.rpartition(".")[2], old, names) and is_free(
        new.rpartition(".")[2], new, names
    )
