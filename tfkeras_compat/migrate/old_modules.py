"""Rule ``old modules``: ``keras.layers.convolutional``, ``keras.objectives``, ``keras.engine``."""

import ast
from typing import Any, Dict, List, Optional

from tfkeras_compat.legacy.places import MODULES, OLD_MODULES
from tfkeras_compat.migrate.calls import full, spelled
from tfkeras_compat.migrate.names import ROOT, Names, public
from tfkeras_compat.migrate.rule import KERAS_2, Replacement, Rule, dotted


class OldModules(Rule):
    """Module paths of Keras 1, and those below ``keras.layers``: all of it is in the packages."""

    name = "old modules"
    steps = (KERAS_2,)
    nodes = (ast.Import, ast.ImportFrom, ast.Attribute)
    note = "layers are imported from `layers`, `objectives` are `losses`; no path of the engine"

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        if isinstance(node, ast.Import):
            return _import(node)
        if isinstance(node, ast.ImportFrom):
            return None if node.level else _import_from(node)
        return _attribute(node, names)


def _import(node: ast.Import) -> Optional[Replacement]:
    new = [_target(alias) for alias in node.names]
    if new == [spelled(alias) for alias in node.names]:
        return None
    return Replacement("import " + ", ".join(new))


def _target(alias: ast.alias) -> str:
    path = alias.name[len(ROOT) + 1 :] if alias.name.startswith(ROOT + ".") else ""
    if path not in MODULES or not alias.asname:
        return spelled(alias)
    return "%s as %s" % (full(MODULES[path]), alias.asname)


def _import_from(node: ast.ImportFrom) -> Optional[Replacement]:
    """The names by the module that each is in today, one statement for each module."""
    path = str(node.module)[len(ROOT) + 1 :]
    if not (str(node.module) + ".").startswith(ROOT + ".") or node.names[0].name == "*":
        return None
    by_module: Dict[str, List[str]] = {}
    for alias in node.names:
        module, name = _place(path, alias.name)
        new = name if name == alias.name and not alias.asname else None
        target = new or "%s as %s" % (name, alias.asname or alias.name)
        by_module.setdefault(module, []).append(target)
    if by_module == {path: [spelled(alias) for alias in node.names]}:
        return None
    return Replacement("\n".join(_lines(by_module)))


def _lines(by_module: Dict[str, List[str]]) -> List[str]:
    return [
        "from %s import %s" % (full(module).rstrip("."), ", ".join(targets))
        for module, targets in by_module.items()
    ]


def _place(module: str, name: str) -> Any:
    """The module and the name of what is called ``name`` in an old module."""
    below = (module + "." + name).lstrip(".")
    if below in MODULES and MODULES[below] != "layers":
        new = MODULES[below]
    elif module in OLD_MODULES:
        new = public(full(below))
    else:
        return module, name
    within, _, last = new.rpartition(".")
    return (within, last) if _is_public(within) else (module, name)


def _is_public(module: str) -> bool:
    return module in ("", "layers", "models", "utils") or module in MODULES.values()


def _attribute(node: ast.Attribute, names: Names) -> Optional[Replacement]:
    """``keras.layers.core.Dense`` as ``keras.layers.Dense``."""
    path = names.full_path_of(node) or ""
    for old, new in MODULES.items():
        above = full(old) + "."
        rest = path[len(above) :] if path.startswith(above) else ""
        if not rest or "." in rest:
            continue
        root = str(dotted(node)).partition(".")[0]
        base = names.full_path_of(_root_of(node)) or ""
        if (full(new) + ".").startswith(base + ".") and base != full(old):
            return Replacement(".".join([root + full(new)[len(base) :], rest]))
    return None


def _root_of(node: Any) -> Any:
    while isinstance(node, ast.Attribute):
        node = node.value
    return node
