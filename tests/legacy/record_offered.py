"""Records which names the originals have, and which of them are offered here.

First each original, with its own interpreter, then ours on today's TensorFlow:

    PYTHON_OF_KERAS_2 tests/legacy/record_offered.py original > two
    PYTHON_OF_KERAS_1 tests/legacy/record_offered.py original > one
    PYTHON tests/legacy/record_offered.py offered two one

The last writes ``tfkeras_compat/legacy/offered.txt``; without files it looks the names of that file
up anew. A line, ``tensorflow.contrib: keras -ffmpeg``, has the names of a module, under the path
that it has below ``tfkeras_compat``: ``-`` is before what is not there, ``!`` before what is there
and refuses to be called, ``+`` before what only today's TensorFlow has. A module that is not there
has no line of its own. ``differences`` instead of ``offered`` prints what is otherwise now.
"""

import importlib
import inspect
import os
import sys
import types
import warnings

FILE = os.path.join(
    os.path.dirname(os.path.abspath(__file__)), "../../tfkeras_compat/legacy/offered.txt"
)
_EXAMPLES = "tensorflow.examples.tutorials.mnist.input_data"
# Imported by the modules themselves, and not for others.
_FOREIGN = ("absolute_import", "division", "print_function", "unicode_literals", "python")
# The packages that stand for the whole of TensorFlow once more.
_AGAIN = ("tensorflow.compat.v1", "tensorflow.compat.v2", "tensorflow.python.keras")
# Not looked at in today's TensorFlow: they are Keras 3's, or ours.
_OURS = ("compat", "contrib", "estimator", "keras", "layers")


# What the originals have.


def of_original():
    """Module path -> names, of the TensorFlow and the Keras of this interpreter."""
    import record_names
    import tensorflow as tf

    found = {path: _names_of_keras(record_names, path) for path in record_names.modules()}
    _walk(tf, "tensorflow", found)
    found[_EXAMPLES] = _defined_in(importlib.import_module(_EXAMPLES))
    for path, module in sorted(sys.modules.items()):
        path = path.replace("tensorflow_core", "tensorflow", 1)
        if isinstance(module, types.ModuleType) and _is_private(path):
            found[path] = _defined_in(module)
    return found


def _is_private(path):
    inside = path.startswith("tensorflow.python.") and not path.startswith(_AGAIN)
    return inside and ".gen_" not in path


def _names_of_keras(record_names, path):
    try:
        return set(record_names.names_in(importlib.import_module(path)))
    except ImportError:
        return set()  # it needs a library that is not here


def _defined_in(module):
    """The public names that a module defines; of a package of ours, also those of its modules."""
    home = module.__name__
    ours = home.startswith("tfkeras_compat.") and hasattr(module, "__path__")
    return {
        name
        for name, value in vars(module).items()
        if name[0] != "_" and _is_of(home, str(getattr(value, "__module__", None)), ours)
    }


def _is_of(home, module, with_those_below):
    return module == home or (with_those_below and module.startswith(home + "."))


def _walk(module, path, found):
    """The names of a module that is public, and of the public modules below it."""
    names = found.setdefault(path, set())
    for name, value in _members(module):
        below = path + "." + name
        if not isinstance(value, types.ModuleType):
            names.add(name)
        elif str(vars(value).get("__name__")).startswith("tensorflow"):
            names.add(name)
            if _is_public(value, below) and below not in found and not below.startswith(_AGAIN):
                _walk(value, below, found)


def _members(module):
    try:
        found = [(name, getattr(module, name)) for name in dir(module) if name[0] != "_"]
    except ImportError:
        return []  # of Keras 3, and there by name only
    return [pair for pair in found if pair[0] not in _FOREIGN]


def _is_public(module, path):
    """Whether a module is part of the interface, and not just imported where it was found."""
    name = module.__name__.replace("tensorflow_core", "tensorflow", 1)
    return name == path or "._api." in name or path.count(".") == 1


# What of it is here.


def of_tables():
    """Module path -> names, of the tables of ``legacy/``."""
    from tfkeras_compat.legacy import modules

    found = {path: set(names) for path, names in modules.NAMES.items()}
    roots = [path[len("tfkeras_compat.") :] for path in modules.ROOTS.values()]
    for path in list(modules.ALIASES) + list(modules.NAMES) + roots:
        _add(found, path)
    return found


