"""A text on its journey, step by step: each step's rules are applied until nothing changes."""

import ast
from typing import List, Sequence

from tfkeras_compat.errors import RewriteError
from tfkeras_compat.migrate import in_text, python_2
from tfkeras_compat.migrate.marks import marked
from tfkeras_compat.migrate.names import ALONE, Names, Program
from tfkeras_compat.migrate.python_2_syntax import SyntaxOfPython2
from tfkeras_compat.migrate.rule import FROM_PYTHON_2, STEPS, Rule

# More than there are rules, and replacements within what they replaced.
_ROUNDS = 200


def migrated(
    text: str,
    rules: Sequence[Rule],
    program: Program = ALONE,
    path: str = "<text>",
) -> str:
    """The text after all steps that ``rules`` belong to.

    Raises: SyntaxError if it does not parse; RewriteError, MissingDependencyError.

    >>> from tfkeras_compat.migrate.rules import rules_up_to
    >>> migrated("from keras.objectives import mse", rules_up_to("keras2"))
    'from tfkeras_compat.losses import mse'
    """
    from_2 = [rule for rule in rules if FROM_PYTHON_2 in rule.steps]
    if any(isinstance(rule, SyntaxOfPython2) for rule in from_2) and python_2.is_python_2(
        text, path, program.python_2
    ):
        text = settled(python_2.converted(text, path), from_2, program)
        _check_converted(text)
    for step in STEPS:
        of_step = [rule for rule in rules if step in rule.steps]
        text = settled(text, of_step, program) if of_step else text
    return text


def _check_converted(text: str) -> None:
    sign = python_2.sign_of_python_2(ast.parse(text))
    if sign is not None:
        raise RewriteError(
            "%r of Python 2, in line %d of what the text became, has no equivalent that is known. "
            "Expected it to be called, or to be given another name: change it there" % sign
        )


def settled(text: str, rules: List[Rule], program: Program) -> str:
    """The text after one rule after the other, until none changes anything."""
    for _ in range(_ROUNDS):
        names = Names(ast.parse(text), program)
        rule = next((rule for rule in rules if in_text.changes(rule, names)), None)
        if rule is None:
            return marked(text, rules, names)
        text = in_text.replaced(text, names, [rule])
    raise RewriteError("rules undo each other. This is a mistake of tfkeras_compat: please report")
