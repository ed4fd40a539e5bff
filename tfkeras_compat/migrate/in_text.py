"""Applies rules to the text of a source file.

What no rule replaces stays as it is written, and so do the comments and the layout of what is
replaced: only the tokens that differ are changed. The result means what ``in_tree`` makes of the
same source; this is checked each time. The places of nodes come from the library asttokens, for
Python 3.7 does not tell where a node ends.
"""

import ast
import difflib
import io
import re
import sys
import tokenize
from typing import Any, Iterable, Iterator, List, NamedTuple, Optional, Tuple

from tfkeras_compat.errors import MissingDependencyError, RewriteError
from tfkeras_compat.migrate import in_tree
from tfkeras_compat.migrate.names import ALONE, Names, Program
from tfkeras_compat.migrate.rule import Replacement, Rule
from tfkeras_compat.migrate.syntax_trees import alike, children_of

_LAYOUT = (
    tokenize.COMMENT,
    tokenize.NL,
    tokenize.NEWLINE,
    tokenize.INDENT,
    tokenize.DEDENT,
    tokenize.ENDMARKER,
)
# Whether the end of an f-string is where a quote within its braces stands.
_STRINGS_ARE_ONE_TOKEN = not hasattr(tokenize, "FSTRING_START")


class _Token(NamedTuple):
    text: str
    start: int
    end: int


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


def rewritten(source: str, rules: Iterable[Rule], program: Program = ALONE) -> str:
    """A module's source text with what ``rules`` replace replaced.

    Raises: SyntaxError if it does not parse; RewriteError if a comment or a place within a string
    stands in the way; MissingDependencyError without asttokens.

    >>> from tfkeras_compat.migrate.rules import rules_of
    >>> rewritten("from  keras.layers import (LSTM)  # one", rules_of("drop-in"))
    'from  tfkeras_compat.layers import (LSTM)  # one'
    """
    names = Names(ast.parse(source), program)
    return replaced(source, names, [rule for rule in rules if changes(rule, names)])


def replaced(source: str, names: Names, rules: List[Rule]) -> str:
    """The text whose names are ``names``, with what ``rules`` replace replaced."""
    if not rules:
        return source
    new = _Applier(source, names, rules).text()
    _check_meaning(new, in_tree.replaced(names, rules))
    return new


def changes(rule: Rule, names: Names) -> bool:
    """Whether a rule replaces something in a module."""
    if not rule.applies_to(names.tree):
        return False
    nodes = names.nodes_of(*rule.nodes)
    return any(rule.replacement(node, names) is not None for node in nodes)


def _check_meaning(text: str, tree: ast.Module) -> None:
    try:
        if alike(ast.parse(text), tree):
            return
    except SyntaxError:
        pass
    raise RewriteError(
        "the rewritten text would not mean what the rules say. This is a mistake of "
        "tfkeras_compat: please report the statements that are to be replaced"
    )


class _Applier:
    def __init__(self, source: str, names: Names, rules: List[Rule]) -> None:
        self._source, self._names, self._rules = source, names, rules
        self._places = _asttokens().ASTText(source, tree=names.tree)
        self._line_end = "\r\n" if "\r\n" in source else "\n"
        self._moved: List[_Edit] = []  # comments that go above their statements

    def text(self) -> str:
        """The whole text."""
        edits = list(self._edits(self._names.tree))
        return _edited(self._source, edits + self._moved)

    def text_of(self, node: ast.AST, start: int, end: int) -> str:
        """The text from ``start`` to ``end``, where ``node`` stands, with all replacements."""
        return self._with(self._edits(node), start, end)

    def _with(self, edits: Iterable[_Edit], start: int, end: int) -> str:
        inside = [each._replace(start=each.start - start, end=each.end - start) for each in edits]
        return _edited(self._source[start:end], inside)

    def _edits(self, node: ast.AST) -> Iterator[_Edit]:
        new = in_tree.replacement_of(node, self._rules, self._names)
        if new is None:
            yield from self._edits_within(node)
        else:
            yield from self._edits_of(node, new)

    def _edits_within(self, node: ast.AST) -> Iterator[_Edit]:
        for child in children_of(node):
            yield from self._edits(child)

    def _edits_of(self, node: Any, new: Replacement) -> Iterator[_Edit]:
        start, end = self._place(node)
        if new.source is None:
            text = self._with(self._edits_within(node), start, end)
        else:
            text = self._replaced(node, new, start, end)
        text = self._statements(list(new.before) + [text], start)
        rest = self._source[end:].partition("\n")[0].rstrip("\r")
        if not new.after or rest.strip()[:1] not in ("", "#"):
            yield _Edit(start, end, self._statements([text] + list(new.after), start))
            return
        yield _Edit(start, end, text)  # a comment behind the statement stays behind it
        behind = end + len(rest)
        yield _Edit(behind, behind, self._statements(["", *new.after], start))

    def _replaced(self, node: Any, new: Replacement, start: int, end: int) -> str:
        parts = [self.text_of(each, *self._place(each)) for each in new.parts]
        lines = [new._replace(source=line).filled(parts) for line in str(new.source).split("\n")]
        old = self._source[start:end]
        if len(lines) > 1:
            text = self._statements(_comments(old) + lines, start)
        elif new.parts and not new.keeps_layout and _has_comments_of(old, lines[0]):
            text = lines[0]  # the parts bring their layout
        else:
            text = _in_the_layout_of(old, lines[0])
        for comment in [each for each in _comments(old) if each not in _comments(text)]:
            self._move(comment, node)
        return text

    def _move(self, comment: str, node: Any) -> None:
        """Puts a comment above the statement that a node is in."""
        while not isinstance(node, ast.stmt):
            node = self._names.parent_of(node)
        start, _ = self._place(node)
        before = self._source[:start].rpartition("\n")[2]
        if before.strip() or isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            raise RewriteError(
                "line %d: a comment stands within code that is to be replaced. Expected it "
                "before or behind the statement: move it there" % node.lineno
            )
        place = start - len(before)
        self._moved.append(_Edit(place, place, before + comment + self._line_end))

    def _place(self, node: Any) -> Tuple[int, int]:
        if _STRINGS_ARE_ONE_TOKEN and self._is_in_string(node):
            raise RewriteError(
                "line %d: code within an f-string is to be replaced, which Python before 3.12 "
                "reads as one text. Expected it outside of strings: give it a name there"
                % node.lineno
            )
        start, end = self._places.get_text_range(node)
        return start, end

    def _is_in_string(self, node: Any) -> bool:
        while node is not None and not isinstance(node, ast.JoinedStr):
            node = self._names.parent_of(node)
        return node is not None

    def _statements(self, lines: List[str], start: int) -> str:
        before = self._source[:start].rpartition("\n")[2]
        return "; ".join(lines) if before.strip() else (self._line_end + before).join(lines)


