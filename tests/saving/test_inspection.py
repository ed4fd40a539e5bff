"""Another process looks through files before HDF5 reads them here."""

import io
import os
import subprocess
import sys

import h5py
import numpy as np
import pytest

from tfkeras_compat.errors import FileFormatError
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential
from tfkeras_compat.saving import inspection


def model():
    return Sequential([Dense(2, input_shape=(3,), name="only")])


@pytest.fixture
def path(tmp_path):
    """A file of weights that was written elsewhere, some time ago."""
    name = str(tmp_path / "weights.h5")
    model().save_weights(name)
    os.utime(name, (1e9, 1e9))
    return name


@pytest.fixture
def inspector(monkeypatch):
    """A process of its own for a test."""
    fresh = inspection._Inspector()
    monkeypatch.setattr(inspection, "_inspector", fresh)
    monkeypatch.setattr(inspection, "_known", set())
    yield fresh
    fresh.end()


def program(tmp_path, monkeypatch, body):
    """Lets another program look through files: it answers once, and then does something else."""
    file = tmp_path / "program.py"
    file.write_text(
        "import os, signal, sys, time\n"
        "sys.stdin.readline(); print('ok', flush=True)\n"
        "for line in sys.stdin:\n    " + body
    )
    monkeypatch.setattr(inspection, "_PROGRAM", str(file))


def count_of(inspector, monkeypatch):
    asked = []
    fault_of = inspector.fault_of
    monkeypatch.setattr(inspector, "fault_of", lambda *given: asked.append(1) or fault_of(*given))
    return asked


@pytest.mark.parametrize(
    "body, words",
    [
        ("os.kill(os.getpid(), signal.SIGSEGV)", "crashes"),
        ("os.kill(os.getpid(), signal.SIGPROF)", "takes too long"),
        ("os._exit(2)", "needs too much memory"),
        ("os._exit(0)", "crashes"),
    ],
)
def test_a_file_that_hdf5_does_not_survive_is_refused(
    path, tmp_path, inspector, monkeypatch, body, words
):
    program(tmp_path, monkeypatch, body)
    loaded = model()
    before = loaded.get_weights()
    for _ in range(2):  # the second one by another process
        with pytest.raises(FileFormatError, match="weights.h5 is damaged: HDF5 %s" % words):
            loaded.load_weights(path)
    np.testing.assert_array_equal(loaded.get_weights()[0], before[0])


def test_what_computes_for_ever_is_ended(inspector, tmp_path, monkeypatch):
    monkeypatch.setattr(inspection, "SECONDS", 0.2)
    with open(inspection._PROGRAM) as file:
        source = file.read()
    endless = source.replace("look_through(h5py, request", "any(iter(int, 1)), (request")
    assert endless != source
    (tmp_path / "endless.py").write_text(endless)
    monkeypatch.setattr(inspection, "_PROGRAM", str(tmp_path / "endless.py"))
    assert inspector.fault_of("any", 0) == "takes too long"


def test_what_fills_the_memory_is_ended(inspector, tmp_path, monkeypatch):
    """Names without number that all are one long text: 16 bytes for a megabyte."""
    name, long = str(tmp_path / "bomb.h5"), "x" * 10**6
    with h5py.File(name, "w") as file:
        texts = np.array([long] + ["a"] * 399, dtype=object)
        file.attrs.create("layer_names", texts, dtype=h5py.special_dtype(vlen=str))
    with open(name, "rb") as file:
        content = file.read()
    begin = content.index(len(long).to_bytes(4, "little"))
    reference = content[begin : begin + 16]
    with open(name, "wb") as file:
        file.write(content[:begin] + 400 * reference + content[begin + 400 * 16 :])
    monkeypatch.setattr(inspection, "MEMORY", 1 << 26)
    with pytest.raises(FileFormatError, match="needs too much memory"):
        model().load_weights(name)


def test_a_file_is_looked_through_once_while_it_stays_as_it_is(path, inspector, monkeypatch):
    asked = count_of(inspector, monkeypatch)
    loaded = model()
    monkeypatch.setattr(inspection, "_TICK", -(10**12))  # whatever the file system's clock
    for _ in range(3):
        loaded.load_weights(path)
    assert len(asked) == 1
    os.utime(path, (1e9, 1e9 + 1))
    loaded.load_weights(path)
    assert len(asked) == 2


def test_a_file_that_was_just_changed_is_looked_through_each_time(path, inspector, monkeypatch):
    asked = count_of(inspector, monkeypatch)
    monkeypatch.setattr(inspection, "_TICK", 10**15)
    for _ in range(2):
        model().load_weights(path)
    assert len(asked) == 2


def test_what_was_written_here_is_not_looked_through(tmp_path, inspector, monkeypatch):
    asked = count_of(inspector, monkeypatch)
    monkeypatch.setattr(inspection, "_TICK", -(10**12))
    saved = model()
    saved.save_weights(str(tmp_path / "own.h5"))
    saved.load_weights(str(tmp_path / "own.h5"))
    assert asked == []


def test_streams_are_looked_through_too(path, tmp_path, inspector, monkeypatch):
    program(tmp_path, monkeypatch, "os._exit(3)")
    with open(path, "rb") as file:
        stream = io.BytesIO(file.read())
    with pytest.raises(FileFormatError, match="BytesIO.*crashes"):
        model().load_weights(stream)


@pytest.mark.parametrize("executable", [None, "", "/usr/sbin/server", sys.executable + "-no"])
def test_without_an_interpreter_files_are_read_as_they_are(
    path, inspector, monkeypatch, executable
):
    monkeypatch.setattr(sys, "executable", executable)
    monkeypatch.setattr(inspection, "_inspector", inspection._Inspector())
    model().load_weights(path)
    assert inspection._inspector._process is None


def test_without_h5py_for_the_other_process_files_are_read_as_they_are(
    path, tmp_path, inspector, monkeypatch
):
    (tmp_path / "fails.py").write_text("raise SystemExit(1)")
    monkeypatch.setattr(inspection, "_PROGRAM", str(tmp_path / "fails.py"))
    model().load_weights(path)


def test_the_other_process_ends_with_this_one():
    script = (
        "import importlib.util, os, sys\n"
        "spec = importlib.util.spec_from_file_location('inspection', sys.argv[1])\n"
        "inspection = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(inspection)\n"
        "inspection.check(sys.argv[1], 'itself')\n"
        "print(inspection._inspector._process.pid)\n"
    )
    printed = subprocess.run(
        [sys.executable, "-c", script, inspection.__file__],
        stdout=subprocess.PIPE,
        check=True,
        env=dict(os.environ, PYTHONPATH=os.pathsep.join(sys.path)),
    )
    with pytest.raises(ProcessLookupError):
        os.kill(int(printed.stdout), 0)


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")  # of Python 3.12, with threads
def test_a_forked_process_has_one_of_its_own(path, inspector):
    model().load_weights(path)
    parent = inspector._process.pid
    read, write = os.pipe()
    pid = os.fork()
    if not pid:
        inspection.check(path, path)
        own = inspection._inspector.fault_of(path, 0), inspection._inspector._process.pid
        os.write(write, repr(own).encode())
        inspection._inspector.end()
        os._exit(0)
    os.waitpid(pid, 0)
    fault, other = eval(os.read(read, 100))
    assert fault == "" and other != parent
    assert inspector.fault_of(path, 0) == ""
