import os
import pickle
import pickletools

import numpy as np
import pytest

from tfkeras_compat.datasets import unpickling
from tfkeras_compat.errors import FileFormatError, UnsafeConfigError


def objects(*values):
    array = np.empty(len(values), object)
    array[:] = values
    return array


ARRAYS = [
    np.arange(6, dtype="uint8").reshape(2, 3),
    np.asfortranarray(np.arange(6.0).reshape(2, 3)),
    np.arange(3, dtype=">i4"),
    np.array([True, False]),
    np.array(["a", "bcd"]),
    objects([1, 2], [3], []),
]


@pytest.mark.parametrize("protocol", range(5))
def test_data_comes_back_as_it_was(protocol):
    for array in ARRAYS:
        for found in (
            unpickling.load(pickle.dumps(array, protocol), "a file"),
            unpickling.load(pickle.dumps({b"x": array}, protocol), "a file")[b"x"],
        ):
            assert type(found) is np.ndarray and found.flags.writeable
            assert found.dtype == array.dtype
            np.testing.assert_array_equal(found, array)
    data = {"text": [1, 2.5, None, "é", b"\xe9"], "numbers": [np.float32(2.5), np.int64(3)]}
    assert unpickling.load(pickle.dumps(data, protocol), "a file") == data


def test_strings_of_python_2_stay_bytes_if_asked_to():
    content = b"(dp0\nS'data'\np1\nI7\ns."  # pickle.dumps({'data': 7}) of Python 2
    assert unpickling.load(content, "a file", encoding="bytes") == {b"data": 7}
    assert unpickling.load(content, "a file") == {"data": 7}


class Calls:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    "hostile",
    [
        Calls(os.system, "touch {}"),
        Calls(eval, "open({!r}, 'w')"),
        Calls(os.mkdir, "{}"),
        {b"data": Calls(os.mkdir, "{}")},
    ],
)
def test_nothing_that_a_file_names_is_run(hostile, tmp_path):
    target = str(tmp_path / "touched")
    call = hostile if isinstance(hostile, Calls) else hostile[b"data"]
    call.call = call.call[0], (call.call[1][0].format(target),)
    with pytest.raises(UnsafeConfigError, match="a file was not read: it asks for .*Nothing was"):
        unpickling.load(pickle.dumps(hostile), "a file")
    assert not os.path.exists(target)


def test_bytes_are_never_taken_for_objects():
    # NumPy itself believes a dtype that says so, and follows whatever the bytes point to.
    content = pickle.dumps(objects([1]), 2)
    flags = next(at for code, value, at in pickletools.genops(content) if value == 63)
    hostile = content[: flags + 1] + b"\x00" + content[flags + 2 :]
    assert unpickling.load(hostile, "a file").tolist() == [[1]]
    with pytest.raises(FileFormatError, match="bytes in place of objects"):
        unpickling.load(pickle.dumps(Calls(_scalar, np.dtype("O"), b"12345678")), "a file")


_scalar = np.float32(0).__reduce__()[0]


def test_types_with_parts_and_other_codecs_are_refused():
    with pytest.raises(UnsafeConfigError, match="array of type 'V8'"):
        unpickling.load(pickle.dumps(np.zeros(1, "i4,f4")), "a file")
    with pytest.raises(FileFormatError, match="zlib"):
        unpickling.load(b"c_codecs\nencode\n(S'x'\nS'zlib'\ntR.", "a file")


@pytest.mark.parametrize(
    "content",
    [b"", b"no pickle", pickle.dumps(ARRAYS[0])[:-9], b"cnumpy\nndarray\n(I1000000000000\ntR."],
)
def test_a_damaged_pickle_is_named(content):
    with pytest.raises(FileFormatError, match="a file is damaged, or no pickle"):
        unpickling.load(content, "a file")
