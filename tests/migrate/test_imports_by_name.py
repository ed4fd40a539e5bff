"""Rule ``imports by name``."""

import ast

import pytest

from tfkeras_compat.migrate.in_tree import rewritten
from tfkeras_compat.migrate.rules import rules_of


def value_of(expression):
    """The value of ``module`` after an assignment in legacy source."""
    source = "import importlib\nfrom importlib import import_module\nmodule = " + expression
    scope = {}
    exec(compile(rewritten(ast.parse(source), rules_of("drop-in")), "script", "exec"), scope)
    return scope["module"].__name__


@pytest.mark.parametrize(
    "expression, name",
    [
        ("importlib.import_module('keras.losses')", "tfkeras_compat.losses"),
        ("import_module('keras')", "tfkeras_compat"),
        ("__import__('keras')", "tfkeras_compat"),
        ("__import__('keras.losses')", "tfkeras_compat"),
        ("__import__('json')", "json"),
        ("importlib.import_module('.decoder', 'json')", "json.decoder"),
    ],
)
def test_a_module_that_a_literal_names_is_imported_from_here(expression, name):
    assert value_of(expression) == name


def test_only_names_of_ours_change(check_noop, check_transformed):
    check_noop("find('keras'); import_module(name); __import__('json')\n")
    check_transformed(
        "losses = importlib.import_module('keras.losses')\n",
        "losses = importlib.import_module('tfkeras_compat.losses')\n",
    )
