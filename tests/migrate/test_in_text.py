"""Rules applied to text: comments and layout survive."""

import sys

import pytest

from tfkeras_compat.errors import MissingDependencyError, RewriteError
from tfkeras_compat.migrate.in_text import rewritten
from tfkeras_compat.migrate.rules import rules_of


@pytest.mark.parametrize(
    "old, new",
    [
        (
            "from keras.layers  import (  # layers\n\tDense, # full\n\tLSTM)\n",
            "from tfkeras_compat.layers  import (  # layers\n\tDense, # full\n\tLSTM)\n",
        ),
        ("import keras , os # both", "import tfkeras_compat as keras , os # both"),
        ("import \\\n  keras.losses as l", "import \\\n  tfkeras_compat.losses as l"),
        (
            "x = [import_module(  # late\n  'keras' ), 1]\n",
            "x = [import_module(  # late\n  'tfkeras_compat' ), 1]\n",
        ),
        (
            "def f():\r\n\tfrom tensorflow import (app,  # flags\r\n\t\tkeras)\r\n\treturn 'ß'\r\n",
            "def f():\r\n\t# flags\r\n\timport tfkeras_compat as keras\r\n"
            "\tfrom tfkeras_compat.tensorflow import app\r\n\treturn 'ß'\r\n",
        ),
        (
            "if x: from tensorflow import app, keras\n",
            "if x: import tfkeras_compat as keras; from tfkeras_compat.tensorflow import app\n",
        ),
        ("s = 'ß'; import keras as k; y = 'é'", "s = 'ß'; import tfkeras_compat as k; y = 'é'"),
    ],
)
def test_comments_and_layout_survive(old, new, check_transformed):
    check_transformed(old, new)


def test_what_stays_of_a_replaced_expression_is_rewritten_too(check_transformed):
    check_transformed(
        "x = f(a  +  b, c) / (\n    2 / d)  # ratio\n",
        "x = __divided__(f(a  +  b, c), __divided__(2, d))  # ratio\n",
        "python-2",
    )


@pytest.mark.parametrize(
    "source, step, place",
    [
        ("if x: from tensorflow import (app,  # c\n  keras)", "drop-in", "line 1"),
        ("x = f'{__import__(\"keras\")}'", "drop-in", "f-string"),
    ],
)
def test_a_change_that_would_lose_a_comment_or_the_meaning_is_refused(source, step, place):
    if "f-string" in place and sys.version_info >= (3, 12):
        pytest.skip("from 3.12 on Python tells places within f-strings")
    with pytest.raises(RewriteError, match=place):
        rewritten(source, rules_of(step))


def test_the_library_for_places_is_needed_only_where_something_changes(monkeypatch):
    monkeypatch.setitem(sys.modules, "asttokens", None)
    assert rewritten("import json", rules_of("drop-in")) == "import json"
    with pytest.raises(MissingDependencyError, match=r"tfkeras_compat\[migrate\]"):
        rewritten("import keras", rules_of("drop-in"))
