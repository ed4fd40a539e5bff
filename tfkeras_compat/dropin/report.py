"""What is written to standard error when a program can not be started, or fails."""

import linecache
import os
import re
import sys
import traceback

from tfkeras_compat.errors import MissingDependencyError
from tfkeras_compat.legacy.tensorflow import ADVICE

_HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
_PACKAGE = os.path.dirname(_HERE[: -len(os.sep)]) + os.sep


def unusable(script, error):
    """A script that can not be read or does not parse."""
    _say(_why_unusable(script, error))


def failure(error, folder):
    """The traceback from the program on; for what we do not have, one line more."""
    frames = _from_user_code(error.__traceback__)
    traceback.print_exception(type(error), error, frames)
    if frames is None:
        return
    if isinstance(error, ImportError) or _is_absence(error, frames):
        path, number = _last_place_in(folder, frames)
        line = linecache.getline(path, number).strip()
        _say("%s, line %d: %s: %s" % (path, number, line, _way_out(line) or error))


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


def _last_place_in(folder, frames):
    places = [(f.tb_frame.f_code.co_filename, f.tb_lineno) for f in _each(frames)]
    inside = [place for place in places if os.path.abspath(place[0]).startswith(folder + os.sep)]
    return (inside or places)[-1]


def _each(frames):
    while frames is not None:
        yield frames
        frames = frames.tb_next
