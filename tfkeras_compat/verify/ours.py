"""Runs a program here, as ``run`` does, under the recorder."""

import json
import sys
from typing import Any

from tfkeras_compat.dropin.program import Program
from tfkeras_compat.dropin.run import run
from tfkeras_compat.verify.recorder import Recorder, recorded


def main(told: Any) -> int:
    """Runs the program that ``told`` describes; returns the exit status."""
    recorder = Recorder(told["folder"], told.get("initial"), told.get("steps"), told["seed"])
    program, generation = Program(told["script"]), told.get("generation")
    return recorded(recorder, lambda: run(program, told["arguments"], generation))


if __name__ == "__main__":
    sys.exit(main(json.loads(sys.argv[1])))
