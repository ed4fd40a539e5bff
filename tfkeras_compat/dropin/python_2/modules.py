"""The standard library under the names of Python 2: ``modules.urllib2`` and the like.

Each is made from its entry in ``legacy/python_2.py``: the names of several modules together.
"""

import importlib
import importlib.abc
import importlib.machinery
import sys

from tfkeras_compat.legacy.python_2 import MODULES

__path__: list = []  # what is below is made by the finder
_PREFIX = __name__ + "."


class Finder(importlib.abc.MetaPathFinder):
    """Finds the modules of the table."""

    def find_spec(self, fullname, path=None, target=None):
        if not fullname.startswith(_PREFIX) or fullname[len(_PREFIX) :] not in MODULES:
            return None
        return importlib.machinery.ModuleSpec(fullname, _Loader())


class _Loader(importlib.abc.Loader):
    def create_module(self, spec):
        return None

    def exec_module(self, module):
        """Later modules win. Names with an underscore are served, too, but not by `import *`."""
        sources = [
            importlib.import_module(path) for path in MODULES[module.__name__[len(_PREFIX) :]]
        ]
        for source in sources:
            names = {n: v for n, v in vars(source).items() if not n.startswith("__")}
            vars(module).update({n: names[n] for n in getattr(source, "__all__", names)})


def install_finder():
    """Adds the finder, once."""
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.append(Finder())


install_finder()
