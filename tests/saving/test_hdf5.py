"""Weights in HDF5 files: the layout, and that loading is all or nothing."""

import h5py
import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import FileFormatError, MissingFileError, ShapeError
from tfkeras_compat.layers import Activation, BatchNormalization, Dense, Input
from tfkeras_compat.models import Model, Sequential
from tfkeras_compat.saving import hdf5
from tfkeras_compat.saving.hdf5 import (
    load_attributes_from_hdf5_group,
    save_attributes_to_hdf5_group,
)


def model(units=4, names=("first", "second")):
    return Sequential(
        [Dense(units, input_shape=(3,), name=names[0]), Activation("relu"), Dense(2, name=names[1])]
    )


def random_weights(model):
    return [np.random.normal(size=array.shape).astype("float32") for array in model.get_weights()]


@pytest.fixture
def file(tmp_path):
    """A file with random weights of ``model()``."""
    written = model()
    written.set_weights(random_weights(written))
    written.save_weights(str(tmp_path / "weights.h5"))
    K.clear_session()
    return str(tmp_path / "weights.h5")


def arrays_in(file):
    with h5py.File(file, "r") as f:
        return [
            f[layer][layer][name][()]
            for layer in ("first", "second")
            for name in ("kernel:0", "bias:0")
        ]


def assert_equal(found, expected):
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected):
        np.testing.assert_array_equal(mine, theirs)


def assert_refused(loaded, file, error, match, **arguments):
    """Loading fails, the message names the file, and no weight has changed."""
    before = loaded.get_weights()
    with pytest.raises(error, match=match) as raised:
        loaded.load_weights(file, **arguments)
    assert str(file) in str(raised.value)
    assert isinstance(raised.value, ValueError)
    assert_equal(loaded.get_weights(), before)


# ---- the layout ---------------------------------------------------------------------------------


def test_the_file_has_the_layout_of_the_original(file):
    with h5py.File(file, "r") as f:
        assert list(f.attrs["layer_names"]) == [b"first", b"activation_1", b"second"]
        assert hdf5.text(f.attrs["keras_version"]) == "2.2.5"
        assert hdf5.text(f.attrs["backend"]) == "tensorflow"
        assert list(f["first"].attrs["weight_names"]) == [b"first/kernel:0", b"first/bias:0"]
        assert list(f["activation_1"].attrs["weight_names"]) == []
        assert f["first/first/kernel:0"].shape == (3, 4)


def test_weights_load_in_order_whatever_the_layers_are_called(file):
    loaded = model(names=("one", "two"))
    loaded.load_weights(file)
    assert_equal(loaded.get_weights(), arrays_in(file))


def test_weights_load_by_name_into_the_layers_that_have_one(file):
    loaded = model(names=("other", "second"))
    before = loaded.get_weights()
    loaded.load_weights(file, by_name=True)
    assert_equal(loaded.get_weights(), before[:2] + arrays_in(file)[2:])


def test_attributes_beyond_64_kb_are_split_and_joined(tmp_path):
    names = ["layer_%06d" % number for number in range(20000)]
    with h5py.File(str(tmp_path / "names.h5"), "w") as f:
        save_attributes_to_hdf5_group(f, "layer_names", names)
        assert "layer_names" not in f.attrs
        assert "layer_names1" in f.attrs
        assert load_attributes_from_hdf5_group(f, "layer_names") == names


def test_a_name_longer_than_an_attribute_is_refused(tmp_path):
    with h5py.File(str(tmp_path / "names.h5"), "w") as f:
        with pytest.raises(FileFormatError, match="64512 bytes"):
            save_attributes_to_hdf5_group(f, "layer_names", ["a" * 70000])


