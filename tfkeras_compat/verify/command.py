"""``python -m tfkeras_compat verify script.py --original PYTHON``: do its losses stay together?

The script runs twice: by the interpreter that has the original, as it is, and by ours, as ``run``
runs it. Both start from one seed, and ours begins with the original's initial weights. Exit status:
0 if all losses are equal within the tolerance; 1 if they part; 2 if there is nothing to compare.
"""

import json
import os
import subprocess
import sys
import tempfile
from typing import Any, Dict, List, Optional

import tfkeras_compat
from tfkeras_compat.errors import CompatError
from tfkeras_compat.verify import comparison

_PARTED, _UNUSABLE = 1, 2
_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(tfkeras_compat.__file__)))
_RECORDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "recorder.py")
_TAIL = 15  # lines of what a failed program wrote


class NoRecordError(CompatError, RuntimeError):
    """A program failed, or left nothing to compare."""


def add_arguments(parser: Any) -> None:
    """Declares the arguments of the command."""
    parser.add_argument(
        "--original", required=True, metavar="PYTHON", help="the interpreter that has the original"
    )
    parser.add_argument(
        "--ours", default=sys.executable, metavar="PYTHON", help="the one for ours; else this one"
    )
    parser.add_argument("--steps", type=int, metavar="N", help="stop both after so many steps")
    parser.add_argument(
        "--rtol", type=float, default=1e-4, help="by how much of the larger two losses may differ"
    )
    parser.add_argument("--seed", type=int, default=0, help="of Python, NumPy and every graph")
    parser.add_argument("--generation", metavar="{1.2,2.2,tf.keras}", help="as for `run`")
    parser.add_argument("--json", action="store_true", help="print all that was compared as JSON")
    parser.add_argument("script", help="the script to run")
    parser.add_argument(
        "--args", nargs="...", default=[], help="all that follows are arguments of the script"
    )


def main(options: Any) -> int:
    """Runs the command; returns the exit status."""
    try:
        original, ours = records(options)
        if not original["events"] or not ours["events"]:
            raise NoRecordError(_nothing(original, ours))
    except NoRecordError as error:
        print("verify: %s" % error, file=sys.stderr)
        return _UNUSABLE
    found = comparison.compared(original["events"], ours["events"], options.rtol)
    print(_as_json(found, original, ours) if options.json else _text(found, original, ours))
    return _PARTED if found.first_parting() or not found.is_whole() else 0


def records(options: Any) -> List[Any]:
    """What both runs left behind. Raises: NoRecordError."""
    with tempfile.TemporaryDirectory() as folder:
        first, second = [os.path.join(folder, name) for name in ("original", "ours")]
        told = _told(options, first)
        original = _record([options.original, _RECORDER], told, None)
        told = dict(_told(options, second), initial=first, generation=options.generation)
        ours = _record([options.ours, "-m", "tfkeras_compat.verify.ours"], told, _ROOT)
        return [original, ours]


def _told(options: Any, folder: str) -> Dict[str, Any]:
    os.mkdir(folder)
    return {
        "script": os.path.abspath(options.script),
        "arguments": options.args,
        "folder": folder,
        "steps": options.steps,
        "seed": options.seed,
    }


def _record(command: List[str], told: Dict[str, Any], root: Optional[str]) -> Any:
    """Runs a program under the recorder; what it left behind."""
    done = _run(command + [json.dumps(told)], root)
    path = os.path.join(told["folder"], "record.json")
    if done.returncode or not os.path.exists(path):
        tail = "\n".join(done.stdout.splitlines()[-_TAIL:])
        text = "%s ended with status %d under %s. It wrote at last:\n%s"
        raise NoRecordError(text % (told["script"], done.returncode, command[0], tail))
    with open(path) as file:
        return json.load(file)


def _run(command: List[str], root: Optional[str]) -> Any:
    environment = dict(os.environ, PYTHONHASHSEED="0")
    environment.pop("TF2_BEHAVIOR", None)  # TensorFlow 2 leaves it there, if it was imported here
    if root is not None:
        paths = [root, environment.get("PYTHONPATH", "")]
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, paths))
    try:
        return subprocess.run(
            command,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
    except OSError as error:
        raise NoRecordError("can not run %s: %s" % (command[0], error)) from error


def _nothing(original: Any, ours: Any) -> str:
    return (
        "nothing to compare: expected calls of sessions that fetch a loss as a scalar, found %d in "
        "the original and %d in ours" % (len(original["events"]), len(ours["events"]))
    )


def _text(found: comparison.Comparison, original: Any, ours: Any) -> str:
    lines = ["original: " + _versions(original), "ours:     " + _versions(ours), ""]
    lines += list(comparison.table(found)) + ["", comparison.verdict(found, original["references"])]
    for who, names in (("ours", ours["without_partner"]), ("the original", ours["left"])):
        if names:
            lines.append("Initial values of %s had no partner: %s" % (who, ", ".join(names)))
    return "\n".join(lines)


def _versions(record: Any) -> str:
    return ", ".join("%s %s" % pair for pair in sorted(record["versions"].items()))


def _as_json(found: comparison.Comparison, original: Any, ours: Any) -> str:
    parting = found.first_parting()
    data = {
        "original": original["versions"],
        "ours": ours["versions"],
        "rows": [row._asdict() for row in found.rows],
        "counts": found.counts,
        "first_parting": parting._asdict() if parting else None,
        "without_partner": {"ours": ours["without_partner"], "original": ours["left"]},
    }
    return json.dumps(data, indent=1, sort_keys=True)
