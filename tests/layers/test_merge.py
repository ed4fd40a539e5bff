import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.engine.input import Input
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import Masking, merge

A = np.array([[1.0, 2.0], [3.0, 4.0]])
B = np.array([[5.0, 1.0], [0.0, 4.0]])
C = np.array([[1.0, 1.0], [2.0, 2.0]])

BY_HAND = {
    "add": A + B + C,
    "multiply": A * B * C,
    "average": (A + B + C) / 3,
    "maximum": np.maximum(np.maximum(A, B), C),
    "minimum": np.minimum(np.minimum(A, B), C),
    "concatenate": np.concatenate([A, B, C], axis=-1),
}


def constants(*arrays):
    return [K.constant(array) for array in arrays]


@pytest.mark.parametrize("name", sorted(BY_HAND))
def test_the_function_and_the_layer_give_what_their_name_says(name):
    layer = getattr(merge, name.capitalize())()
    np.testing.assert_allclose(K.eval(layer(constants(A, B, C))), BY_HAND[name])
    np.testing.assert_allclose(K.eval(getattr(merge, name)(constants(A, B, C))), BY_HAND[name])
    assert layer.output_shape == BY_HAND[name].shape


def test_subtract_takes_two_inputs_and_no_more():
    assert K.eval(merge.subtract(constants(A, B))).tolist() == (A - B).tolist()
    with pytest.raises(ShapeError, match="exactly 2"):
        merge.subtract(constants(A, B, C))


@pytest.mark.parametrize(
    "shapes, expected",
    [
        (((5, 4), (4,)), (None, 5, 4)),
        (((5, 4), (1, 4)), (None, 5, 4)),
        (((None, 4), (5, 1)), (None, None, 4)),
        (((2, 5, 4), (4,), (5, 1)), (None, 2, 5, 4)),
    ],
)
def test_inputs_of_different_shapes_are_broadcast(shapes, expected):
    layer = merge.Add()
    layer([Input(shape=shape) for shape in shapes])
    assert layer.output_shape == expected


def test_an_input_of_lower_rank_gets_its_axes_after_the_batch_axis():
    matrices, vectors = np.random.normal(size=(3, 5, 4)), np.random.normal(size=(3, 4))
    found = K.eval(merge.add(constants(matrices, vectors)))
    np.testing.assert_allclose(found, matrices + vectors[:, np.newaxis], atol=1e-6)


def test_inputs_of_unknown_rank_are_aligned_at_the_axis_after_the_batch_axis():
    # As Keras 2.2.5: with the batch axis put last, sizes are matched from the batch axis down.
    matrices, vectors = np.random.normal(size=(3, 5, 4)), np.random.normal(size=(3, 4))
    x, y = K.placeholder(), K.placeholder((None, 4))
    total = K.function([x, y], [merge.add([x, y])])([matrices, vectors])[0]
    expected = (matrices.transpose(1, 2, 0) + vectors.T).transpose(2, 0, 1)
    np.testing.assert_allclose(total, expected, atol=1e-6)


def test_shapes_that_can_not_be_broadcast_are_refused():
    with pytest.raises(ShapeError, match="broadcast"):
        merge.add([Input(shape=(5, 4)), Input(shape=(3, 4))])
    with pytest.raises(ShapeError, match="batch sizes"):
        merge.add([Input(batch_shape=(2, 4)), Input(batch_shape=(3, 4))])


def test_a_merge_needs_a_list_of_at_least_two_inputs():
    with pytest.raises(ShapeError, match="list of inputs"):
        merge.Add()(Input(shape=(4,)))
    with pytest.raises(ShapeError, match="at least 2"):
        merge.Concatenate()([Input(shape=(4,))])


def test_the_mask_of_a_sum_holds_where_all_masks_hold():
    x = Masking()(K.constant([[[1.0], [0.0], [1.0]]]))
    y = Masking()(K.constant([[[1.0], [1.0], [0.0]]]))
    layer = merge.Add()
    layer([x, y])
    assert K.eval(layer.output_mask).tolist() == [[True, False, False]]


