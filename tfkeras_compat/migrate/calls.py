"""Calls in other words: what stays of them stays as it is written."""

import ast
from typing import Any, Dict, List, NamedTuple, Optional

from tfkeras_compat.migrate.handed_on import listed_in
from tfkeras_compat.migrate.names import ROOT, Names, public
from tfkeras_compat.migrate.rule import Replacement, Rule, dotted


class Argument(NamedTuple):
    """An argument; ``name`` is ``None`` without one, ``*`` or ``**``. ``value`` is a node, or
    source."""

    name: Optional[str]
    value: Any

    @property
    def literal(self) -> Any:
        """The value of a literal; ``...`` for what is none."""
        try:
            return ast.literal_eval(self.value)
        except (ValueError, SyntaxError):
            return ...


def arguments_of(call: ast.Call) -> List[Argument]:
    """The arguments of a call, in their order."""
    plain = [
        Argument("*", each.value) if isinstance(each, ast.Starred) else Argument(None, each)
        for each in call.args
    ]
    return plain + [Argument(each.arg or "**", each.value) for each in call.keywords]


def renamed(arguments: List[Argument], table: Dict[str, str]) -> List[Argument]:
    """The arguments under their new names, but those that are given under both."""
    given = {each.name for each in arguments}
    valid = {old: new for old, new in table.items() if new not in given}
    return [each._replace(name=valid.get(str(each.name), each.name)) for each in arguments]


def named(call: ast.Call, name: str) -> Any:
    """The node of the argument with a name, else ``None``."""
    return next((each.value for each in call.keywords if each.arg == name), None)


def respelled(
    call: ast.Call, arguments: List[Argument], function: Optional[str] = None
) -> Replacement:
    """The call with other arguments, and of another function of the same module if one is given.

    >>> call = ast.parse("k.f(a, b=2)").body[0].value
    >>> respelled(call, [Argument("c", call.args[0])], "g").source
    '{0}.g(c={1})'
    """
    parts: List[Any] = []
    called = _function(call.func, function, parts)
    words = [_word(each, parts) for each in arguments]
    return Replacement("%s(%s)" % (called, ", ".join(words)), tuple(parts), keeps_layout=True)


def _function(old: Any, new: Optional[str], parts: List[Any]) -> str:
    if new is None:
        return _placed(old, parts)
    return _placed(old.value, parts) + "." + new if isinstance(old, ast.Attribute) else new


def _word(argument: Argument, parts: List[Any]) -> str:
    value = _placed(argument.value, parts)
    if argument.name in ("*", "**"):
        return str(argument.name) + value
    return "%s=%s" % (argument.name, value) if argument.name else value


def _placed(value: Any, parts: List[Any]) -> str:
    if isinstance(value, str):
        return value.replace("{", "{{").replace("}", "}}")
    parts.append(value)
    return "{%d}" % (len(parts) - 1)


def in_place_of(function: Any, new: str) -> str:
    """How a function of the same module as ``function`` is spelled.

    >>> in_place_of(ast.parse("keras.layers.old").body[0].value, "new")
    'keras.layers.new'
    """
    above = str(dotted(function)).rpartition(".")[0]
    return above + "." + new if above else new


class Arguments(Rule):
    """Rules of arguments: a call gets others, of the same function."""

    nodes = (ast.Call,)

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        old = arguments_of(node)
        new = self.new(node, old, names)
        return respelled(node, new) if new != old else None

    def new(self, call: ast.Call, old: List[Argument], names: Names) -> List[Argument]:
        """What the call is given in the place of its arguments ``old``."""
        raise NotImplementedError


class ImportedNames(Rule):
    """Rules of names: what replaces a name has to be imported in its place."""

    def imported(self, path: str, alias: ast.alias, names: Names) -> Optional[List[str]]:
        """What is imported in the place of what is publicly called ``path``; ``None`` if it
        stays."""
        raise NotImplementedError

    def import_of(self, node: ast.ImportFrom, names: Names) -> Optional[Replacement]:
        """The import statement with other names."""
        if node.level or node.names[0].name == "*":
            return None
        targets = []
        for alias in node.names:
            new = self.imported(public("%s.%s" % (node.module, alias.name)), alias, names)
            targets += [spelled(alias)] if new is None else new
        targets = list(dict.fromkeys(targets))
        if targets == [spelled(alias) for alias in node.names]:
            return None
        return Replacement("from %s import %s" % (node.module, ", ".join(targets)))


def spelled(alias: ast.alias) -> str:
    """A name of an import statement, as it is written."""
    return "%s as %s" % (alias.name, alias.asname) if alias.asname else alias.name


def is_free(name: str, path: str, names: Names) -> bool:
    """Whether a name can stand for what is publicly called ``path`` all over a module, and is not
    promised to others by ``__all__``."""
    if name in names.remembered("listed", lambda names: listed_in(names.tree) or ()):
        return False
    bound = names.paths_bound_to(name)
    return all(each is not None and public(each) == path for each in bound)


def full(path: str) -> str:
    """The full path of what is publicly called ``path``."""
    return "%s.%s" % (ROOT, path)
