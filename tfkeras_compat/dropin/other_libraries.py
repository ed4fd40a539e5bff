"""Other libraries in the process of a legacy program: what uses Keras 3 works there as it is.

A legacy program needs graph mode, which is a switch of the whole process; Keras 3 works only
without it. So the functions of modules that use Keras 3 are entered in the mode of TensorFlow 2
(``_tf.as_tensorflow_2``), and the program's graph is left alone meanwhile.

It reaches

- a module whose source imports ``keras`` (or ``tensorflow.keras``) or takes gradients by a tape,
  and one that imports something of such a module: its body, its public functions, the public
  methods of its classes;
- a package that was named, all of it (``run --eager``);
- the classes of Keras 3 themselves, so that the program can call a model that a library gave it;
- threads that are started in that mode.

It does not reach generators and coroutines, objects that a decorator made (a ``tf.function`` that
the program calls by itself), a call that is given a tensor or variable of the program's graph,
which belongs there, and what was imported before the program began. Packages that were named
otherwise are left out (``run --no-eager``).

A function of the program that such a library is given, as an argument of a call, runs in the
program's mode when it is called back; so do the methods of our models, wherever they are called
from. A function stays in the library's mode where it gets tensors of the library, as a loss does,
and where it is traced (``tf.function``, ``Dataset.map``); so does what the library finds by itself:
in a list or an object, or as a method of a class of the program that inherits from one of its own.
Such a function builds operations in ``with graph.as_default():``; entries of shapes stay numbers.

TensorFlow 1.15 is in graph mode by itself, so that the seam has no other mode to enter there.
"""

import functools
import importlib.abc
import importlib.machinery
import inspect
import re
import sys
import threading
import types

from tfkeras_compat.dropin.folder import RewritingLoader

_USES_KERAS_3 = re.compile(
    rb"^\s*(?:import|from)\s[^#\n]*\bkeras\b|\btf\.keras\b|\bGradientTape\b", re.MULTILINE
)
# Never looked into: TensorFlow itself (its second name is that of 1.15), and us.
_LEFT_ALONE = {"tensorflow", "tensorflow_core", "tensorflow_estimator", "tfkeras_compat"}
_CLASSES_OF_KERAS = ("Model", "Sequential", "Layer", "Variable", "Optimizer", "Metric", "Loss")
_SPECIAL = {"__init__", "__call__", "__array__", "__enter__", "__exit__", "__getitem__", "__len__"}

# Keras 3 and TensorFlow 1.15 read signatures by ways that do not look behind a wrapper: of these
# methods, and of functions. Other methods they wrap again, bound, and would take `self` for input.
_READ = {"__init__", "call"}


class OtherLibraries(importlib.abc.MetaPathFinder):
    """Finds what the finders behind it find, and has functions entered in the mode of TensorFlow 2.

    ``eager`` are packages that are written for it without a sign in their source, ``no_eager``
    those that are left alone.
    """

    def __init__(self, eager=(), no_eager=()):
        self._eager, self._left_alone = set(eager), _LEFT_ALONE.union(no_eager)
        self._reached = set()  # names of modules
        self._replaced = []  # (owner, name, what it was)

    def install(self):
        """Puts the finder before the usual search, and behind those of the program's folder."""
        usual = importlib.machinery.PathFinder
        place = sys.meta_path.index(usual) if usual in sys.meta_path else len(sys.meta_path)
        sys.meta_path.insert(place, self)
        self._replace(threading.Thread, "start", _in_the_same_mode(threading.Thread.start))
        if "keras" in sys.modules:
            self._reach_keras(sys.modules["keras"])

    def uninstall(self):
        """Takes everything back; what others hold of a library stays as it was given to them."""
        sys.meta_path.remove(self)
        while self._replaced:
            setattr(*self._replaced.pop())
        self._reached.clear()

    def find_spec(self, fullname, path=None, target=None):
        if fullname.partition(".")[0] in self._left_alone:
            return None
        spec = self._found_behind(fullname, path, target)
        if spec is not None and isinstance(spec.loader, importlib.machinery.SourceFileLoader):
            execute = functools.partial(self._execute, spec.loader.exec_module)
            vars(spec.loader)["exec_module"] = execute
        return spec

    def _found_behind(self, *asked):
        for finder in sys.meta_path[sys.meta_path.index(self) + 1 :]:
            spec = finder.find_spec(*asked)
            if spec is not None:
                return spec
        return None

    def _execute(self, execute, module):
        if module.__name__.partition(".")[0] == "keras":
            execute(module)
            if module.__name__ == "keras":
                self._reach_keras(module)
        elif self._shows_use(module):
            entered(execute)(module)
            self._reach(module)
        else:
            execute(module)
            if any(map(self._is_reached, list(vars(module).values()))):
                self._reach(module)

    def _shows_use(self, module):
        if module.__name__.partition(".")[0] in self._eager:
            return True
        with open(module.__spec__.origin, "rb") as file:
            return _USES_KERAS_3.search(file.read()) is not None

    def _is_reached(self, value):
        named = value.__name__ if isinstance(value, types.ModuleType) else None
        if isinstance(value, (type, types.FunctionType)):
            named = value.__module__
        return named in self._reached

    def _reach(self, module):
        self._reached.add(module.__name__)
        own = [each for each in vars(module).items() if _module_of(each[1]) == module.__name__]
        for name, value in own:
            if isinstance(value, type):
                self._reach_class(value)
            elif _is_plain(value) and name[0] != "_":
                self._replace(module, name, entered(value))

    def _reach_class(self, kind):
        for name, value in list(vars(kind).items()):
            if name in _SPECIAL or name[0] != "_":
                replacement = _method(value)
                if replacement is not value:
                    self._replace(kind, name, replacement)

    def _reach_keras(self, keras):
        if "keras" in self._left_alone:
            return
        found = [getattr(keras, name, object) for name in _CLASSES_OF_KERAS]
        for kind in dict.fromkeys(base for each in found for base in each.__mro__):
            if kind.__module__.startswith("keras."):
                self._reach_class(kind)

    def _replace(self, owner, name, value):
        self._replaced.append((owner, name, vars(owner)[name]))
        setattr(owner, name, value)


