"""``python -m tfkeras_compat doctor PATH...``: what a code base needs to run here.

Nothing is run or written. Exit status: 0; 1 if a symbol is not supported or a file can not be
parsed (``--fail-on`` says what counts); 2 if there is nothing to read.
"""

import json
import os
import sys
from typing import Any, List

from tfkeras_compat.doctor import page, symbols, table
from tfkeras_compat.doctor.summary import Summary, as_data, summary_of
from tfkeras_compat.doctor.survey import changes, survey
from tfkeras_compat.errors import MissingDependencyError
from tfkeras_compat.migrate import sources
from tfkeras_compat.migrate.rule import DROP_IN, STEPS

_FAILED, _UNUSABLE = 1, 2
# What --fail-on takes -> the states that make the exit status 1.
_FAILURES = {
    "unsupported": (symbols.ABSENT,),
    "unknown": (symbols.ABSENT, symbols.UNKNOWN),
    "nothing": (),
}


def add_arguments(parser: Any) -> None:
    """Declares the arguments of the command."""
    parser.add_argument("--json", action="store_true", help="print all that was found as JSON")
    parser.add_argument("--html", metavar="FILE", help="write a page that needs no network")
    parser.add_argument(
        "--to", choices=STEPS, default=DROP_IN, help="the step of `migrate` whose changes it shows"
    )
    parser.add_argument("--all", action="store_true", help="list what works, too")
    parser.add_argument(
        "--fail-on",
        choices=sorted(_FAILURES),
        default="unsupported",
        help="what makes the exit status 1",
    )
    parser.add_argument("--jobs", type=int, metavar="N", help="processes; else one a core")
    parser.add_argument("paths", nargs="+", metavar="PATH", help="files, and folders of files")


def main(options: Any) -> int:
    """Runs the command; returns the exit status."""
    try:
        return _diagnosed(options)
    except (MissingDependencyError, OSError) as error:
        return _unusable(str(error))


def _diagnosed(options: Any) -> int:
    missing = [path for path in options.paths if not os.path.exists(path)]
    found = [] if missing else _files(options.paths)
    if missing or not found:
        return _unusable("expected files of Python or notebooks, found none at %s" % _at(options))
    reports = survey(found, options.jobs)
    summary = summary_of(reports)
    if options.html:
        changed = changes(reports, options.to, options.jobs)
        _write(options.html, page.page(summary, changed, options))
    print(_shown(summary, options))
    return _status(summary, options)


def _files(paths: List[str]) -> List[str]:
    """Every file once, however many of the paths lead to it."""
    return sorted({os.path.abspath(path): path for path in sources.files(paths)}.values())


def _at(options: Any) -> str:
    return ", ".join(options.paths)


def _shown(summary: Summary, options: Any) -> str:
    if options.json:
        return json.dumps(as_data(summary), indent=1, sort_keys=True)
    text = table.text(summary, options.all)
    return text + "\n\nThe page is %s." % options.html if options.html else text


def _write(path: str, text: str) -> None:
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def _status(summary: Summary, options: Any) -> int:
    if len(summary.unreadable) == len(summary.reports):
        return _unusable("no file can be read")
    counts: Any = _FAILURES[options.fail_on]
    failed = any(report.state in counts for report in summary.reports)
    return _FAILED if failed else 0


def _unusable(message: str) -> int:
    print("doctor: " + message, file=sys.stderr)
    return _UNUSABLE
