"""Which generation of Keras a program was written for, by what it imports and spells."""

import ast
from typing import Any, Dict, Iterable, Iterator, List, NamedTuple, Optional, Set, Tuple

from tfkeras_compat.legacy.evidence import ATTRIBUTES, CALLS, NAMES, TF_KERAS
from tfkeras_compat.legacy.generations import DEFAULT
from tfkeras_compat.migrate.rule import dotted
from tfkeras_compat.migrate.syntax_trees import nodes_of


class Sign(NamedTuple):
    """One spelling that tells a generation, and where it stands."""

    generation: str
    spelling: str
    path: str
    line: int


def deciding(signs: Iterable[Sign]) -> Optional[Sign]:
    """Of the signs in the modules of a program the one that decides; ``None`` without Keras.

    >>> tree = ast.parse("from keras.models import Sequential\\nmodel.fit(x, y, nb_epoch=2)")
    >>> deciding(signs_of("script.py", tree))
    Sign(generation='1.2', spelling='nb_epoch', path='script.py', line=2)
    """
    signs = list(signs)
    imports = [sign for sign in signs if sign.spelling.startswith("import ")]
    inside = [sign for sign in signs if sign.generation == "tf.keras"]
    if not imports:
        return inside[0] if inside else None
    certain = [sign for sign in signs if sign.generation == "2.2" and sign not in imports]
    old = [sign for sign in signs if sign.generation == "1.2"]
    return (certain or old or imports)[0]


def signs_of(path: str, tree: ast.AST) -> Iterator[Sign]:
    """All signs in a module."""
    for node in nodes_of(tree):
        for generation, spelling in _spellings(node):
            yield Sign(generation, spelling, path, getattr(node, "lineno", 0))


def _spellings(node: Any) -> List[Tuple[str, str]]:
    if isinstance(node, ast.Import):
        return [each for alias in node.names for each in _of_module(alias.name)]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return _of_names_from(str(node.module), [alias.name for alias in node.names])
    if isinstance(node, ast.Call):
        return _of_call(node)
    if isinstance(node, ast.Attribute):
        return _of_name(node.attr, ATTRIBUTES) + _inside(dotted(node) or "")
    return []


def _of_names_from(module: str, names: List[str]) -> List[Tuple[str, str]]:
    if module.partition(".")[0] == "keras":
        return _of_module(module) + [each for name in names for each in _of_name(name)]
    within = [each for name in names for each in _inside(module + "." + name)]
    return _inside(module) or within[:1]


def _of_module(path: str) -> List[Tuple[str, str]]:
    if path.partition(".")[0] == "keras":
        last = _of_name(path.rpartition(".")[2])
        return [(DEFAULT, "import " + path)] + last
    return _inside(path)


def _inside(path: str) -> List[Tuple[str, str]]:
    found = any((path + ".").startswith(root + ".") for root in TF_KERAS)
    return [("tf.keras", path)] if found else []


def _of_name(name: str, table: Dict[str, Set[str]] = NAMES) -> List[Tuple[str, str]]:
    return [(generation, name) for generation, names in table.items() if name in names]


def _of_call(node: ast.Call) -> List[Tuple[str, str]]:
    called = (dotted(node.func) or "").rpartition(".")[2] or getattr(node.func, "attr", "")
    keywords = [keyword.arg for keyword in node.keywords]
    return [
        (generation, str(keyword))
        for generation, calls in CALLS.items()
        for keyword in keywords
        if keyword in calls.get(called, ())
    ]
