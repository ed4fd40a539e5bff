"""Rule ``own modules``: what a module of the program hands on is imported from where it is.

Where ``common.py`` says ``from keras import backend as K``, ``from common import K, train`` becomes
``from common import train`` and the import of ``K`` itself; ``common.K.epsilon()`` becomes
``K.epsilon()``. The rules after it then see in each file alone what its names mean.
"""

import ast
from typing import Any, Dict, List, Optional, Set, Tuple

from tfkeras_compat.aliases import translated
from tfkeras_compat.legacy.modules import ROOTS
from tfkeras_compat.legacy.places import PUBLIC
from tfkeras_compat.migrate.calls import spelled
from tfkeras_compat.migrate.handed_on import HandedOn, below, seen_by_star, spelled_module, split
from tfkeras_compat.migrate.imports import Imports
from tfkeras_compat.migrate.names import ROOT, Names, public
from tfkeras_compat.migrate.rule import KERAS_2, Replacement, Rule

_LIBRARIES = {root.partition(".")[0] for root in ROOTS} | {ROOT}


class OwnModules(Rule):
    """Names of Keras and TensorFlow that one module of a program imports from another."""

    name = "own modules"
    steps = (KERAS_2,)
    nodes = (ast.Import, ast.ImportFrom, ast.Attribute)
    note = "names of Keras and TensorFlow are imported from there, not from another module"

    def __init__(self, imports: Imports) -> None:
        self._imports = imports

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        if not names.program.own:
            return None
        if isinstance(node, ast.Attribute):
            found = _of_attribute(node, names)
            return Replacement(found[0]) if found else None
        if isinstance(node, ast.ImportFrom) and spelled_module(node) in names.program.own:
            return self._import_from(node, names)
        return self._with_imports(node, _through(node, names))

    def _import_from(self, node: ast.ImportFrom, names: Names) -> Optional[Replacement]:
        module = names.program.own[spelled_module(node)]
        if _is_star(node):
            return self._with_imports(node, _by_star(module, names))
        origins = {alias: _origin(alias.name, module) for alias in node.names}
        moved = [(each.asname or each.name, path) for each, path in origins.items() if path]
        if not moved:
            return self._with_imports(node, _through(node, names))
        rest = [spelled(alias) for alias, path in origins.items() if not path]
        first = _first_line(node, rest, names)
        if first is None:
            return None
        lines = first + self._statements(moved)
        return Replacement(lines[0], after=tuple(lines[1:]))

    def _with_imports(self, node: Any, wanted: List[Tuple[str, str]]) -> Optional[Replacement]:
        """The statement, and after it imports of names that are not there yet."""
        return Replacement(None, after=tuple(self._statements(wanted))) if wanted else None

    def _statements(self, wanted: List[Tuple[str, str]]) -> List[str]:
        return [self._statement(name, path) for name, path in wanted]

    def _statement(self, name: str, path: str) -> str:
        """The import that binds a name to a path, as the rule of imports would leave it."""
        within, _, last = path.rpartition(".")
        target = last if last == name else "%s as %s" % (last, name)
        source = "from %s import %s" % (within, target) if within else "import " + target
        (statement,) = ast.parse(source).body
        new = self._imports.replacement(statement, None)
        return str(new.source) if new else source


def _is_of_library(path: str) -> bool:
    return path.partition(".")[0] in _LIBRARIES


def _origin(name: str, module: HandedOn) -> Optional[str]:
    """The path in Keras or TensorFlow of what a module hands on under a name."""
    path = module.names.get(name)
    if path:
        return path if _is_of_library(path) else None
    return next((s + "." + name for s in reversed(module.stars) if _brings(s, name)), None)


def _brings(module: str, name: str) -> bool:
    """Whether everything of a library's module includes a name."""
    return public("%s.%s" % (translated(module) or module, name)) in PUBLIC


def _by_star(module: HandedOn, names: Names) -> List[Tuple[str, str]]:
    """The names that a module uses and has through a star only, with their paths."""
    used = dict.fromkeys(each.id for each in names.nodes_of(ast.Name) if names.is_builtin(each))
    listed = module._replace(names=seen_by_star(module))
    found = ((name, _origin(name, listed)) for name in used)
    return [(name, path) for name, path in found if path]


def _first_line(node: ast.ImportFrom, rest: List[str], names: Names) -> Optional[List[str]]:
    """What stays of the statement: the other names, or that the module is imported at all, for what
    else it does. ``None`` if its name is taken."""
    path = spelled_module(node)
    if rest:
        return ["from %s import %s" % (path, ", ".join(rest))]
    if not path.strip(".") or _is_imported_else(path, node, names):
        return []  # the package that the file is in is so anyway
    above, last = split(path)
    root = last if node.level else path.partition(".")[0]
    if any(each != _bound_by(node, root) for each in names.paths_bound_to(root)):
        return None
    return ["from %s import %s" % (above, last) if node.level else "import " + path]


def _is_imported_else(path: str, node: Any, names: Names) -> bool:
    """Whether another statement imports a module, and will go on to."""
    others: List[Any] = [each for each in names.tree.body if each is not node]
    return any(
        (isinstance(each, ast.Import) and path in [alias.name for alias in each.names])
        or (_is_star(each) and spelled_module(each) == path)
        for each in others
    )


def _is_star(node: Any) -> bool:
    return isinstance(node, ast.ImportFrom) and node.names[0].name == "*"


def _bound_by(node: ast.ImportFrom, root: str) -> str:
    return spelled_module(node) if node.level else root


def _of_attribute(node: ast.Attribute, names: Names) -> Optional[Tuple[str, str]]:
    """The name for what ``common.K`` is, and its path; ``None`` for other attributes."""
    if not isinstance(node.ctx, ast.Load):
        return None
    within = names.full_path_of(node.value)
    module = names.program.own.get(within or "")
    path = _origin(node.attr, module) if module else None
    if path is None:
        return None
    free = (node.attr, "%s_%s" % (str(within).rpartition(".")[2], node.attr))
    name = next((each for each in free if _can_be(each, path, names)), None)
    return (name, path) if name else None


def _can_be(name: str, path: str, names: Names) -> bool:
    """Whether a name is free for what is at ``path``, or bound to it already."""
    ours = translated(path) or path
    return all(each in (path, ours) for each in names.paths_bound_to(name))


def _through(node: Any, names: Names) -> List[Tuple[str, str]]:
    """What the module takes as attributes of the modules that a statement imports, and what of it
    is not imported yet."""
    modules = {path for path in _modules_of(node) if path in names.program.own}
    wanted: Dict[str, str] = {}
    for each in names.nodes_of(ast.Attribute) if modules else ():
        found = _of_attribute(each, names)
        if found and names.full_path_of(each.value) in modules:
            wanted.setdefault(*found)
    by_star = names.remembered("by star", _by_stars)
    return [
        (name, path)
        for name, path in wanted.items()
        if not names.is_bound(name) and name not in by_star
    ]


def _by_stars(names: Names) -> Set[str]:
    modules = [names.program.own[star] for star in names.stars if star in names.program.own]
    return {name for module in modules for name, _ in _by_star(module, names)}


def _modules_of(node: Any) -> List[str]:
    if isinstance(node, ast.ImportFrom):
        return [below(spelled_module(node), alias) for alias in node.names]
    return [alias.name for alias in node.names]
