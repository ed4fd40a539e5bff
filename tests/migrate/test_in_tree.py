"""Rules applied to a syntax tree."""

import ast

from tfkeras_compat.migrate.in_tree import rewritten
from tfkeras_compat.migrate.rules import RULES, rules_of


def test_what_is_new_stands_where_the_old_stood():
    source = "x = 1\n\n\ndef f(y):\n    return (y /\n            2)\n"
    tree = rewritten(ast.parse(source), rules_of("python-2"))
    call = tree.body[1].body[0].value
    assert [call.func.id, call.lineno, call.args[1].lineno] == ["__divided__", 5, 6]
    tree = rewritten(ast.parse("\n\nimport keras\nfrom tensorflow import keras, app"), RULES)
    assert [node.lineno for node in tree.body] == [3, 4, 4]


def test_what_stays_of_a_replaced_node_is_rewritten_too():
    tree = rewritten(ast.parse("x = a / (b / c)"), rules_of("python-2"))
    scope = {"a": 12, "b": 6, "c": 2, "__divided__": lambda a, b: (a, b)}
    exec(compile(tree, "script", "exec"), scope)
    assert scope["x"] == (12, (6, 2))
