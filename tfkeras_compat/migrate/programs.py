"""Which files belong to one program: a script, and the modules in its folder that it imports."""

import ast
import functools
import importlib.machinery
import os
from typing import (
    Callable,
    Dict,
    FrozenSet,
    Iterable,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Sequence,
    Tuple,
)

from tfkeras_compat.legacy.generations import DEFAULT, GENERATIONS
from tfkeras_compat.migrate.generation import Sign, deciding, signs_of
from tfkeras_compat.migrate.handed_on import Handing, Top, below, spelled_module, top_of
from tfkeras_compat.migrate.names import Program
from tfkeras_compat.migrate.syntax_trees import nodes_of

Find = Callable[[str, str], Optional[str]]  # a module's name, and a folder -> its file there


class Module(NamedTuple):
    """What a program has to know of one of its files."""

    python_2: bool = False
    imports: Tuple[str, ...] = ()  # the paths of modules, and of names that may be modules
    signs: Tuple[Sign, ...] = ()  # of the generation of Keras that it is written for
    top: Top = Top()


NO_MODULE = Module()  # a file that can not be read or parsed


def module_of(path: str, tree: ast.AST, python_2: bool) -> Module:
    """What is to be known of a file with a syntax tree."""
    return Module(python_2, tuple(_imports(tree)), tuple(signs_of(path, tree)), top_of(tree))


def _imports(tree: ast.AST) -> Iterator[str]:
    """The paths that a module imports, relative ones with their dots; what ``from`` names may be a
    module, too."""
    for node in nodes_of(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield spelled_module(node)
            yield from (below(spelled_module(node), alias) for alias in node.names)


def modules_of(
    script: str,
    folders: Sequence[str],
    module: Callable[[str], Module],
    find: Optional[Find] = None,
) -> Dict[str, Module]:
    """A script and the modules in ``folders`` that it imports, by their paths, the script first."""
    found: Dict[str, Module] = {}
    paths = [script]
    while paths:
        path = paths.pop(0)
        found[path] = module(path)
        for name in found[path].imports:
            beside = _file_beside(name, path, folders, find or _file_of)
            if beside and beside not in (*found, *paths):
                paths.append(beside)
    return found


def _file_beside(name: str, path: str, folders: Sequence[str], find: Find) -> Optional[str]:
    """The file of a module that the file at ``path`` imports."""
    rest = name.lstrip(".")
    level = len(name) - len(rest)
    if level:
        folders = [os.path.normpath(os.path.join(path, *[os.pardir] * level))]
    return next(filter(None, (find(rest, folder) for folder in folders)), None)


def _file_of(name: str, folder: str) -> Optional[str]:
    """The source file of a module in the folder, else ``None``; without a name, of the package."""
    if not name:
        package = os.path.join(folder, "__init__.py")
        return package if os.path.exists(package) else None
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
        path: modules_of(path, _folders(path), module, find) for path in map(os.path.abspath, paths)
    }
    imported = {each for path, found in programs.items() for each in found if each != path}
    known: Dict[str, Program] = {}
    for path in sorted(programs, key=lambda each: each not in imported):
        of_python_2 = module(path).python_2 or (path in known and known[path].python_2)
        beside = [each for each in programs[path] if each != path]
        handing = Handing(lambda each: module(each).top, _finder(path, find))
        for each in beside:
            if each not in known:
                own = handing.own_modules(each, module(each).imports)
                known[each] = Program(python_2=of_python_2, own=own)
        if path not in imported:
            names = tuple(_top_name(each, path) for each in beside)
            generation = _generation(programs[path].values())
            own = handing.own_modules(path, module(path).imports)
            known[path] = Program(generation, names, of_python_2, own=own)
    together = _together(programs.values())
    return {path: each._replace(others=together[path] - {path}) for path, each in known.items()}


def _finder(script: str, find: Find) -> Find:
    """Finds the modules that the files of a script's program import."""
    folders = _folders(script)
    return lambda name, path: _file_beside(name, path, folders, find)


def _folders(path: str) -> List[str]:
    """Where a file's imports are looked for: its own folder, as that of a script, and the one above
    the package that it is in."""
    folder = root = os.path.dirname(path)
    while os.path.exists(os.path.join(root, "__init__.py")):
        root = os.path.dirname(root)
    return [folder] if root == folder else [folder, root]


def _together(programs: Iterable[Iterable[str]]) -> Dict[str, FrozenSet[str]]:
    """For each file all that it shares a program with, or that those share one with."""
    groups: Dict[str, FrozenSet[str]] = {}
    for program in programs:
        group = frozenset(program).union(*[groups.get(each, ()) for each in program])
        groups.update(dict.fromkeys(group, group))
    return groups


def decided(programs: Dict[str, Program], staying: Dict[str, bool]) -> Dict[str, Program]:
    """The programs with what is known when the last step begins: a file for whose sake they do not
    leave. ``staying`` says it of each file that is migrated; one that is not stays."""
    files = {path for program in programs.values() for path in program.others}
    stays = {path for path in files if staying.get(path, True)}
    return {
        path: program._replace(stays_for=min(program.others & stays, default=None))
        for path, program in programs.items()
    }


def _generation(modules: Iterable[Module]) -> Optional[str]:
    sign = deciding([sign for module in modules for sign in module.signs])
    if sign is None or sign.generation == DEFAULT or sign.generation not in GENERATIONS:
        return None
    return sign.generation


def _top_name(module: str, script: str) -> str:
    relative = os.path.relpath(module, os.path.dirname(script))
    return relative.partition(os.sep)[0].partition(".")[0]
