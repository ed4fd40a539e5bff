"""Comments above statements that rules can not change, with the reason: ``# keras3: ...``."""

import ast
from typing import Any, Dict, Iterable, List

from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.rule import Rule


def marked(text: str, rules: Iterable[Rule], names: Names) -> str:
    """The text, whose names are ``names``, with what ``rules`` have to say in comments; those that
    are there stay alone.

    >>> class Rule3(Rule):
    ...     nodes = (ast.Constant, getattr(ast, "Num", ast.Constant))
    ...     def mark(self, node, names):
    ...         return "step: a number"
    >>> text = "if x:\\n    f(3)\\n"
    >>> print(marked(text, [Rule3()], Names(ast.parse(text))))
    if x:
        # step: a number
        f(3)
    <BLANKLINE>
    """
    valid = [rule for rule in rules if rule.applies_to(names.tree)]
    marks: Dict[int, List[str]] = {}
    for node in names.nodes:
        for comment in _comments_on(node, valid, names):
            marks.setdefault(_line_of(node, names), []).append(comment)
    return _inserted(text, marks) if marks else text


def _comments_on(node: Any, rules: List[Rule], names: Names) -> List[str]:
    answers = [rule.mark(node, names) for rule in rules if isinstance(node, rule.nodes)]
    return ["# " + answer for answer in answers if answer]


def _line_of(node: Any, names: Names) -> int:
    """The line of the innermost statement around a node that begins its line."""
    while not isinstance(node, ast.stmt):
        node = names.parent_of(node)
    parent = names.parent_of(node)
    blocks = [block for _, block in ast.iter_fields(parent) if isinstance(block, list)]
    block = next(block for block in blocks if node in block)
    before = block[: block.index(node)]
    if before and _last_line(before[-1]) >= node.lineno:
        return _line_of(before[-1], names)  # `x = 1; f()`
    if not before and not isinstance(parent, ast.Module) and _last_header(parent, node):
        return _line_of(parent, names)  # `if x: f()`
    return int(node.lineno)


def _last_line(node: ast.AST) -> int:
    # Python 3.7 does not tell where a node ends; what begins last is near enough for a `;`.
    lines = [getattr(each, "end_lineno", getattr(each, "lineno", 0)) for each in ast.walk(node)]
    return int(max(lines))


def _last_header(parent: Any, node: ast.stmt) -> bool:
    """Whether a block begins in the line of its `if`, `for`, `def`."""
    header = [each for each in ast.iter_child_nodes(parent) if not isinstance(each, ast.stmt)]
    lines = [getattr(parent, "lineno", 0)] + [_last_line(each) for each in header]
    return isinstance(parent, (ast.stmt, ast.ExceptHandler)) and max(lines) >= node.lineno


def _inserted(text: str, marks: Dict[int, List[str]]) -> str:
    lines = text.splitlines(True)
    end = "\r\n" if "\r\n" in text else "\n"
    new: List[str] = []
    for number, line in enumerate(lines, 1):
        indentation = line[: len(line) - len(line.lstrip())]
        there = _comments_above(new)
        for comment in marks.get(number, []):
            if comment not in there:
                there.append(comment)
                new.append(indentation + comment + end)
        new.append(line)
    return "".join(new)


def _comments_above(lines: List[str]) -> List[str]:
    found: List[str] = []
    for line in reversed(lines):
        if not line.lstrip().startswith("#"):
            break
        found.append(line.strip())
    return found
