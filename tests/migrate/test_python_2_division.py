"""Rules ``division`` and ``division in place``."""

import ast

import pytest

from tfkeras_compat.migrate.in_tree import rewritten
from tfkeras_compat.migrate.rules import rules_of

_NAMES = {
    "__divided__": lambda a, b: ("divided", a, b),
    "__divided_in_place__": lambda a, b: ("in place", a, b),
}


def x_after(source, **values):
    scope = dict(_NAMES, **values)
    exec(compile(rewritten(ast.parse(source), rules_of("python-2")), "script", "exec"), scope)
    return scope["x"]


@pytest.mark.parametrize(
    "source, x",
    [
        ("x = 7 / 2", ("divided", 7, 2)),
        ("x = 7\nx /= 2", ("in place", 7, 2)),
        ("x = [7]\nx[0] /= 2", [("in place", 7, 2)]),
        ("x = 7 // 2", 3),
        ("from __future__ import division\nx = 7 / 2", 3.5),
    ],
)
def test_only_divisions_of_python_2_are_replaced(source, x):
    assert x_after(source) == x


def test_the_text_of_a_division(check_noop, check_transformed):
    check_noop("from __future__ import division\nx = a / b\nx /= 2\n", "python-2")
    check_transformed(
        "x = (a +  # two\n     b) / (c / 2)\n",
        "x = __divided__(a +  # two\n     b, __divided__(c, 2))\n",
        "python-2",
    )
    check_noop("x //= 2\n", "python-2")
    check_transformed("x[0] /= 2\n", "x[0] = __divided_in_place__(x[0], 2)\n", "python-2")
