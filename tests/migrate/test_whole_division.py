"""Rule ``whole division``."""

import pytest

STEP = "keras2 (Python 2)"
OURS = "from tfkeras_compat.python_2 import divided\n"


@pytest.mark.parametrize(
    "old, new",
    [
        ("n = len(x) / 2  # half\n", "n = len(x) // 2  # half\n"),
        ("n = (7 +  # one\n     1) / 2 * 1.\n", "n = (7 +  # one\n     1) // 2 * 1.\n"),
        ("n = 7\nk = n / (n - 1)\n", "n = 7\nk = n // (n - 1)\n"),
        ("for i in range(3):\n    i / 2\n", "for i in range(3):\n    i // 2\n"),
        ("k = x.shape[0] / 2\n", "k = x.shape[0] // 2\n"),
        ("n = 7\nn /= 2\n", "n = 7\nn //= 2\n"),
        ("k = a / b\n", OURS + "k = divided(a, b)\n"),
        ("def f(n=2):\n    return n / 2\n", OURS + "def f(n=2):\n    return divided(n, 2)\n"),
        ("k = (a / b) / 2\n", OURS + "k = divided(divided(a, b), 2)\n"),
        (
            "a[0] /= 2\n",
            OURS.replace("divided", "divided_in_place") + "a[0] = divided_in_place(a[0], 2)\n",
        ),
    ],
)
def test_a_division_keeps_its_meaning(old, new, check_transformed):
    check_transformed(old, new, STEP)


@pytest.mark.parametrize(
    "source",
    [
        "k = a / 2.0\n",
        "import numpy as np\nk = np.exp(a) / b + float(c) / d\n",
        "r = 0.5\nk = a / r\n",
        "from __future__ import division\nk = a / b\n",
        "k = a // b\n",
    ],
)
def test_what_is_a_true_division_already_stays(source, check_noop):
    check_noop(source, STEP)


def test_an_object_with_a_division_of_its_own_is_asked(check_transformed):
    source = "class A:\n    def __div__(self, other): pass\n"
    check_transformed(source + "k = a / 2.\n", OURS + source + "k = divided(a, 2.)\n", STEP)
