"""Rule ``codecs``."""

import ast

from tfkeras_compat.migrate.in_tree import rewritten
from tfkeras_compat.migrate.rules import rules_of


def test_encode_and_decode_are_looked_up_by_our_functions_and_assigned_as_ever():
    source = "x = ['a'.encode('ascii'), o.decode]\no.encode = 1"
    tree = rewritten(ast.parse(source), rules_of("python-2"))

    class Model:
        pass

    scope = {"o": Model, "__encoded__": lambda v: v.upper().__add__, "__decoded__": type}
    exec(compile(tree, "script", "exec"), scope)
    assert scope["x"] == ["Aascii", type] and Model.encode == 1
