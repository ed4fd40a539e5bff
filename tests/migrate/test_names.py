"""What names mean: imports, scopes, and what hides them."""

import ast

import pytest

from tfkeras_compat.migrate.names import Names, public


def paths(source, name):
    """What ``name`` means at each place where it is read, in order."""
    names = Names(ast.parse(source))
    reads = [node for node in names.nodes if getattr(node, "id", "") == name]
    reads = [node for node in reads if isinstance(node.ctx, ast.Load)]
    return [names.path_of(node) for node in sorted(reads, key=lambda node: node.lineno)]


@pytest.mark.parametrize(
    "source, found",
    [
        ("from tfkeras_compat.layers.core import Dense as D\nD", ["layers.Dense"]),
        ("from tfkeras_compat.engine import Layer as D\nD", ["layers.Layer"]),
        ("import numpy as D\nD", ["numpy"]),
        ("import tfkeras_compat.tensorflow.keras.layers as D\nD", ["layers"]),
        ("from tfkeras_compat.tensorflow import nn as D\nD", ["tensorflow.nn"]),
        ("from . import D\nD", [".D"]),
        ("from ..a import *\nfrom .b import c as D\nD", [".b.c"]),
        ("from tfkeras_compat import losses as D\ndef f(D):\n  D\nD", [None, "losses"]),
        ("from tfkeras_compat import losses as D\n[D for D in x]\nD", [None, "losses"]),
        ("def f():\n  from tfkeras_compat import losses as D\n  D\nD", ["losses", None]),
        (
            "from tfkeras_compat import losses as D\nclass A:\n  D = 3\n  D\n  def f(self):\n"
            "    D\n",
            [None, "losses"],
        ),
        ("try:\n  import json as D\nexcept E:\n  import tfkeras_compat as D\nD", [None]),
    ],
)
def test_a_name_means_what_its_scope_imports(source, found):
    assert paths(source, "D") == found


def test_a_star_brings_the_names_of_the_tables_and_no_built_in_ones():
    star = "from tfkeras_compat.layers import *\n"
    assert paths(star + "Dense", "Dense") == ["layers.Dense"]
    assert paths(star + "max", "max") == paths(star + "thing", "thing") == [None]
    assert paths(star + "Dense = 3\nDense", "Dense") == [None]


def test_public_places():
    assert public("tfkeras_compat.Model") == public("tfkeras_compat.engine.Model")
    assert public("tfkeras_compat.objectives.mse") == "losses.mse"
    assert public("tfkeras_compat.tensorflow.contrib.keras.layers.Dense") == "layers.Dense"
    assert public("tensorflow.compat.v1.abs") == "tensorflow.compat.v1.abs"
