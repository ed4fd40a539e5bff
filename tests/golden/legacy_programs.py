"""Runs the programs of ``examples/legacy`` one after the other, in this process."""

import contextlib
import glob
import io
import json
import os
import random
import sys

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
FOLDER = os.path.join(os.path.dirname(os.path.dirname(HERE)), "examples", "legacy")
FILE = os.path.join(HERE, "legacy_outputs.json")
NAMES = sorted(os.path.basename(path)[:-3] for path in glob.glob(os.path.join(FOLDER, "*.py")))


def recorded():
    """What the originals print: ``{"lines", "original"}`` of each program."""
    with open(FILE) as file:
        return json.load(file)


def output_of(name, execute, tf, keras_backend):
    """The lines that a program prints; ``execute(path)`` runs it as ``__main__``."""
    keras_backend.clear_session()
    if hasattr(keras_backend, "manual_variable_initialization"):
        keras_backend.manual_variable_initialization(False)
    tf.reset_default_graph()
    random.seed(0)
    np.random.seed(0)
    printed = io.StringIO()
    main, arguments = sys.modules["__main__"], sys.argv
    try:
        with contextlib.redirect_stdout(printed):
            execute(os.path.join(FOLDER, name + ".py"))
    except SystemExit as end:  # of tf.app.run
        assert not end.code, end.code
    finally:
        sys.modules["__main__"], sys.argv = main, arguments
    return printed.getvalue().splitlines()
