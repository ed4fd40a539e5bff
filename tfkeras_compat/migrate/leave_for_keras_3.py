"""Rule ``keras3``: a program all of whose names Keras 3 has, with the same numbers, leaves for it.

A program leaves as a whole, all of its files together: Keras 3 computes eagerly, and can not share
a process with a graph of ours. Where something can not leave, a comment says why, at the first
place for each reason, and the program stays as it is; its other files name the one that stays.
"""

import ast
import os
from typing import Any, Dict, Iterator, List, Optional, Tuple

from tfkeras_compat.legacy import keras_3
from tfkeras_compat.migrate.calls import (
    Argument,
    arguments_of,
    full,
    named,
    renamed,
    respelled,
    spelled,
)
from tfkeras_compat.migrate.generation_line import imported_paths
from tfkeras_compat.migrate.names import ROOT, Names
from tfkeras_compat.migrate.rule import KERAS_3, Replacement, Rule, dotted, text_of

_KERAS = "keras"
_TENSORFLOW = ("tensorflow.", "tfkeras_compat.tensorflow.")


class LeaveForKeras3(Rule):
    """Imports from ``keras``, and arguments under their names there; or comments."""

    name = "keras3"
    steps = (KERAS_3,)
    nodes = (ast.Import, ast.ImportFrom, ast.Call, ast.Name, ast.Attribute)
    note = "a program leaves if Keras 3 has all of it with the same numbers; else marked why not"

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        if isinstance(node, (ast.Name, ast.Attribute)) or not _leaves(names):
            return None
        if isinstance(node, ast.Call):
            return _call(node, names)
        return _import_from(node) if isinstance(node, ast.ImportFrom) else _import(node)

    def mark(self, node: Any, names: Names) -> Optional[str]:
        reason = _hindrances(names).get(id(node))
        if names.program.stays_for and node is names.remembered("first of ours", _first_of_ours):
            other = os.path.basename(names.program.stays_for)
            reason = reason or "%s, which is of the same program, does not leave" % other
        return reason and "keras3: " + reason


def stays(names: Names) -> bool:
    """Whether a module keeps the others of its program from leaving."""
    uses_tensorflow = any((path + ".").startswith(_TENSORFLOW) for path in _imported(names))
    return bool(_hindrances(names) or names.program.generation or uses_tensorflow)


def _leaves(names: Names) -> bool:
    return not (stays(names) or names.program.stays_for) and _is_of_keras(names)


def _first_of_ours(names: Names) -> Any:
    """The first statement that imports from us."""
    imports = names.nodes_of(ast.Import, ast.ImportFrom)
    ours = (each for each in imports if any(map(_is_relative, imported_paths(each))))
    return min(ours, key=lambda each: each.lineno, default=None)


def _is_relative(path: str) -> bool:
    return _relative(path) is not None


def _is_of_keras(names: Names) -> bool:
    return any(map(_is_relative, _imported(names)))


def _imported(names: Names) -> Iterator[str]:
    for scope in names.scopes:
        yield from (path for path in scope.values() if path)
    yield from names.stars


def _relative(path: str) -> Optional[str]:
    """A full path of ours below the root of the Keras tree; ``None`` for other libraries."""
    if not (path + ".").startswith(ROOT + "."):
        return None
    return path[len(ROOT) + 1 :]


def _hindrances(names: Names) -> Dict[int, str]:
    """What can not leave: the first node for each reason -> the name, and why."""
    return names.remembered("keras3", _found)


def _found(names: Names) -> Dict[int, str]:
    if not _is_of_keras(names):
        return {}
    found: Dict[int, str] = {}
    told = set()
    for node, symbol, reason in sorted(_reasons(names), key=lambda each: each[0].lineno):
        if reason not in told:
            told.add(reason)
            found[id(node)] = "%s: %s" % (symbol, reason)
    return found


def _reasons(names: Names) -> Iterator[Tuple[Any, str, str]]:
    for node in names.nodes:
        if isinstance(node, (ast.Name, ast.Attribute)):
            yield from _of_name(node, names)
        elif isinstance(node, ast.Call):
            yield from _of_call(node, names)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            yield from _of_import(node)