def test_without_masks_there_is_none():
    x, y = constants(A, B)
    assert merge.Add().compute_mask([x, y], [None, None]) is None
    assert merge.Concatenate().compute_mask([x, y], None) is None


def test_masks_are_a_list_as_long_as_the_inputs():
    x, y = constants(A, B)
    for inputs, mask in (([x, y], x), (x, [None, None]), ([x, y], [x])):
        with pytest.raises(ShapeError):
            merge.Add().compute_mask(inputs, mask)


@pytest.mark.parametrize("axis, expected", [(1, [1, 0, 1, 1]), (-1, [1, 0])])
def test_masks_are_joined_as_the_inputs_are(axis, expected):
    x = Masking()(K.constant([[[1.0, 1.0], [0.0, 0.0]]]))
    layer = merge.Concatenate(axis=axis)
    layer([x, K.constant([[[1.0, 1.0], [0.0, 0.0]]])])
    assert K.eval(layer.output_mask).astype(int).tolist() == [expected]


def test_concatenate_adds_the_sizes_of_its_axis_up():
    layer = merge.Concatenate(axis=1)
    layer([Input(shape=(2, 4)), Input(shape=(5, 4))])
    assert layer.output_shape == (None, 7, 4)
    unknown = merge.Concatenate(axis=1)
    unknown([Input(shape=(2, 4)), Input(shape=(None, 4))])
    assert unknown.output_shape == (None, None, 4)
    assert merge.Concatenate.from_config(layer.get_config()).axis == 1


def test_concatenate_refuses_shapes_that_differ_elsewhere():
    with pytest.raises(ShapeError, match="concat axis"):
        merge.concatenate([Input(shape=(2, 4)), Input(shape=(5, 3))], axis=1)


@pytest.mark.parametrize(
    "axes, formula",
    [((2, 1), "bij,bjk->bik"), ((1, 2), "bij,bki->bjk"), (1, "bij,bik->bjk"), (-1, "bij,bkj->bik")],
)
def test_dot_multiplies_sample_by_sample_over_the_axes(axes, formula):
    sizes = {"b": 2, "i": 3, "j": 4, "k": 5}
    subscripts = formula.split("->")[0].split(",")
    x, y = [np.random.normal(size=[sizes[axis] for axis in each]) for each in subscripts]
    layer = merge.Dot(axes)
    found = K.eval(layer(constants(x, y)))
    np.testing.assert_allclose(found, np.einsum(formula, x, y), atol=1e-5)
    assert layer.output_shape == found.shape


def test_dot_of_vectors_gives_one_number_and_normalized_the_cosine():
    found = K.eval(merge.dot(constants(A, B), axes=1))
    np.testing.assert_allclose(found, np.sum(A * B, axis=1, keepdims=True))
    cosine = K.eval(merge.dot(constants(A, B), axes=1, normalize=True))
    lengths = np.linalg.norm(A, axis=1) * np.linalg.norm(B, axis=1)
    np.testing.assert_allclose(cosine[:, 0], np.sum(A * B, axis=1) / lengths, rtol=1e-5)


def test_dot_refuses_axes_that_make_no_sense_and_sizes_that_differ():
    with pytest.raises(TypeError):
        merge.Dot(axes="1")
    for axes in ((1,), (1, 2.0)):
        with pytest.raises(ConfigError):
            merge.Dot(axes=axes)
    with pytest.raises(ShapeError, match="3 != 4"):
        merge.dot([Input(shape=(3,)), Input(shape=(4,))], axes=1)


def test_a_subclass_of_the_base_merges_as_its_function_says():
    class Mean(merge._Merge):
        def _merge_function(self, inputs):
            return (inputs[0] + inputs[1]) / 2

    np.testing.assert_allclose(K.eval(Mean()(constants(A, B))), (A + B) / 2)
