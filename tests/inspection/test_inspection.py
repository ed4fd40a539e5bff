"""Another process looks through files before HDF5 reads them here."""

import io
import os
import subprocess
import sys

import h5py
import numpy as np
import pytest

from tfkeras_compat import inspection
from tfkeras_compat.errors import FileFormatError
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential, load_model
from tfkeras_compat.saving import (
    load_weights_from_hdf5_group,
    load_weights_from_hdf5_group_by_name,
)
from tfkeras_compat.utils.hdf5 import H5Dict, load_from_binary_h5py
from tfkeras_compat.utils.matrices import HDF5Matrix


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
    own = str(tmp_path / "own.h5")
    saved = model()
    saved.save_weights(own)
    saved.load_weights(own)
    assert asked == []
    with open(own, "r+b") as file:  # at once, and of the same size
        file.seek(-1, os.SEEK_END)
        last = file.read(1)
        file.seek(-1, os.SEEK_END)
        file.write(last)
    saved.load_weights(own)
    assert len(asked) == 1


def test_streams_are_looked_through_too(path, tmp_path, inspector, monkeypatch):
    program(tmp_path, monkeypatch, "os._exit(3)")
    with open(path, "rb") as file:
        stream = io.BytesIO(file.read())
    with pytest.raises(FileFormatError, match="BytesIO.*crashes"):
        model().load_weights(stream)


# ---- files that are open already ----------------------------------------------------------------


def own_child(content, at):
    """Makes a node of an index the node below it: HDF5 runs out of its stack."""
    content[at + 5] = max(1, content[at + 5])
    content[at + _CHILD[content[at + 4]]] = at % 256
    content[at + _CHILD[content[at + 4]] + 1] = at // 256


def own_neighbour(content, at):
    """Makes a node of an index the next node beside it: HDF5 never comes to the end."""
    content[at + 16 : at + 24] = at.to_bytes(8, "little")


_CHILD = {0: 32, 1: 56}  # kind of node, of groups or pieces -> where it says what is below


def hostile(path, damage=own_child):
    """Damages the index of the last group in a file."""
    with open(path, "rb") as file:
        content = bytearray(file.read())
    damage(content, content.rindex(b"TREE"))
    with open(path, "wb") as file:
        file.write(content)
    return path


def in_memory(path):
    with open(path, "rb") as file:
        return h5py.File(io.BytesIO(file.read()), "r")


def by_name(file):
    load_weights_from_hdf5_group_by_name(file, model().layers)


def in_order(file):
    load_weights_from_hdf5_group(file, model().layers)


OPENED = {
    "for reading": lambda path: h5py.File(path, "r"),
    "for writing": lambda path: h5py.File(path, "r+"),
    "a group": lambda path: h5py.File(path, "r")["only"].parent,
    "by another driver": lambda path: h5py.File(path, "r", driver="core"),
    "in memory": in_memory,
}


@pytest.mark.parametrize("opened", sorted(OPENED))
def test_a_file_that_the_caller_opened_is_looked_through(path, opened):
    group = OPENED[opened](hostile(path))
    with pytest.raises(FileFormatError, match="is damaged: HDF5 crashes"):
        model().load_weights(group)
    group.file.close()


@pytest.mark.parametrize("read", [by_name, in_order, load_model, H5Dict])
def test_so_it_is_by_whatever_reads_it(path, read):
    with h5py.File(hostile(path), "r") as file, pytest.raises(FileFormatError, match="crashes"):
        read(file)


def test_an_index_without_end_is_found_in_an_open_file(path, monkeypatch):
    monkeypatch.setattr(inspection, "SECONDS", 0.2)
    with h5py.File(hostile(path, own_neighbour), "r") as file:
        with pytest.raises(FileFormatError, match="takes too long"):
            model().load_weights(file)


def test_a_file_is_looked_through_when_a_dictionary_or_a_matrix_opens_it(path):
    hostile(path)
    for read in (lambda: H5Dict(path, "r"), lambda: HDF5Matrix(path, "only/only/kernel:0")):
        with pytest.raises(FileFormatError, match="weights.h5 is damaged: HDF5 crashes"):
            read()
    with open(path, "rb") as file, pytest.raises(FileFormatError, match="HDF5 crashes"):
        load_from_binary_h5py(list, file)


def test_a_matrix_looks_at_its_own_data_set_only(tmp_path):
    path = str(tmp_path / "data.h5")
    with h5py.File(path, "w") as file:
        file["x"] = np.ones((3, 2))
        file.create_group("of others")["y"] = 1
    assert HDF5Matrix(hostile(path), "x")[:].tolist() == np.ones((3, 2)).tolist()


def test_so_is_the_index_of_a_data_set_in_pieces(tmp_path):
    path = str(tmp_path / "data.h5")
    with h5py.File(path, "w") as file:
        file.create_dataset("x", data=np.random.rand(9, 2), chunks=(1, 2), compression=1)
    with pytest.raises(FileFormatError, match="data.h5 is damaged: HDF5 crashes"):
        HDF5Matrix(hostile(path), "x")


def test_an_open_file_is_looked_through_once(path, inspector, monkeypatch):
    asked = count_of(inspector, monkeypatch)
    monkeypatch.setattr(inspection, "_TICK", 10**15)  # which remembers no path
    with h5py.File(path, "r") as file:
        for _ in range(2):
            model().load_weights(file)
            by_name(file)
            H5Dict(file)["only"]["only"]
    assert len(asked) == 1
    with h5py.File(path, "r") as file:
        model().load_weights(file)
    assert len(asked) == 2


def test_a_path_in_another_folder_is_not_taken_for_the_open_file(path, tmp_path, monkeypatch):
    os.mkdir(str(tmp_path / "elsewhere"))
    monkeypatch.chdir(tmp_path)
    with h5py.File("weights.h5", "r") as file:
        hostile(path)
        monkeypatch.chdir(tmp_path / "elsewhere")
        model().save_weights("weights.h5")
        with pytest.raises(FileFormatError, match="HDF5 crashes"):
            model().load_weights(file)


def test_a_file_that_is_trusted_is_read_as_it_is(tmp_path, inspector, monkeypatch):
    path = str(tmp_path / "model.h5")
    model().save(path)
    os.utime(path, (1e9, 1e9))
    program(tmp_path, monkeypatch, "os._exit(3)")
    with h5py.File(path, "r") as file:
        for place in (path, file):
            with pytest.raises(FileFormatError):
                load_model(place, compile=False)
            load_model(place, compile=False, safe_mode=False)


# ---- where there is no other process ------------------------------------------------------------


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
