"""``verify`` as a command: between two processes of ours, and with an original where there is one.

``TFKERAS_COMPAT_ORIGINAL`` names the interpreter of Keras 2.2.5 on TensorFlow 1.15; else it is
looked for in its usual place.
"""

import json
import os
import sys

import legacy_programs
import pytest

from tfkeras_compat.__main__ import main

pytestmark = pytest.mark.either_end

USUAL = os.path.expanduser("~/.cache/tfkeras-oracles/k225/bin/python")
ORIGINAL = os.environ.get("TFKERAS_COMPAT_ORIGINAL", USUAL)

PROGRAM = """
import sys
import numpy as np
assert sys.argv[1:] in ([], ["--rate", "2"])
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD

model = Sequential([Dense(4, activation="tanh", input_shape=(3,)), Dense(1)])
model.compile(SGD(0.1), "mse")
x = np.random.RandomState(0).rand(8, 3)
for step in range(6):
    model.train_on_batch(x, x.sum(axis=1) * (1.0 if step < PARTS else 1.001))
"""


@pytest.fixture
def interpreter(tmp_path):
    """Makes a command that runs the recorder's programs here, as an original would: what it is told
    about the script is replaced by another script."""

    def make(source):
        script, command = tmp_path / "original.py", tmp_path / "python"
        script.write_text(source)
        (tmp_path / "stands_for.py").write_text(
            "import json, sys\n"
            "from tfkeras_compat.verify import ours\n"
            "told = dict(json.loads(sys.argv[2]), script=%r)\n"
            "sys.exit(ours.main(told))\n" % str(script)
        )
        paths = os.pathsep.join(filter(None, sys.path))
        command.write_text(
            "#!/bin/sh\nPYTHONPATH='%s' exec '%s' '%s' \"$@\"\n"
            % (paths, sys.executable, tmp_path / "stands_for.py")
        )
        command.chmod(0o755)
        return str(command)

    return make


@pytest.fixture
def ours(tmp_path):
    """Writes the script that is verified."""

    def make(source):
        script = tmp_path / "ours.py"
        script.write_text(source)
        return str(script)

    return make


def verify(capsys, script, original, *options):
    status = main(["verify", "--original", original] + list(options) + [script])
    return status, capsys.readouterr()


def test_a_program_agrees_with_itself(interpreter, ours, capsys):
    program = PROGRAM.replace("PARTS", "9")
    original, script = interpreter(program), ours(program)
    status = main(["verify", script, "--original", original, "--args", "--rate", "2"])
    assert status == 0
    assert "6 steps and 0 values are equal" in capsys.readouterr().out


def test_the_step_is_told_at_which_a_perturbed_program_parts(interpreter, ours, capsys):
    original = interpreter(PROGRAM.replace("PARTS", "9"))
    script = ours(PROGRAM.replace("PARTS", "3"))
    status, printed = verify(capsys, script, original, "--json", "--steps", "5")
    found = json.loads(printed.out)
    assert (status, len(found["rows"]), found["first_parting"]["number"]) == (1, 5, 4)


def test_a_program_that_fails_is_told_with_its_words(interpreter, ours, capsys):
    status, printed = verify(capsys, ours("pass"), interpreter("raise SystemExit('no data')"))
    assert status == 2
    assert "ended with status 1" in printed.err and "no data" in printed.err


def test_programs_without_losses_leave_nothing_to_compare(interpreter, ours, capsys):
    status, printed = verify(capsys, ours("import keras"), interpreter("import keras"))
    assert status == 2
    assert "nothing to compare" in printed.err


def test_an_interpreter_that_is_none_is_told(ours, capsys, tmp_path):
    status, printed = verify(capsys, ours("pass"), str(tmp_path / "none"))
    assert status == 2
    assert "can not run" in printed.err


@pytest.mark.skipif(
    not os.path.exists(ORIGINAL), reason="DID NOT RUN: no original; $TFKERAS_COMPAT_ORIGINAL"
)
@pytest.mark.parametrize(
    "name",
    ["functional_with_shared_layers", "keras_on_placeholders", "estimator_with_keras_layers"],
)
def test_a_program_agrees_with_the_original(name, capsys):
    script = os.path.join(legacy_programs.FOLDER, name + ".py")
    status, printed = verify(capsys, script, ORIGINAL, "--rtol", "1e-4")
    assert status == 0, printed.out + printed.err
    assert "are equal within" in printed.out
