"""Rule ``imports``: the statements of legacy source, and what they bind afterwards."""

import ast

import pytest

from tfkeras_compat.migrate.in_tree import rewritten
from tfkeras_compat.migrate.rules import rules_of


def statements(source):
    """The import statements that take the place of ``source``, one a line."""
    tree = rewritten(ast.parse(source), rules_of("drop-in"))
    lines = []
    for node in tree.body:
        names = ", ".join(
            alias.name + (" as " + alias.asname if alias.asname else "") for alias in node.names
        )
        above = getattr(node, "module", None)
        lines.append("from %s import %s" % (above, names) if above else "import " + names)
    return lines


@pytest.mark.parametrize(
    "old, new",
    [
        ("import keras", ["import tfkeras_compat as keras"]),
        ("import keras as k, json", ["import tfkeras_compat as k, json"]),
        (
            "import keras.backend",
            ["import tfkeras_compat.backend as keras, tfkeras_compat as keras"],
        ),
        (
            "import tensorflow.contrib.slim as slim",
            ["import tfkeras_compat.tensorflow.contrib.slim as slim"],
        ),
        ("import tensorflow.keras.backend as K", ["import tfkeras_compat.backend as K"]),
        ("import tensorflow.compat.v1 as tf", ["import tfkeras_compat.tensorflow as tf"]),
        ("from tensorflow.compat import v1 as tf", ["import tfkeras_compat.tensorflow as tf"]),
        ("from keras.layers import *", ["from tfkeras_compat.layers import *"]),
        (
            "from tensorflow import keras, losses as l",
            ["import tfkeras_compat as keras", "from tfkeras_compat.tensorflow import losses as l"],
        ),
    ],
)
def test_modules_of_keras_and_tensorflow_are_imported_from_here(old, new):
    assert statements(old) == new


@pytest.mark.parametrize(
    "source",
    ["from . import keras", "from .keras import x", "import numpy.linalg, kerastuner", "import os"],
)
def test_relative_imports_and_other_libraries_stay(source):
    tree = rewritten(ast.parse(source), rules_of("drop-in"))
    assert ast.dump(tree) == ast.dump(ast.parse(source))


def test_the_text_of_an_import_changes_and_relative_ones_stay(check_noop, check_transformed):
    check_noop("from .keras import Dense  # import keras\nimport numpy\n")
    check_transformed(
        "from keras import backend as K\n", "from tfkeras_compat import backend as K\n"
    )
    check_noop("import json, copyreg_\n", "python-2")
    check_transformed(
        "import Queue as q\n",
        "import tfkeras_compat.dropin.python_2.modules.Queue as q\n",
        "python-2",
    )


def test_what_was_migrated_to_compat_v1_comes_back_to_it(check_transformed):
    check_transformed(
        "import tensorflow.compat.v1 as tf\n", "import tfkeras_compat.tensorflow as tf\n"
    )
