import h5py
import numpy as np
import pytest

from tfkeras_compat.errors import FileFormatError, MissingFileError
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential
from tfkeras_compat.utils import HDF5Matrix

X = np.arange(40, dtype="float32").reshape((20, 2))


@pytest.fixture
def path(tmp_path):
    path = str(tmp_path / "data.h5")
    with h5py.File(path, "w") as file:
        file["x"] = X
        file["y"] = X[:, :1]
    return path


def test_it_looks_like_an_array_of_its_part_of_the_data(path):
    x = HDF5Matrix(path, "x", start=5, end=15)
    assert (len(x), x.shape, x.dtype, x.ndim, x.size) == (10, (10, 2), np.float32, 2, 20)
    np.testing.assert_array_equal(x[0], X[5])
    np.testing.assert_array_equal(x[2:4], X[7:9])
    np.testing.assert_array_equal(x[:], X[5:15])
    np.testing.assert_array_equal(x[np.array([1, 3])], X[[6, 8]])


@pytest.mark.parametrize("key", [10, slice(8, 11), [0, 10], np.array([10]), range(9, 11)])
def test_samples_beyond_its_end_are_an_index_error(path, key):
    with pytest.raises(IndexError, match="10 samples"):
        HDF5Matrix(path, "x", start=5, end=15)[key]


def test_the_normalizer_decides_shape_and_type(path):
    x = HDF5Matrix(path, "x", normalizer=lambda x: x[:, ::2].astype("int16"))
    assert x.shape == (20, 1) and x.dtype == np.int16
    np.testing.assert_array_equal(x[3:5], [[6], [8]])


def test_a_file_is_opened_once_and_again_after_it_was_closed(path):
    first, second = HDF5Matrix(path, "x"), HDF5Matrix(path, "y")
    assert first.data.file == second.data.file
    first.data.file.close()
    np.testing.assert_array_equal(HDF5Matrix(path, "x")[0], X[0])


def test_what_can_not_be_read_says_which_file_and_data_set(path, tmp_path):
    with pytest.raises(MissingFileError, match="none.h5"):
        HDF5Matrix(str(tmp_path / "none.h5"), "x")
    with pytest.raises(FileFormatError, match="no data set 'z'; it has x, y"):
        HDF5Matrix(path, "z")
    (tmp_path / "text.h5").write_bytes(b"text")
    with pytest.raises(FileFormatError, match="text.h5 can not be read as HDF5"):
        HDF5Matrix(str(tmp_path / "text.h5"), "x")


def test_a_model_is_trained_on_it_in_batches_of_neighbours(path):
    x, y = HDF5Matrix(path, "x"), HDF5Matrix(path, "y")
    model = Sequential([Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    model.fit(x, y, batch_size=6, epochs=2, shuffle="batch", verbose=0)
    assert model.predict(x, batch_size=6).shape == (20, 1)
    np.testing.assert_allclose(
        model.evaluate(x, y, verbose=0), model.evaluate(X, X[:, :1], verbose=0), rtol=1e-5
    )


def test_an_order_that_a_file_can_not_give_is_explained(path):
    model = Sequential([Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    with pytest.raises(TypeError, match='shuffle="batch"'):
        model.fit(HDF5Matrix(path, "x"), HDF5Matrix(path, "y"), batch_size=10, verbose=0)
