"""A whole code base, read by several processes, with a progress bar."""

import multiprocessing
import os
import sys
from typing import Any, Iterable, Iterator, List, NamedTuple, Optional, Set

from tfkeras_compat.doctor import notebook
from tfkeras_compat.doctor.reading import read
from tfkeras_compat.errors import MissingDependencyError
from tfkeras_compat.migrate import command, sources
from tfkeras_compat.migrate.rules import rules_up_to

# To start a process takes as long as to read so many files.
_FILES_FOR_A_PROCESS = 40


class Change(NamedTuple):
    """What a step of ``migrate`` makes of a file: both texts, or why it leaves the file alone."""

    path: str
    old: str = ""
    new: str = ""
    refusal: str = ""


class Reader:
    """Reads one file; with a step of ``migrate``, also what the step would change."""

    def __init__(self, step: Optional[str] = None) -> None:
        self._step = step

    def __call__(self, path: str) -> Any:
        """The report and the :class:`Change`, or ``None`` where nothing changes."""
        return read(path), self._change(path) if self._step else None

    def _change(self, path: str) -> Optional[Change]:
        try:
            outcome = next(command.outcomes([path], rules_up_to(str(self._step))))
        except MissingDependencyError:
            raise
        except Exception as error:  # a mistake in a rule: the diagnosis of all files goes on
            return Change(path, refusal="a rule failed (%r). Please report it" % error)
        if isinstance(outcome, command.Refusal):
            return Change(path, refusal=str(outcome.reason))
        if outcome.new == outcome.old:
            return None
        return Change(path, outcome.old.text, outcome.new.text)


def files(paths: Iterable[str]) -> List[str]:
    """The Python files and notebooks among and below ``paths``, sorted."""
    found: Set[str] = set()
    for path in paths:
        found.update(sources.files([path]))
        if os.path.isdir(path):
            found.update(_notebooks(path))
    return sorted(found)


def _notebooks(folder: str) -> Iterator[str]:
    for here, folders, names in os.walk(folder):
        folders[:] = [each for each in folders if each[0] != "." and each != "node_modules"]
        yield from (os.path.join(here, each) for each in names if each.endswith(notebook.SUFFIX))


def survey(paths: List[str], step: Optional[str] = None, jobs: Optional[int] = None) -> List[Any]:
    """A pair of report and :class:`Change` for each of ``paths``, in their order."""
    processes = min(jobs or os.cpu_count() or 1, len(paths) // _FILES_FOR_A_PROCESS)
    if processes < 2:
        return list(_shown(map(Reader(step), paths), len(paths)))
    with multiprocessing.Pool(processes) as pool:
        return list(_shown(pool.imap(Reader(step), paths, chunksize=8), len(paths)))


def _shown(results: Iterable[Any], total: int) -> Iterable[Any]:
    """The results behind a progress bar, on a terminal and with the library that draws it."""
    if not sys.stderr.isatty():
        return results
    try:
        import tqdm
    except ImportError:
        return results
    return tqdm.tqdm(results, total=total, unit=" files", leave=False)
