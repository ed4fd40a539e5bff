"""Syntax trees: their nodes, and whether two mean the same.

A code base has millions of nodes, and each rule looks at them: the standard library's ``walk`` and
``dump`` took half of the time.
"""

import ast
from typing import Any, Iterator, List

# The marks of names, attributes and items that are read, bound or deleted: every tree has them
# beside every name, and nothing is in them.
_MARKS = (ast.expr_context,)


def nodes_of(tree: ast.AST) -> List[Any]:
    """The node and all nodes in it but ``Load`` and its like, level by level.

    >>> [type(node).__name__ for node in nodes_of(ast.parse("f(x).y"))]
    ['Module', 'Expr', 'Attribute', 'Call', 'Name', 'Name']
    """
    found: List[Any] = [tree]
    for node in found:  # which grows
        found += children_of(node)
    return found


def children_of(node: ast.AST) -> Iterator[Any]:
    """The nodes right below a node, in the order of its fields, but ``Load`` and its like."""
    for field in node._fields:
        value = getattr(node, field, None)
        if isinstance(value, list):
            yield from (each for each in value if isinstance(each, ast.AST))
        elif isinstance(value, ast.AST) and not isinstance(value, _MARKS):
            yield value


def alike(one: Any, other: Any) -> bool:
    """Whether two trees, or the values of their fields, mean the same wherever they stand.

    >>> alike(ast.parse("f( 1 )"), ast.parse("f(1)")), alike(ast.parse("1"), ast.parse("1.0"))
    (True, False)
    """
    if type(one) is not type(other):
        return False
    if isinstance(one, ast.AST):
        return all(
            alike(getattr(one, field, None), getattr(other, field, None)) for field in one._fields
        )
    if isinstance(one, list):
        return len(one) == len(other) and all(map(alike, one, other))
    # 0.0 is not -0.0, and one nan is another: what the source says is compared.
    return repr(one) == repr(other)
