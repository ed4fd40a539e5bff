"""Which files of weights a program loads."""

import ast
import os
import shutil

import pytest

from tfkeras_compat import inspection
from tfkeras_compat.doctor.weights import weights_of, written_by

h5py = pytest.importorskip("h5py")
FILES = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "golden", "files")


def paths(source, folder="."):
    return [each.path for each in weights_of(ast.parse(source), str(folder))]


@pytest.mark.parametrize(
    "source, path",
    [
        ("model.load_weights('a.h5')", "a.h5"),
        ("model.load_weights(filepath='a.h5')", "a.h5"),
        ("load_model('a.h5')", "a.h5"),
        ("W = 'a.h5'\nmodel.load_weights(W)", "a.h5"),
        ("model.load_weights(os.path.join('b', 'a.h5'))", "b/a.h5"),
        ("model.load_weights('b/' + 'a.h5')", "b/a.h5"),
        ("saver.restore(sess, 'model.ckpt')", "model.ckpt"),
        ("np.load('w.npy')", "w.npy"),
        ("h5py.File('a.h5', 'r')", "a.h5"),
        ("get_file('vgg.h5', 'http://x')", "vgg.h5"),
    ],
)
def test_a_path_that_the_source_tells_is_found(source, path):
    assert paths(source) == [path]


@pytest.mark.parametrize(
    "source",
    [
        "model.load_weights(path)",
        "model.load_weights(sys.argv[1] + '.h5')",
        "W = 'a'\nW = 'b'\nmodel.load_weights(W)",
        "json.load('a')",
        "zipfile.File('a')",
        "saver.restore(sess)",
    ],
)
def test_a_path_that_only_the_run_tells_is_left_out(source):
    assert paths(source) == []


def test_a_file_is_looked_for_beside_the_program_and_where_one_stands(tmp_path, monkeypatch):
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a.npy").write_bytes(b"")
    (tmp_path / "m.ckpt.index").write_bytes(b"")
    tree = ast.parse("np.load('a.npy'); s.restore(x, 'm.ckpt'); np.load('b.npy')")
    monkeypatch.chdir(tmp_path)
    found = weights_of(tree, str(tmp_path / "there"))
    assert [each.there for each in found] == [True, True, False]


@pytest.mark.parametrize(
    "name, origin",
    [
        ("classifier.weights.h5", "by Keras 2.2.5 on tensorflow"),
        ("keras_1/mlp.h5", "by Keras 1.2.2"),
        ("tensorflow_keras/nested.h5", "by Keras 2.2.4-tf on tensorflow"),
    ],
)
def test_a_file_says_which_keras_wrote_it(name, origin):
    assert written_by(os.path.join(FILES, name)) == origin


def test_a_file_that_is_none_is_told_and_does_no_harm(tmp_path):
    text, cut = tmp_path / "text.h5", tmp_path / "cut.h5"
    text.write_text("no numbers")
    with open(os.path.join(FILES, "classifier.weights.h5"), "rb") as whole:
        cut.write_bytes(whole.read(600))
    assert written_by(str(text)) == "no HDF5 file, in spite of its name"
    assert written_by(str(cut)).startswith("can not be read")
    assert written_by(str(tmp_path / "none.h5")) == ""


def test_a_file_that_hdf5_does_not_survive_ends_another_process(tmp_path, monkeypatch):
    (tmp_path / "dies.py").write_text(
        "import os, sys\nsys.stdin.readline(); print('ok', flush=True)\n"
        "sys.stdin.readline(); os.abort()\n"
    )
    monkeypatch.setattr(inspection, "_PROGRAM", str(tmp_path / "dies.py"))
    monkeypatch.setattr(inspection, "_inspector", inspection._Inspector())
    path = tmp_path / "weights.h5"
    shutil.copy(os.path.join(FILES, "classifier.weights.h5"), str(path))
    assert "is damaged: HDF5 crashes over it" in written_by(str(path))
