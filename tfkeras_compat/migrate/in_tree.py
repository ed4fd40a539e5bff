"""Applies rules to a syntax tree. Every new node takes the place of the old one in the file, so
that tracebacks show the user's own lines."""

import ast
import copy
from typing import Any, Iterable, List, Optional

from tfkeras_compat.migrate.names import ALONE, Names, Program
from tfkeras_compat.migrate.rule import Replacement, Rule

_HOLE = "_part_%d_of_the_old_node"


def rewritten(tree: ast.Module, rules: Iterable[Rule], program: Program = ALONE) -> ast.Module:
    """A module's syntax tree with what ``rules`` replace replaced. The tree itself is changed.

    >>> from tfkeras_compat.migrate.rules import rules_of
    >>> tree = rewritten(ast.parse("import keras as k"), rules_of("drop-in"))
    >>> tree.body[0].names[0].name
    'tfkeras_compat'
    """
    valid = [rule for rule in rules if rule.applies_to(tree)]
    return ast.fix_missing_locations(replaced(Names(tree, program), valid))


def replaced(names: Names, rules: List[Rule]) -> ast.Module:
    """The syntax tree of ``names``, changed: they are of no use any more."""
    tree: ast.Module = _Applier(rules, names).visit(names.tree)
    return tree


def replacement_of(node: ast.AST, rules: Iterable[Rule], names: Names) -> Optional[Replacement]:
    """What the first of ``rules`` that replaces ``node`` puts in its place, if one does."""
    answers = (rule.replacement(node, names) for rule in rules if isinstance(node, rule.nodes))
    return next((new for new in answers if new is not None), None)


class _Applier(ast.NodeTransformer):
    """Asks for a node before what is in it, so that rules see the source as it is written."""

    def __init__(self, rules: List[Rule], names: Names) -> None:
        self._rules, self._names = rules, names

    def visit(self, node: Any) -> Any:
        new = replacement_of(node, self._rules, self._names)
        if new is None:
            return self.generic_visit(node)
        if new.source is None:
            place: Any = [self.generic_visit(node)]
        else:
            place = _nodes(new._replace(parts=tuple(self.visit(part) for part in new.parts)), node)
        return place if isinstance(node, ast.expr) else _with_statements(new, place, node)


def _with_statements(new: Replacement, place: Any, old: Any) -> Any:
    before, after = [
        _located(ast.parse("\n".join(lines)), old).body for lines in (new.before, new.after)
    ]
    return before + place + after


def _nodes(new: Replacement, old: Any) -> Any:
    """The replacement as nodes in the place of ``old``: statements, or one expression."""
    holes = {_HOLE % number: part for number, part in enumerate(new.parts)}
    tree = ast.parse(new.filled(list(holes)))
    _located(tree, old)
    body = _Filler(holes).visit(tree).body
    return body[0].value if isinstance(old, ast.expr) else body


def _located(tree: ast.Module, old: Any) -> ast.Module:
    for node in ast.walk(tree):
        if "lineno" in node._attributes:
            ast.copy_location(node, old)
    return tree


class _Filler(ast.NodeTransformer):
    def __init__(self, parts: Any) -> None:
        self._parts = parts

    def visit_Name(self, node: ast.Name) -> Any:
        if node.id not in self._parts:
            return node
        part = copy.deepcopy(self._parts[node.id])
        if hasattr(part, "ctx"):
            part.ctx = node.ctx  # the old node may be a target where the part is a value
        return part
