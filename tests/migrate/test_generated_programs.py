"""``run`` of an old program and plain Python of the migrated one print the same, for 300 programs
that mix old spellings."""

import contextlib
import importlib.util
import io
import sys
import types

import generated_programs
import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.dropin import era, rewrite
from tfkeras_compat.dropin.program import Program
from tfkeras_compat.dropin.python_2.names import BUILTINS
from tfkeras_compat.legacy.generations import DEFAULT
from tfkeras_compat.migrate import outcomes
from tfkeras_compat.migrate.rule import COMPAT_V1, DROP_IN, KERAS_2, KERAS_3
from tfkeras_compat.migrate.rules import rules_up_to
from tfkeras_compat.state.generation import generation

PROGRAMS = 300
BATCH = 20
# Each program goes to one step: most to the last ones, which include the others.
_STEPS = (KERAS_2, COMPAT_V1, COMPAT_V1, KERAS_3)

pytestmark = [
    pytest.mark.either_end,
    pytest.mark.skipif(
        importlib.util.find_spec("fissix") is None,
        reason="the library for Python 2 is not installed",
    ),
    pytest.mark.filterwarnings("ignore"),  # old programs are told about old spellings
]


@pytest.fixture(autouse=True)
def leaves_the_process_as_it_was(monkeypatch):
    monkeypatch.delenv("TFKERAS_COMPAT_GENERATION", raising=False)
    yield
    generation(DEFAULT)


def printed_by(execute):
    """What a program prints in a graph of its own; what it raises is printed, too."""
    for each in ("1.2", DEFAULT):  # in Keras 1 names are counted through the process
        generation(each)
        K.clear_session()
    tf.reset_default_graph()
    np.random.seed(0)
    out, main = io.StringIO(), sys.modules["__main__"]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            execute(types.ModuleType("__main__"))
    finally:
        sys.modules["__main__"] = main
    return out.getvalue()


def run(paths):
    """What ``run`` does with a script, the last of ``paths``, and the modules beside it, but for
    the finder of these."""

    def execute(main):
        program = Program(str(paths[-1]))
        program.load()
        era.choose_generation(program)
        codes = [
            rewrite.compiled(path.read_bytes(), str(path), program.is_python_2) for path in paths
        ]
        _execute(codes, paths, main, {"__builtins__": BUILTINS} if program.is_python_2 else {})

    return execute


def plain(paths, texts):
    def execute(main):
        codes = [compile(text, "migrated.py", "exec", dont_inherit=True) for text in texts]
        _execute(codes, paths, main, {})

    return execute


def _execute(codes, paths, main, scope):
    sys.modules["__main__"] = main
    modules = [types.ModuleType(path.stem) for path in paths[:-1]] + [main]
    sys.modules.update((module.__name__, module) for module in modules)
    for code, module in zip(codes, modules):
        vars(module).update(scope)
        exec(code, vars(module))
    for module in modules[:-1]:
        del sys.modules[module.__name__]


def written(seed, folder):
    """The files of a program; those of each third one are two."""
    script = folder / ("program_%d.py" % seed)
    texts = {script: generated_programs.program(seed)}
    if seed % 3 == 0:
        beside = folder / ("names_%d.py" % seed)
        names, rest = generated_programs.in_two(texts[script], beside.stem)
        texts = {beside: names, script: rest}
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


@pytest.mark.parametrize("first", range(0, PROGRAMS, BATCH))
def test_the_migrated_program_prints_what_run_of_the_old_one_prints(first, tmp_path):
    for seed in range(first, first + BATCH):
        paths = written(seed, tmp_path)
        step = _STEPS[seed % len(_STEPS)]
        made = list(outcomes.outcomes(list(map(str, paths)), rules_up_to(step)))
        assert all(isinstance(each, outcomes.Change) for each in made), (seed, made)
        new = [each.new.text for each in made]
        texts = [text for each in made for text in (each.old.text, "-----", each.new.text)]
        expected = printed_by(run(paths))
        shown = "\n".join(["seed %d, to %s" % (seed, step), *texts])
        assert expected and printed_by(plain(paths, new)) == expected, shown


def test_the_programs_hold_what_each_step_is_for():
    texts = [generated_programs.program(seed) for seed in range(300)]
    for spelling in ("merge", "nb_row", "print ", "xrange", "tf.mul", "contrib", "as My", "/"):
        assert sum(spelling in text for text in texts) > 3, spelling
    assert DROP_IN not in _STEPS  # every step begins with it
