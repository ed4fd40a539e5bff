"""The programs of ``examples/legacy`` on their journey: at each step they print what they did."""

import ast
import importlib.util
import os
import sys
import types

import legacy_programs
import pytest
import warm_processes

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.legacy.generations import DEFAULT
from tfkeras_compat.migrate import journey, outcomes
from tfkeras_compat.migrate.rule import STEPS
from tfkeras_compat.migrate.rules import rules_up_to
from tfkeras_compat.state.generation import generation

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PATHS = {name: os.path.join(legacy_programs.FOLDER, name + ".py") for name in legacy_programs.NAMES}
OF_PYTHON_2 = ("python_2_",)

pytestmark = pytest.mark.skipif(
    importlib.util.find_spec("fissix") is None, reason="the library for Python 2 is not installed"
)


def texts_of(name):
    """The text of a program after each step that it can be taken to."""
    steps = [step for step in STEPS if step != "drop-in" or not name.startswith(OF_PYTHON_2)]
    found = {}
    for step in steps:
        (outcome,) = outcomes.outcomes([PATHS[name]], rules_up_to(step))
        assert isinstance(outcome, outcomes.Change), outcome
        found[step] = outcome.new.text
    return found


def execute(text):
    """Runs a text as plain Python would, in a main module of its own."""

    def run(path):
        main = types.ModuleType("__main__")
        main.__file__ = path
        sys.modules["__main__"], sys.argv = main, [path]
        exec(compile(text, path, "exec", dont_inherit=True), vars(main))

    return run


@pytest.fixture(autouse=True)
def keeps_the_generation():
    yield
    generation(DEFAULT)


@pytest.mark.either_end
@pytest.mark.filterwarnings("ignore")  # TensorFlow warns about what is deprecated
@pytest.mark.parametrize("name", legacy_programs.NAMES)
def test_a_program_prints_the_same_after_each_step_and_each_step_is_final(name):
    texts = texts_of(name)
    for step, text in texts.items():
        assert journey.migrated(text, rules_up_to(step)) == text
    # A step that changes comments only needs no run of its own.
    for text in {ast.dump(ast.parse(text)): text for text in texts.values()}.values():
        found = legacy_programs.output_of(name, execute(text), tf, K)
        assert found == legacy_programs.recorded()[name]["lines"]


@pytest.mark.parametrize("name", ["keras_1_convnet"])
def test_a_migrated_program_runs_by_itself(name, tmp_path):
    path = tmp_path / "migrated.py"
    path.write_text(texts_of(name)[STEPS[-1]])
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", PYTHONPATH=ROOT)
    done = warm_processes.run([path], env=environment, timeout=120)
    assert done.stdout.splitlines() == legacy_programs.recorded()[name]["lines"], done.stderr