def _in_the_layout_of(old: str, new: str) -> str:
    """``new`` with the spaces, line breaks and comments that ``old`` has between equal tokens."""
    olds, news = _tokens(old), _tokens(new)
    matcher = difflib.SequenceMatcher(None, _texts(olds), _texts(news), autojunk=False)
    edits = [
        _run(olds, news, new, *places)
        for tag, *places in matcher.get_opcodes()
        if tag != "equal" and not _is_layout(tag, olds[places[0] : places[1]])
    ]
    text = _edited(old, edits)
    return text if alike(_tree(text), _tree(new)) else new


def _is_layout(tag: str, run: List[_Token]) -> bool:
    # The brackets of `from x import (y,)`; whether they may stay, the meaning tells.
    return tag == "delete" and {"(", ")", ","}.issuperset(_texts(run))


def _tree(code: str) -> Optional[ast.Module]:
    """The tree of a statement or an expression; ``None`` if it is neither."""
    for form in ("%s\n", "(%s\n)"):
        try:
            return ast.parse(form % code)
        except SyntaxError:
            continue
    return None


def _run(olds: Any, news: Any, new: str, i1: int, i2: int, j1: int, j2: int) -> _Edit:
    """The edit that puts the tokens ``j1`` to ``j2`` in the place of ``i1`` to ``i2``."""
    if i1 < i2 and j1 < j2:
        return _Edit(olds[i1].start, olds[i2 - 1].end, new[news[j1].start : news[j2 - 1].end])
    # An inserted run brings the space beside it along, a deleted one takes it away.
    start, end = _with_space(olds, i1, i2) if i1 == i2 else _deleted(olds, i1, i2)
    first, last = _with_space(news, j1, j2)
    if i1 == i2 and j1 and start == olds[i1 - 1].end:
        first = news[j1 - 1].end  # and the space before it, where there was none
    return _Edit(start, end, new[first:last])


def _deleted(tokens: Any, first: int, last: int) -> Tuple[int, int]:
    """Where a run is deleted: with the space behind it, or before it where there is none."""
    if not first or last == len(tokens):
        return _with_space(tokens, first, last)
    before, behind = tokens[first - 1], tokens[last]
    touches = before.end == tokens[first].start and before.text not in "([{"
    if touches and tokens[last - 1].end < behind.start:
        return before.end, tokens[last - 1].end
    return tokens[first].start, behind.start


def _with_space(tokens: Any, first: int, last: int) -> Tuple[int, int]:
    if last < len(tokens):
        return tokens[first].start, tokens[last].start
    return tokens[first - 1].end, tokens[last - 1].end


def _edited(text: str, edits: Iterable[_Edit]) -> str:
    for edit in sorted(edits, reverse=True):
        text = text[: edit.start] + edit.text + text[edit.end :]
    return text


def _texts(tokens: List[_Token]) -> List[str]:
    return [token.text for token in tokens]


def _tokens(code: str) -> List[_Token]:
    """What the code says, without its layout."""
    return [token for kind, token in _all_tokens(code) if kind not in _LAYOUT]


def _has_comments_of(old: str, new: str) -> bool:
    return set(_comments(old)) <= set(_comments(new))


def _comments(code: str) -> List[str]:
    return [token.text for kind, token in _all_tokens(code) if kind == tokenize.COMMENT]


def _all_tokens(code: str) -> List[Tuple[int, _Token]]:
    # Part of an expression may go on in the next line: only parentheses around make it whole.
    text = "(" + code + "\n)"
    starts = [-1] + [match.end() - 1 for match in re.finditer("\n", text)]
    found = [
        (each.type, _Token(each.string, _offset(starts, each.start), _offset(starts, each.end)))
        for each in tokenize.generate_tokens(io.StringIO(text).readline)
    ]
    return [pair for pair in found if pair[1].start >= 0 and pair[1].end <= len(code)]


def _offset(starts: List[int], place: Tuple[int, int]) -> int:
    return starts[place[0] - 1] + place[1] if place[0] <= len(starts) else sys.maxsize


def _asttokens() -> Any:
    try:
        import asttokens
    except ImportError as error:
        raise MissingDependencyError(
            "the places of code in a file are found by the library asttokens, and importing it "
            "failed: %s. pip install 'tfkeras_compat[migrate]' brings it." % error
        ) from error
    return asttokens
