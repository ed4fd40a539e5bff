"""Processes that begin with TensorFlow imported.

A process takes seconds to import TensorFlow, and scores of tests start one. These are forked from a
process that has imported it and done nothing else; what they run, their arguments, environment,
folder, output and exit status are their own.
"""

import atexit
import multiprocessing
import os
import pathlib
import random
import runpy
import subprocess
import sys
import tempfile
import traceback
import warnings

import numpy as np

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["tensorflow.compat.v1"])


def run(arguments, env=None, cwd=None, timeout=None):
    """What ``subprocess.run([sys.executable, "-W", "ignore"] + arguments, ...)`` gives, with the
    output as text. ``arguments`` begin with ``-m`` and a module, ``-c`` and source, or a script."""
    with tempfile.TemporaryDirectory() as folder:
        outputs = [pathlib.Path(folder, name) for name in ("stdout", "stderr")]
        told = (list(map(str, arguments)), dict(os.environ if env is None else env))
        process = _CONTEXT.Process(target=_main, args=told + (cwd or os.getcwd(), outputs))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            raise subprocess.TimeoutExpired(arguments, timeout)
        texts = [path.read_text(encoding="utf-8") for path in outputs]
    return subprocess.CompletedProcess(arguments, process.exitcode, *texts)


def _main(arguments, environment, folder, outputs):
    for number, path in enumerate(outputs, 1):
        os.dup2(os.open(str(path), os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    warnings.simplefilter("ignore")
    random.seed()
    np.random.seed()
    status = _status(arguments, environment.get("PYTHONPATH", ""))
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


_OPTIONS = {
    "-m": lambda name: runpy.run_module(name, run_name="__main__", alter_sys=True),
    "-c": lambda source: exec(source, {"__name__": "__main__"}),
    "": lambda path: runpy.run_path(path, run_name="__main__"),
}


def _status(arguments, path):
    """Runs what the arguments say; the exit status, after an error was told as Python tells it."""
    option = arguments[0] if arguments[0] in _OPTIONS else ""
    sys.argv = arguments[1:] if option else arguments
    sys.path[:0] = [os.getcwd() if option else os.path.dirname(os.path.abspath(arguments[0]))]
    sys.path[1:1] = [each for each in path.split(os.pathsep) if each]
    try:
        _OPTIONS[option](sys.argv[0])
        return 0
    except SystemExit as error:
        if isinstance(error.code, str):
            print(error.code, file=sys.stderr)
        return error.code if isinstance(error.code, int) else int(error.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1
