"""Rule ``syntax of Python 2``: whole texts, before the other rules see them."""

import pytest

from tfkeras_compat.errors import RewriteError
from tfkeras_compat.migrate import journey
from tfkeras_compat.migrate.names import Program
from tfkeras_compat.migrate.rules import rules_up_to

pytest.importorskip("fissix")


@pytest.fixture
def check_text():
    def check(old, new, program=Program()):  # noqa: B008 - a constant
        rules = rules_up_to("keras2")
        assert journey.migrated(old, rules, program) == new
        assert journey.migrated(new, rules) == new

    return check


@pytest.fixture
def check_transformed(check_text):
    return check_text


@pytest.fixture
def check_noop(check_text):
    return lambda text: check_text(text, text)


@pytest.mark.parametrize(
    "old, new",
    [
        ("print 'x', y  # shown\n", "print('x', y)  # shown\n"),
        ("print >>f, `x`, 3 <> 4", "print(repr(x), 3 != 4, file=f)"),
        ("try:\n\tf()\nexcept E, e:\n\tprint e\n", "try:\n\tf()\nexcept E as e:\n\tprint(e)\n"),
        ("for k in xrange(3): print k,\n", "for k in range(3): print(k, end=' ')\n"),
        (
            "x = zip(a, b), d.has_key(u'c'), d.iteritems()\n",
            "x = list(zip(a, b)), 'c' in d, iter(d.items())\n",
        ),
        (
            "import Queue, urllib2\nq = Queue.Queue(long(3))\n",
            "import queue, urllib.request, urllib.error, urllib.parse\nq = queue.Queue(int(3))\n",
        ),
        (
            "x = raw_input(), isinstance(y, basestring), unicode(z)\n",
            "x = input(), isinstance(y, str), str(z)\n",
        ),
        (
            "print reduce(f, [7 / 2])\n",
            "from functools import reduce\nprint(reduce(f, [7 // 2]))\n",
        ),
        ("print  a  +  b ; c = 3\n\n\n# the end\n", "print(a  +  b) ; c = 3\n\n\n# the end\n"),
    ],
)
def test_the_text_is_one_of_python_3_with_its_comments(old, new, check_transformed):
    check_transformed(old, new)


@pytest.mark.parametrize(
    "source",
    [
        "x = 7 / 2\nprint(x, file=f)\n",
        "try:\n    unicode\nexcept NameError:\n    unicode = str\n",
        "from six.moves import xrange\nfor i in xrange(3): print(i)\n",
    ],
)
def test_a_text_of_python_3_stays(source, check_noop):
    check_noop(source)


def test_a_module_of_a_program_of_python_2_is_of_python_2_too(check_text):
    check_text("x = 7 / 2\n", "x = 7 // 2\n", Program(python_2=True))
    check_text("print(7 / 2, file=f)\n", "print(7 / 2, file=f)\n", Program(python_2=True))


def test_what_has_no_equivalent_is_refused():
    with pytest.raises(RewriteError, match="'itervalues' of Python 2, in line 2"):
        journey.migrated("print 3\nf = d.itervalues\n", rules_up_to("keras2"))
