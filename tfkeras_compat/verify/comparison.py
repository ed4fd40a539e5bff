"""Two records of one program side by side: where do their losses part?"""

import itertools
import math
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

# Below this a number counts as zero: relative differences of such numbers say nothing.
_ZERO = 1e-6
_KINDS = ("step", "value")


class Row(NamedTuple):
    """One event in both: the numbers that differ most, and by how much of the larger."""

    kind: str
    number: int
    original: float
    ours: float
    difference: float
    draws: List[str]


class Comparison(NamedTuple):
    """All rows in the order of the original, and what one side has more of."""

    rows: List[Row]
    counts: Dict[str, Any]  # kind -> how many events the original and ours have
    tolerance: float

    def first_parting(self) -> Optional[Row]:
        """The first row beyond the tolerance."""
        return next((row for row in self.rows if not row.difference <= self.tolerance), None)

    def is_whole(self) -> bool:
        """Whether both went equally far."""
        return all(original == ours for original, ours in self.counts.values())

    def largest(self) -> float:
        """The largest difference; 0 without rows."""
        return max((row.difference for row in self.rows), default=0.0)


def compared(original: List[Any], ours: List[Any], tolerance: float) -> Comparison:
    """Pairs the events of two records, steps with steps and values with values.

    >>> one = [{"kind": "step", "values": [0.5], "random": []}]
    >>> two = [{"kind": "step", "values": [0.25], "random": []}]
    >>> compared(one, two, 1e-4).first_parting()
    Row(kind='step', number=1, original=0.5, ours=0.25, difference=0.5, draws=[])
    """
    waiting = {kind: iter([e for e in ours if e["kind"] == kind]) for kind in _KINDS}
    numbers = {kind: itertools.count(1) for kind in _KINDS}
    rows = []
    for event in original:
        kind = event["kind"]
        partner = next(waiting[kind], None)
        if partner is not None:
            rows.append(_row(kind, next(numbers[kind]), event, partner))
    counts = {kind: tuple(_count(side, kind) for side in (original, ours)) for kind in _KINDS}
    return Comparison(rows, counts, tolerance)


def _count(events: List[Any], kind: str) -> int:
    return sum(event["kind"] == kind for event in events)


def _row(kind: str, number: int, original: Any, ours: Any) -> Row:
    pairs = list(zip(original["values"], ours["values"]))
    one, other = max(pairs, key=lambda pair: difference(*pair))
    draws = original["random"] or ours["random"]
    return Row(kind, number, one, other, difference(one, other), draws)


def difference(one: float, other: float) -> float:
    """How far two numbers are apart, in parts of the larger.

    >>> difference(2.0, 1.0), difference(float("nan"), float("nan")), difference(1e-9, 0.0)
    (0.5, 0.0, 0.0)
    """
    if one == other or (math.isnan(one) and math.isnan(other)):
        return 0.0
    if not (math.isfinite(one) and math.isfinite(other)):
        return math.inf
    apart, size = abs(one - other), max(abs(one), abs(other))
    return 0.0 if size < _ZERO else apart / size


# As a text.

_FIRST, _AROUND, _LAST = 5, 2, 2  # rows that are shown: at the start, about a parting, at the end


def table(comparison: Comparison) -> Iterator[str]:
    """The lines of a table of rows; those that say little are left out."""
    yield "%12s %14s %14s   %s" % ("", "original", "ours", "difference")
    parting = comparison.first_parting()
    rows = comparison.rows
    place = rows.index(parting) if parting else 0
    shown = {n for n in range(len(rows)) if n < _FIRST or len(rows) - n <= _LAST}
    shown |= {n for n in range(len(rows)) if parting and abs(n - place) <= _AROUND}
    last = -1
    for number in sorted(shown):
        if number > last + 1:
            yield "%12s" % "..."
        yield _line(rows[number], rows[number] is parting)
        last = number


def _line(row: Row, parts: bool) -> str:
    name = "%s %d" % (row.kind, row.number)
    line = "%12s %14.7g %14.7g   %.1e" % (name, row.original, row.ours, row.difference)
    return line + ("   <- parts" if parts else "")


def verdict(comparison: Comparison, references: bool = False) -> str:
    """The sentence that says how it went.

    ``references`` says that the original's variables can change while a step reads them.
    """
    row = comparison.first_parting()
    steps, values = [sum(each.kind == kind for each in comparison.rows) for kind in _KINDS]
    if row is not None:
        text = "The losses part at %s %d: the original has %.7g, ours has %.7g." % row[:4]
        if row.draws:
            return text + _RANDOM % ", ".join(row.draws)
        return text + (_REFERENCES if references and row.kind == "step" else "")
    text = "%d steps and %d values are equal within %g; the largest difference is %.1e." % (
        steps,
        values,
        comparison.tolerance,
        comparison.largest(),
    )
    return text + "".join(_unequal(comparison))


_RANDOM = (
    " TensorFlow draws random numbers in it (%s), and no two versions draw the same: losses part "
    "there without a mistake. Turn the noise off to compare the rest."
)
_REFERENCES = (
    " The original's weights are reference variables: a step there may read a weight after it was "
    "changed, and its losses then depend on the order of its operations. Ours reads them before."
)


def _unequal(comparison: Comparison) -> Iterator[str]:
    for kind, (original, ours) in comparison.counts.items():
        if original != ours:
            yield " But the original has %d %ss and ours %d." % (original, kind, ours)
