"""``tfkeras_compat.install()``: ``import keras`` and ``import tensorflow`` are ours from then on.

For notebooks, and for packages written on top of Keras 1 or 2. A script needs none of it: ``run``
leaves all other libraries alone.
"""

import importlib
import importlib.abc
import importlib.machinery
import os
import sys
from typing import Any

import tfkeras_compat
import tfkeras_compat.tensorflow  # loads the whole of TensorFlow, before a name changes
from tfkeras_compat.aliases import ROOT, AliasLoader, translated
from tfkeras_compat.legacy.modules import ALIASES, NAMES, ROOTS
from tfkeras_compat.tensorflow.offered import absence

_installed: list = []  # the one finder, with all that uninstall() puts back
# Rooms of this package that no legacy path leads to; `keras.legacy` and the like are Keras's own.
_OWN_ROOMS = ("_tf", "aliases", "dropin", "errors", "legacy", "migrate", "state", "tensorflow")
_ABSENT = object()


def install():
    """Makes ``keras``, ``tensorflow`` and what is below them ours for imports that come later.

    In modules that are imported from now on, and in a notebook, ``import keras``,
    ``tensorflow.keras``, ``tensorflow.contrib``, ``tensorflow.python.keras`` and
    ``import tensorflow as tf`` give the modules of this package. A second call changes nothing.

    What it does not reach: names that are imported already, in any module; TensorFlow and Keras 3
    themselves, which go on with their own modules (``tensorflow.python.framework.ops`` and
    ``keras.src`` stay theirs); objects that are pickled under the name of a class of Keras 3. What
    it does reach beside your code: any other library that is imported later. TensorFlow is switched
    to 1.x behaviour, which :func:`uninstall` can not undo.
    """
    if not _installed:
        finder = _Finder()
        _installed.append(finder)
        finder.take_over()


def uninstall():
    """Takes :func:`install` back: the modules that were found before are found again.

    Modules that were imported in between keep what they have.
    """
    while _installed:
        _installed.pop().give_back()


class _Finder(importlib.abc.MetaPathFinder):
    def __init__(self):
        self._modules = {}  # what stood in sys.modules
        self._attributes = []  # (module, name, what it was)
        self._given = set()  # what was found here

    def take_over(self):
        sys.meta_path.insert(0, self)
        for name in [name for name in sys.modules if _ours(name) and not _stays(name)]:
            self._modules[name] = sys.modules.pop(name)
        for path in ROOTS:
            self._bind(path)

    def _bind(self, path):
        """Binds ours to a package that is loaded and stays: ``from tensorflow.python import keras``
        asks no finder."""
        parent, _, name = path.rpartition(".")
        package = sys.modules.get(parent)
        if package is not None and parent not in self._given:
            self._attributes.append((package, name, vars(package).get(name, _ABSENT)))
            setattr(package, name, importlib.import_module(path))

    def give_back(self):
        sys.meta_path.remove(self)
        for name in self._given:
            sys.modules.pop(name, None)
        sys.modules.update(self._modules)
        for package, name, value in reversed(self._attributes):
            if value is _ABSENT:
                delattr(package, name)
            else:
                setattr(package, name, value)

    def find_spec(self, fullname, path=None, target=None):
        ours = _ours(fullname)
        if ours and not (_stays(fullname) and _path_finder(fullname, path)):
            self._given.add(fullname)
            loader: Any = AliasLoader(ours)
            return importlib.machinery.ModuleSpec(fullname, loader)
        parent = fullname.rpartition(".")[0]
        if parent not in self._given:
            return None
        # The usual search below a module of ours would find our own files under another name.
        spec = _path_finder(fullname, self._original_path(parent))
        if spec is None:
            raise ModuleNotFoundError(_absence(fullname), name=fullname)
        return spec

    def _original_path(self, name):
        # Without getattr: to ask TensorFlow 1.15's `contrib` for an attribute is to load it.
        return vars(self._modules[name]).get("__path__", []) if name in self._modules else []


_path_finder = importlib.machinery.PathFinder.find_spec


def _stays(name):
    """Whether TensorFlow's module of this name stays, if it has one: its own code imports it."""
    inside = (name + ".").startswith("tensorflow.python.")
    return inside and not name.startswith("tensorflow.python.keras")


def _ours(name):
    """The module of ours that has the place of a module of Keras or TensorFlow, else ``None``."""
    target = translated(name)
    if target is None:
        return None
    relative = target[len(ROOT) + 1 :]
    if not relative or relative in ALIASES or relative in NAMES:
        return target
    if relative.partition(".")[0] in _OWN_ROOMS and name.partition(".")[0] == "keras":
        return None
    path = os.path.join(tfkeras_compat.__path__[0], *relative.split("."))
    return target if os.path.isfile(path + ".py") or os.path.isdir(path) else None


def _absence(name):
    return absence(name) if name.startswith("tensorflow.") else "No module named %r" % name
