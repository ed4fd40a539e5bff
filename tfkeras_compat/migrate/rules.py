"""The rules there are, in the order in which they are applied."""

from typing import List

from tfkeras_compat.aliases import translated
from tfkeras_compat.legacy import python_2
from tfkeras_compat.legacy.modules import ROOTS
from tfkeras_compat.migrate.imports import Imports
from tfkeras_compat.migrate.imports_by_name import ImportsByName
from tfkeras_compat.migrate.python_2_division import Division, DivisionInPlace
from tfkeras_compat.migrate.python_2_strings import Codecs
from tfkeras_compat.migrate.rule import DROP_IN, PYTHON_2, Rule

RULES: List[Rule] = [
    Imports(
        "imports",
        DROP_IN,
        translated,
        ROOTS.__contains__,
        "keras and tensorflow are imported from tfkeras_compat",
    ),
    ImportsByName(),
    Imports(
        "imports of Python 2",
        PYTHON_2,
        python_2.translated,
        python_2.translated,
        "modules that Python 3 has renamed are found under their old names",
    ),
    Division(),
    DivisionInPlace(),
    Codecs(),
]


def rules_of(*steps: str) -> List[Rule]:
    """The rules that belong to one of ``steps``.

    >>> [rule.name for rule in rules_of("drop-in")]
    ['imports', 'imports by name']
    """
    return [rule for rule in RULES if set(steps) & set(rule.steps)]
