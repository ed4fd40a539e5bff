"""A process that multiprocessing starts by itself (``spawn``) imports this in place of the script,
as ``__mp_main__``: the script's functions and classes are found in it."""

import json
import os

from tfkeras_compat.dropin.program import CHILD, Program

if __name__ == "__mp_main__":
    program = Program(**json.loads(os.environ[CHILD]))
    program.load()
    program.run_in(globals())
