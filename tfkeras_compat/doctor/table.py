"""What was found, as a text for the terminal."""

import textwrap
from typing import Dict, Iterator, List

from tfkeras_compat.doctor import symbols
from tfkeras_compat.doctor.reading import PYTHON_2
from tfkeras_compat.doctor.summary import Summary, Total

TITLES = {
    symbols.ABSENT: "not supported",
    symbols.UNKNOWN: "unknown",
    symbols.NOTE: "works, with a note",
    symbols.WORKS: "works",
}
_WIDTH = 96
_PLACES = 6  # how many files are named; --json and --html have all


def text(summary: Summary, with_all: bool = False) -> str:
    """The whole text; ``with_all`` lists also what works."""
    states = [each for each in TITLES if with_all or each != symbols.WORKS]
    parts = [_head(summary), _counts(summary)]
    parts += [_section(TITLES[each], summary.in_state(each)) for each in states]
    parts += [_unreadable(summary), _python_2(summary), _weights(summary)]
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines)


def _head(summary: Summary) -> Iterator[str]:
    yield "%d files, %d lines: %s" % (
        len(summary.reports),
        summary.lines,
        _listed(summary.languages()),
    )
    yield "written for: %s" % _listed(summary.generations())


def _listed(counts: Dict[str, int]) -> str:
    return ", ".join("%d %s" % (count, name) for name, count in counts.items()) or "none"


def _counts(summary: Summary) -> Iterator[str]:
    yield "%-20s %8s %8s %8s" % ("", "symbols", "uses", "files")
    counts = summary.counts()
    for state, title in TITLES.items():
        found = counts[state]
        numbers = found["symbols"], found["uses"], found["files"]
        yield "%-20s %8d %8d %8d" % ((title,) + numbers)


def _section(title: str, found: List[Total]) -> Iterator[str]:
    if found:
        yield title
    for each in found:
        yield "  %s (%d)" % (each.symbol, each.uses)
        yield from textwrap.wrap(each.note, _WIDTH, initial_indent="    ", subsequent_indent="    ")
        yield from _places(each)


def _places(total: Total) -> Iterator[str]:
    for path, places in list(total.files.items())[:_PLACES]:
        yield "    %s: %s" % (path, ", ".join(places[:_PLACES]) + " ..." * (len(places) > _PLACES))
    if len(total.files) > _PLACES:
        yield "    and %d more files" % (len(total.files) - _PLACES)


def _unreadable(summary: Summary) -> Iterator[str]:
    if summary.unreadable:
        yield "files that can not be read"
    for report in summary.unreadable:
        yield "  %s: %s" % (report.path, report.problem)


def _python_2(summary: Summary) -> Iterator[str]:
    found = [report for report in summary.reports if report.language == PYTHON_2]
    if found:
        yield "files of Python 2 (`run` runs them as they are)"
    for report in found:
        yield "  " + report.path


def _weights(summary: Summary) -> Iterator[str]:
    if summary.weights:
        yield "files of weights that are loaded"
    for path, each in summary.weights:
        there = each.origin or "there" if each.there else "not there"
        yield "  %s (%s, line %d: %s): %s" % (each.path, path, each.line, each.loader, there)
