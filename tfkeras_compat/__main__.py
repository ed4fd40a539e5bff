"""The command line: ``python -m tfkeras_compat``, also installed as ``tfkeras-compat``."""

import argparse
import importlib
import sys

# Command -> the module that offers `add_arguments` and `main`, and what it does.
COMMANDS = {
    "convert": (
        "tfkeras_compat.serving.conversion.command",
        "write a model file in a format of today",
    ),
    "run": ("tfkeras_compat.dropin.run", "run a TensorFlow 1.x or Keras 1/2 script as it is"),
    "doctor": ("tfkeras_compat.doctor.command", "say what a code base needs to run here"),
    "migrate": ("tfkeras_compat.migrate.command", "rewrite legacy source files, a step at a time"),
    "verify": ("tfkeras_compat.verify.command", "compare a script's losses with the original's"),
}


def main(arguments=None):
    """Runs one command; returns the exit status."""
    parser = argparse.ArgumentParser(prog="tfkeras_compat")
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)
    for name, (module, purpose) in COMMANDS.items():
        command = importlib.import_module(module)
        subparser = commands.add_parser(name, help=purpose, description=purpose)
        command.add_arguments(subparser)
        subparser.set_defaults(main=command.main)
    options = parser.parse_args(arguments)
    return options.main(options)


if __name__ == "__main__":
    sys.exit(main())
