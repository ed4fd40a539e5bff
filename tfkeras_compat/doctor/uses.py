"""Which symbols of TensorFlow and Keras a module uses: names, resolved through its imports."""

import ast
from typing import Any, Dict, Iterator, List, Mapping, NamedTuple, Optional, Set, Union

from tfkeras_compat.doctor import symbols
from tfkeras_compat.migrate.handed_on import HandedOn, below, seen_by_star, spelled_module
from tfkeras_compat.migrate.names import ALONE
from tfkeras_compat.migrate.rule import dotted, text_of
from tfkeras_compat.migrate.syntax_trees import children_of

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_BY_NAME = ("importlib.import_module", "import_module", "__import__")
_SHADOWED: List[str] = []  # what a name stands for that is bound to something else


class Use(NamedTuple):
    """A symbol, as it is called from its root on, and the line where it stands."""

    symbol: str
    line: int


Own = Mapping[str, HandedOn]  # the modules of the program that a module imports, as it spells them


def uses_of(tree: ast.AST, own: Own = ALONE.own) -> List[Use]:
    """The symbols of TensorFlow and Keras in a module, in the order in which they are met.

    Names count where they are imported and where they are read; so do names that stand for a
    symbol (``layers = tf.keras.layers``), those that a star import brings, and those that another
    module of the program hands on.

    >>> tree = ast.parse("import tensorflow as tf\\nnn = tf.nn\\nnn.relu(tf.Variable(1).value())")
    >>> [use.symbol for use in uses_of(tree)]
    ['tensorflow.nn', 'tensorflow.nn.relu', 'tensorflow.Variable']
    """
    scope = _Scope(None, tree, own)
    return list(_uses(tree, scope))


class _Scope:
    """What names stand for in a module or function: the paths they were imported from."""

    def __init__(self, above: "Optional[_Scope]", node: ast.AST, own: Own) -> None:
        self._above, self.own = above, own
        self._paths: Dict[str, List[str]] = {}
        self._stars: List[str] = []
        aliases, others = [], _arguments(node)
        for each in _inside(node):
            self._bind_import(each)
            if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
                aliases.append(each)
            elif isinstance(each, ast.Name) and not isinstance(each.ctx, ast.Load):
                others.add(each.id)
        self._bind_others(aliases, others, isinstance(node, _SCOPES))

    def _bind_import(self, node: ast.AST) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                path = alias.name if alias.asname else alias.name.partition(".")[0]
                self._bind(alias.asname or path, path)
        elif isinstance(node, ast.ImportFrom):
            module = spelled_module(node)
            for alias in node.names:
                if alias.name == "*":
                    self._bind_all(module)
                else:
                    self._bind(alias.asname or alias.name, below(module, alias))

    def _bind_all(self, module: str) -> None:
        if module not in self.own:
            self._stars.append(module)
            return
        for name, path in seen_by_star(self.own[module]).items():
            self._bind(name, path)
        self._stars += self.own[module].stars

    def _bind(self, name: str, path: str) -> None:
        if symbols.is_ours(path) or self._leads_to_own(path):
            self._paths.setdefault(name, []).append(path)

    def _leads_to_own(self, path: str) -> bool:
        return any(
            (module + ".").startswith(path + ".") or path.startswith(module.rstrip(".") + ".")
            for module in self.own
        )

    def _in_library(self, path: str) -> Optional[str]:
        """The path itself, or where a module of the program has from what it leads to."""
        if symbols.is_ours(path):
            return path
        parts = path.split(".")
        for end in range(1, len(parts)):
            module = ".".join(parts[:end]) or "."
            found = self.own.get(module) and _origin(parts[end], self.own[module])
            if found:
                return ".".join([found, *parts[end + 1 :]])
        return None

    def _bind_others(self, aliases: List[Any], others: Set[str], shadows: bool) -> None:
        """Names that stand for a symbol; other names of a function hide those around it."""
        hidden = set(others)
        for each in aliases:
            path = self.path_of(each.value)
            if path is not None:
                self._paths.setdefault(each.targets[0].id, []).append(path)
        for name in hidden if shadows else ():
            self._paths.setdefault(name, _SHADOWED)

    def path_of(self, node: ast.AST) -> Optional[str]:
        """The path of a symbol that an expression spells; ``None`` if it spells none."""
        spelled = dotted(node)
        if spelled is None:
            return None
        name, dot, rest = spelled.partition(".")
        paths = self._paths_of(name)
        found = [self._in_library(path + dot + rest) for path in paths]
        return _best([path for path in found if path])

    def _paths_of(self, name: str) -> List[str]:
        scope: Optional[_Scope] = self
        while scope is not None:
            if name in scope._paths:
                return scope._paths[name]
            found = [s for s in scope._stars if symbols.is_ours(s) and _brings(s, name)]
            if found:
                return [found[-1] + "." + name]
            scope = scope._above
        return []


def _brings(module: str, name: str) -> bool:
    return name in symbols.public_names(module)


def _origin(name: str, module: HandedOn) -> Optional[str]:
    """Where in a library that is which a module of the program hands on."""
    path = module.names.get(name)
    if path:
        return path if symbols.is_ours(path) else None
    stars = [star for star in module.stars if symbols.is_ours(star) and _brings(star, name)]
    return stars[-1] + "." + name if stars else None


def _best(paths: List[str]) -> Optional[str]:
    """Of what a name was imported from, here or there, what serves best."""
    states = symbols.STATES
    return min(paths, key=lambda path: states.index(symbols.judged(path).state), default=None)


def _arguments(node: Any) -> Set[str]:
    if not isinstance(node, _SCOPES):
        return set()
    found = node.args
    every = found.args + found.kwonlyargs + [found.vararg, found.kwarg]
    return {each.arg for each in every if each is not None}


def _inside(node: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a scope, without those of the functions in it."""
    waiting = _children(node)
    while waiting:
        each = waiting.pop()
        yield each
        if not isinstance(each, _SCOPES):
            waiting += _children(each)


def _children(node: ast.AST) -> List[ast.AST]:
    """The last comes first: so a stack gives them in the order of the source."""
    return list(children_of(node))[::-1]


def _uses(node: ast.AST, scope: _Scope) -> Iterator[Use]:
    for child in children_of(node):
        found = _use(child, scope)
        if isinstance(found, list):
            yield from found
        elif found is not None:
            yield found
            continue  # the parts of a symbol are no symbols
        inner = _Scope(scope, child, scope.own) if isinstance(child, _SCOPES) else scope
        yield from _uses(child, inner)


def _use(node: Any, scope: _Scope) -> "Union[Use, List[Use], None]":
    if isinstance(node, ast.Import):
        return _of_paths([alias.name for alias in node.names if "." in alias.name], node)
    if isinstance(node, ast.ImportFrom) and not node.level:
        return _of_paths(["%s.%s" % (node.module, alias.name) for alias in node.names], node)
    if isinstance(node, ast.Call):
        return _of_import_by_name(node)
    if isinstance(node, (ast.Attribute, ast.Name)) and isinstance(node.ctx, ast.Load):
        path = scope.path_of(node)
        return Use(path, node.lineno) if path and "." in path else None
    return None


def _of_paths(paths: List[str], node: Any) -> List[Use]:
    return [Use(path, node.lineno) for path in paths if symbols.is_ours(path)]


def _of_import_by_name(node: ast.Call) -> List[Use]:
    named = text_of(node.args[0]) if node.args else None
    found = named is not None and "." in named and dotted(node.func) in _BY_NAME
    return _of_paths([str(named)], node) if found else []