def test_a_model_with_more_names_than_an_attribute_holds_is_saved_and_loaded(tmp_path):
    class Many(Layer):
        def build(self, input_shape):
            for number in range(12):
                self.add_weight(name="x" * 6000 + str(number), shape=(1,))
            self.built = True

    layer = Many(input_shape=(3,), name="many")
    written = Sequential([layer])
    values = random_weights(written)
    written.set_weights(values)
    written.save_weights(str(tmp_path / "many.h5"))
    written.set_weights([0 * value for value in values])
    written.load_weights(str(tmp_path / "many.h5"))
    assert_equal(written.get_weights(), values)


def test_attributes_are_read_as_bytes_and_as_text(file):
    with h5py.File(file, "a") as f:
        texts = h5py.special_dtype(vlen=str)
        f.attrs.create("layer_names", ["first", "activation_1", "second"], dtype=texts)
        f.attrs.create("keras_version", "2.2.5", dtype=texts)
        f["first"].attrs.create("weight_names", ["first/kernel:0", "first/bias:0"], dtype=texts)
    loaded = model()
    loaded.load_weights(file)
    assert_equal(loaded.get_weights(), arrays_in(file))


def test_two_weights_of_one_name_are_kept_apart(tmp_path):
    group = h5py.File(str(tmp_path / "twice.h5"), "w")
    named = [type("Named", (), {"name": "w:0"})() for _ in range(3)]
    hdf5.save_arrays(group, named, [np.zeros(1), np.ones(1), np.full(1, 2.0)])
    assert [one[0] for one in hdf5.read(hdf5.datasets(group))] == [0.0, 1.0, 2.0]
    group.close()


def test_a_nested_model_is_one_group(tmp_path):
    inner = Sequential([Dense(3, input_shape=(4,)), BatchNormalization()], name="inner")
    x = Input(shape=(4,))
    outer = Model(x, Dense(2)(inner(x)))
    values = random_weights(outer)
    outer.set_weights(values)
    outer.save_weights(str(tmp_path / "nested.h5"))
    outer.set_weights([0 * value for value in values])
    outer.load_weights(str(tmp_path / "nested.h5"))
    assert_equal(outer.get_weights(), values)
    with h5py.File(str(tmp_path / "nested.h5"), "r") as f:
        assert len(f["inner"].attrs["weight_names"]) == 6


def test_a_frozen_layer_keeps_its_place(tmp_path):
    written = model()
    written.layers[0].trainable = False
    values = random_weights(written)
    written.set_weights(values)
    written.save_weights(str(tmp_path / "frozen.h5"))
    K.clear_session()
    loaded = model()
    loaded.load_weights(str(tmp_path / "frozen.h5"))
    assert_equal(loaded.get_weights(), values)


def test_weights_go_into_an_open_group_and_out_of_it(tmp_path):
    written = model()
    with h5py.File(str(tmp_path / "groups.h5"), "w") as f:
        written.save_weights(f.create_group("epoch_1"))
        values = written.get_weights()
        written.set_weights(random_weights(written))
        written.load_weights(f["epoch_1"])
    assert_equal(written.get_weights(), values)


def test_weights_load_under_another_default_graph(file):
    loaded = model()
    with tf.Graph().as_default():
        loaded.load_weights(file)
    assert_equal(loaded.get_weights(), arrays_in(file))


def test_a_path_without_extension_is_an_hdf5_file(tmp_path):
    model().save_weights(str(tmp_path / "weights"))
    assert h5py.is_hdf5(str(tmp_path / "weights"))


# ---- what does not fit --------------------------------------------------------------------------


def test_another_number_of_layers_is_told(file):
    loaded = Sequential([Dense(4, input_shape=(3,), name="only")])
    assert_refused(loaded, file, ShapeError, r"2 layers into.* 1 layers.*first, second.*only")


def test_a_model_that_is_not_built_is_told_to_be(file):
    loaded = Sequential([Dense(4, name="late"), Dense(2)])
    assert_refused(loaded, file, ShapeError, "Not built yet.*late")


def test_another_shape_is_told_with_layer_expected_and_found(file):
    assert_refused(model(units=5), file, ShapeError, r"layer first.*\(3, 5\).*\(3, 4\)")


