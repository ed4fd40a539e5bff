"""Where comments are put."""

import ast

import pytest

from tfkeras_compat.migrate.marks import marked
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.rule import Rule


class OfCalls(Rule):
    nodes = (ast.Call,)

    def mark(self, node, names):
        return "a call" if getattr(node.func, "id", "") == "f" else None


MARK = "# a call\n"


@pytest.mark.parametrize(
    "old, new",
    [
        ("x = 1\ny = f()\n", "x = 1\n" + MARK + "y = f()\n"),
        ("if x: f()\n", MARK + "if x: f()\n"),
        ("if x:\n\tf(1,\n\t  f())\n", "if x:\n\t" + MARK + "\tf(1,\n\t  f())\n"),
        ("x = '''\n'''; f()\n", MARK + "x = '''\n'''; f()\n"),
        ("if x:\n  1\nelif f():\n  2\n", "if x:\n  1\n" + MARK + "elif f():\n  2\n"),
        ("@g\ndef h():\n    return f()\n", "@g\ndef h():\n    " + MARK + "    return f()\n"),
        ("x = 1\r\nf()\r\n", "x = 1\r\n# a call\r\nf()\r\n"),
    ],
)
def test_a_comment_stands_above_the_statement_and_once(old, new):
    assert marked(old, [OfCalls()], Names(ast.parse(old))) == new
    assert marked(new, [OfCalls()], Names(ast.parse(new))) == new
