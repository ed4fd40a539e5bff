"""What modules of a program hand on to each other: names that they import from libraries.

``common.py`` says ``from keras import backend as K``, and another module ``from common import K``.
"""

import ast
from typing import (
    Any,
    Callable,
    Dict,
    FrozenSet,
    Iterable,
    Iterator,
    NamedTuple,
    Optional,
    Tuple,
)

from tfkeras_compat.migrate.rule import text_of
from tfkeras_compat.migrate.syntax_trees import children_of

_SCOPES = (
    *(ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef),
    *(ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp),
)


class Top(NamedTuple):
    """What a module binds outside of its functions and classes.

    names: to the path that it is imported by, relative ones with their dots; to ``None`` if it is
        bound otherwise as well.
    stars: the modules that all is imported from, in their order.
    listed: the names in ``__all__``, which alone a star brings; ``None`` without one.
    """

    names: Dict[str, Optional[str]] = {}
    stars: Tuple[str, ...] = ()
    listed: Optional[FrozenSet[str]] = None


class HandedOn(NamedTuple):
    """What a module has from libraries for those that import it: the paths of names, and the
    libraries that it takes everything from."""

    names: Dict[str, str] = {}
    stars: Tuple[str, ...] = ()
    listed: Optional[FrozenSet[str]] = None


Find = Callable[[str, str], Optional[str]]  # a path as a file spells it, that file -> the module's


def top_of(tree: ast.AST) -> Top:
    """What a module binds, by its syntax tree.

    >>> top_of(ast.parse("import keras.layers as L\\nfrom .nets import *\\nx = 1")).names
    {'L': 'keras.layers', 'x': None}
    """
    names: Dict[str, Optional[str]] = {}
    stars = []
    for node in _outside_of_scopes(tree):
        for name, path in bindings(node):
            if name == "*":
                stars.append(str(path))
            else:
                names[name] = path if names.get(name, path) == path else None
    return Top(names, tuple(stars), listed_in(tree))


def listed_in(tree: Any) -> Optional[FrozenSet[str]]:
    """The names that ``__all__`` of a module lists; ``None`` if it has none.

    >>> sorted(listed_in(ast.parse("__all__ = ['a']\\n__all__ += ['b']")))
    ['a', 'b']
    """
    lists = [node for node in tree.body if _targets_of(node) == ["__all__"]]
    texts = (text_of(each) for node in lists for each in ast.walk(node.value))
    return frozenset(filter(None, texts)) if lists else None


def _outside_of_scopes(node: ast.AST) -> Iterator[Any]:
    for child in children_of(node):
        yield child
        if not isinstance(child, _SCOPES):
            yield from _outside_of_scopes(child)


def _targets_of(node: Any) -> Any:
    targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
    return [getattr(each, "id", None) for each in targets]


def bindings(node: Any) -> Iterator[Tuple[str, Optional[str]]]:
    """The names that a node binds, and the paths that they are imported by, ``None`` for what is
    not; ``*`` for all names of a path."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            root = alias.name.partition(".")[0]
            yield alias.asname or root, alias.name if alias.asname else root
    elif isinstance(node, ast.ImportFrom):
        for alias in node.names:
            within = spelled_module(node)
            yield alias.asname or alias.name, within if alias.name == "*" else below(within, alias)
    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        yield node.name, None
    elif isinstance(node, ast.arg):
        yield node.arg, None
    elif isinstance(node, ast.ExceptHandler) and node.name:
        yield node.name, None
    elif isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
        yield node.id, None


def spelled_module(node: ast.ImportFrom) -> str:
    """The module of a ``from`` statement, with the dots of a relative one."""
    return "." * node.level + (node.module or "")


def below(module: str, alias: ast.alias) -> str:
    """The path of a name in a module that may be relative: ``.nets.cnn``, ``.nets``."""
    return module + "." * (not module.endswith(".")) + alias.name


def split(path: str) -> Tuple[str, str]:
    """The module and the name in a path as a statement spells it.

    >>> split("common.K"), split("..nets.cnn"), split(".K"), split("keras")
    (('common', 'K'), ('..nets', 'cnn'), ('.', 'K'), ('', 'keras'))
    """
    within, _, name = path.rpartition(".")
    is_only_dots = path.startswith(".") and not within.strip(".")
    return (path[: len(path) - len(name)] if is_only_dots else within), name


class Handing:
    """What each module of a program hands on, found out once.

    Args: ``top`` gives what the file at a path binds, ``find`` the file of a module, by its path as
    another file spells it.
    """

    def __init__(self, top: Callable[[str], Top], find: Find) -> None:
        self._top, self._find = top, find
        self._known: Dict[str, HandedOn] = {}

    def own_modules(self, path: str, spelled: Iterable[str]) -> Dict[str, HandedOn]:
        """Those of the modules that the file at ``path`` imports which are of the program."""
        files = {name: self._find(name, path) for name in spelled}
        return {name: self._of(file) for name, file in files.items() if file and file != path}

    def _of(self, path: str) -> HandedOn:
        """What a module hands on, what it was handed on itself included."""
        if path not in self._known:
            # In a circle of imports Python, too, finds a module with nothing in it.
            self._known[path] = HandedOn()
            self._known[path] = self._found(path)
        return self._known[path]

    def _found(self, path: str) -> HandedOn:
        own = self._top(path)
        names: Dict[str, str] = {}
        stars: Tuple[str, ...] = ()
        for star in own.stars:
            file = self._find(star, path)
            inner = self._of(file) if file else HandedOn(stars=(star,))
            names.update(seen_by_star(inner))
            stars += inner.stars
        for name, spelled in own.names.items():
            names.pop(name, None)
            origin = spelled and self._origin(spelled, path)
            if origin:
                names[name] = origin
        return HandedOn(names, stars, own.listed)

    def _origin(self, spelled: str, path: str) -> Optional[str]:
        """The path in a library of what the module at ``path`` imports; ``None`` if it is a module
        of the program, or something that one defines."""
        if self._find(spelled, path):
            return None
        within, name = split(spelled)
        file = within and self._find(within, path)
        if file:
            return self._of(file).names.get(name)
        return None if spelled.startswith(".") else spelled


def seen_by_star(module: HandedOn) -> Dict[str, str]:
    """The names that ``from module import *`` brings."""
    return {
        name: path
        for name, path in module.names.items()
        if (name[0] != "_" if module.listed is None else name in module.listed)
    }
