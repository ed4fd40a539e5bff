"""Source of Python 2 in the spelling of Python 3, by the library fissix; lines stay lines."""

import ast
import difflib
import importlib.util
import re
import warnings
from typing import Any, Dict, Iterator, List, Optional, Set, Tuple

from tfkeras_compat.errors import MissingDependencyError
from tfkeras_compat.legacy import python_2
from tfkeras_compat.migrate.syntax_trees import children_of, nodes_of

_GONE = set(python_2.MODULES) - set(python_2.ALSO_IN_3)
_tools: Dict[Tuple[str, ...], Any] = {}  # converters by what they change: to make one takes a while


def decoded(source: Any) -> str:
    """The text of a source file: as its coding line says, else UTF-8, else Latin-1."""
    if isinstance(source, str):
        return source
    try:
        return importlib.util.decode_source(source)
    except (SyntaxError, UnicodeDecodeError):
        return source.decode("latin-1")


def parsed(text: str, path: str) -> ast.Module:
    """The syntax tree of Python 2 source.

    Raises: SyntaxError if it does not parse; MissingDependencyError without fissix.
    """
    return _tree_with_old_lines(_converted(text, path, python_2.FIXERS), text, path)


def read(source: Any, path: str, beside_python_2: bool = False) -> Tuple[ast.Module, bool]:
    """The syntax tree of a module, and whether it is of Python 2: by itself, as it does not parse
    as Python 3 or uses what only 2 had; or as part of a program of Python 2.

    Raises: SyntaxError, with the place in the reading that comes further, if it parses as neither.
    """
    try:
        tree = ast.parse(source, path)
    except SyntaxError as error:
        return _read_as_2(source, path, error), True
    if sign_of_python_2(tree) is not None:
        return parsed(decoded(source), path), True
    as_2 = _tree_of_2(source, path) if beside_python_2 else None
    return (tree, False) if as_2 is None else (as_2, True)


def _tree_of_2(source: Any, path: str) -> Optional[ast.Module]:
    try:
        return parsed(decoded(source), path)
    except SyntaxError:
        return None


def _read_as_2(source: Any, path: str, as_3: SyntaxError) -> ast.Module:
    try:
        return parsed(decoded(source), path)
    except MissingDependencyError as missing:
        raise as_3 from missing
    except SyntaxError as as_2:
        later = max([as_3, as_2], key=lambda error: getattr(error, "lineno", 0) or 0)
        raise later from None


def is_python_2(source: Any, path: str, beside_python_2: bool = False) -> bool:
    """What :func:`read` says of a module."""
    return read(source, path, beside_python_2)[1]


def converted(text: str, path: str) -> str:
    """Source of Python 2 in the syntax, and with the built-in names and modules, of Python 3 where
    these mean the same.

    Raises: SyntaxError if it does not parse; MissingDependencyError without fissix.
    """
    new = _converted(text, path, python_2.FIXERS + python_2.FIXERS_OF_TEXT)
    new = new if text.endswith("\n") else new.rstrip("\n")
    return _without_mixed_tabs(new, path)


def _converted(text: str, path: str, fixers: List[str]) -> str:
    from_library = _library()
    try:
        return str(_tool(from_library, fixers).refactor_string(text.rstrip("\n") + "\n", path))
    except (from_library.ParseError, from_library.TokenError) as error:
        raise _as_syntax_error(error, text, path) from None


class _Library:
    """The parts of fissix that are needed."""

    def __init__(self) -> None:
        from fissix import refactor
        from fissix.pgen2.parse import ParseError
        from fissix.pgen2.tokenize import TokenError

        self.refactor, self.ParseError, self.TokenError = refactor, ParseError, TokenError


def _library() -> _Library:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _Library()
    except ImportError as error:
        raise MissingDependencyError(
            "source of Python 2 is converted by the library fissix, and importing it failed: %s. "
            "pip install 'tfkeras_compat[python2]' brings it." % error
        ) from error