def _of_name(node: Any, names: Names) -> Iterator[Tuple[Any, str, str]]:
    parent = names.parent_of(node)
    if isinstance(parent, ast.Attribute):
        return  # the whole chain is looked at
    path = names.path_of(node)
    if path is None or names.is_of_program(path):
        attribute = getattr(node, "attr", "")
        if attribute in keras_3.ATTRIBUTES and isinstance(node.ctx, ast.Load):
            yield node, attribute, keras_3.ATTRIBUTES[attribute]
    elif _is_ours(names.full_path_of(node) or "") and not _is_same(node, names):
        reason = _reason_of(path.replace("tensorflow.compat.v1", "tensorflow"))
        yield node, str(dotted(node)), reason


def _is_ours(path: str) -> bool:
    return _relative(path) is not None or path.startswith("tensorflow.compat.v1")


def _is_same(node: Any, names: Names) -> bool:
    """Whether Keras 3 has it, in the very place that it is imported from here."""
    path = names.path_of(node) or ""
    return path in keras_3.SAME and names.full_path_of(node) in (full(path), _at_root(path))


def _at_root(path: str) -> str:
    return full(path.rpartition(".")[2])  # keras.Input, keras.Model, keras.Sequential


def _reason_of(path: str) -> str:
    while path not in keras_3.REASONS:
        path = path.rpartition(".")[0]
    return keras_3.REASONS[path]


def _of_call(node: ast.Call, names: Names) -> Iterator[Tuple[Any, str, str]]:
    given = {str(each.name) for each in arguments_of(node)}
    if names.path_of(node.func) in keras_3.SAME:
        for name in sorted(given & set(keras_3.HINDERING_ARGUMENTS)):
            yield node, name, keras_3.HINDERING_ARGUMENTS[name]
    function = names.path_of(node.func)
    if function is None or names.is_of_program(function):
        yield from _of_method(node, getattr(node.func, "attr", ""))


def _of_method(node: ast.Call, method: str) -> Iterator[Tuple[Any, str, str]]:
    if method in keras_3.PRINTING and _literal(named(node, "verbose")) != 0:
        yield node, method, keras_3.VERBOSE
    words = map(text_of, ast.walk(node)) if method == "compile" else []
    for word in filter(None, words):
        if word in keras_3.COMPILE:
            yield node, word, keras_3.COMPILE[word]


def _literal(node: Any) -> Any:
    return None if node is None else Argument(None, node).literal


def _of_import(node: Any) -> Iterator[Tuple[Any, str, str]]:
    """All names of a module of ours."""
    takes_all = isinstance(node, ast.ImportFrom) and node.names[0].name == "*"
    if takes_all and not node.level and _relative(str(node.module)) is not None:
        yield node, "*", "which names are meant is not to be seen: import them by name"


def _import_from(node: ast.ImportFrom) -> Optional[Replacement]:
    below = None if node.level else _relative(str(node.module))
    if below is None:
        return None
    module = ".".join([_KERAS] + ([below] if below else []))
    targets: List[str] = [spelled(each) for each in node.names]
    return Replacement("from %s import %s" % (module, ", ".join(targets)))


def _import(node: ast.Import) -> Optional[Replacement]:
    new = [_target(each) for each in node.names]
    if new == [spelled(each) for each in node.names]:
        return None
    return Replacement("import " + ", ".join(new))


def _target(alias: ast.alias) -> str:
    below = _relative(alias.name)
    if below is None or not alias.asname:
        return spelled(alias)
    path = ".".join([_KERAS] + ([below] if below else []))
    return path if path == alias.asname else "%s as %s" % (path, alias.asname)


def _call(node: ast.Call, names: Names) -> Optional[Replacement]:
    old = arguments_of(node)
    new = renamed(old, keras_3.ARGUMENTS.get(names.path_of(node.func) or "", {}))
    return respelled(node, new) if new != old else None
