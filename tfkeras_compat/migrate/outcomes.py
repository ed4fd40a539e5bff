"""What rules make of files, as parts of their programs. Nothing is written.

All steps but the last are taken file by file. For Keras 3 a program leaves as a whole: first it is
seen of each file whether it can.
"""

import ast
import os
from typing import Iterator, List, NamedTuple, Union

from tfkeras_compat.errors import RewriteError
from tfkeras_compat.migrate import journey, leave_for_keras_3, notebooks, python_2, sources
from tfkeras_compat.migrate.names import Names, Program
from tfkeras_compat.migrate.programs import NO_MODULE, Module, decided, module_of, programs_of
from tfkeras_compat.migrate.rule import KERAS_3, Rule

# What reading and parsing a file may raise; the last two for expressions that are nested too deep.
_REASONS = (OSError, SyntaxError, ValueError, RecursionError, MemoryError)


class Change(NamedTuple):
    """What the rules make of a file; ``new`` is ``old`` where they change nothing."""

    old: sources.Source
    new: sources.Source

    @property
    def path(self) -> str:
        return self.old.path


class Refusal(NamedTuple):
    """A file that stays as it is, and why."""

    path: str
    reason: BaseException


Outcome = Union[Change, Refusal]


class Begun(NamedTuple):
    """What all steps but the last make of a file; where the last one is asked for, whether the file
    keeps its program from it."""

    outcome: Outcome
    stays: bool = False


def outcomes(paths: List[str], rules: List[Rule]) -> Iterator[Outcome]:
    """What ``rules`` make of every file among and below ``paths``."""
    found = list(sources.files(paths))
    programs = programs_of(found, module_at)
    begun = {path: begin(path, rules, programs[os.path.abspath(path)]) for path in found}
    staying = {os.path.abspath(path): each.stays for path, each in begun.items()}
    programs = decided(programs, staying)
    for path, each in begun.items():
        yield finish(each, rules, programs[os.path.abspath(path)])


def module_at(path: str) -> Module:
    """What programs have to know of a file; nothing if it can not be read or parsed: that is told
    when it is migrated."""
    try:
        text = _code(sources.read(path))
        return module_of(path, *python_2.read(text, path))
    except _REASONS:
        return NO_MODULE


def begin(path: str, rules: List[Rule], program: Program) -> Begun:
    """What all steps but the last make of a file of a program."""
    try:
        old = sources.read(path)
        new = old._replace(text=_migrated(old, _others(rules), program))
        return Begun(Change(old, new), bool(_of_last_step(rules)) and _stays(new, program))
    except _REASONS as reason:
        return Begun(Refusal(path, reason), True)


def finish(begun: Begun, rules: List[Rule], program: Program) -> Outcome:
    """What the last step makes of a file, whose program is :func:`decided`."""
    last, outcome = _of_last_step(rules), begun.outcome
    if not last or isinstance(outcome, Refusal):
        return outcome
    try:
        text = _migrated(outcome.new, last, program)
        return outcome._replace(new=outcome.new._replace(text=text))
    except _REASONS as reason:
        return Refusal(outcome.path, reason)


def _of_last_step(rules: List[Rule]) -> List[Rule]:
    return [rule for rule in rules if KERAS_3 in rule.steps]


def _others(rules: List[Rule]) -> List[Rule]:
    return [rule for rule in rules if KERAS_3 not in rule.steps]


def _stays(source: sources.Source, program: Program) -> bool:
    return leave_for_keras_3.stays(Names(ast.parse(_code(source)), program))


def _code(source: sources.Source) -> str:
    """The text of a module; the code of a notebook."""
    is_notebook = source.path.endswith(notebooks.SUFFIX)
    return notebooks.Code(source.text).text if is_notebook else source.text


def _migrated(source: sources.Source, rules: List[Rule], program: Program) -> str:
    if not source.path.endswith(notebooks.SUFFIX):
        return journey.migrated(source.text, rules, program, source.path)
    code = notebooks.Code(source.text)
    try:
        return code.with_text(journey.migrated(code.text, rules, program, source.path))
    except SyntaxError as error:
        raise RewriteError("%s: %s" % (code.place_of(error.lineno or 1), error.msg)) from error
