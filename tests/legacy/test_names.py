"""Every name of Keras 2.2.5 that a program can import is here, with the arguments it has there.

``names_of_keras_2_2_5.txt`` has them (``record_names.py`` wrote it). What is left out, or called in
another way, stands in ``names_left_out.txt`` with the reason.
"""

import fnmatch
import functools
import importlib
import inspect
import os
import re

import pytest

_HERE = os.path.dirname(os.path.abspath(__file__))
_RECORD = re.compile(r"(?P<path>[\w.]+)(\((?P<arguments>.*)\)|: ?(?P<names>.*))$")


def _lines(name):
    with open(os.path.join(_HERE, name)) as lines:
        return [line.rstrip("\n") for line in lines if line.strip() and line[0] != "#"]


def _recorded():
    matches = [_RECORD.match(line) for line in _lines("names_of_keras_2_2_5.txt")]
    return [match.groupdict() for match in matches]


def _module(path):
    """The module of ours; ``None`` where there is none."""
    ours = path.replace("keras", "tfkeras_compat", 1)
    try:
        return importlib.import_module(ours)
    except ModuleNotFoundError as error:
        if error.name != ours:
            raise
        return None


def _missing_names():
    for entry in _recorded():
        if entry["names"] is None:
            continue
        module = _module(entry["path"])
        names = entry["names"].split() if module else []
        for name in names:
            if not hasattr(module, name):
                yield "%s.%s" % (entry["path"], name)
        if module is None:
            yield entry["path"]


def _other_arguments():
    for entry in _recorded():
        if entry["arguments"] is None:
            continue
        found = _found(entry["path"])
        if not _accepts(found, _split(entry["arguments"])):
            yield "%s(%s)" % (entry["path"], found)


def _found(path):
    """What is ours under a path that ends in ``function``, ``Class`` or ``Class.method``."""
    home = max((one for one in _modules() if path.startswith(one + ".")), key=len)
    found = _module(home)
    for name in path[len(home) + 1 :].split("."):
        found = getattr(found, name, None)
    return found


@functools.lru_cache()
def _modules():
    return [entry["path"] for entry in _recorded() if entry["names"] is not None]


def _split(arguments):
    """``a; b=(1, 2)`` in its parts, without the instance or class that a method gets."""
    parts = [part for part in arguments.split("; ") if part not in ("self", "cls")]
    return [part for part in parts if part]


def _accepts(function, arguments):
    """Whether what the original takes can be given here: the same names in the same order, with
    equal defaults; there may be more."""
    ours = [_written(one) for one in _parameters(function)]
    plain = [one for one in ours if one[0] != "*" and one not in ("self", "cls")]
    wanted = [one for one in arguments if one[0] != "*"]
    if {"*", "**"} <= {re.sub(r"\w+", "", one) for one in ours}:  # the rest goes to a base class
        return all(_is_as(one, other) for one, other in zip(plain, wanted))
    is_open = any(one[:2] == "**" for one in ours)
    return (
        len(plain) >= len(wanted)
        and all(_is_as(one, other) for one, other in zip(plain, wanted))
        and (is_open or not any(one[:2] == "**" for one in arguments))
    )


def _parameters(function):
    try:
        return inspect.signature(function).parameters.values()
    except (TypeError, ValueError):  # nothing, or a function of numpy that does not tell
        return []


def _is_as(ours, theirs):
    """Whether an argument has the name and, if it has one, the default that it ought to have; a
    number may stand for as many equal ones as there are axes."""
    name, _, default = theirs.partition("=")
    our_name, _, our_default = ours.partition("=")
    equal = not default or our_default in (default, re.sub(r"^\((\d)(, \1)+\)$", r"\1", default))
    return name == our_name and equal


def _written(parameter):
    stars = {parameter.VAR_KEYWORD: "**", parameter.VAR_POSITIONAL: "*"}.get(parameter.kind, "")
    if stars or parameter.default is parameter.empty:
        return stars + parameter.name
    default = parameter.default
    return "%s=%s" % (parameter.name, getattr(default, "__name__", None) or repr(default))


def _left_out():
    return dict(line.split(": ", 1) for line in _lines("names_left_out.txt"))


@pytest.fixture(scope="module")
def different():
    return list(_missing_names()) + list(_other_arguments())


def test_every_name_and_argument_of_keras_2_2_5_is_here_or_listed_with_a_reason(different):
    listed = _left_out()
    plain = [what.split("(")[0] for what in different]
    unlisted = [
        what
        for what, name in zip(different, plain)
        if not any(fnmatch.fnmatchcase(name, pattern) for pattern in listed)
    ]
    assert unlisted == []


def test_what_is_listed_is_left_out_indeed(different):
    names = [what.split("(")[0] for what in different]
    assert [pattern for pattern in _left_out() if not fnmatch.filter(names, pattern)] == []


def test_all_of_the_record_is_read():
    entries = _recorded()
    assert len([entry for entry in entries if entry["names"] is not None]) == 83
    assert len([entry for entry in entries if entry["arguments"]]) > 700
    assert _split("self; a; b=(1, 2); *args") == ["a", "b=(1, 2)", "*args"]
