"""The programs of ``examples/legacy`` run under ``run`` and print what the originals print."""

import importlib.util
import os
import sys

import legacy_programs
import pytest

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


@pytest.mark.filterwarnings("ignore")  # old programs are told about old spellings
@pytest.mark.parametrize("name", legacy_programs.NAMES)
def test_a_program_prints_what_the_original_prints(name, execute):
    if name.startswith(OF_PYTHON_2) and importlib.util.find_spec("fissix") is None:
        pytest.skip("the library for Python 2 is not installed")
    found = legacy_programs.output_of(name, execute, tf, K)
    assert found == RECORDED[name]["lines"]


def test_the_programs_do_not_know_us():
    assert len(legacy_programs.NAMES) >= 20
    for name in legacy_programs.NAMES:
        with open(os.path.join(legacy_programs.FOLDER, name + ".py")) as source:
            assert "tfkeras" not in source.read(), name
