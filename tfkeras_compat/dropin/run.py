"""``python -m tfkeras_compat run script.py [arguments]``: runs an unmodified legacy script.

The script runs as ``__main__``, as if Python had been started with it. In it, and in the modules of
its folder, ``keras`` and ``tensorflow`` are ours; other libraries keep their own. Processes that it
starts by itself (multiprocessing's ``spawn``) run without the rewriting.
"""

import builtins
import linecache
import os
import sys
import traceback
import types

from tfkeras_compat.dropin.folder import FolderFinder
from tfkeras_compat.dropin.rewrite import compiled
from tfkeras_compat.state import bytecode

_FAILED, _UNUSABLE = 1, 2  # exit status: the script failed; it could not be started


def add_arguments(parser):
    """Declares the arguments of the command."""
    parser.add_argument(
        "--trust-files",
        action="store_true",
        help="run the code that model files hold (Lambda layers); only for files you trust",
    )
    parser.add_argument("script", help="the script to run")
    parser.add_argument("arguments", nargs="...", help="arguments of the script")


def main(options):
    """Runs the command; returns the exit status."""
    if options.trust_files:
        bytecode.trust_files()
    return run(options.script, options.arguments)


def run(script, arguments=()):
    """Runs a script as ``__main__`` and returns an exit status; errors go to standard error."""
    try:
        code = _load(script)
    except (OSError, SyntaxError, ValueError) as error:
        print("tfkeras_compat run: %s" % _why_unusable(script, error), file=sys.stderr)
        return _UNUSABLE
    try:
        _execute(code, script, arguments)
    except Exception as error:
        _report(error, os.path.dirname(os.path.abspath(script)))
        return _FAILED
    return 0


def _load(script):
    with open(script, "rb") as file:
        return compiled(file.read(), script)


def _why_unusable(script, error):
    if isinstance(error, SyntaxError):
        where = "%s, line %s" % (error.filename or script, error.lineno)
        return "%s does not parse: %s: %s" % (where, error.msg, (error.text or "").strip())
    return "can not read %s: %s" % (script, getattr(error, "strerror", None) or error)


def _execute(code, script, arguments):
    main_module = types.ModuleType("__main__")
    vars(main_module).update(__file__=script, __builtins__=builtins)
    sys.modules["__main__"] = main_module
    sys.argv = [script] + list(arguments)
    folder = os.path.dirname(os.path.abspath(script))
    sys.path[0] = folder
    FolderFinder(folder).install()
    exec(code, vars(main_module))


def _report(error, folder):
    """Prints the traceback from the script on; for an import that failed, one line more."""
    frames = _from_user_code(error.__traceback__)
    traceback.print_exception(type(error), error, frames)
    if isinstance(error, ImportError) and frames is not None:
        path, line = _last_place_in(folder, frames)
        print(
            "tfkeras_compat run: %s, line %d: %s: %s"
            % (path, line, linecache.getline(path, line).strip(), error),
            file=sys.stderr,
        )


def _from_user_code(frames):
    here = (os.path.abspath(__file__),)
    while frames is not None and os.path.abspath(frames.tb_frame.f_code.co_filename) in here:
        frames = frames.tb_next
    return frames


def _last_place_in(folder, frames):
    places = [(f.tb_frame.f_code.co_filename, f.tb_lineno) for f in _each(frames)]
    inside = [place for place in places if os.path.abspath(place[0]).startswith(folder + os.sep)]
    return (inside or places)[-1]


def _each(frames):
    while frames is not None:
        yield frames
        frames = frames.tb_next
