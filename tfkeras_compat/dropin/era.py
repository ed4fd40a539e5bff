"""The generation of Keras that a program runs under: the caller's choice, or as it is spelled."""

import ast
import functools
import os
import sys

from tfkeras_compat.dropin import rewrite
from tfkeras_compat.legacy.generations import DEFAULT, GENERATIONS
from tfkeras_compat.migrate.generation import deciding
from tfkeras_compat.migrate.programs import NO_MODULE, module_of, modules_of
from tfkeras_compat.state.generation import VARIABLE, generation


def choose_generation(program, name=None):
    """Sets the generation; one that is picked from the source is told on standard error.

    Raises: ConfigError for a generation that does not exist.
    """
    if name is not None:
        generation(name)
    elif not os.environ.get(VARIABLE):
        sign = _sign(program)
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


def _sign(program):
    """What the script and the modules in its folder that it imports tell of their generation."""
    read = functools.partial(_module, python_2=program.is_python_2)
    modules = modules_of(program.script, [program.folder], read)
    return deciding([sign for module in modules.values() for sign in module.signs])


def _module(path, python_2):
    with open(path, "rb") as file:
        source = file.read()
    try:
        tree = rewrite.parsed_as_2(source, path) if python_2 else ast.parse(source, path)
    except (SyntaxError, ValueError):
        return NO_MODULE  # it is told when the module is imported
    return module_of(path, tree, python_2)
