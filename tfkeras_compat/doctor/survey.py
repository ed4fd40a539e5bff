"""A whole code base, read by several processes, with a progress bar."""

import functools
import multiprocessing
import os
import sys
from typing import Any, Callable, Iterable, List, NamedTuple, Optional

from tfkeras_compat.doctor.reading import Report, read
from tfkeras_compat.errors import MissingDependencyError
from tfkeras_compat.migrate import command
from tfkeras_compat.migrate.programs import Module, programs_of
from tfkeras_compat.migrate.rules import rules_up_to

# To start a process takes as long as to read so many files.
_FILES_FOR_A_PROCESS = 40


class Change(NamedTuple):
    """What a step of ``migrate`` makes of a file: both texts, or why it leaves the file alone."""

    path: str
    old: str = ""
    new: str = ""
    refusal: str = ""


def survey(paths: List[str], jobs: Optional[int] = None) -> List[Report]:
    """The reports of ``paths``, in their order."""
    return _each(read, paths, "reading", jobs)


def changes(reports: List[Report], step: str, jobs: Optional[int] = None) -> List[Any]:
    """For each report the :class:`Change` that a step of ``migrate`` makes of its file, as part of
    its program; ``None`` where it makes none."""
    modules = {os.path.abspath(each.path): each.module for each in reports}
    programs = programs_of(modules, lambda path: _module(path, modules))
    of_files = [(each.path, programs[os.path.abspath(each.path)]) for each in reports]
    return _each(functools.partial(_change, step), of_files, "migrating", jobs)


def _module(path: str, known: Any) -> Module:
    return known[path] if path in known else read(path).module


def _change(step: str, of_file: Any) -> Optional[Change]:
    path, program = of_file
    try:
        outcome = command.outcome_of(path, rules_up_to(step), program)
    except MissingDependencyError:
        raise
    except Exception as error:  # a mistake in a rule: the diagnosis of all files goes on
        return Change(path, refusal="a rule failed (%r). Please report it" % error)
    if isinstance(outcome, command.Refusal):
        return Change(path, refusal=str(outcome.reason))
    if outcome.new == outcome.old:
        return None
    return Change(path, outcome.old.text, outcome.new.text)


def _each(
    work: Callable[[Any], Any], items: List[Any], title: str, jobs: Optional[int]
) -> List[Any]:
    """What ``work`` gives for each item, by several processes if there are many."""
    processes = min(jobs or os.cpu_count() or 1, len(items) // _FILES_FOR_A_PROCESS)
    if processes < 2:
        return list(_shown(map(work, items), title, len(items)))
    with multiprocessing.Pool(processes) as pool:
        return list(_shown(pool.imap(work, items, chunksize=8), title, len(items)))


def _shown(results: Iterable[Any], title: str, total: int) -> Iterable[Any]:
    """The results behind a progress bar, on a terminal and with the library that draws it."""
    if not sys.stderr.isatty():
        return results
    try:
        import tqdm
    except ImportError:
        return results
    return tqdm.tqdm(results, desc=title, total=total, unit=" files", leave=False)
