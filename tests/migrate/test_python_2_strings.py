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


def test_the_text_of_a_codec(check_noop, check_transformed):
    for step in ("python-2", "keras2 (Python 2)"):
        check_noop("o.encode = 1\nencode('a')\n", step)
    check_transformed("x = 'é'.encode('utf-8')\n", "x = __encoded__('é')('utf-8')\n", "python-2")
    check_transformed(
        "x = 'é'.encode('utf-8')  # é\n",
        "from tfkeras_compat.python_2 import encoded\nx = encoded('é')('utf-8')  # é\n",
        "keras2 (Python 2)",
    )
