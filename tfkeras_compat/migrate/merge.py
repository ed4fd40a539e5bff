"""Rules ``merge`` and ``Merge``: one function and one layer for all ways to merge, by a mode."""

import ast
from typing import Any, List, Optional, Tuple

from tfkeras_compat.legacy.places import MERGING
from tfkeras_compat.migrate.calls import (
    Argument,
    ImportedNames,
    arguments_of,
    full,
    is_free,
    respelled,
)
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.rule import KERAS_2, Replacement

_ORDER = ("inputs", "mode", "concat_axis", "dot_axes", "output_shape", "output_mask", "arguments")
_ADVICE = "write a Lambda layer for a function or for cosines, or the functional interface"


class _Merging(ImportedNames):
    """A merging function or class, and its column in the table of modes."""

    steps = (KERAS_2,)
    nodes = (ast.ImportFrom, ast.Call)
    path: str
    column: int

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        if isinstance(node, ast.ImportFrom):
            return self.import_of(node, names)
        new = self._new(node, names)
        return respelled(node, new[1], new[0]) if new else None

    def imported(self, path: str, alias: ast.alias, names: Names) -> Optional[List[str]]:
        if path != self.path:
            return None
        calls = [names.parent_of(use) for use in names.uses_of(path)]
        new = [self._new(call, names) for call in calls]
        if not any(new):
            return None
        kept = [] if all(new) else [alias.name + (" as " + alias.asname if alias.asname else "")]
        return kept + sorted({each[0] for each in new if each})

    def mark(self, node: Any, names: Names) -> Optional[str]:
        if not isinstance(node, ast.Call) or names.path_of(node.func) != self.path:
            return None
        return "keras2: %s: Keras 2 has no such way to merge: %s" % (self.name, _ADVICE)

    def _new(self, call: Any, names: Names) -> Optional[Tuple[str, List[Argument]]]:
        """The function or class of Keras 2 and its arguments; ``None`` if it has none."""
        if not isinstance(call, ast.Call) or names.full_path_of(call.func) != full(self.path):
            return None
        given = {each.name: each for each in self._by_name(call)}
        mode = given.pop("mode", Argument("mode", '"sum"')).literal
        row = MERGING.get(mode) if isinstance(mode, str) else None
        if row is None or {"*", "**", None, "layers"}.intersection(given):
            return None
        new = [each for each in (_new_argument(each, row) for each in given.values()) if each]
        name = row[self.column]
        needed = [each for each in row[2] if each == "dot_axes" and each not in given]
        new += [Argument(row[2][each], "-1") for each in needed]
        return (name, new) if is_free(name, "layers." + name, names) else None

    def _by_name(self, call: ast.Call) -> List[Argument]:
        raise NotImplementedError


def _new_argument(argument: Argument, row: Any) -> Optional[Argument]:
    """The argument of the way of merging; ``None`` for what another way would take."""
    if argument.name == "inputs":
        return Argument(None, argument.value)
    if argument.name in row[2]:
        return Argument(row[2][argument.name], argument.value)
    return None if argument.name in _ORDER else argument


class MergeFunction(_Merging):
    """``merge([a, b], mode="concat", concat_axis=1)`` is ``concatenate([a, b], axis=1)``."""

    name = "merge"
    note = "a function for each mode: add, multiply, average, maximum, concatenate, dot"
    path = "layers.merge"
    column = 0

    def _by_name(self, call: ast.Call) -> List[Argument]:
        return _with_names(call, _ORDER)


class MergeClass(_Merging):
    """``Merge(mode="concat")`` is ``Concatenate()``. One that is given layers is marked."""

    name = "Merge"
    note = "a layer for each mode; marked where it is given layers: the functional interface"
    path = "layers.Merge"
    column = 1

    def _by_name(self, call: ast.Call) -> List[Argument]:
        given = _with_names(call, ("layers",) + _ORDER[1:])
        return [each for each in given if each.name != "layers" or each.literal is not None]


def _with_names(call: ast.Call, order: Tuple[str, ...]) -> List[Argument]:
    """The arguments, those without names by their places."""
    given = arguments_of(call)
    places = dict(enumerate(order))
    return [
        each._replace(name=places.get(at)) if each.name is None else each
        for at, each in enumerate(given)
    ]
