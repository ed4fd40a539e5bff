"""A legacy program: its script, its folder, and how they are executed here."""

import builtins
import importlib.machinery
import json
import os
import sys
import types
from typing import Any

from tfkeras_compat.dropin import rewrite
from tfkeras_compat.dropin.folder import FolderFinder
from tfkeras_compat.dropin.other_libraries import OtherLibraries
from tfkeras_compat.dropin.python_2.names import BUILTINS
from tfkeras_compat.migrate.python_2 import is_python_2

CHILD = "TFKERAS_COMPAT_CHILD"  # environment variable: what a process of multiprocessing runs


class Program:
    """A script with the modules beside it.

    ``python`` is the version that it is written for, 2 or 3; if it is ``None``, :meth:`load` finds
    out. ``also`` are names of packages that belong to it; ``eager`` and ``no_eager``, of packages
    that do not, see :class:`OtherLibraries`.
    """

    def __init__(self, script, also=(), python=None, eager=(), no_eager=()):
        self.script, self.also, self.python = script, list(also), python
        self.eager, self.no_eager = list(eager), list(no_eager)
        self.folder = os.path.dirname(os.path.abspath(script))
        self._code: Any = None
        self._finders: Any = []

    def load(self):
        """Reads and compiles the script. Raises OSError, SyntaxError, MissingDependencyError."""
        with open(self.script, "rb") as file:
            source = file.read()
        if self.python is None:
            self.python = 2 if is_python_2(source, self.script) else 3
        self._code = rewrite.compiled(source, self.script, self.is_python_2)

    @property
    def is_python_2(self):
        return self.python == 2

    def execute(self, arguments):
        """Runs the script as ``__main__``, with what belongs to it importable."""
        main_module = types.ModuleType("__main__")
        scope = vars(main_module)
        scope.update(__file__=self.script, __spec__=self._spec_of_children())
        sys.modules["__main__"] = main_module
        sys.argv = [self.script] + list(arguments)
        sys.path[0] = self.folder
        self.run_in(scope)

    def run_in(self, scope):
        """Runs the script in a namespace."""
        self._finders = [
            FolderFinder(self.folder, self.also, self.is_python_2),
            OtherLibraries(self.eager, self.no_eager),
        ]
        for finder in self._finders:
            finder.install()
        scope["__builtins__"] = BUILTINS if self.is_python_2 else builtins
        exec(self._code, scope)

    def leave(self):
        """Takes back what lets the program's modules and other libraries be found."""
        while self._finders:
            self._finders.pop().uninstall()

    def _spec_of_children(self):
        """What multiprocessing imports in a process that it starts by itself, in place of the
        script: ``child``, which is told by the environment what to run."""
        options = ("also", "python", "eager", "no_eager")
        told = {name: getattr(self, name) for name in options}
        told["script"] = os.path.abspath(self.script)
        os.environ[CHILD] = json.dumps(told)
        return importlib.machinery.ModuleSpec("tfkeras_compat.dropin.child", None)
