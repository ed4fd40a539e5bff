import numpy as np
import pytest

from tfkeras_compat import utils
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.utils.arrays import convert_kernel


@pytest.mark.parametrize("y", [[0, 2, 1], [[0], [2], [1]], np.array([0.0, 2.0, 1.0])])
def test_class_numbers_become_one_hot_rows(y):
    found = utils.to_categorical(y)
    assert found.dtype == np.float32
    np.testing.assert_array_equal(found, np.eye(3)[[0, 2, 1]])


def test_the_number_of_classes_and_the_dtype_may_be_given():
    found = utils.to_categorical([[0, 1], [1, 1]], num_classes=4, dtype="int32")
    assert found.shape == (2, 2, 4) and found.dtype == np.int32
    assert found[1, 0].tolist() == [0, 1, 0, 0]


def test_rows_are_divided_by_their_norm_and_zeros_stay():
    x = np.array([[3.0, 4.0], [0.0, 0.0]])
    np.testing.assert_allclose(utils.normalize(x), [[0.6, 0.8], [0, 0]])
    np.testing.assert_allclose(utils.normalize(x, order=1)[0], [3 / 7.0, 4 / 7.0])
    np.testing.assert_allclose(utils.normalize(x, axis=0)[0], [1, 1])


def test_names_of_other_rooms_are_found_here():
    with utils.CustomObjectScope({"a": 1}):
        assert utils.get_custom_objects()["a"] == 1
    assert callable(utils.Progbar(target=1).update)


def test_the_spatial_axes_of_a_converted_kernel_run_backwards():
    kernel = np.arange(2 * 3 * 4 * 5).reshape((2, 3, 4, 5))
    np.testing.assert_array_equal(convert_kernel(kernel), kernel[::-1, ::-1])
    np.testing.assert_array_equal(convert_kernel(convert_kernel(kernel)), kernel)
    with pytest.raises(ShapeError, match="3 to 5 axes"):
        convert_kernel(np.zeros((2, 3)))
