"""Programs of Python 2 under ``run``."""

import os
import pickle
import sys
import textwrap
import traceback

import numpy as np
import pytest

from tfkeras_compat.dropin import rewrite
from tfkeras_compat.dropin.program import Program
from tfkeras_compat.dropin.python_2 import division
from tfkeras_compat.dropin.python_2.names import BUILTINS
from tfkeras_compat.errors import MissingDependencyError
from tfkeras_compat.migrate import python_2
from tfkeras_compat.migrate.python_2 import is_python_2

pytest.importorskip("fissix")


@pytest.fixture
def run_lines(tmp_path, monkeypatch, capsys):
    """Runs a script in this process; returns what it printed, line by line."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "argv", [])
    monkeypatch.setitem(sys.modules, "__main__", sys.modules["__main__"])
    monkeypatch.setitem(os.environ, "TFKERAS_COMPAT_CHILD", "")
    monkeypatch.chdir(tmp_path)

    programs = []

    def run(source, **others):
        for name, text in dict(others, script=source).items():
            (tmp_path / (name + ".py")).write_text(textwrap.dedent(text))
        program = Program("script.py")
        programs.append(program)
        program.load()
        program.execute([])
        return capsys.readouterr().out.splitlines()

    yield run
    for program in programs:
        program.leave()
    sys.modules.pop("helper", None)


def value(expression):
    code = rewrite.compiled("result = " + expression, "script", python_2=True)
    scope = {"__builtins__": BUILTINS, "np": np}
    exec(code, scope)
    return scope["result"]


# Values as the documentation of Python 2.7 and numpy give them.
@pytest.mark.parametrize(
    "expression, expected",
    [
        ("[7 / 2, -7 / 2, 7.0 / 2, True / 2]", [3, -4, 3.5, 0]),
        ("(np.arange(4) / 2).tolist()", [0, 0, 1, 1]),
        ("(np.arange(4) / 2.).tolist()", [0.0, 0.5, 1.0, 1.5]),
        ("np.float32(3) / 2", 1.5),
        ("range(3) + [7]", [0, 1, 2, 7]),
        ("map(lambda v: v + 1, (1, 2))[0], zip('ab', [1, 2])[1]", (2, ("b", 2))),
        ("map(None, [1, 2], [3])", [(1, 3), (2, None)]),
        ("filter(None, (0, 1)), filter(lambda c: c > 'a', 'abc')", ((1,), "bc")),
        ("{'a': 1}.keys()[0], {'a': 1}.items()[0], {'a': 1}.has_key('a')", ("a", ("a", 1), True)),
        ("sum(v for _, v in {'a': 1, 'b': 2}.iteritems())", 3),
        ("sorted([1, 3, 2], lambda a, b: cmp(b, a)), round(2.5), round(-0.5)",
         ([3, 2, 1], 3.0, -1.0)),
        ("0777, 10L, `3`, 1 <> 2, unichr(233), u'x', ur'\\d'",
         (511, 10, "3", True, "\u00e9", "x", "\\d")),
        ("reduce(lambda a, b: a * b, xrange(1, 5)), apply(max, (1, 2))", (24, 2)),
        ("isinstance('s', basestring), isinstance(3, (int, long)), unicode('s')",
         (True, True, "s")),
        ("'caf\\xc3'.decode('latin-1').encode('utf-8')", "caf\u00c3\u0083"),
    ],
)  # fmt: skip
def test_expressions_have_the_values_of_python_2(expression, expected):
    assert value(expression) == expected


def test_division_asks_the_operands_own_methods_and_changes_arrays_where_they_are():
    class Length:
        def __div__(self, other):
            return "length / %s" % other

        def __rdiv__(self, other):
            return "%s / length" % other

    assert [division.divided(Length(), 2), division.divided(2, Length())] == [
        "length / 2",
        "2 / length",
    ]
    whole, real = np.array([7, 8]), np.array([7.0, 8.0])
    assert division.divided_in_place(whole, 2) is whole and whole.tolist() == [3, 4]
    assert division.divided_in_place(real, 2) is real and real.tolist() == [3.5, 4.0]
    assert division.divided_in_place(7, 2) == 3


def test_statements_classes_and_modules_of_python_2_run(run_lines):
    found = run_lines(
        """
        import cPickle, Queue, string, urllib
        from StringIO import StringIO
        from itertools import izip
        from urllib2 import urlopen, URLError
        import helper
        class Empty(object):
            def __nonzero__(self): return False
        def add((a, b), c):
            return a + b + c
        print add((1, 2), 3), bool(Empty()),
        print "same line"
        try:
            raise ValueError, "bad"
        except ValueError, error:
            print error
        exec "x = 3 / 2"
        print x, StringIO("text").read(), list(izip("ab", [1, 2]))
        print string.letters[:2], string.join(["a", "b"], "-"), urllib.quote("a b")
        print Queue.Queue().empty(), callable(urlopen), helper.half(7)
        for n in xrange(2):
        \tif n:
                        print n
        """,
        helper="def half(x):\n    return x / 2\n",  # nothing in it shows its language
    )
    assert found == [
        "6 False same line",
        "bad",
        "1 text [('a', 1), ('b', 2)]",
        "ab a-b a%20b",
        "True True 3",
        "1",
    ]


def test_files_are_text_that_survives_and_pickles_of_python_2_are_read(run_lines, tmp_path):
    written_by_2 = b"\x80\x02}q\x00(U\x01kq\x01U\x02\xff\xfeq\x02U\x01nq\x03K\x02u."
    (tmp_path / "old.pkl").write_bytes(written_by_2)
    (tmp_path / "text").write_bytes(b"caf\xc3\xa9\r\n\xff")
    found = run_lines(
        """
        import cPickle as pickle
        import numpy as np
        print sorted(pickle.load(open("old.pkl")).iteritems()) == [("k", u"\\xff\\xfe"), ("n", 2)]
        text = open("text").read()
        print len(text), text[:4].decode("utf-8") == u"caf\\xe9"
        open("copy", "w").write(text)
        pickle.dump({"w": np.ones(2)}, open("new.pkl", "w"))
        print pickle.load(open("new.pkl"))["w"].sum(), pickle.loads(pickle.dumps([1], 2))
        """
    )
    assert found == ["True", "7 True", "2.0 [1]"]
    assert (tmp_path / "copy").read_bytes() == (tmp_path / "text").read_bytes()
    with open(str(tmp_path / "new.pkl"), "rb") as file:
        assert pickle.load(file)["w"].tolist() == [1, 1]


def test_a_traceback_shows_the_users_lines_also_after_lines_that_were_added(run_lines):
    source = "print 'a'\ndef f((a, b)):\n    return a\n\nf((1,\n   2))\nraise KeyError, 'x'\n"
    with pytest.raises(KeyError) as caught:
        run_lines(source)
    last = traceback.extract_tb(caught.value.__traceback__)[-1]
    assert (last.lineno, last.line) == (7, "raise KeyError, 'x'")


@pytest.mark.parametrize(
    "source, is_2",
    [
        ("print 'x'", True),
        ("for n in xrange(3): print(n)", True),
        ("import cPickle", True),
        ("for k in d.iteritems(): pass", True),
        ("import pandas\nfor k in frame.iteritems(): pass", False),
        ("try:\n    import cPickle as pickle\nexcept ImportError:\n    import pickle", False),
        ("try:\n    xrange\nexcept NameError:\n    xrange = range\nxrange(3)", False),
        ("print(7 / 2)\nimport urllib, pickle", False),
    ],
)
def test_the_source_tells_the_language(source, is_2):
    assert is_python_2(source, "script.py") is is_2


def test_source_of_neither_language_is_an_error_where_the_better_reading_ends():
    with pytest.raises(SyntaxError) as caught:
        is_python_2("print 'x'\nexec 'y'\nfor for\n", "script.py")
    assert (caught.value.lineno, caught.value.filename) == (3, "script.py")


def test_without_the_library_the_error_names_the_extra(monkeypatch):
    monkeypatch.setitem(sys.modules, "fissix", None)
    with pytest.raises(MissingDependencyError, match=r"fissix.*tfkeras_compat\[python2\]"):
        python_2.parsed("print 'x'", "script.py")
    with pytest.raises(SyntaxError) as caught:
        is_python_2("print 'x'", "script.py")
    assert isinstance(caught.value.__cause__, MissingDependencyError)
