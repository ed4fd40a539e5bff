"""``python -m tfkeras_compat migrate PATH...``: rewrites legacy source files.

``--to`` names the step of the journey; each step includes those before it:

- ``drop-in``: Keras and TensorFlow are imported from here; the program chooses its generation.
- ``keras2``: the spelling of Keras 1 is gone, and Python 2.
- ``compat.v1``: names of TensorFlow as ``tensorflow.compat.v1`` has them; ours for the others.
- ``keras3``: what can leave for Keras 3 does; a comment says why the rest can not.

Files that are given together are read as programs: a script, and the modules in its folder that it
imports. Notebooks are migrated, too, their cells as one text (``notebooks``). A file that does not
parse stays as it is and is named; so is one whose comments a change would lose. Exit status: 0; 1
with ``--check`` if a file would change; 2 if a file could not be migrated.
"""

import difflib
import io
import sys
from typing import Any, Iterator, List

from tfkeras_compat.errors import MissingDependencyError
from tfkeras_compat.migrate import sources
from tfkeras_compat.migrate.outcomes import Change, Outcome, Refusal, outcomes
from tfkeras_compat.migrate.rule import DROP_IN, STEPS, Rule
from tfkeras_compat.migrate.rules import rules_up_to

_RULES = {rule.name: rule for rule in rules_up_to(STEPS[-1])}
_WOULD_CHANGE, _UNUSABLE = 1, 2


def add_arguments(parser: Any) -> None:
    """Declares the arguments of the command."""
    parser.add_argument(
        "--to",
        choices=STEPS,
        default=DROP_IN,
        help="the step of the journey, which includes those before it; at first only imports",
    )
    parser.add_argument("--diff", action="store_true", help="show the changes, write nothing")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; exit status 1 if a file would change"
    )
    for option, purpose in (("--only", "this rule alone"), ("--skip", "all rules but this one")):
        parser.add_argument(
            option,
            action="append",
            default=[],
            choices=sorted(_RULES),
            metavar="RULE",
            help="apply %s; may be given several times" % purpose,
        )
    parser.add_argument("--list-rules", action="store_true", help="list the rules and stop")
    parser.add_argument("paths", nargs="*", metavar="PATH", help="files, and folders of files")


def main(options: Any) -> int:
    """Runs the command; returns the exit status."""
    rules = _chosen(options)
    if options.list_rules:
        print("\n".join(map(_listed, rules)))
        return 0
    if not options.paths:
        _tell("migrate: expected the path of a file or folder, found none")
        return _UNUSABLE
    try:
        found = [_finished(each, options) for each in outcomes(options.paths, rules)]
    except MissingDependencyError as error:
        _tell("migrate: %s" % error)
        return _UNUSABLE
    return _status(found, options)


def _chosen(options: Any) -> List[Rule]:
    return [
        rule
        for rule in rules_up_to(options.to)
        if rule.name in (options.only or _RULES) and rule.name not in options.skip
    ]


def _listed(rule: Rule) -> str:
    return "%s: %s: %s" % (", ".join(rule.steps), rule.name, rule.note)


def _finished(outcome: Outcome, options: Any) -> Outcome:
    """The outcome, once it was shown or written."""
    if isinstance(outcome, Change) and outcome.new != outcome.old:
        outcome = _carried_out(outcome, options)
    if isinstance(outcome, Refusal):
        _tell("%s: left as it is: %s" % (outcome.path, _explained(outcome.reason)))
    return outcome


def _carried_out(change: Change, options: Any) -> Outcome:
    """The change, shown or written; the reason if it can not be written."""
    if options.diff:
        sys.stdout.writelines(_difference(change))
    elif options.check:
        print("%s: would change" % change.old.path)
    else:
        try:
            sources.write(change.new)
        except (OSError, UnicodeEncodeError) as reason:
            return Refusal(change.old.path, reason)
        print("%s: rewritten" % change.old.path)
    return change


def _difference(change: Change) -> Iterator[str]:
    old, new = [io.StringIO(each.text, newline="\n").readlines() for each in change]
    for line in difflib.unified_diff(old, new, change.old.path, change.new.path):
        yield line if line.endswith("\n") else line + "\n\\ No newline at end of file\n"


def _explained(reason: BaseException) -> str:
    if isinstance(reason, SyntaxError) and reason.lineno:
        hint = "source of Python 2 becomes Python 3 from the step keras2 on; `run` runs it as it is"
        return "line %d: %s (%s)" % (reason.lineno, reason.msg, hint)
    return str(reason) or type(reason).__name__


def _status(found: List[Outcome], options: Any) -> int:
    """The exit status, after the totals were told."""
    refused = sum(isinstance(each, Refusal) for each in found)
    changed = sum(isinstance(each, Change) and each.new != each.old for each in found)
    verb = "would change" if options.check or options.diff else "rewritten"
    _tell("%d files: %d %s, %d left as they are" % (len(found), changed, verb, refused))
    if refused:
        return _UNUSABLE
    return _WOULD_CHANGE if options.check and changed else 0


def _tell(message: str) -> None:
    print(message, file=sys.stderr)
