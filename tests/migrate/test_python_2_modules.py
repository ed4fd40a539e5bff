"""Rule ``modules of Python 2``."""

import pytest

STEP = "keras2 (Python 2)"


@pytest.mark.parametrize(
    "old, new",
    [
        (
            "import pickle, os  # load\n",
            "import tfkeras_compat.python_2.pickle as pickle, os  # load\n",
        ),
        ("from pickle import load\n", "from tfkeras_compat.python_2.pickle import load\n"),
        (
            "import string\nstring.letters\n",
            "import tfkeras_compat.python_2.string as string\nstring.letters\n",
        ),
    ],
)
def test_they_are_imported_from_here(old, new, check_transformed):
    check_transformed(old, new, STEP)


@pytest.mark.parametrize(
    "source",
    ["import string\nstring.digits\n", "from string import Template\n", "import json, pickles\n"],
)
def test_others_stay_and_so_does_what_python_3_has(source, check_noop):
    check_noop(source, STEP)
