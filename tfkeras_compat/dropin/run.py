"""``python -m tfkeras_compat run script.py [arguments]``: runs an unmodified legacy script.

The script runs as ``__main__``, as if Python had been started with it. In it, and in the modules of
its folder, ``keras`` and ``tensorflow`` are ours; other libraries keep their own, but for those
that ``--also`` names. Source of Python 2 runs too (``dropin/python_2``). Processes that
multiprocessing starts get the same.
"""

import signal

from tfkeras_compat.dropin import report
from tfkeras_compat.dropin.era import choose_generation
from tfkeras_compat.dropin.program import Program
from tfkeras_compat.errors import CompatError
from tfkeras_compat.state import bytecode

_FAILED, _UNUSABLE = 1, 2  # exit status: the script failed; it could not be started
_INTERRUPTED = 128 + signal.SIGINT


def add_arguments(parser):
    """Declares the arguments of the command."""
    parser.add_argument(
        "--trust-files",
        action="store_true",
        help="run the code that model files hold (Lambda layers); only for files you trust",
    )
    parser.add_argument(
        "--generation",
        metavar="{1.2,2.2,tf.keras}",
        help="the Keras whose names and defaults are used; else the script's imports decide",
    )
    parser.add_argument(
        "--also",
        action="append",
        default=[],
        metavar="PACKAGE",
        help="an installed package that is legacy code, too; may be given several times",
    )
    parser.add_argument(
        "--python",
        type=int,
        choices=(2, 3),
        help="the Python that the script is written for; else its source decides",
    )
    parser.add_argument("script", help="the script to run")
    parser.add_argument("arguments", nargs="...", help="arguments of the script")


def main(options):
    """Runs the command; returns the exit status."""
    if options.trust_files:
        bytecode.trust_files()
    return run(options.script, options.arguments, options.generation, options.also, options.python)


def run(script, arguments=(), generation=None, also=(), python=None):
    """Runs a script as ``__main__`` and returns an exit status; errors go to standard error.

    ``python`` is 2 or 3, ``also`` names packages that are legacy code; where ``generation`` and
    ``python`` are not given, the source decides.
    """
    try:
        program = Program(script, also, python)
        program.load()
        choose_generation(program, generation)
    except (OSError, SyntaxError, ValueError, CompatError) as error:
        report.unusable(script, error)
        return _UNUSABLE
    try:
        program.execute(arguments)
    except KeyboardInterrupt as error:
        report.failure(error, program.folder)
        return _INTERRUPTED
    except Exception as error:
        report.failure(error, program.folder)
        return _FAILED
    return 0
