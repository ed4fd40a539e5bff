"""Rule ``AtrousConvolution``: convolutions with a ``dilation_rate``."""

import ast
from typing import Any, List, Optional

from tfkeras_compat.migrate.calls import ImportedNames, arguments_of, full, is_free, respelled
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.rule import KERAS_2, Replacement

_NEW = {"layers.AtrousConvolution1D": "Conv1D", "layers.AtrousConvolution2D": "Conv2D"}


class AtrousConvolution(ImportedNames):
    """Its automatic name changes: it is that of the convolution."""

    name = "AtrousConvolution"
    steps = (KERAS_2,)
    nodes = (ast.ImportFrom, ast.Call)
    note = "Conv1D or Conv2D with a dilation_rate, and named so where no name is given"

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        if isinstance(node, ast.ImportFrom):
            return self.import_of(node, names)
        path = names.path_of(node.func) or ""
        if path not in _NEW or not _can_replace(node, path, names):
            return None
        new = [
            each._replace(name="dilation_rate") if each.name == "atrous_rate" else each
            for each in arguments_of(node)
        ]
        return respelled(node, new, _NEW[path])

    def imported(self, path: str, alias: ast.alias, names: Names) -> Optional[List[str]]:
        if path not in _NEW:
            return None
        calls = [names.parent_of(use) for use in names.uses_of(path)]
        possible = [_can_replace(call, path, names) for call in calls]
        return [_NEW[path]] if calls and all(possible) else None


def _can_replace(call: Any, path: str, names: Names) -> bool:
    is_call = isinstance(call, ast.Call) and names.full_path_of(call.func) == full(path)
    return is_call and is_free(_NEW[path], "layers." + _NEW[path], names)
