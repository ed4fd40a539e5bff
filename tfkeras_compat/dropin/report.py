"""What is written to standard error when a program can not be started, or fails."""

import difflib
import linecache
import os
import re
import sys
import traceback

from tfkeras_compat.errors import MissingDependencyError
from tfkeras_compat.legacy.tensorflow import ADVICE

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_PACKAGE = os.path.dirname(_HERE[: -len(os.sep)]) + os.sep
_OURS = ("tfkeras_compat", "tensorflow", "keras")
_NO_SUCH_NAME = (
    "The migration guides tell where names went; one that is in none of them is to be defined in a "
    "module beside the script."
)
_NO_SUCH_MODULE = "Install it, or put it beside the script; --also names one that is legacy code."


def unusable(script, error):
    """A script that can not be read or does not parse."""
    _say(_why_unusable(script, error))


def failure(error, program):
    """The traceback from the program on; for what we do not have, one line more."""
    frames = _from_user_code(error.__traceback__)
    traceback.print_exception(type(error), error, frames)
    if isinstance(error, SyntaxError):
        _say(_why_unusable(program.script, error))
    elif frames is not None and (isinstance(error, ImportError) or _is_absence(error, frames)):
        path, number = _last_place_in(program, frames)
        line = linecache.getline(path, number).strip()
        _say("%s, line %d: %s: %s" % (path, number, line, _way_out(line) or _explained(error)))


def _explained(error):
    """The sentence of an error, and where it is an import what can be done about it."""
    text = str(error)
    found = re.match(r"(cannot import name '(\w+)' from '([\w.]+)')", text)
    if found:
        text, name, module = found.groups()
        near = difflib.get_close_matches(name, dir(sys.modules.get(module)), 3)
        return "%s. %s" % (text, "Is it %s?" % " or ".join(near) if near else _NO_SUCH_NAME)
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] not in _OURS:
        return "%s. %s" % (text, _NO_SUCH_MODULE)
    return text


def _is_absence(error, frames):
    """Whether the error says that a module of ours has no such name."""
    *_, last = _each(frames)
    raised_in = os.path.abspath(last.tb_frame.f_code.co_filename)
    return isinstance(error, AttributeError) and raised_in.startswith(_PACKAGE)


def _way_out(line):
    """The table's advice for the first symbol in a line of source that has one of its own."""
    for path in re.findall(r"\b(?:tf|tensorflow)((?:\.\w+){2,})", line):
        while path.count(".") > 1:
            if "tensorflow" + path in ADVICE:
                return ADVICE["tensorflow" + path]
            path = path.rpartition(".")[0]
    return None


def _say(message):
    print("tfkeras_compat run: " + message, file=sys.stderr)


def _why_unusable(script, error):
    if isinstance(error, SyntaxError):
        where = "%s, line %s" % (error.filename or script, error.lineno)
        text = "%s does not parse: %s: %s" % (where, error.msg, (error.text or "").strip())
        missing = error.__cause__
        return text + "; %s" % missing if isinstance(missing, MissingDependencyError) else text
    if isinstance(error, OSError):
        return "can not read %s: %s" % (script, error.strerror or error)
    return "can not run %s: %s" % (script, error)


def _from_user_code(frames):
    while frames is not None and _is_ours(frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    return frames


def _is_ours(path):
    return os.path.abspath(path).startswith(_HERE)


def _last_place_in(program, frames):
    places = [
        (_absolute(f.tb_frame.f_code.co_filename, program), f.tb_lineno) for f in _each(frames)
    ]
    inside = [place for place in places if place[0].startswith(program.folder + os.sep)]
    return (inside or places)[-1]


def _absolute(path, program):
    # The script's path may be relative to the folder that it has left since.
    is_script = path == program.script
    return (
        os.path.join(program.folder, os.path.basename(path)) if is_script else os.path.abspath(path)
    )


def _each(frames):
    while frames is not None:
        yield frames
        frames = frames.tb_next
