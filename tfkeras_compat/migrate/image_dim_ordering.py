"""Rule ``image_dim_ordering``: the backend's order of axes in the words of Keras 2."""

import ast
from typing import Any, List, Optional

from tfkeras_compat.legacy.keywords import VALUES
from tfkeras_compat.migrate.calls import (
    Argument,
    ImportedNames,
    in_place_of,
    is_free,
    respelled,
)
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.rule import KERAS_2, Replacement, text_of

_GET, _SET = "backend.image_dim_ordering", "backend.set_image_dim_ordering"
_NEW = {_GET: "image_data_format", _SET: "set_image_data_format"}


class ImageDimOrdering(ImportedNames):
    """``K.image_dim_ordering() == "th"`` is ``K.image_data_format() == "channels_first"``."""

    name = "image_dim_ordering"
    steps = (KERAS_2,)
    nodes = (ast.Call, ast.Compare, ast.ImportFrom)
    note = "K.image_dim_ordering is K.image_data_format, where its value is compared or given on"

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        if isinstance(node, ast.ImportFrom):
            return self.import_of(node, names)
        return _comparison(node, names) if isinstance(node, ast.Compare) else _setting(node, names)

    def imported(self, path: str, alias: ast.alias, names: Names) -> Optional[List[str]]:
        new = _NEW.get(path)
        if new is None or alias.asname or not is_free(new, "backend." + new, names):
            return None
        uses = names.uses_of(path)
        left = [use for use in uses if not _is_rewritten(names.parent_of(use), names)]
        return [new] if uses and not left else [path.rpartition(".")[2], new] if uses else None

    def mark(self, node: Any, names: Names) -> Optional[str]:
        if not is_ordering(node, names):
            return None
        return (
            'keras2: image_dim_ordering: "tf" and "th" are used further on: write '
            'K.image_data_format() and "channels_last", "channels_first" there'
        )


def is_ordering(node: Any, names: Names) -> bool:
    """Whether a node is a call ``K.image_dim_ordering()``."""
    return isinstance(node, ast.Call) and names.path_of(node.func) == _GET


def in_keras_2_values(call: Any) -> str:
    """The call that gives the same in the words of Keras 2."""
    return in_place_of(call.func, _NEW[_GET]) + "()"


def _is_rewritten(parent: Any, names: Names) -> bool:
    if names.path_of(getattr(parent, "func", None)) == _SET:
        return _setting(parent, names) is not None
    above = names.parent_of(parent)
    if isinstance(above, ast.Compare):
        return _comparison(above, names) is not None
    return isinstance(above, ast.keyword) and above.arg == "dim_ordering"


def _comparison(node: ast.Compare, names: Names) -> Optional[Replacement]:
    word = VALUES["data_format"].get(text_of(node.comparators[0]) or "")
    if not is_ordering(node.left, names) or len(node.ops) > 1 or word is None:
        return None
    sign = {ast.Eq: "==", ast.NotEq: "!="}.get(type(node.ops[0]))
    if sign is None:
        return None
    source = '%s %s "%s"' % (in_keras_2_values(node.left), sign, word)
    return Replacement(source, keeps_layout=True)


def _setting(node: ast.Call, names: Names) -> Optional[Replacement]:
    if names.path_of(node.func) != _SET or len(node.args) != 1:
        return None
    word = VALUES["data_format"].get(text_of(node.args[0]) or "")
    if word is None:
        return None
    return respelled(node, [Argument(None, '"%s"' % word)], _NEW[_SET])