def test_a_wrong_shape_in_the_last_layer_leaves_the_first_unchanged(file):
    loaded = Sequential([Dense(4, input_shape=(3,), name="a"), Dense(3, name="b")])
    assert_refused(loaded, file, ShapeError, r"layer b \(second in the file\)")


def test_another_number_of_weights_is_told(file):
    loaded = Sequential([Dense(4, input_shape=(3,), use_bias=False), Dense(2)])
    assert_refused(loaded, file, ShapeError, "expects 1 weights.*holds 2")


@pytest.mark.parametrize("group, names", [(None, "layer_names"), ("first", "weight_names")])
def test_another_order_is_told(file, group, names):
    with h5py.File(file, "a") as f:
        attributes = (f[group] if group else f).attrs
        attributes[names] = list(attributes[names])[::-1]
    assert_refused(model(), file, ShapeError, r"layer first.*\(3, 4\)")


def test_by_name_a_mismatch_is_told(file):
    assert_refused(model(units=5), file, ShapeError, "layer first", by_name=True)


def test_by_name_with_skip_mismatch_what_fits_is_loaded_and_the_rest_warned_of(file):
    loaded = model(units=5)
    before = loaded.get_weights()
    with pytest.warns(UserWarning, match="Skipping.*layer (first|second)") as warned:
        loaded.load_weights(file, by_name=True, skip_mismatch=True)
    assert len(warned) == 2
    assert_equal(loaded.get_weights(), before[:3] + arrays_in(file)[3:])


def test_by_name_with_skip_mismatch_another_number_of_weights_skips_the_layer(file):
    loaded = Sequential([Dense(4, input_shape=(3,), use_bias=False, name="first")])
    before = loaded.get_weights()
    with pytest.warns(UserWarning, match="expects 1 weights"):
        loaded.load_weights(file, by_name=True, skip_mismatch=True)
    assert_equal(loaded.get_weights(), before)


def test_a_missing_group_is_told(file):
    with h5py.File(file, "a") as f:
        del f["second"]
    assert_refused(model(), file, FileFormatError, "has no second")


def test_a_missing_dataset_is_told(file):
    with h5py.File(file, "a") as f:
        del f["second/second/bias:0"]
    assert_refused(model(), file, FileFormatError, "second/bias:0")


def test_an_hdf5_file_without_weights_is_told(tmp_path):
    with h5py.File(str(tmp_path / "other.h5"), "w") as f:
        f["data"] = [1.0]
    assert_refused(model(), tmp_path / "other.h5", FileFormatError, "layer_names")


# ---- bad files ----------------------------------------------------------------------------------


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(MissingFileError, match="nowhere.h5"):
        model().load_weights(str(tmp_path / "nowhere.h5"))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not HDF5", b"\x89HDF\r\n\x1a\n"])
def test_a_file_of_another_format_is_told(tmp_path, content):
    path = tmp_path / "bad.h5"
    path.write_bytes(content)
    assert_refused(model(), path, FileFormatError, "another format, truncated or damaged")


