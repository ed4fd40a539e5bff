"""Which files belong to one program: a script, and the modules in its folder that it imports."""

import ast
import importlib.machinery
import os
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Set, Tuple

from tfkeras_compat.legacy.generations import DEFAULT, GENERATIONS
from tfkeras_compat.migrate.generation import generation_of
from tfkeras_compat.migrate.names import Program

Tree = Callable[[str], Tuple[ast.AST, bool]]  # path -> syntax tree, and whether it is of Python 2


def modules_of(script: str, folder: str, tree_of: Any) -> Iterator[Tuple[str, ast.AST]]:
    """The paths and syntax trees of a script and of the modules in ``folder`` that it imports."""
    paths, seen = [script], set()
    while paths:
        path = paths.pop(0)
        seen.add(path)
        tree = tree_of(path)
        yield path, tree
        beside = [_file_of(name, folder) for name in _imports(tree)]
        paths += [each for each in beside if each and each not in seen and each not in paths]


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module)
            yield from ("%s.%s" % (node.module, alias.name) for alias in node.names)


def _file_of(name: str, folder: str) -> Optional[str]:
    """The source file of a module in the folder, else ``None``."""
    *above, last = name.split(".")
    spec = importlib.machinery.PathFinder.find_spec(last, [os.path.join(folder, *above)])
    origin = spec and spec.origin
    return origin if origin and origin.endswith(".py") else None


def programs_of(paths: Iterable[str], tree_of: Tree) -> Dict[str, Program]:
    """What each file has to know of its program; a script is what no other file imports.

    Only a script chooses a generation, by what the whole program spells.
    """
    trees: Dict[str, Tuple[ast.AST, bool]] = {}

    def tree(path: str) -> ast.AST:
        if path not in trees:
            trees[path] = tree_of(path)
        return trees[path][0]

    programs = {path: list(modules_of(path, _folder(path), tree)) for path in map(_real, paths)}
    imported: Set[str] = {
        module for path, found in programs.items() for module, _ in found if module != path
    }
    known: Dict[str, Program] = {}
    for path in sorted(programs, key=lambda each: each not in imported):
        of_python_2 = trees[path][1] or (path in known and known[path].python_2)
        for module, _ in programs[path][1:]:
            known.setdefault(module, Program(python_2=of_python_2, is_module=True))
        if path not in imported:
            beside = [_top_name(module, path) for module, _ in programs[path][1:]]
            known[path] = Program(_generation(programs[path]), tuple(beside), of_python_2)
    return known


def _generation(modules: List[Tuple[str, ast.AST]]) -> Optional[str]:
    sign = generation_of(modules)
    if sign is None or sign.generation == DEFAULT or sign.generation not in GENERATIONS:
        return None
    return sign.generation


def _folder(path: str) -> str:
    return os.path.dirname(os.path.abspath(path))


def _real(path: str) -> str:
    return os.path.abspath(path)


def _top_name(module: str, script: str) -> str:
    relative = os.path.relpath(module, _folder(script))
    return relative.partition(os.sep)[0].partition(".")[0]
