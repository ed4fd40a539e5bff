"""Our classes and functions against the published signatures of TensorFlow 1.15's Estimators.

``../shared/api`` beside the repository holds them. What differs stands in
``signature_differences.txt`` with its reason; what stands there and does not differ is a failure.
"""

import fnmatch
import functools
import importlib
import inspect
import os
import re
from collections import OrderedDict

import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import NotInLegacyError

_HERE = os.path.dirname(os.path.abspath(__file__))
_API = os.path.join(_HERE, "..", "..", "..", "shared", "api")
_DIFFERENCES = os.path.join(_HERE, "signature_differences.txt")
_FILES = ("tf115_estimator.txt", "tf115_contrib_learn.txt", "tf115_contrib_estimator.txt")

# A published path that begins so -> the module of ours that has to offer its names.
_ROOTS = OrderedDict(
    [
        ("tf.estimator", "tfkeras_compat.estimator"),
        ("tf.keras.estimator", "tfkeras_compat.estimator.keras"),
        ("tf.contrib.learn.utils", "tfkeras_compat.tensorflow.contrib.learn"),
        ("tf.contrib.learn", "tfkeras_compat.tensorflow.contrib.learn"),
        ("tf.contrib.estimator", "tfkeras_compat.tensorflow.contrib.estimator"),
    ]
)

_ENTRY = re.compile(r"(class|def) ([\w.]+)(\(.*)")
_MEMBER = re.compile(r"    (?:(static|class)method )?\.(\w+)(.*)")
_CONSTANT = re.compile(r" = '(.*)'")
_ADDRESS = re.compile(r"<function (\w+) at 0x\w+>")
_ANYTHING = ["*args", "**kwargs"]  # a wrapper hides what the original takes
_is_first_tf = tf.__version__.startswith("1.")


def _published():
    """Name -> (kind, arguments, members) of all files, as TensorFlow 1.15 has them."""
    entries = OrderedDict()
    for file in _FILES:
        with open(os.path.join(_API, file)) as lines:
            _read(lines, entries)
    return entries


def _read(lines, entries):
    for line in lines:
        entry, member = _ENTRY.match(line), _MEMBER.match(line)
        if entry:
            kind, name, rest = entry.groups()
            members = OrderedDict()
            entries[name] = (kind, _arguments(rest, drops_first=kind == "class"), members)
        elif member and not line.endswith(" from BaseException\n"):
            how, name, rest = member.groups()
            members[name] = _published_member(rest, drops_first=how is None)


def _published_member(rest, drops_first):
    if rest.startswith("("):
        return _arguments(rest, drops_first)
    constant = _CONSTANT.match(rest)
    return constant.group(1) if constant else "property"


def _arguments(text, drops_first):
    """The arguments of a published ``(a, b=1) ...``, each as text."""
    text = _ADDRESS.sub(r"\1", text).replace("<object object at 0x", "<UNSET>0x")
    text = re.sub(r"<UNSET>0x\w+>", "<UNSET>", text)
    parts, depth = [""], 0
    for character in text[1:]:
        depth += (character in "([{") - (character in ")]}")
        if depth < 0:
            break
        if character == "," and not depth:
            parts.append("")
        else:
            parts[-1] += character
    parts = [part.strip() for part in parts if part.strip()]
    return parts[1:] if drops_first and parts and not parts[0].startswith("*") else parts


def _parameters(function, drops_first=False):
    """The arguments of a function of ours, each as the published files write it."""
    found = list(inspect.signature(function).parameters.values())
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    shown = [stars.get(one.kind, "") + one.name + _default(one.default) for one in found]
    return shown[1:] if drops_first and not shown[0].startswith("*") else shown


def _default(value):
    if value is inspect.Parameter.empty:
        return ""
    return "=" + _shown(value)


def _shown(value):
    if type(value) is object:
        return "<UNSET>"
    if isinstance(value, tf.DType):
        return "tf." + value.name
    if inspect.isfunction(value):
        return value.__name__
    return repr(value)


def _constructor(kind):
    if "__init__" in _defined(kind):
        return _parameters(kind.__init__, drops_first=True)
    if "__new__" in _defined(kind):
        return _parameters(kind.__new__, drops_first=True)
    return _ANYTHING


