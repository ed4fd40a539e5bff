"""Which files belong to one program: a script, and the modules in its folder that it imports."""

import ast
import functools
import importlib.machinery
import os
from typing import Callable, Dict, Iterable, Iterator, NamedTuple, Optional, Tuple

from tfkeras_compat.legacy.generations import DEFAULT, GENERATIONS
from tfkeras_compat.migrate.generation import Sign, deciding, signs_of
from tfkeras_compat.migrate.names import Program
from tfkeras_compat.migrate.syntax_trees import nodes_of

Find = Callable[[str, str], Optional[str]]  # a module's name, and a folder -> its file there


class Module(NamedTuple):
    """What a program has to know of one of its files."""

    python_2: bool = False
    imports: Tuple[str, ...] = ()  # the paths of modules, and of names that may be modules
    signs: Tuple[Sign, ...] = ()  # of the generation of Keras that it is written for


NO_MODULE = Module()  # a file that can not be read or parsed


def module_of(path: str, tree: ast.AST, python_2: bool) -> Module:
    """What is to be known of a file with a syntax tree."""
    return Module(python_2, tuple(_imports(tree)), tuple(signs_of(path, tree)))


def _imports(tree: ast.AST) -> Iterator[str]:
    """The paths that a module imports; what ``from`` names may be a module, too."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module)
            yield from ("%s.%s" % (node.module, alias.name) for alias in node.names)


def modules_of(
    script: str, folder: str, module: Callable[[str], Module], find: "Optional[Find]" = None
) -> Dict[str, Module]:
    """A script and the modules in ``folder`` that it imports, by their paths, the script first."""
    found: Dict[str, Module] = {}
    paths = [script]
    while paths:
        path = paths.pop(0)
        found[path] = module(path)
        beside = [(find or _file_of)(name, folder) for name in found[path].imports]
        paths += [each for each in dict.fromkeys(beside) if each and each not in (*found, *paths)]
    return found


def _file_of(name: str, folder: str) -> Optional[str]:
    """The source file of a module in the folder, else ``None``."""
    *above, last = name.split(".")
    spec = importlib.machinery.PathFinder.find_spec(last, [os.path.join(folder, *above)])
    origin = spec and spec.origin
    return origin if origin and origin.endswith(".py") else None


def programs_of(paths: Iterable[str], module: Callable[[str], Module]) -> Dict[str, Program]:
    """What each file has to know of its program; a script is what no other file imports.

    Only a script chooses a generation, by what the whole program spells. ``module`` is asked for
    every file of a program, among ``paths`` or not, and once.
    """
    module, find = functools.lru_cache(None)(module), functools.lru_cache(None)(_file_of)
    programs = {
        path: modules_of(path, os.path.dirname(path), module, find)
        for path in map(os.path.abspath, paths)
    }
    imported = {each for path, found in programs.items() for each in found if each != path}
    known: Dict[str, Program] = {}
    for path in sorted(programs, key=lambda each: each not in imported):
        of_python_2 = module(path).python_2 or (path in known and known[path].python_2)
        beside = [each for each in programs[path] if each != path]
        for each in beside:
            known.setdefault(each, Program(python_2=of_python_2, is_module=True))
        if path not in imported:
            names = tuple(_top_name(each, path) for each in beside)
            known[path] = Program(_generation(programs[path].values()), names, of_python_2)
    return known


def _generation(modules: Iterable[Module]) -> Optional[str]:
    sign = deciding([sign for module in modules for sign in module.signs])
    if sign is None or sign.generation == DEFAULT or sign.generation not in GENERATIONS:
        return None
    return sign.generation


def _top_name(module: str, script: str) -> str:
    relative = os.path.relpath(module, os.path.dirname(script))
    return relative.partition(os.sep)[0].partition(".")[0]
