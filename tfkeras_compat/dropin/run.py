"""``python -m tfkeras_compat run script.py [arguments]``: runs an unmodified legacy script.

The script runs as ``__main__``, as if Python had been started with it. In it, and in the modules of
its folder, ``keras`` and ``tensorflow`` are ours; other libraries keep their own, but for those
that ``--also`` names. Those that use Keras 3 run outside of the script's graph mode
(``dropin/other_libraries``). Source of Python 2 runs too (``dropin/python_2``). Processes that
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
_PACKAGES = {
    "--also": "is legacy code, too",
    "--eager": "is written for TensorFlow 2 (those that use Keras 3 are found without it)",
    "--no-eager": "uses Keras 3, and is to stay in the graph mode of the script all the same",
}


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
    for option, what in _PACKAGES.items():
        parser.add_argument(
            option,
            action="append",
            default=[],
            metavar="PACKAGE",
            help="an installed package that %s; may be given several times" % what,
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
    program = Program(options.script, options.also, options.python, options.eager, options.no_eager)
    return run(program, options.arguments, options.generation)


def run(program, arguments=(), generation=None):
    """Runs a program's script as ``__main__`` and returns an exit status; errors go to standard
    error. Where no ``generation`` is given, the source decides."""
    try:
        program.load()
        choose_generation(program, generation)
    except (OSError, SyntaxError, ValueError, CompatError) as error:
        report.unusable(program.script, error)
        return _UNUSABLE
    try:
        program.execute(arguments)
    except KeyboardInterrupt as error:
        report.failure(error, program)
        return _INTERRUPTED
    except Exception as error:
        report.failure(error, program)
        return _FAILED
    return 0
