"""Records what the originals print for the programs of ``examples/legacy``.

Run by the interpreter of an original, for the programs that it can run:

    ~/.cache/tfkeras-oracles/k225/bin/python tests/golden/record_legacy.py
    ~/.cache/tfkeras-oracles/k122/bin/python tests/golden/record_legacy.py

``legacy_outputs.json`` says for each program which original printed its lines. A program of
Python 2 is converted by the standard library's lib2to3; its divisions keep their meaning.

``tf_layers_with_keras`` trains at a rate of 0.2 because at 0.5 the network is at a kink of its
pooling after some 25 steps: first weights changed by 6e-8 then give the original itself losses from
0.41 to 0.70 at step 40.
"""

import ast
import contextlib
import json
import os
import sys
import traceback
import types

import keras
import legacy_programs
import tensorflow as tf
from keras import backend as K

ORIGINAL = "Keras %s on TensorFlow %s" % (keras.__version__, tf.__version__)
OF_KERAS_1 = ("keras_1_",)


def repeatable():
    """A context in which the original's steps compute from old values only.

    Resource variables alone are not enough: Keras 2.2.5's Adam then reads ``iterations`` after it
    was counted up, and every first step is 0.744 of what its formula says (``record_training``).
    """
    contexts = contextlib.ExitStack()
    if not keras.__version__.startswith("1."):
        import deterministic
        import record_training

        contexts.enter_context(deterministic.training())
        contexts.enter_context(record_training.deterministic(keras))
        contexts.enter_context(record_training.gradients_first())
    return contexts


def execute(path):
    """Runs a script as Python would."""
    with open(path, "rb") as file:
        source = file.read().decode("utf-8")
    main = types.ModuleType("__main__")
    main.__file__ = path
    sys.modules["__main__"] = main
    sys.argv = [path]
    exec(compile(tree_of(source, path), path, "exec"), vars(main))


def tree_of(source, path):
    try:
        return ast.parse(source, path)
    except SyntaxError:
        from lib2to3 import refactor

        fixers = refactor.get_fixers_from_package("lib2to3.fixes")
        tree = ast.parse(str(refactor.RefactoringTool(fixers).refactor_string(source, path)), path)
        return ast.fix_missing_locations(_WholeDivision().visit(tree))


class _WholeDivision(ast.NodeTransformer):
    """``a / b`` as ``(a // b if both are int else a / b)``."""

    def visit_BinOp(self, node):
        self.generic_visit(node)
        if not isinstance(node.op, ast.Div):
            return node
        choose = "(lambda a, b: a // b if isinstance(a, int) and isinstance(b, int) else a / b)"
        function = ast.parse(choose, mode="eval").body
        call = ast.Call(func=function, args=[node.left, node.right], keywords=[])
        return ast.copy_location(call, node)


def main(names):
    recorded = legacy_programs.recorded() if os.path.exists(legacy_programs.FILE) else {}
    for name in names or legacy_programs.NAMES:
        if name.startswith(OF_KERAS_1) != keras.__version__.startswith("1."):
            continue
        try:
            with repeatable():
                lines = legacy_programs.output_of(name, execute, tf, K)
        except Exception:
            traceback.print_exc()
            print("FAILED", name)
            continue
        recorded[name] = {"original": ORIGINAL, "lines": lines}
        write({name: recorded[name] for name in recorded if name in legacy_programs.NAMES})


def write(recorded):
    with open(legacy_programs.FILE, "w") as file:
        json.dump(recorded, file, indent=1, sort_keys=True)
        file.write("\n")


if __name__ == "__main__":
    main(sys.argv[1:])
