"""Modules below our namespace that are no files of ours.

``tfkeras_compat.tensorflow.python.framework.dtypes`` is TensorFlow's own module object, and
``tfkeras_compat.tensorflow.keras.layers`` is ``tfkeras_compat.layers``. A module that the tables
name becomes one that has their names besides TensorFlow's.
"""

import importlib
import importlib.abc
import importlib.machinery
import sys

from tfkeras_compat.aliases import translated
from tfkeras_compat.errors import NotInLegacyError
from tfkeras_compat.legacy import modules
from tfkeras_compat.tensorflow import offered

_PREFIX = offered.NAMESPACE + "."
_TABLES = {"tfkeras_compat." + path for path in modules.NAMES}


def install_finder():
    """Adds the finder, once.

    It comes first: below a module of TensorFlow the usual search would load a second copy of the
    submodule under our name.
    """
    if not any(isinstance(finder, PassThroughFinder) for finder in sys.meta_path):
        sys.meta_path.insert(0, PassThroughFinder())


class PassThroughFinder(importlib.abc.MetaPathFinder):
    """Finds what stands below our namespace and is not ours."""

    def find_spec(self, fullname, path=None, target=None):
        if not fullname.startswith(_PREFIX) or _is_ours(fullname, path):
            return None
        if fullname in _TABLES:
            return importlib.machinery.ModuleSpec(fullname, _TableLoader(), is_package=True)
        return importlib.machinery.ModuleSpec(fullname, _PassThroughLoader())


def _is_ours(fullname, path):
    parent = fullname.rpartition(".")[0]
    if sys.modules[parent].__name__ != parent:
        return False  # the parent is a module of TensorFlow
    return importlib.machinery.PathFinder.find_spec(fullname, path) is not None


class _TableLoader(importlib.abc.Loader):
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        module.__doc__ = "Names of TensorFlow's module of this path; see legacy/tensorflow.py."
        module.__getattr__, module.__dir__ = offered.names_of(module.__name__)


class _PassThroughLoader(importlib.abc.Loader):
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        path = module.__name__[len(_PREFIX) :]
        ours = translated("tensorflow." + path)
        # The import system takes what stands in sys.modules after this call.
        sys.modules[module.__name__] = (
            offered.original(path) if ours == module.__name__ else _imported(ours, path)
        )


def _imported(ours, path):
    try:
        return importlib.import_module(ours)
    except ModuleNotFoundError as error:
        if not (error.name or "").startswith("tfkeras_compat"):
            raise
        raise NotInLegacyError(offered.absence("tensorflow." + path)) from error
