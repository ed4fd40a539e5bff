"""What the names of a module mean: what it imports, scope by scope."""

import ast
import builtins
from typing import (
    Any,
    Callable,
    Dict,
    FrozenSet,
    List,
    Mapping,
    NamedTuple,
    Optional,
    Tuple,
)

from tfkeras_compat.legacy.modules import ALIASES
from tfkeras_compat.legacy.modules import NAMES as PLACES
from tfkeras_compat.legacy.places import PUBLIC, RENAMED, TENSORFLOW, public_place
from tfkeras_compat.migrate.handed_on import HandedOn, bindings
from tfkeras_compat.migrate.rule import dotted
from tfkeras_compat.migrate.syntax_trees import children_of

ROOT = "tfkeras_compat"
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = _FUNCTIONS + _COMPREHENSIONS + (ast.ClassDef, ast.Module)
_BINDING = (
    *(ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef),
    *(ast.arg, ast.ExceptHandler, ast.Name),
)
_OTHER = None  # what a name that is bound, but not by an import, means


class Program(NamedTuple):
    """What a module has to know of the program that it belongs to.

    generation: that its main script has to choose; ``None`` if it chooses none.
    beside: the names of modules in its folder, which the line that chooses has to precede.
    python_2: whether its main script is of Python 2, and so its modules are, too.
    others: the paths of all files that are of one program with it.
    stays_for: one of them that can not leave for Keras 3, so that none does.
    own: the modules of the program that it imports, as it spells them, with what they hand on.
    """

    generation: Optional[str] = None
    beside: Tuple[str, ...] = ()
    python_2: bool = False
    others: FrozenSet[str] = frozenset()
    stays_for: Optional[str] = None
    own: Mapping[str, HandedOn] = {}


ALONE = Program()  # of a module by itself


