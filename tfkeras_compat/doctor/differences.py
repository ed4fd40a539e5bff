"""Two texts side by side: rows of lines that belong together, with what differs within them."""

import difflib
import re
from typing import Iterator, List, NamedTuple, Optional, Sequence, Tuple

SAME, CHANGED, GAP = "same", "changed", "gap"
_AROUND = 2  # equal lines that are shown before and after a change
# Lines that are less alike than this are shown as removed and added.
_ALIKE = 0.4

Piece = Tuple[str, bool]  # a part of a line, and whether it differs


class Side(NamedTuple):
    """A line: its number, and its text in pieces."""

    number: int
    pieces: Tuple[Piece, ...]


class Row(NamedTuple):
    """One row; a side is ``None`` where the other text has no such line."""

    kind: str
    old: Optional[Side] = None
    new: Optional[Side] = None


def rows(old: str, new: str) -> List[Row]:
    """The rows that show how ``new`` differs from ``old``, with a gap where both go on alike.

    >>> [row.kind for row in rows("import keras\\na\\n", "import tfkeras_compat as keras\\na\\n")]
    ['changed', 'same']
    >>> rows("import keras", "import tfkeras")[0].new.pieces
    (('import ', False), ('tfkeras', True))
    """
    olds, news = old.splitlines(), new.splitlines()
    matcher = difflib.SequenceMatcher(None, olds, news, autojunk=False)
    found: List[Row] = []
    end = 0
    for group in matcher.get_grouped_opcodes(_AROUND):
        if group[0][1] > end:
            found.append(Row(GAP))
        for tag, *places in group:
            found += _block(tag, olds, news, places)
        end = group[-1][2]
    return found + ([Row(GAP)] if found and end < len(olds) else [])


def _block(tag: str, olds: List[str], news: List[str], places: Sequence[int]) -> Iterator[Row]:
    i1, i2, j1, j2 = places
    for step in range(max(i2 - i1, j2 - j1)):
        i, j = i1 + step, j1 + step
        old = olds[i] if i < i2 else None
        new = news[j] if j < j2 else None
        if tag == "equal":
            yield Row(SAME, Side(i + 1, ((str(old), False),)), Side(j + 1, ((str(new), False),)))
        else:
            before, after = _pieces(old, new)
            yield Row(
                CHANGED,
                None if old is None else Side(i + 1, before),
                None if new is None else Side(j + 1, after),
            )


def _pieces(old: Optional[str], new: Optional[str]) -> Tuple[Tuple[Piece, ...], Tuple[Piece, ...]]:
    """Both lines in pieces, word by word."""
    if old is None or new is None:
        return ((old or "", False),), ((new or "", False),)
    olds, news = _words(old), _words(new)
    matcher = difflib.SequenceMatcher(None, olds, news, autojunk=False)
    if matcher.ratio() < _ALIKE:
        return ((old, False),), ((new, False),)
    before, after = [], []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        before.append(("".join(olds[i1:i2]), tag != "equal"))
        after.append(("".join(news[j1:j2]), tag != "equal"))
    return _without_empty(before), _without_empty(after)


def _words(line: str) -> List[str]:
    return re.findall(r"\w+|\s+|[^\w\s]", line)


def _without_empty(pieces: List[Piece]) -> Tuple[Piece, ...]:
    return tuple(piece for piece in pieces if piece[0])
