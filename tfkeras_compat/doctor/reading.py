"""One source file, read: what it is, what it uses, what it loads."""

import ast
import os
import warnings
from typing import Any, Callable, Dict, List, NamedTuple, Optional, Tuple

from tfkeras_compat.doctor import symbols
from tfkeras_compat.doctor.uses import Own, uses_of
from tfkeras_compat.doctor.weights import Weights, weights_of
from tfkeras_compat.errors import MissingDependencyError
from tfkeras_compat.migrate import notebooks, python_2
from tfkeras_compat.migrate.generation import Sign, deciding
from tfkeras_compat.migrate.names import ALONE
from tfkeras_compat.migrate.programs import NO_MODULE, Module, module_of

PYTHON_2, PYTHON_3 = "Python 2", "Python 3"
# What reading and parsing may raise; the last two for expressions that are nested too deep.
_REASONS = (OSError, ValueError, RecursionError, MemoryError)


class Found(NamedTuple):
    """A symbol in a file: its state, and the places where it stands."""

    symbol: str
    state: str
    note: str
    places: Tuple[str, ...]


class Report(NamedTuple):
    """What is known of a file. ``problem`` says why nothing else is."""

    path: str
    language: str = ""
    lines: int = 0
    module: Module = NO_MODULE
    found: Tuple[Found, ...] = ()
    weights: Tuple[Weights, ...] = ()
    problem: str = ""

    @property
    def state(self) -> str:
        """The worst of the states of its symbols."""
        return symbols.ABSENT if self.problem else symbols.worst(each.state for each in self.found)

    @property
    def generation(self) -> Optional[Sign]:
        """What tells the generation of Keras that it is written for."""
        return deciding(self.module.signs)

    @property
    def is_notebook(self) -> bool:
        return self.path.endswith(notebooks.SUFFIX)


def read(path: str, own: Own = ALONE.own) -> Report:
    """Reads a file; one that can not be read or parsed is reported with the reason.

    Args: ``own`` are the modules of its program that it imports, with what they hand on.
    """
    try:
        code = _code(path)
        return _report(path, code, *_parsed(code, path), own)
    except _REASONS as error:
        return Report(path, problem=_explained(error))


class _Code(NamedTuple):
    text: str
    lines: int
    place_of: Callable[[int], str]  # what a line of the text is called


def _code(path: str) -> _Code:
    with open(path, "rb") as file:
        content = file.read()
    if path.endswith(notebooks.SUFFIX):
        cells = notebooks.Code(content.decode("utf-8-sig"))
        return _Code(cells.text, cells.lines, cells.place_of)
    text = python_2.decoded(content)
    return _Code(text, text.count("\n"), str)


def _parsed(code: _Code, path: str) -> Tuple[ast.Module, bool]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old source has escapes that Python warns of
            return python_2.read(code.text, path)
    except SyntaxError as error:
        missing = error.__cause__
        hint = "; %s" % missing if isinstance(missing, MissingDependencyError) else ""
        place = code.place_of(error.lineno or 1)
        where = "line " + place if code.place_of is str else place
        raise ValueError("%s: %s%s" % (where, error.msg, hint)) from error


def _report(path: str, code: _Code, tree: ast.AST, of_python_2: bool, own: Own) -> Report:
    return Report(
        path,
        PYTHON_2 if of_python_2 else PYTHON_3,
        code.lines,
        module_of(path, tree, of_python_2),
        _symbols(tree, code, own),
        tuple(weights_of(tree, os.path.dirname(path) or os.curdir)),
    )


def _symbols(tree: ast.AST, code: _Code, own: Own) -> Tuple[Found, ...]:
    lines: Dict[symbols.Judgement, List[int]] = {}
    for use in uses_of(tree, own):
        lines.setdefault(symbols.judged(use.symbol), []).append(use.line)
    return tuple(
        Found(each.symbol, each.state, each.note, tuple(map(code.place_of, sorted(found))))
        for each, found in sorted(lines.items())
    )


def _explained(error: Any) -> str:
    if isinstance(error, OSError):
        return "can not be read: %s" % (error.strerror or error)
    return str(error) or type(error).__name__
