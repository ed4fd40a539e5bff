import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, ShapeError


def counted(*shape):
    return np.arange(np.prod(shape), dtype="float32").reshape(shape)


def unknown(array):
    return tf.placeholder_with_default(array, [None] * array.ndim)


def to_first(array):
    return np.moveaxis(array, -1, 1)


def test_concatenate_joins_along_the_last_axis_by_default():
    x, y = counted(2, 3, 1), counted(2, 3, 2)
    joined = K.concatenate([K.constant(x), K.constant(y)])
    np.testing.assert_array_equal(K.eval(joined), np.concatenate([x, y], axis=-1))


def test_concatenate_keeps_sparse_tensors_sparse_unless_one_is_dense():
    sparse = tf.SparseTensor([[0, 1]], [5.0], [2, 2])
    assert K.is_sparse(K.concatenate([sparse, sparse], axis=0))
    mixed = K.concatenate([sparse, K.constant([[1], [1]])])
    assert K.eval(mixed).tolist() == [[0, 5, 1], [0, 0, 1]]


def test_stack_makes_a_new_axis():
    x = K.constant(counted(2, 3))
    assert K.int_shape(K.stack([x, x, x, x], axis=1)) == (2, 4, 3)


def test_slice_wants_a_start_and_a_size_for_each_axis():
    x = K.constant(counted(3, 4))
    assert K.eval(K.slice(x, [1, 2], [2, 1])).tolist() == [[6], [10]]
    with pytest.raises(ShapeError, match="each of the 2 axes"):
        K.slice(x, [1], [2, 1])


@pytest.mark.parametrize("axes", [1, (0, 2)])
def test_reverse_turns_one_axis_or_several(axes):
    x = counted(2, 3, 2)
    np.testing.assert_array_equal(K.eval(K.reverse(K.constant(x), axes)), np.flip(x, axes))


def test_reshaping_keeps_the_order_of_the_elements():
    x = counted(2, 3, 4)
    assert K.eval(K.reshape(K.constant(x), (4, -1))).tolist() == x.reshape(4, 6).tolist()
    assert K.eval(K.flatten(K.constant(x))).tolist() == x.ravel().tolist()
    permuted = K.eval(K.permute_dimensions(K.constant(x), (2, 0, 1)))
    np.testing.assert_array_equal(permuted, x.transpose(2, 0, 1))


def test_batch_flatten_knows_its_width_where_the_input_does():
    x = counted(2, 3, 4)
    known = K.batch_flatten(tf.placeholder_with_default(x, [None, 3, 4]))
    assert K.int_shape(known) == (None, 12)
    np.testing.assert_array_equal(K.eval(K.batch_flatten(unknown(x))), x.reshape(2, 12))


def test_expand_dims_and_squeeze_undo_each_other():
    x = K.constant(counted(2, 3))
    assert K.int_shape(K.expand_dims(x)) == (2, 3, 1)
    assert K.int_shape(K.squeeze(K.expand_dims(x, 1), 1)) == (2, 3)


@pytest.mark.parametrize("axis", [0, 1, -1])
@pytest.mark.parametrize("make", [K.constant, unknown])
def test_repeat_elements_repeats_as_numpy_does(axis, make):
    x = counted(2, 3, 2)
    repeated = K.repeat_elements(make(x), 3, axis)
    np.testing.assert_array_equal(K.eval(repeated), np.repeat(x, 3, axis))


def test_repeat_puts_copies_along_a_middle_axis():
    assert K.eval(K.repeat(K.constant([[1, 2]]), 2)).tolist() == [[[1, 2], [1, 2]]]
    with pytest.raises(ShapeError, match="batch, features"):
        K.repeat(K.constant(counted(2, 2, 2)), 2)


@pytest.mark.parametrize("n", [2, (2,), [2, 3], (1, 2)])
def test_tile_counts_missing_axes_as_one(n):
    x = counted(2, 3)
    np.testing.assert_array_equal(K.eval(K.tile(K.constant(x), n)), np.tile(x, n))


