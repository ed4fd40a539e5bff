"""The programs of ``examples/legacy`` run under ``run`` and print what the originals print."""

import importlib.util
import os
import sys

import legacy_programs
import pytest
import warm_processes

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.dropin.program import Program

RECORDED = legacy_programs.recorded()
OF_PYTHON_2 = ("python_2_",)


@pytest.fixture
def execute(monkeypatch):
    """Runs a script as the command does, in this process, which is left as it was."""
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setitem(os.environ, "TFKERAS_COMPAT_CHILD", "")
    programs = []

    def run(path):
        program = Program(path)
        programs.append(program)
        program.load()
        program.execute([])

    yield run
    for program in programs:
        program.leave()


@pytest.mark.either_end
@pytest.mark.filterwarnings("ignore")  # old programs are told about old spellings
@pytest.mark.parametrize("name", legacy_programs.NAMES)
def test_a_program_prints_what_the_original_prints(name, execute):
    if name.startswith(OF_PYTHON_2) and importlib.util.find_spec("fissix") is None:
        pytest.skip("the library for Python 2 is not installed")
    found = legacy_programs.output_of(name, execute, tf, K)
    assert found == RECORDED[name]["lines"]


@pytest.mark.parametrize("name", ["frozen_graph", "policy_gradient", "slim_training"])
def test_the_command_runs_a_program_from_another_folder(name, tmp_path):
    root = os.path.dirname(os.path.dirname(legacy_programs.FOLDER))
    path = os.pathsep.join([root, os.environ.get("PYTHONPATH", "")])
    script = os.path.join(legacy_programs.FOLDER, name + ".py")
    done = warm_processes.run(
        ["-m", "tfkeras_compat", "run", script],
        cwd=str(tmp_path),
        env=dict(os.environ, PYTHONPATH=path),
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == RECORDED[name]["lines"]
    assert not list(tmp_path.iterdir())  # and leaves nothing behind


def test_the_programs_do_not_know_us():
    assert len(legacy_programs.NAMES) >= 20
    for name in legacy_programs.NAMES:
        with open(os.path.join(legacy_programs.FOLDER, name + ".py")) as source:
            assert "tfkeras" not in source.read(), name
