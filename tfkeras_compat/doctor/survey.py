"""A whole code base, read by several processes, with a progress bar."""

import functools
import multiprocessing
import os
import sys
from typing import Any, Callable, Dict, Iterable, List, NamedTuple, Optional

from tfkeras_compat.doctor.reading import Report, read
from tfkeras_compat.doctor.symbols import is_ours
from tfkeras_compat.errors import MissingDependencyError, RewriteError
from tfkeras_compat.migrate.handed_on import HandedOn
from tfkeras_compat.migrate.names import Program
from tfkeras_compat.migrate.outcomes import Begun, Outcome, Refusal, begin, finish
from tfkeras_compat.migrate.programs import Module, decided, programs_of
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
    reports = _each(read, paths, "reading", jobs)
    programs = _programs(reports)
    of_files = [(path, programs[os.path.abspath(path)].own) for path in paths]
    # What other modules hand on is known when all are read.
    again = [(path, own) for path, own in of_files if any(map(_is_of_use, own.values()))]
    anew = dict(zip(dict(again), _each(_read, again, "reading again", jobs)))
    return [anew.get(each.path, each) for each in reports]


def _programs(reports: List[Report]) -> Dict[str, Program]:
    modules = {os.path.abspath(each.path): each.module for each in reports}
    return programs_of(modules, lambda path: _module(path, modules))


def _is_of_use(module: HandedOn) -> bool:
    """Whether a module of the program hands on anything of TensorFlow or Keras."""
    return any(map(is_ours, (*module.names.values(), *module.stars)))


def _read(of_file: Any) -> Report:
    return read(*of_file)


def changes(reports: List[Report], step: str, jobs: Optional[int] = None) -> List[Any]:
    """For each report the :class:`Change` that a step of ``migrate`` makes of its file, as part of
    its program; ``None`` where it makes none."""
    programs, paths = _programs(reports), [os.path.abspath(each.path) for each in reports]
    of_files = [(each.path, programs[path]) for path, each in zip(paths, reports)]
    begun = _each(functools.partial(_begun, step), of_files, "migrating", jobs)
    programs = decided(programs, {path: each.stays for path, each in zip(paths, begun)})
    to_finish = [(each, programs[path]) for path, each in zip(paths, begun)]
    outcomes = _each(functools.partial(_finished, step), to_finish, "finishing", jobs)
    return [_change(each.path, outcome) for each, outcome in zip(reports, outcomes)]


def _module(path: str, known: Any) -> Module:
    return known[path] if path in known else read(path).module


def _begun(step: str, of_file: Any) -> Begun:
    path, program = of_file
    try:
        return begin(path, rules_up_to(step), program)
    except MissingDependencyError:
        raise
    except Exception as error:  # the diagnosis of all other files goes on
        return Begun(_mistake(path, error), True)


def _finished(step: str, of_file: Any) -> Outcome:
    begun, program = of_file
    try:
        return finish(begun, rules_up_to(step), program)
    except Exception as error:
        return _mistake(begun.outcome.path, error)


def _mistake(path: str, error: Exception) -> Refusal:
    return Refusal(path, RewriteError("a rule failed (%r). Please report it" % error))


def _change(path: str, outcome: Outcome) -> Optional[Change]:
    if isinstance(outcome, Refusal):
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