def _module_of(value):
    return getattr(value, "__module__", None)


def _is_plain(value):
    """Whether a value is a function that has ended when its call has."""
    return isinstance(value, types.FunctionType) and not (
        inspect.isgeneratorfunction(value)
        or inspect.iscoroutinefunction(value)
        or inspect.isasyncgenfunction(value)
    )


def _method(value):
    """What stands in a class in place of a method, static or of the class, or of a property."""
    if isinstance(value, (staticmethod, classmethod)) and _is_plain(value.__func__):
        return type(value)(entered(value.__func__))
    if type(value) is property:
        get, change, delete = (
            each and entered(each) for each in (value.fget, value.fset, value.fdel)
        )
        return property(get, change, delete, value.__doc__)
    return entered(value) if _is_plain(value) else value


def entered(function):
    """A function that runs in the mode of TensorFlow 2, where the process is in graph mode."""

    @functools.wraps(function)
    def in_tensorflow_2(*arguments, **keywords):
        seam = _seam()
        if seam is None or _stays(seam, [*arguments, *keywords.values()]):
            return function(*arguments, **keywords)
        if not _is_of(function, "keras"):  # there functions are parts of models
            arguments = tuple(map(called_back, arguments))
            keywords = {name: called_back(value) for name, value in keywords.items()}
        with seam.as_tensorflow_2():
            return function(*arguments, **keywords)

    if function.__name__ in _READ or function.__name__ == function.__qualname__:
        vars(in_tensorflow_2)["__signature__"] = inspect.signature(function)
    return in_tensorflow_2


def called_back(value):
    """What a library is given in the place of a function of the program, or of a method of ours:
    it runs in the program's mode, unless it gets tensors, or is traced."""
    of = getattr(value, "__func__", value)
    if not _is_plain(of) or not (_is_of(of, "tfkeras_compat") or _is_of_program(of)):
        return value

    @functools.wraps(value)
    def in_graph_mode(*arguments, **keywords):
        seam = _seam()
        given = [*arguments, *keywords.values()]
        if not seam.runs_as_tensorflow_2() or any(map(seam.is_tensor, given)):
            return value(*arguments, **keywords)
        with seam.as_graph_mode():
            return value(*arguments, **keywords)

    return in_graph_mode


def _is_of(function, package):
    return (_module_of(function) or "").partition(".")[0] == package


def _is_of_program(function):
    name = _module_of(function)
    loader = getattr(getattr(sys.modules.get(name), "__spec__", None), "loader", None)
    return name in ("__main__", "__mp_main__") or isinstance(loader, RewritingLoader)


def _seam():
    """The seam to TensorFlow, if the program has loaded it; without it there is no graph mode yet.

    TensorFlow imports libraries itself, 1.15 for one keras_preprocessing: while the seam imports
    TensorFlow, they find it half made.
    """
    seam = sys.modules.get("tfkeras_compat._tf")
    return seam if hasattr(seam, "is_as_tensorflow_2") else None


def _stays(seam, given):
    if not seam.misses_tensorflow_2():
        return True
    return any(seam.is_tensor(each) and getattr(each, "graph", None) for each in given)


def _in_the_same_mode(start):
    @functools.wraps(start)
    def started(thread):
        seam = _seam()
        if seam is not None and seam.is_as_tensorflow_2():
            thread.run = entered(thread.run)
        start(thread)

    return started
