"""One source file, read: what it is, what it uses, what it loads."""

import ast
import os
import warnings
from typing import Any, Dict, List, NamedTuple, Optional, Tuple

from tfkeras_compat.doctor import notebook, symbols
from tfkeras_compat.doctor.uses import uses_of
from tfkeras_compat.doctor.weights import Weights, weights_of
from tfkeras_compat.dropin import rewrite
from tfkeras_compat.errors import MissingDependencyError
from tfkeras_compat.migrate import python_2
from tfkeras_compat.migrate.generation import Sign, generation_of

PYTHON_2, PYTHON_3 = "Python 2", "Python 3"
# What reading and parsing may raise; the last two for expressions that are nested too deep.
_REASONS = (OSError, SyntaxError, ValueError, RecursionError, MemoryError)


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
    generation: Optional[Sign] = None
    found: Tuple[Found, ...] = ()
    weights: Tuple[Weights, ...] = ()
    problem: str = ""

    @property
    def state(self) -> str:
        """The worst of the states of its symbols."""
        return symbols.ABSENT if self.problem else symbols.worst(each.state for each in self.found)

    @property
    def is_notebook(self) -> bool:
        return self.path.endswith(notebook.SUFFIX)


def read(path: str) -> Report:
    """Reads a file; one that can not be read or parsed is reported with the reason."""
    try:
        code = _code(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # old source has escapes that Python warns of
            language, tree = _parsed(code.text, path)
        return _report(path, code, language, tree)
    except _REASONS as error:
        return Report(path, problem=_explained(error))


def _code(path: str) -> notebook.Code:
    with open(path, "rb") as file:
        content = file.read()
    if path.endswith(notebook.SUFFIX):
        return notebook.code_of(content.decode("utf-8-sig"))
    return notebook.Code(python_2.decoded(content))


def _parsed(text: str, path: str) -> Tuple[str, ast.AST]:
    if rewrite.is_python_2(text, path):
        return PYTHON_2, rewrite.parsed_as_2(text, path)
    return PYTHON_3, ast.parse(text, path)


def _report(path: str, code: notebook.Code, language: str, tree: ast.AST) -> Report:
    folder = os.path.dirname(path) or os.curdir
    return Report(
        path,
        language,
        code.text.count("\n"),
        generation_of([(path, tree)]),
        _symbols(tree, code),
        tuple(weights_of(tree, folder)),
    )


def _symbols(tree: ast.AST, code: notebook.Code) -> Tuple[Found, ...]:
    lines: Dict[symbols.Judgement, List[int]] = {}
    for use in uses_of(tree):
        lines.setdefault(symbols.judged(use.symbol), []).append(use.line)
    return tuple(
        Found(each.symbol, each.state, each.note, tuple(map(code.place, sorted(found))))
        for each, found in sorted(lines.items())
    )


def _explained(error: Any) -> str:
    if isinstance(error, SyntaxError):
        missing = error.__cause__
        hint = "; %s" % missing if isinstance(missing, MissingDependencyError) else ""
        return "line %s: %s%s" % (error.lineno, error.msg, hint)
    if isinstance(error, OSError):
        return "can not be read: %s" % (error.strerror or error)
    return str(error) or type(error).__name__