def test_a_file_truncated_anywhere_is_told(file, tmp_path):
    with open(file, "rb") as f:
        content = f.read()
    loaded = model()
    for size in range(0, len(content), len(content) // 16):
        path = tmp_path / ("cut_%d.h5" % size)
        path.write_bytes(content[:size])
        assert_refused(loaded, path, FileFormatError, "damaged")


def replaced(file, name, write):
    with h5py.File(file, "a") as f:
        del f[name]
        write(f, name)


def test_a_link_to_another_file_is_not_followed(file, tmp_path):
    secret = str(tmp_path / "secret.h5")
    with h5py.File(secret, "w") as f:
        f["kernel"] = np.ones((3, 4), "float32")
    link = h5py.ExternalLink(secret, "kernel")
    replaced(file, "first/first/kernel:0", lambda f, name: f.__setitem__(name, link))
    assert_refused(model(), file, FileFormatError, "link to another place or file")


def test_a_link_to_another_place_is_not_followed(file):
    replaced(file, "first", lambda f, name: f.__setitem__(name, h5py.SoftLink("/second")))
    assert_refused(model(), file, FileFormatError, "link to another place or file")


def test_values_stored_in_another_file_are_not_read(file, tmp_path):
    secret = tmp_path / "secret.bin"
    secret.write_bytes(b"x" * 48)

    def write(f, name):
        settings = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
        settings.set_external(str(secret).encode(), 0, 48)
        space = h5py.h5s.create_simple((3, 4))
        f.require_group("first/first")
        h5py.h5d.create(f.id, name.encode(), h5py.h5t.IEEE_F32LE, space, settings)

    replaced(file, "first/first/kernel:0", write)
    assert_refused(model(), file, FileFormatError, "values in other files")


def test_a_virtual_dataset_is_not_read(file, tmp_path):
    with h5py.File(str(tmp_path / "secret.h5"), "w") as f:
        f["kernel"] = np.ones((3, 4), "float32")

    def write(f, name):
        layout = h5py.VirtualLayout(shape=(3, 4), dtype="float32")
        layout[:] = h5py.VirtualSource(str(tmp_path / "secret.h5"), "kernel", shape=(3, 4))
        f.create_virtual_dataset(name, layout)

    replaced(file, "first/first/kernel:0", write)
    assert_refused(model(), file, FileFormatError, "values in other files")


@pytest.mark.parametrize("values", [[b"text"] * 4, np.zeros(4, "complex64")])
def test_values_that_are_no_numbers_are_told(file, values):
    replaced(file, "first/first/bias:0", lambda f, name: f.create_dataset(name, data=values))
    assert_refused(model(), file, FileFormatError, "array of numbers")


def huge(f, name):
    f.create_dataset(name, shape=(2**20, 2**20), dtype="float32", chunks=(64, 64))


def test_an_absurd_shape_is_refused_before_it_is_read(file):
    replaced(file, "first/first/kernel:0", huge)
    assert_refused(model(), file, ShapeError, "1048576")


def test_by_name_with_skip_mismatch_an_absurd_shape_is_skipped_unread(file):
    replaced(file, "first/first/kernel:0", huge)
    loaded = model()
    with pytest.warns(UserWarning, match="1048576"):
        loaded.load_weights(file, by_name=True, skip_mismatch=True)


def test_a_small_file_can_not_declare_a_large_array_even_for_a_large_model(tmp_path):
    with h5py.File(str(tmp_path / "bomb.h5"), "w") as f:
        huge(f, "weights")
        f.attrs["weight_names"] = [b"weights"]
        f.flush()
        with pytest.raises(FileFormatError, match="weights declares .*too small"):
            hdf5.read(hdf5.datasets(f))


def test_scalars_empty_arrays_and_other_byte_orders_are_read_as_they_are(tmp_path):
    values = [np.int64(7), np.zeros((0, 3), "float32"), np.arange(3, dtype=">f8"), np.float16(0.5)]
    names = ["a", "b", "c", "d"]
    with h5py.File(str(tmp_path / "odd.h5"), "w") as f:
        for name, value in zip(names, values):
            f[name] = value
        save_attributes_to_hdf5_group(f, "weight_names", names)
        f.flush()
        found = hdf5.read(hdf5.datasets(f))
    assert [array.shape for array in found] == [(), (0, 3), (3,), ()]
    assert_equal(found, values)


def test_a_group_in_the_place_of_an_array_is_told(file):
    replaced(file, "first/first/bias:0", lambda f, name: f.create_group(name))
    assert_refused(model(), file, FileFormatError, "bias:0 should be an array")


def test_an_array_in_the_place_of_a_group_is_told(file):
    replaced(file, "first/first", lambda f, name: f.create_dataset(name, data=[1.0]))
    assert_refused(model(), file, FileFormatError, "has no first/kernel:0")
