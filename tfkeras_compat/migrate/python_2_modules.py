"""Rule ``modules of Python 2``: ``pickle``, which reads files of Python 2, and ``string``."""

import ast
from typing import Any, Optional

from tfkeras_compat.legacy.python_2 import STRING_OF_PYTHON_3, kept_module
from tfkeras_compat.migrate.imports import Imports
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.rule import FROM_PYTHON_2, Replacement


class ModulesOfPython2(Imports):
    """They are imported from ``tfkeras_compat.python_2``; ``string`` only for what is gone."""

    def __init__(self) -> None:
        super().__init__(
            "modules of Python 2",
            FROM_PYTHON_2,
            kept_module,
            kept_module,
            "pickle reads files of Python 2, string has letters and join",
        )

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        if isinstance(node, ast.ImportFrom):
            used = {alias.name for alias in node.names} if node.module == "string" else {""}
        else:
            used = _used_of_string(node, names)
        return None if used <= STRING_OF_PYTHON_3 else super().replacement(node, names)


def _used_of_string(node: ast.Import, names: Names) -> Any:
    if [alias.name for alias in node.names] != ["string"]:
        return {""}
    attributes = [each for each in names.nodes if isinstance(each, ast.Attribute)]
    return {each.attr for each in attributes if names.path_of(each.value) == "string"}
