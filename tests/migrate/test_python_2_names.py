"""Rule ``names of Python 2``."""

import pytest

STEP = "keras2 (Python 2)"
OURS = "from tfkeras_compat.python_2 import "


@pytest.mark.parametrize(
    "source, names",
    [
        ("import os\nx = round(2.5)\n", "round"),
        ("import os\nx = open(path).read(), filter(f, s)\n", "filter, open"),
        ("import os\nx = sorted(a, cmp=f), sorted(a, f)\n", "sorted"),
        ("import os\nx = list(map(f, a, b))\n", "map"),
        ("import os\nexec('print 3')\nexec(text)\n", "exec"),
        ("import os\nf = raw_input\n", "raw_input"),
    ],
)
def test_what_means_something_else_is_imported_in_one_line(source, names, check_transformed):
    check_transformed(source, OURS + names + "\n" + source, STEP)


def test_the_line_stands_behind_the_heading_and_file_is_open(check_transformed):
    head = '# -*- coding: utf-8 -*-\n"""Doc."""\nfrom __future__ import division\n'
    check_transformed(head + "file('a')  # a\n", head + OURS + "open\nopen('a')  # a\n", STEP)


@pytest.mark.parametrize(
    "source",
    [
        "open('a', 'rb'), sorted(a), sorted(a, key=f), list(map(f, a))\nexec('x = 3')\n",
        "def round(x): pass\nround(3)\n",
        "from codecs import open\nopen('a')\n",
        "np.round(3)\n",
    ],
)
def test_what_means_the_same_or_is_the_users_own_stays(source, check_noop):
    check_noop(source, STEP)