def test_tile_refuses_more_numbers_than_axes():
    with pytest.raises(ShapeError, match="2 axes"):
        K.tile(K.constant(counted(2, 3)), (1, 2, 3))


@pytest.mark.parametrize("arguments, expected", [
    ((4,), [0, 1, 2, 3]), ((2, 9, 3), [2, 5, 8]), ((-2,), []),
])  # fmt: skip
def test_arange_counts_as_numpy_does(arguments, expected):
    assert K.eval(K.arange(*arguments)).tolist() == expected


def test_arange_takes_a_tensor_and_another_dtype():
    assert K.eval(K.arange(tf.constant(-2))).tolist() == []
    assert K.dtype(K.arange(tf.constant(2), dtype="float32")) == "float32"


def test_one_hot_adds_an_axis_of_classes():
    assert K.eval(K.one_hot(tf.constant([[2], [0]]), 3)).tolist() == [[[0, 0, 1]], [[1, 0, 0]]]


PADDINGS = [
    (K.temporal_padding, (1, 2), [(1, 2)]),
    (K.spatial_2d_padding, ((1, 2), (0, 3)), [(1, 2), (0, 3)]),
    (K.spatial_3d_padding, ((1, 2), (0, 3), (1, 0)), [(1, 2), (0, 3), (1, 0)]),
]


@pytest.mark.parametrize("function, padding, pairs", PADDINGS)
def test_padding_puts_zeros_around_the_spatial_axes(function, padding, pairs):
    x = counted(*([2] * (len(pairs) + 2)))
    expected = np.pad(x, [(0, 0)] + pairs + [(0, 0)], "constant")
    np.testing.assert_array_equal(K.eval(function(K.constant(x), padding)), expected)
    if function is not K.temporal_padding:
        found = K.eval(function(K.constant(to_first(x)), padding, data_format="channels_first"))
        np.testing.assert_array_equal(found, to_first(expected))


def test_padding_needs_a_pair_for_each_axis():
    with pytest.raises(ShapeError, match="2 axes"):
        K.spatial_2d_padding(K.constant(counted(1, 2, 2, 1)), padding=((1, 1),))


@pytest.mark.parametrize("make", [K.constant, unknown])
def test_resize_images_repeats_pixels_in_both_layouts(make):
    x = counted(1, 2, 3, 2)
    expected = x.repeat(2, axis=1).repeat(3, axis=2)
    last = K.resize_images(make(x), 2, 3, "channels_last")
    first = K.resize_images(make(to_first(x)), 2, 3, "channels_first")
    np.testing.assert_array_equal(K.eval(last), expected)
    np.testing.assert_array_equal(K.eval(first), to_first(expected))


def test_resize_images_interpolates_between_pixels():
    x = K.constant([[[[0.0], [4.0]]]])
    resized = K.resize_images(x, 1, 2, "channels_last", interpolation="bilinear")
    # TensorFlow 1 does not centre pixels.
    assert K.eval(K.flatten(resized)).tolist() == [0, 2, 4, 4]


def test_resize_images_knows_the_new_size_and_refuses_other_interpolations():
    x = K.placeholder((None, 3, None, 2))
    assert K.int_shape(K.resize_images(x, 2, 2, "channels_last")) == (None, 6, None, 2)
    with pytest.raises(ConfigError, match="cubic"):
        K.resize_images(x, 2, 2, "channels_last", interpolation="cubic")


def test_resize_volumes_repeats_voxels_in_both_layouts():
    x = counted(1, 2, 1, 2, 2)
    expected = x.repeat(2, axis=1).repeat(3, axis=2).repeat(2, axis=3)
    found = K.eval(K.resize_volumes(K.constant(to_first(x)), 2, 3, 2, "channels_first"))
    np.testing.assert_array_equal(found, to_first(expected))
    found = K.eval(K.resize_volumes(K.constant(x), 2, 3, 2, "channels_last"))
    np.testing.assert_array_equal(found, expected)


def test_an_unknown_layout_is_refused():
    with pytest.raises(ValueError, match="channels_middle"):
        K.resize_volumes(K.placeholder((1, 2, 2, 2, 1)), 2, 2, 2, "channels_middle")