class Names:
    """The names of one syntax tree, which has to stay as it is."""

    def __init__(self, tree: ast.Module, program: Program = ALONE) -> None:
        self.tree, self.program = tree, program
        self._parents: Dict[int, ast.AST] = {}
        self._scopes_around: Dict[int, ast.AST] = {}
        self._scopes: Dict[int, Dict[str, Optional[str]]] = {}
        self.stars: List[str] = []
        self.nodes: List[ast.AST] = [tree]
        self._by_class: Dict[type, List[Any]] = {}
        for node in self.nodes:  # which grows, level by level
            self._by_class.setdefault(type(node), []).append(node)
            for child in children_of(node):
                self._parents[id(child)] = node
                self._scopes_around[id(child)] = self._scope_of_what_is_in(node)
                self.nodes.append(child)
        self._memory: Dict[str, Any] = {}
        for node in self.nodes_of(*_BINDING):
            for name, path in bindings(node):
                self._bind(node, name, path)
        self._bound: Dict[str, List[Optional[str]]] = {}
        for scope in self._scopes.values():
            for name, path in scope.items():
                self._bound.setdefault(name, []).append(path)

    def _bind(self, node: Any, name: str, path: Optional[str]) -> None:
        if name == "*":
            self.stars.append(str(path))
            return
        scope = self._scopes.setdefault(id(self._scopes_around[id(node)]), {})
        scope[name] = path if scope.get(name, path) == path else _OTHER

    @property
    def scopes(self) -> List[Dict[str, Optional[str]]]:
        """What is bound in each scope: name -> full path, ``None`` for what is not imported."""
        return list(self._scopes.values())

    def nodes_of(self, *classes: type) -> List[Any]:
        """The nodes of some classes and of those below them, class by class."""
        found = [each for each in self._by_class if issubclass(each, classes)]
        return [node for each in found for node in self._by_class[each]]

    def parent_of(self, node: Any) -> Any:
        """The node that ``node`` is part of; ``None`` for the module."""
        return self._parents.get(id(node))

    def _scope_of_what_is_in(self, node: ast.AST) -> ast.AST:
        return node if isinstance(node, _SCOPES) else self._scopes_around[id(node)]

    def remembered(self, key: str, find: Callable[["Names"], Any]) -> Any:
        """What ``find(self)`` gives, which is asked once."""
        if key not in self._memory:
            self._memory[key] = find(self)
        return self._memory[key]

    def paths_bound_to(self, name: str) -> List[Optional[str]]:
        """What a name is imported by in each scope that binds it; ``None`` for what is none."""
        return self._bound.get(name, [])

    def is_bound(self, name: str) -> bool:
        """Whether the name is bound anywhere in the module."""
        return name in self._bound

    def is_builtin(self, node: Any) -> bool:
        """Whether a node is a name that nothing in the module binds."""
        return isinstance(node, ast.Name) and not self.is_bound(node.id)

    def is_of_program(self, path: str) -> bool:
        """Whether a path leads to a module of the program, or to what one defines."""
        own = (path + ".").startswith
        return path.startswith(".") or any(own(module + ".") for module in self.program.own)

    def path_of(self, node: Any) -> Optional[str]:
        """The public place of what a name or a chain of attributes means, as ``layers.Dense`` or
        ``tensorflow.nn.relu``, or the path of another library or, with the dots of a relative
        import, of a module beside; ``None`` if it is not imported.

        >>> tree = ast.parse("from tfkeras_compat.layers.core import Dense as D\\nD(3)")
        >>> Names(tree).path_of(tree.body[1].value.func)
        'layers.Dense'
        """
        path = self.full_path_of(node)
        return path and public(path)

    def full_path_of(self, node: Any) -> Optional[str]:
        """The path as it is imported: ``tfkeras_compat.layers.core.Dense``."""
        spelled = dotted(node)
        if spelled is None:
            return None
        root, _, below = spelled.partition(".")
        path = self._imported(node, root)
        return path and (path + "." + below if below else path)

    def _imported(self, node: Any, name: str) -> Optional[str]:
        within, in_function = self._scopes_around.get(id(node)), False
        while within is not None:
            # What a class binds is not seen from within its methods.
            seen = not (in_function and isinstance(within, ast.ClassDef))
            if seen and name in self._scopes.get(id(within), {}):
                return self._scopes[id(within)][name]
            in_function = in_function or isinstance(within, _FUNCTIONS)
            within = self._scopes_around.get(id(within))
        return None if hasattr(builtins, name) else self._by_star(name)

    def _by_star(self, name: str) -> Optional[str]:
        candidates = [module + "." + name for module in reversed(self.stars)]
        return next((path for path in candidates if public(path) in PUBLIC), None)

    def uses_of(self, path: str) -> List[Any]:
        """The names and attributes that mean what is publicly called ``path``."""
        found = self.nodes_of(ast.Name, ast.Attribute)
        return [node for node in found if isinstance(node.ctx, ast.Load) and self.means(node, path)]

    def means(self, node: Any, path: str) -> bool:
        """Whether a node means what is publicly called ``path``."""
        last = path.rpartition(".")[2]
        if isinstance(node, ast.Attribute) and node.attr != last:
            return False
        return self.path_of(node) == path


def public(path: str) -> str:
    """The public place of a full path: that of other libraries is the path itself.

    >>> public("tfkeras_compat.engine.topology.Merge"), public("numpy.exp")
    ('layers.Merge', 'numpy.exp')
    """
    if path == ROOT or not path.startswith(ROOT + "."):
        return path
    path = path[len(ROOT) + 1 :]
    for prefix in TENSORFLOW:
        if (path + ".").startswith(prefix + "."):
            path = path[len(prefix) + 1 :]
            break
    else:
        if path.partition(".")[0] == "tensorflow":
            return path
    return public_place(_settled(path))


def _settled(path: str) -> str:
    """The path below the root with the old modules in it replaced by what they stand for."""
    if path in RENAMED:
        return path  # the new name is another rule's concern
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        module = ".".join(parts[:end])
        if module in ALIASES:
            return ".".join([ALIASES[module]] + parts[end:])
        target = PLACES.get(module, {}).get(parts[end]) if end < len(parts) else None
        if target:
            return ".".join([target.replace(":", ".")] + parts[end + 1 :])
    return PLACES[""].get(parts[0], parts[0]).replace(":", ".") + path[len(parts[0]) :]
