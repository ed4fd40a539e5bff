"""What the record says of every name is what the run time does with it."""

import os
import sys

import pytest
import warm_processes

from tfkeras_compat import _tf
from tfkeras_compat.doctor import symbols
from tfkeras_compat.errors import NotInLegacyError
from tfkeras_compat.legacy import modules, offered

RECORDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "record_offered.py")
TODAY = _tf.VERSION >= (2, 16)
RECORDED = _tf.VERSION == (2, 21)


@pytest.fixture(scope="module")
def differences():
    """``(path, recorded, found)`` of the names that are otherwise than recorded."""
    path = os.pathsep.join(filter(None, sys.path))
    environment = dict(os.environ, PYTHONPATH=path)
    done = warm_processes.run([RECORDER, "differences"], env=environment)
    assert done.returncode == 0, done.stderr
    return [tuple(line.replace(":", "").split()) for line in done.stdout.splitlines()]


def test_every_name_that_is_said_to_work_is_found_at_run_time(differences):
    assert [each for each in differences if each[1][0] not in "-!+"] == []


def test_every_name_that_is_said_to_refuse_does_so_at_run_time(differences):
    assert [each for each in differences if each[1][0] == "!"] == []


@pytest.mark.skipif(not RECORDED, reason="the record is of TensorFlow 2.21")
def test_the_whole_record_is_as_new_as_the_run_time(differences):
    assert differences == [], "run: python tests/legacy/record_offered.py offered"


def symbols_marked(mark):
    """Symbols as legacy source writes them, each with the path of its module and its name."""
    for path, names in offered.names_by_module().items():
        if path.startswith("tensorflow"):
            yield from ((path + "." + name, path, name) for name in names if names[name] == mark)


@pytest.mark.skipif(not TODAY, reason="TensorFlow 1.15 has its own of them")
def test_what_refuses_to_be_called_says_the_same_as_the_doctor():
    refused = list(symbols_marked(offered.REFUSED))
    assert len(refused) > 100
    for symbol, path, name in refused:
        judgement = symbols.judged(symbol)
        assert judgement.state == symbols.ABSENT
        with pytest.raises(NotInLegacyError) as caught:
            exec("from tfkeras_compat.%s import %s as found\nfound()" % (path, name), {})
        assert judgement.note and judgement.note in str(caught.value)


@pytest.mark.skipif(not TODAY, reason="TensorFlow 1.15 has them")
def test_what_is_not_there_says_the_same_as_the_doctor():
    of_contrib = [e for e in symbols_marked(offered.ABSENT) if e[1] == "tensorflow.contrib"]
    assert len(of_contrib) > 30
    for symbol, path, name in of_contrib:
        judgement = symbols.judged(symbol + ".anything")
        with pytest.raises(AttributeError) as caught:
            exec("import tfkeras_compat.%s as module\nmodule.%s" % (path, name), {})
        assert (judgement.symbol, judgement.state) == (symbol, symbols.ABSENT)
        assert judgement.note and judgement.note in str(caught.value)


def test_every_name_of_the_tables_is_in_the_record():
    known = offered.names_by_module()
    missing = [
        path + "." + name
        for path, names in modules.NAMES.items()
        for name in names
        if name not in known[path]
    ]
    assert missing == []
