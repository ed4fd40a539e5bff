"""Legacy source as code that runs here: parsed, changed by the rules of ``migrate``, compiled.

Every node keeps its place, so that tracebacks show the user's own lines.
"""

import ast

from tfkeras_compat.migrate import in_tree
from tfkeras_compat.migrate import python_2 as syntax
from tfkeras_compat.migrate.rule import DROP_IN, PYTHON_2
from tfkeras_compat.migrate.rules import rules_of


def compiled(source, path, python_2=False):
    """The code object of legacy source (bytes or text).

    Raises: SyntaxError if the source does not parse.
    """
    tree = parsed_as_2(source, path) if python_2 else ast.parse(source, path)
    return compile(rewritten(tree, python_2), path, "exec", dont_inherit=True)


def rewritten(tree, python_2=False):
    """A module's syntax tree with ``keras`` and ``tensorflow`` imported from here.

    >>> scope = {}
    >>> exec(compile(rewritten(ast.parse("import keras.losses, json as j")), "x", "exec"), scope)
    >>> scope["keras"].__name__, scope["j"].__name__
    ('tfkeras_compat', 'json')
    """
    if python_2:
        tree = in_tree.rewritten(tree, rules_of(PYTHON_2))
    return in_tree.rewritten(tree, rules_of(DROP_IN))


def parsed_as_2(source, path):
    """The syntax tree of source of Python 2. Raises SyntaxError, MissingDependencyError."""
    return syntax.parsed(syntax.decoded(source), path)
