"""Modules of TensorFlow that are not ours, under our namespace: the very module objects.

``tfkeras_compat.tensorflow.python.framework.ops`` is ``tensorflow.python.framework.ops``, and
``tfkeras_compat.tensorflow.keras.layers`` is ``tfkeras_compat.layers``.
"""

import importlib
import importlib.abc
import importlib.machinery
import sys

from tfkeras_compat import _tf
from tfkeras_compat.aliases import translated
from tfkeras_compat.errors import NotInLegacyError

_NAMESPACE = __name__.rpartition(".")[0]
_PREFIX = _NAMESPACE + "."


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
        return importlib.machinery.ModuleSpec(fullname, _PassThroughLoader())


def _is_ours(fullname, path):
    parent = fullname.rpartition(".")[0]
    if sys.modules[parent].__name__ != parent:
        return False  # the parent is a module of TensorFlow
    return importlib.machinery.PathFinder.find_spec(fullname, path) is not None


class _PassThroughLoader(importlib.abc.Loader):
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        path = module.__name__[len(_PREFIX) :]
        name = "tensorflow." + path
        ours = translated(name)
        try:
            # The import system takes what stands in sys.modules after this call.
            sys.modules[module.__name__] = (
                _tf.submodule(path) if ours == module.__name__ else importlib.import_module(ours)
            )
        except ModuleNotFoundError as error:
            if not (error.name or "").startswith(("tensorflow", _NAMESPACE)):
                raise
            raise NotInLegacyError(
                "neither tfkeras_compat nor TensorFlow %s has the module %s."
                % (_tf.tf.__version__, name)
            ) from error
