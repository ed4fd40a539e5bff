"""Imports of modules beside a legacy script: their source is rewritten like the script's."""

import importlib.abc
import importlib.machinery
import sys

from tfkeras_compat.dropin.rewrite import compiled


class FolderFinder(importlib.abc.MetaPathFinder):
    """Finds modules and packages of one folder; all others keep their own TensorFlow and Keras."""

    def __init__(self, folder):
        self.folder = folder
        self._found = set()

    def install(self):
        """Puts the finder where the usual search begins: after the built-in modules."""
        usual = importlib.machinery.PathFinder
        place = sys.meta_path.index(usual) if usual in sys.meta_path else 0
        sys.meta_path.insert(place, self)

    def find_spec(self, fullname, path=None, target=None):
        parent = fullname.rpartition(".")[0]
        if parent and parent not in self._found:
            return None  # below a package that lies elsewhere
        spec = importlib.machinery.PathFinder.find_spec(fullname, path if parent else [self.folder])
        if spec is None:
            return None
        self._found.add(fullname)
        if isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            spec.loader = _RewritingLoader(spec.loader.name, spec.loader.path)
        return spec


class _RewritingLoader(importlib.machinery.SourceFileLoader):
    def get_code(self, fullname):
        # The cache of byte code is neither read nor written: it belongs to the source as it is.
        return compiled(self.get_data(self.path), self.path)
