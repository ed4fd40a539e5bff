"""A code base as a whole: what its files have in common, and how many there are of what."""

import collections
from typing import Any, Dict, List, NamedTuple, Tuple

from tfkeras_compat.doctor import symbols
from tfkeras_compat.doctor.reading import Found, Report
from tfkeras_compat.doctor.weights import Weights

NO_KERAS = "no Keras"


class Total(NamedTuple):
    """A symbol in all files: how often it is used, and where in each file."""

    symbol: str
    state: str
    note: str
    uses: int
    files: Dict[str, Tuple[str, ...]]


class Summary(NamedTuple):
    """The totals of a code base."""

    reports: List[Report]
    symbols: List[Total]

    def in_state(self, state: str) -> List[Total]:
        """The symbols in one state, the most used first."""
        found = [each for each in self.symbols if each.state == state]
        return sorted(found, key=lambda each: (-each.uses, each.symbol))

    @property
    def lines(self) -> int:
        return sum(report.lines for report in self.reports)

    @property
    def unreadable(self) -> List[Report]:
        return [report for report in self.reports if report.problem]

    @property
    def weights(self) -> List[Tuple[str, Weights]]:
        """Pairs of the file that loads and what it loads."""
        return [(report.path, each) for report in self.reports for each in report.weights]

    def counts(self) -> Dict[str, Dict[str, int]]:
        """State -> how many symbols, uses and files there are."""
        return {state: self._counts(self.in_state(state)) for state in symbols.STATES}

    @staticmethod
    def _counts(found: List[Total]) -> Dict[str, int]:
        files = {path for each in found for path in each.files}
        uses = sum(each.uses for each in found)
        return {"symbols": len(found), "uses": uses, "files": len(files)}

    def languages(self) -> Dict[str, int]:
        return _counted(each.language for each in self.reports if not each.problem)

    def generations(self) -> Dict[str, int]:
        """How many files were written for each generation of Keras."""
        read = [each for each in self.reports if not each.problem]
        return _counted(
            each.generation.generation if each.generation else NO_KERAS for each in read
        )


def summary_of(reports: List[Report]) -> Summary:
    """Adds up what was read of each file."""
    places: Dict[Any, Dict[str, Tuple[str, ...]]] = collections.defaultdict(dict)
    for report in reports:
        for each in report.found:
            places[_key(each)][report.path] = each.places
    totals = [
        Total(symbol, state, note, sum(map(len, files.values())), files)
        for (symbol, state, note), files in places.items()
    ]
    return Summary(reports, sorted(totals, key=lambda each: each.symbol))


def _key(found: Found) -> Tuple[str, str, str]:
    return found.symbol, found.state, found.note


def _counted(values: Any) -> Dict[str, int]:
    return dict(sorted(collections.Counter(values).items()))


def as_data(summary: Summary) -> Dict[str, Any]:
    """The same in plain lists and dictionaries, for JSON."""
    return {
        "totals": {
            "files": len(summary.reports),
            "lines": summary.lines,
            "languages": summary.languages(),
            "generations": summary.generations(),
            "states": summary.counts(),
        },
        "symbols": [each._asdict() for each in summary.symbols],
        "files": [_file_as_data(each) for each in summary.reports],
    }


def _file_as_data(report: Report) -> Dict[str, Any]:
    return dict(
        report._asdict(),
        state=report.state,
        generation=report.generation._asdict() if report.generation else None,
        found=[each._asdict() for each in report.found],
        weights=[each._asdict() for each in report.weights],
    )