def of_today():
    """Module path -> names, of the public names of today's TensorFlow."""
    from tfkeras_compat._tf import tf

    found = {"tensorflow": set()}
    for name in [name for name in dir(tf) if name[0] != "_" and name not in _OURS]:
        found["tensorflow"].add(name)
        value = getattr(tf, name)
        if isinstance(value, types.ModuleType):
            _walk(value, "tensorflow." + name, found)
    return found


def defined_by_us(paths):
    """Module path -> names, of those of the modules that are files of ours."""
    found = {}
    for path in paths:
        if is_module(path):
            module = sys.modules[("tfkeras_compat." + path).rstrip(".")]
            home = str(vars(module).get("__name__"))
            found[path] = _defined_in(module) if home.startswith("tfkeras_compat") else set()
    return found


def _add(found, path):
    parent, _, name = path.rpartition(".")
    if name:
        found.setdefault(parent, set()).add(name)
        _add(found, parent)


def translated(found):
    """The same by our paths, with every module among the names of the one above it."""
    from tfkeras_compat.aliases import translated as ours

    moved = {}
    for path, names in found.items():
        target = ours(path)
        if target is None or target == "tfkeras_compat" and path.count(".") > 2:
            continue
        relative = target[len("tfkeras_compat.") :]
        moved.setdefault(relative, set()).update(names)
        _add(moved, relative)
    return moved


def mark_of(path, name):
    """``"-"``, ``"!"`` or ``""``, as a name of a module is found at run time."""
    from tfkeras_compat.estimator import absent
    from tfkeras_compat.tensorflow import offered

    try:
        value = resolved(path, name)
    except (ImportError, AttributeError):
        return "-"
    refuses = inspect.isclass(value) and value.__module__ in (absent.__name__, offered.__name__)
    return "!" if refuses else ""


def resolved(path, name):
    """What ``from <our module> import <name>`` gives. Raises: ImportError, AttributeError."""
    module = importlib.import_module(("tfkeras_compat." + path).rstrip("."))
    try:
        return getattr(module, name)
    except AttributeError:
        below = "tfkeras_compat." + (path + "." + name).lstrip(".")
        try:
            return importlib.import_module(below)
        except ImportError:
            pass
        raise


def is_module(path):
    """Whether our module of this path can be imported."""
    try:
        importlib.import_module(("tfkeras_compat." + path).rstrip("."))
    except ImportError:
        return False
    return True


# The files.


def read(path):
    """Module path -> names, with their marks."""
    with open(path) as lines:
        pairs = [line.rstrip("\n").split(":") for line in lines if line[0] != "#"]
    return {path: set(names.split()) for path, names in pairs}


def written(found):
    """The lines of a file, from module path -> names."""
    return ["%s: %s" % (path, " ".join(sorted(found[path], key=_name))) for path in sorted(found)]


def _name(marked):
    return marked.lstrip("-!+")


def merged(*tables):
    together = {}
    for table in tables:
        for path, names in table.items():
            together.setdefault(path, set()).update(names)
    return together


def names_before(files):
    """The names that are not today's TensorFlow's alone: of the files, else of the last record."""
    if files:
        return merged(*[translated(read(each)) for each in files])
    return {
        path: {_name(each) for each in names if each[0] != "+"}
        for path, names in read(FILE).items()
    }


def marked(before):
    """Module path -> names with their marks, of all that are known and that are here."""
    known = merged(before, of_tables())
    known = merged(known, defined_by_us(known))
    every = merged(known, of_today())
    return {
        path: {_mark(path, name, known.get(path, ())) + name for name in every[path]}
        for path in sorted(every)
        if is_module(path)
    }


def _mark(path, name, known):
    return mark_of(path, name) or ("" if name in known else "+")


def differences():
    """What is otherwise than recorded, as ``path: recorded found``."""
    for path, names in sorted(read(FILE).items()):
        for each in sorted(names, key=_name):
            found = mark_of(path, _name(each)) or ("+" if each[0] == "+" else "")
            if found + _name(each) != each:
                yield "%s: %s %s" % (path, each, found + _name(each))


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if sys.argv[1] == "original":
        print("\n".join(written(of_original())))
    elif sys.argv[1] == "differences":
        for difference in differences():
            print(difference)
    else:
        lines = written(marked(names_before(sys.argv[2:])))
        with open(FILE, "w") as file:
            file.write("# Written by tests/legacy/record_offered.py, which explains the marks.\n")
            file.write("\n".join(lines) + "\n")