def _defined(kind):
    """What a class and its bases define, less ``object`` and the exceptions of Python."""
    return {name for base in kind.__mro__ if base.__module__ != "builtins" for name in vars(base)}


def _member(kind, name):
    """What our class has under a name: its arguments, ``property``, a constant; else None."""
    if name not in dir(kind):
        return None
    found = inspect.getattr_static(kind, name)
    if isinstance(found, (staticmethod, classmethod)):
        return _parameters(getattr(kind, name))
    if inspect.isfunction(found):
        return _parameters(found, drops_first=True)
    return str(found) if isinstance(found, (str, int)) else "property"


def _ours(name):
    """The object of ours under a published name; None where there is none."""
    root = next((root for root in _ROOTS if name.startswith(root + ".")), None)
    if root is None:
        return None
    steps = name[len(root) + 1 :].split(".")
    return functools.reduce(_attribute, steps, importlib.import_module(_ROOTS[root]))


def _attribute(parent, name):
    """An attribute; None for a module of TensorFlow 1.15 that another test made reachable."""
    found = getattr(parent, name, None)
    is_passed_through = inspect.ismodule(found) and found.__name__.startswith("tensorflow")
    return None if is_passed_through else found


def _comparisons(name, entry):
    """Triples of one published name: what is compared, as published, as it is here."""
    kind, arguments, members = entry
    found = _ours(name)
    yield name, kind, _kind(found)
    if _kind(found) != kind:
        return
    changed_by_tf = found.__module__.startswith("tensorflow") and not _is_first_tf
    if kind == "def":
        yield name + "()", arguments, _parameters(found)
        return
    if not changed_by_tf:
        yield name + ".__init__", arguments, _constructor(found)
    for member, published in members.items():
        here = _member(found, member)
        yield (
            name + "." + member,
            published,
            published if changed_by_tf and here is not None else here,
        )


def _kind(found):
    if inspect.isclass(found):
        return "absent" if found.__module__.endswith(".absent") else "class"
    return "def" if inspect.isfunction(found) else "absent"


def _compared():
    """What is compared -> the difference, None where there is none."""
    return OrderedDict(
        (what, None if _is_equal(published, here) else (published, here))
        for name, entry in _published().items()
        for what, published, here in _comparisons(name, entry)
    )


def _is_equal(published, here):
    return published == here or (published == _ANYTHING and here is not None)


def _listed():
    """Name or pattern -> the reason why it differs."""
    with open(_DIFFERENCES) as lines:
        entries = [line.strip() for line in lines if line.strip() and not line.startswith("#")]
    return OrderedDict(entry.split(": ", 1) for entry in entries)


@pytest.fixture(scope="module")
def compared():
    if not os.path.isdir(_API):
        pytest.skip("NOT COMPARED: the published signatures (../shared/api) are not here")
    return _compared()


def test_what_differs_from_the_published_signatures_is_listed_with_a_reason(compared):
    listed = _listed()
    unlisted = {
        what: difference
        for what, difference in compared.items()
        if difference and not any(fnmatch.fnmatchcase(what, entry) for entry in listed)
    }
    assert not unlisted


def test_what_is_listed_does_differ(compared):
    differing = [what for what, difference in compared.items() if difference]
    assert not [entry for entry in _listed() if not fnmatch.filter(differing, entry)]


def test_the_list_hides_nothing_that_is_equal(compared):
    equal = [what for what, difference in compared.items() if not difference]
    assert not [entry for entry in _listed() if fnmatch.filter(equal, entry)]


def test_all_of_the_published_files_is_compared(compared):
    published = _published()
    assert set(published) <= set(compared)
    assert len(published) > 400 and len(compared) > 1000


def test_an_absent_name_says_what_to_use_instead():
    learn = importlib.import_module("tfkeras_compat.tensorflow.contrib.learn")
    with pytest.raises(NotInLegacyError, match="SVM is not offered here. Use scikit-learn"):
        learn.SVM("id", [])


def test_the_export_of_contrib_learn_says_to_use_export_savedmodel():
    learn = importlib.import_module("tfkeras_compat.tensorflow.contrib.learn")
    with pytest.raises(NotInLegacyError, match="Use export_savedmodel"):
        learn.Estimator.export(None, "directory")
