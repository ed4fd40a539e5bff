"""Old module paths and lazy names, read from the tables of ``legacy/modules.py``.

Two mechanisms, both only for names that begin with ``tfkeras_compat.``:

- a finder at the end of ``sys.meta_path``: ``import tfkeras_compat.objectives`` gives the very
  module object that ``tfkeras_compat.losses`` is, and ``tfkeras_compat.engine.topology`` a module
  whose names come from several of ours;
- ``lazy_attributes``: a package that says ``__getattr__, __dir__ = lazy_attributes(__name__)``
  offers the names that the table lists for it, without importing the rooms that define them.
"""

import importlib
import importlib.machinery
import operator
import sys
from typing import Any, List

from tfkeras_compat.errors import NotInLegacyError
from tfkeras_compat.legacy import modules

ROOT = __name__.rpartition(".")[0]
_PREFIX = ROOT + "."


def install_finder() -> None:
    """Adds the finder, once. It comes last, so that a module that exists is never replaced."""
    if not any(isinstance(finder, AliasFinder) for finder in sys.meta_path):
        sys.meta_path.append(AliasFinder())


def lazy_attributes(package: Any) -> Any:
    """The ``__getattr__`` and ``__dir__`` (PEP 562) of a package that has names in the tables.

    >>> find, names = lazy_attributes("tfkeras_compat")
    >>> find("objectives").__name__
    'tfkeras_compat.losses'
    >>> "Input" in names()
    True
    """

    def find(name: str) -> Any:
        if name == "__all__":  # what `from package import *` asks for
            return [name for name in _offered(package) if name[0] != "_"]
        try:
            value = _resolve(_target(package, name))
        except KeyError:
            raise AttributeError("module %r has no attribute %r" % (package, name)) from None
        setattr(sys.modules[package], name, value)  # the next look-up finds it at once
        return value

    def names() -> List[str]:
        return sorted(set(vars(sys.modules[package])) | set(_names(package)))

    return find, names


def _offered(package: Any) -> List[str]:
    """The names that a package defines, and those that the tables say of it; no modules below."""
    offered = modules.NAMES.get(package[len(_PREFIX) :], {})
    return sorted(set(vars(sys.modules[package])) | set(offered))


def _names(package: Any) -> Any:
    """The names that the tables add to a package: attributes, and modules below it."""
    relative = package[len(_PREFIX) :]
    parts = [path.rpartition(".") for path in list(modules.ALIASES) + list(modules.NAMES) if path]
    below = [name for parent, _, name in parts if parent == relative]
    return list(modules.NAMES.get(relative, ())) + below


def _target(package: Any, name: str) -> Any:
    """Where a name of a package is to be found, as ``module`` or ``module:name``; else KeyError."""
    relative = package[len(_PREFIX) :]
    listed = modules.NAMES.get(relative, {})
    if name in listed:
        return listed[name]
    path = relative + "." + name if relative else name
    if path in modules.ALIASES or path in modules.NAMES:
        return path
    raise KeyError(path)


def _resolve(target: Any) -> Any:
    path, _, name = target.partition(":")
    module = importlib.import_module(_PREFIX + path)
    return operator.attrgetter(name)(module) if name else module


# The classes below have no base class from importlib.abc: that module takes longer to import than
# all of this package without TensorFlow.


class AliasFinder:
    """Finds the old module paths of the tables."""

    def find_spec(self, fullname: Any, path: Any = None, target: Any = None) -> Any:
        if not fullname.startswith(_PREFIX):
            return None
        relative = fullname[len(_PREFIX) :]
        if relative in modules.ALIASES:
            return _spec(fullname, AliasLoader(_PREFIX + modules.ALIASES[relative]))
        if relative in modules.NAMES:
            return _spec(fullname, _NamesLoader(), is_package=True)
        return None


def _spec(fullname: Any, loader: Any, is_package: Any = False) -> Any:
    return importlib.machinery.ModuleSpec(fullname, loader, is_package=is_package)


class AliasLoader:
    """Puts the target module itself under the old name."""

    def __init__(self, target: Any) -> None:
        self.target = target

    def create_module(self, spec: Any) -> Any:
        return None

    def exec_module(self, module: Any) -> None:
        try:
            # The import system takes what stands in sys.modules after this call, as it is.
            sys.modules[module.__name__] = importlib.import_module(self.target)
        except ModuleNotFoundError as error:
            if error.name is None or not (self.target + ".").startswith(error.name + "."):
                raise
            raise NotInLegacyError(
                "%s stands for %s, which this version does not have."
                % (module.__name__, self.target)
            ) from error


class _NamesLoader:
    """Fills a module that exists only in the tables."""

    def create_module(self, spec: Any) -> Any:
        return None

    def exec_module(self, module: Any) -> None:
        module.__doc__ = "Names that legacy code imports from here; see legacy/modules.py."
        module.__all__ = list(modules.NAMES[module.__name__[len(_PREFIX) :]])
        module.__getattr__, module.__dir__ = lazy_attributes(module.__name__)


def translated(path: Any) -> Any:
    """What an absolute module path of legacy source is called here; ``None`` if it is none of ours.

    >>> translated("keras.layers.core"), translated("tensorflow.keras"), translated("numpy")
    ('tfkeras_compat.layers.core', 'tfkeras_compat', None)
    """
    root, below = path, ""
    while root:
        if root in modules.ROOTS:
            return modules.ROOTS[root] + below
        root, _, last = root.rpartition(".")
        below = "." + last + below
    return None
