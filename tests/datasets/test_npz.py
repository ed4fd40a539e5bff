import io
import os
import pickle
import zipfile

import numpy as np
import pytest

from tfkeras_compat.datasets import npz
from tfkeras_compat.errors import FileFormatError, UnsafeConfigError


def npy(shape, descr, values):
    """A file of one array with any header."""
    stream = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        stream, {"shape": shape, "fortran_order": False, "descr": descr}
    )
    return stream.getvalue() + values


def archive(path, **members):
    with zipfile.ZipFile(str(path), "w") as file:
        for name, content in members.items():
            file.writestr(name + ".npy", content)
    return str(path)


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_arrays_come_back_as_they_were(save, tmp_path):
    x, y, texts = np.arange(6).reshape(2, 3), np.array(2.5), np.empty(2, object)
    texts[:] = [[1, 2], [3]]
    path = str(tmp_path / "data.npz")
    save(path, x=x, y=np.asfortranarray(x), z=y, texts=texts)
    found = npz.read(path, ["x", "y", "z", "texts"])
    assert [array.dtype for array in found] == [x.dtype, x.dtype, y.dtype, object]
    for array, expected in zip(found, [x, x, y, texts]):
        np.testing.assert_array_equal(array, expected)
        assert array.flags.writeable


class Touches:
    def __reduce__(self):
        return os.mkdir, ("touched",)


def test_objects_that_are_code_are_refused_and_not_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = archive(tmp_path / "a.npz", x=npy((1,), "|O", pickle.dumps(Touches())))
    with pytest.raises(UnsafeConfigError, match="array 'x' of .*a.npz was not read: it asks for"):
        npz.read(path, ["x"])
    assert not os.path.exists("touched")


@pytest.mark.parametrize(
    "content, words",
    [
        (npy((2,), "<i8", b"\0" * 9), r"shape of \(2,\) needs 16 bytes, found 9"),
        (npy((10**15, 10**15), "<f8", b""), "needs 8" + "0" * 30 + " bytes, found 0"),
        (npy((3,), "|O", pickle.dumps([1])), r"expected an array of shape \(3,\), found .*list"),
        (npy((3,), "|O", pickle.dumps(np.array([None]))), r"\(3,\), found \(1,\)"),
        (b"\x93NUMPY\x09\x00rest", "unknown format version"),
        (b"something else", "no file of arrays"),
    ],
)
def test_arrays_that_contradict_their_header_are_refused(content, words, tmp_path):
    with pytest.raises(FileFormatError, match=words):
        npz.read(archive(tmp_path / "a.npz", x=content), ["x"])


def test_a_file_that_is_cut_short_or_lacks_an_array_is_named(tmp_path):
    path = tmp_path / "data.npz"
    np.savez(str(path), x=np.arange(1000))
    with pytest.raises(FileFormatError, match="data.npz has not the arrays x, y"):
        npz.read(str(path), ["x", "y"])
    path.write_bytes(path.read_bytes()[:500])
    with pytest.raises(FileFormatError, match="data.npz is no file of arrays"):
        npz.read(str(path), ["x"])


def test_as_many_labels_as_samples_are_expected(tmp_path):
    path = str(tmp_path / "data.npz")
    np.savez(path, x_train=np.zeros(3), y_train=np.zeros(3), x_test=np.zeros(2), y_test=np.zeros(1))
    with pytest.raises(FileFormatError, match="2 samples, but 1 labels"):
        npz.read_parts(path)
