import io

import h5py
import numpy as np
import pytest

from tfkeras_compat.errors import ConfigError, KindError, WrongKeysError
from tfkeras_compat.utils.hdf5 import H5Dict, load_from_binary_h5py, save_to_binary_h5py

ARRAY = np.arange(6.0).reshape(2, 3)


@pytest.fixture(params=["file", "path", "group", "dictionary"])
def place(request, tmp_path):
    path = tmp_path / "file.h5"
    if request.param == "group":
        with h5py.File(str(path), "w") as file:
            yield file.create_group("inner")
    else:
        yield {"file": str(path), "path": path, "dictionary": {}}[request.param]


def test_what_is_put_in_comes_out(place):
    with H5Dict(place, "w") as group:
        group["text"] = "abcd"
        group["names"] = [b"a", b"bc"]
        group["array"] = ARRAY
        group["scalar"] = np.float32(1.5)
        group["outer"]["inner"]["text"] = "e"
    with H5Dict(place, "r") as group:
        assert group["text"] == "abcd" and group["names"] == [b"a", b"bc"]
        np.testing.assert_array_equal(group["array"], ARRAY)
        assert group[b"scalar"] == 1.5
        assert group["outer"]["inner"]["text"] == "e"
        assert "outer" in group and "text" in group and "nothing" not in group
        assert group.get("nothing", 3) == 3 and group.get("text") == "abcd"
        with pytest.raises(ConfigError, match="Cannot set item 'x' in read-only mode"):
            group["x"] = 1
        with pytest.raises(ConfigError, match="There is no 'nothing'"):
            group["nothing"]
        with pytest.raises(ConfigError, match="read-only"):
            group["outer"]["x"] = 1


def test_a_list_too_long_for_one_attribute_comes_out_whole(tmp_path):
    names = ["%0100d" % number for number in range(1000)]
    with H5Dict(tmp_path / "file.h5") as group:
        group["names"] = names
        assert "names" not in group and group["names"] == names


def test_a_group_can_not_be_replaced_by_a_value(tmp_path):
    with H5Dict(tmp_path / "file.h5") as group:
        group["a"]["b"] = 1
        with pytest.raises(WrongKeysError, match='Group with name "a" exists'):
            group["a"] = 1


def test_items_of_another_dictionary_can_be_added():
    group = H5Dict({})
    group.update({"a": 1}, [("b", 2)])
    assert group["a"] == 1 and group["b"] == 2 and len(group) == 3 and set(group) > {"a", "b"}


def test_other_places_are_refused():
    assert not H5Dict.is_supported_type(3)
    with pytest.raises(KindError, match="Required Group, str, Path or dict. Received: int"):
        H5Dict(3)


def test_a_file_goes_through_a_stream():
    stream = io.BytesIO()
    assert (
        save_to_binary_h5py(lambda file: file.create_dataset("x", data=ARRAY).name, stream) == "/x"
    )
    stream.seek(0)
    assert load_from_binary_h5py(lambda file: file["x"][1, 2], stream) == 5.0
