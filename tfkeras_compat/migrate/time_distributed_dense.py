"""Rule ``TimeDistributedDense``: the layer is ``TimeDistributed(Dense(...))``."""

import ast
from typing import Any, List, Optional

from tfkeras_compat.migrate.calls import (
    Argument,
    ImportedNames,
    arguments_of,
    full,
    in_place_of,
    is_free,
)
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.rule import KERAS_2, Replacement

_PATH = "layers.TimeDistributedDense"
_OUTER = ("batch_input_shape", "input_shape", "name", "trainable")
_NEW = ("Dense", "TimeDistributed")


class TimeDistributedDense(ImportedNames):
    """Its automatic name changes: it is that of the wrapper."""

    name = "TimeDistributedDense"
    steps = (KERAS_2,)
    nodes = (ast.ImportFrom, ast.Call)
    note = "TimeDistributed(Dense(...)), which is named after the wrapper where no name is given"

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        if isinstance(node, ast.ImportFrom):
            return self.import_of(node, names)
        return _wrapped(node, names)

    def imported(self, path: str, alias: ast.alias, names: Names) -> Optional[List[str]]:
        if path != _PATH:
            return None
        new = [_wrapped(names.parent_of(use), names) for use in names.uses_of(path)]
        return list(_NEW) if new and all(new) else None


def _wrapped(call: Any, names: Names) -> Optional[Replacement]:
    free = all(is_free(name, "layers." + name, names) for name in _NEW)
    if not isinstance(call, ast.Call) or names.full_path_of(call.func) != full(_PATH) or not free:
        return None
    arguments = arguments_of(call)
    outer = [each for each in arguments if each.name in _OUTER]
    given = [each for each in arguments if each not in outer]
    shape = _shape(given)
    inner = [each for each in given if each.name not in ("input_dim", "input_length")]
    if shape is None or {"*", "**"}.intersection(str(each.name) for each in given):
        return None
    return _source(call, inner, outer, shape)


def _shape(arguments: List[Argument]) -> Any:
    """``input_dim`` and ``input_length`` as one shape: nodes, ``()`` for none."""
    by_name = {each.name: each.value for each in arguments}
    if "input_dim" not in by_name:
        return ()
    return (by_name.get("input_length", "None"), by_name["input_dim"])


def _source(
    call: ast.Call, inner: List[Argument], outer: List[Argument], shape: Any
) -> Replacement:
    parts: List[Any] = []

    def word(each: Argument) -> str:
        parts.append(each.value)
        value = "{%d}" % (len(parts) - 1)
        return "%s=%s" % (each.name, value) if each.name else value

    words = ["%s(%s)" % (in_place_of(call.func, "Dense"), ", ".join(map(word, inner)))]
    words += [word(each) for each in outer]
    if shape:
        sizes = [each if isinstance(each, str) else word(Argument(None, each)) for each in shape]
        words.append("input_shape=(%s)" % ", ".join(sizes))
    source = "%s(%s)" % (in_place_of(call.func, "TimeDistributed"), ", ".join(words))
    return Replacement(source, tuple(parts), keeps_layout=True)
