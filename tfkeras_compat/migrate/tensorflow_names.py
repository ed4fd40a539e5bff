"""Rule ``TensorFlow 0.x``: names that TensorFlow 1.0 replaced, such as ``tf.mul``."""

import ast
from typing import Any, List, Optional

from tfkeras_compat.legacy.tensorflow import RENAMED
from tfkeras_compat.migrate.calls import ImportedNames, is_free
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.rule import COMPAT_V1, Replacement

_ROOTS = ("tensorflow.compat.v1.", "tensorflow.")


def tensorflow_path(node: Any, names: Names) -> str:
    """What a name means below ``tensorflow``, ours or ``compat.v1``: ``nn.relu``; else ``""``."""
    return below_tensorflow(names.path_of(node) or "")


def below_tensorflow(path: str) -> str:
    """The path below ``tensorflow`` of a public path, else ``""``.

    >>> below_tensorflow("tensorflow.nn.relu"), below_tensorflow("layers.Dense")
    ('nn.relu', '')
    """
    return next((path[len(root) :] for root in _ROOTS if path.startswith(root)), "")


class TensorFlow0(ImportedNames):
    """``tf.mul`` is ``tf.multiply``, ``tf.train.SummaryWriter`` is ``tf.summary.FileWriter``."""

    name = "TensorFlow 0.x"
    steps = (COMPAT_V1,)
    nodes = (ast.ImportFrom, ast.Name, ast.Attribute)
    note = "names that TensorFlow 1.0 replaced: tf.mul is tf.multiply"

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        if isinstance(node, ast.ImportFrom):
            return self.import_of(node, names)
        old = tensorflow_path(node, names)
        if old not in RENAMED or not isinstance(node.ctx, ast.Load):
            return None
        if isinstance(node, ast.Attribute):
            return _attribute(node, old)
        new = _last(old, names)
        return Replacement(new) if new and node.id == old else None

    def imported(self, path: str, alias: ast.alias, names: Names) -> Optional[List[str]]:
        new = _last(below_tensorflow(path), names)
        if new is None:
            return None
        return ["%s as %s" % (new, alias.asname)] if alias.asname else [new]


def _last(old: str, names: Names) -> Optional[str]:
    """The new name of one that is imported by itself, if it is in the same module and free."""
    new = RENAMED.get(old, "")
    within, _, last = new.rpartition(".")
    same = new and within == old.rpartition(".")[0]
    free = all(is_free(last, root + new, names) for root in _ROOTS)
    return last if same and free else None


def _attribute(node: ast.Attribute, old: str) -> Replacement:
    """``tf.train.SummaryWriter``: the part that stands for ``tensorflow`` stays."""
    base: Any = node
    for _ in old.split("."):
        base = base.value
    return Replacement("{0}." + RENAMED[old], (base,))