def _tool(library: _Library, names: List[str]) -> Any:
    fixers = tuple("fissix.fixes.fix_" + name for name in names)
    if fixers not in _tools:
        _tools[fixers] = library.refactor.RefactoringTool(fixers)
    return _tools[fixers]


def _as_syntax_error(error: Any, text: str, path: str) -> SyntaxError:
    """The library's error as Python's own: a parser tells the place, the tokenizer too."""
    context = getattr(error, "context", None)
    line = context[1][0] if context else error.args[1][0]
    lines = text.splitlines()
    shown = lines[line - 1] if line <= len(lines) else ""
    return SyntaxError("invalid syntax of Python 2", (path, line, 1, shown))


def _tree_with_old_lines(new: str, text: str, path: str) -> ast.Module:
    new = _without_mixed_tabs(new, path)
    tree = ast.parse(new, path)
    if new.count("\n") != text.count("\n"):
        _renumber(tree, _old_numbers(new.splitlines(), text.splitlines()))
    return tree


def _without_mixed_tabs(text: str, path: str) -> str:
    """The text; Python 2 allowed tabs and spaces together: a tab ends at a column of 8."""
    try:
        ast.parse(text, path)
        return text
    except TabError:
        return re.sub(r"^[ \t]+", lambda m: m.group().expandtabs(8), text, flags=re.M)


def _old_numbers(new: List[str], old: List[str]) -> List[int]:
    """For each new line, from 1 on, the number of the line it comes from."""
    numbers = [0]
    for _, start, end, new_start, new_end in difflib.SequenceMatcher(
        None, old, new, autojunk=False
    ).get_opcodes():
        numbers += [min(start + n, max(end - 1, start)) + 1 for n in range(new_end - new_start)]
    return numbers


def _renumber(tree: ast.AST, numbers: List[int]) -> None:
    for node in ast.walk(tree):
        for field in ("lineno", "end_lineno"):
            line = getattr(node, field, None)
            if line is not None:
                setattr(node, field, numbers[min(line, len(numbers) - 1)])


def sign_of_python_2(tree: ast.AST) -> Optional[Tuple[str, int]]:
    """What shows that a module that parses as Python 3 is of Python 2, and its line; or ``None``.

    Names that the module itself binds, and what stands in a ``try``, is written for both.

    >>> sign_of_python_2(ast.parse("import os\\nfor n in xrange(3): print(n)"))
    ('xrange', 2)
    """
    suspects = [(node, name) for node in _outside_of_try(tree) for name in _only_in_2(node)]
    bound = _bound_names(tree) if suspects else set()
    signs = ((name, node.lineno) for node, name in suspects if not _is_for_both(node, bound))
    return next(signs, None)


def _outside_of_try(tree: Any) -> Iterator[Any]:
    """The nodes, in the order of the source."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, ast.Try):
            yield node
            waiting += list(children_of(node))[::-1]


def _only_in_2(node: Any) -> List[str]:
    """What a node spells that Python 3 does not have."""
    if isinstance(node, ast.Name):
        return [node.id] if node.id in python_2.NAMES else []
    if isinstance(node, ast.Attribute):
        return [node.attr] if node.attr in python_2.METHODS else []
    return [name for name in _imported(node) if name in _GONE]


def _is_for_both(node: Any, bound: Set[str]) -> bool:
    if isinstance(node, ast.Name):
        return node.id in bound
    return isinstance(node, ast.Attribute) and bool(bound & set(python_2.METHODS_ELSEWHERE))


def _imported(node: ast.AST) -> List[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [str(node.module)]
    return []


def _bound_names(tree: ast.AST) -> Set[str]:
    nodes = nodes_of(tree)
    names = {n.id for n in nodes if isinstance(n, ast.Name) and not isinstance(n.ctx, ast.Load)}
    names |= {n.arg for n in nodes if isinstance(n, ast.arg)}
    names |= {n.name for n in nodes if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    imports = [n for n in nodes if isinstance(n, (ast.Import, ast.ImportFrom))]
    for each in imports:
        names |= {(alias.asname or alias.name).partition(".")[0] for alias in each.names}
        names.add(str(getattr(each, "module", "")).partition(".")[0])
    return names
