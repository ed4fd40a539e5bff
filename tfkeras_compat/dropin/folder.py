"""Imports of modules beside a legacy script: their source is rewritten like the script's."""

import importlib.abc
import importlib.machinery
import sys
import types

from tfkeras_compat.dropin import rewrite
from tfkeras_compat.dropin.python_2.names import BUILTINS
from tfkeras_compat.migrate.python_2 import is_python_2


class FolderFinder(importlib.abc.MetaPathFinder):
    """Finds modules and packages of one folder, and packages of the given names wherever they lie;
    all others keep their own TensorFlow and Keras.

    With ``python_2``, what is found is taken for Python 2; without it, each module is judged alone.
    """

    def __init__(self, folder, packages=(), python_2=False):
        self.folder = folder
        self._packages = set(packages)
        self._python_2 = python_2
        self._found = set()

    def install(self):
        """Puts the finder where the usual search begins: after the built-in modules."""
        usual = importlib.machinery.PathFinder
        place = sys.meta_path.index(usual) if usual in sys.meta_path else 0
        sys.meta_path.insert(place, self)

    def uninstall(self):
        """Takes the finder away; modules that were found stay."""
        sys.meta_path.remove(self)

    def find_spec(self, fullname, path=None, target=None):
        parent = fullname.rpartition(".")[0]
        if parent and parent not in self._found:
            return None  # below a package that lies elsewhere
        spec = importlib.machinery.PathFinder.find_spec(fullname, self._places(fullname, path))
        if spec is None:
            return None
        self._found.add(fullname)
        if isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = RewritingLoader(spec.loader.name, spec.loader.path, self._python_2)
        return spec

    def _places(self, fullname, path):
        if "." in fullname:
            return path
        return None if fullname in self._packages else [self.folder]


class RewritingLoader(importlib.machinery.SourceFileLoader):
    """Loads legacy source by the rules of ``rewrite``."""

    def __init__(self, fullname, path, python_2):
        super().__init__(fullname, path)
        self._python_2 = python_2
        self._code = None

    def create_module(self, spec):
        python_2, self._code = _language_and_code(
            self.get_data(self.path), self.path, self._python_2
        )
        if not python_2:
            return None
        module = types.ModuleType(spec.name)
        vars(module)["__builtins__"] = BUILTINS
        return module

    def get_code(self, fullname):
        # The cache of byte code is neither read nor written: it belongs to the source as it is.
        if self._code is None:
            source = self.get_data(self.path)
            self._code = _language_and_code(source, self.path, self._python_2)[1]
        return self._code


def _language_and_code(source, path, python_2):
    if python_2:
        try:
            return True, rewrite.compiled(source, path, python_2=True)
        except SyntaxError:
            pass  # a module of Python 3 beside a program of Python 2
    else:
        python_2 = is_python_2(source, path)
    return python_2, rewrite.compiled(source, path, python_2)
