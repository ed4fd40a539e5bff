"""The generation of Keras that a program runs under: the caller's choice, or as it is spelled."""

import ast
import importlib.machinery
import os
import sys

from tfkeras_compat.dropin import rewrite
from tfkeras_compat.legacy.generations import DEFAULT, GENERATIONS
from tfkeras_compat.migrate.generation import generation_of
from tfkeras_compat.state.generation import VARIABLE, generation


def choose_generation(program, name=None):
    """Sets the generation; one that is picked from the source is told on standard error.

    Raises: ConfigError for a generation that does not exist.
    """
    if name is not None:
        generation(name)
    elif not os.environ.get(VARIABLE):
        sign = generation_of(_sources(program))
        if sign is not None:
            _choose_by(sign)


def _choose_by(sign):
    chosen = sign.generation if sign.generation in GENERATIONS else DEFAULT
    generation(chosen)
    what = "" if chosen == sign.generation else ", of the missing generation %s" % sign.generation
    print(
        "tfkeras_compat run: Keras of generation %s (%s, line %d: %s%s); --generation chooses."
        % (chosen, sign.path, sign.line, sign.spelling, what),
        file=sys.stderr,
    )


def _sources(program):
    """The syntax trees of the script and of the modules in its folder that it imports."""
    paths, seen = [program.script], set()
    while paths:
        path = paths.pop(0)
        seen.add(path)
        tree = _tree(path, program.is_python_2)
        yield path, tree
        beside = [_file_of(name, program.folder) for name in _imports(tree)]
        paths += [each for each in beside if each and each not in seen and each not in paths]


def _tree(path, python_2):
    with open(path, "rb") as file:
        source = file.read()
    try:
        return rewrite.parsed_as_2(source, path) if python_2 else ast.parse(source, path)
    except (SyntaxError, ValueError):
        return ast.parse("")  # it is told when the module is imported


def _imports(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module)
            yield from ("%s.%s" % (node.module, alias.name) for alias in node.names)


def _file_of(name, folder):
    """The source file of a module in the folder, else ``None``."""
    *above, last = name.split(".")
    spec = importlib.machinery.PathFinder.find_spec(last, [os.path.join(folder, *above)])
    origin = spec and spec.origin
    return origin if origin and origin.endswith(".py") else None
