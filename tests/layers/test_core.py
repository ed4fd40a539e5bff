"""What the golden comparisons do not show: configurations, errors, randomness, unknown sizes."""

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.layers import (
    Activation,
    ActivityRegularization,
    Dense,
    Dropout,
    Flatten,
    Masking,
    Permute,
    RepeatVector,
    Reshape,
    SpatialDropout1D,
    SpatialDropout2D,
    SpatialDropout3D,
)


def value(tensor, phase=0):
    return K.get_session().run(tensor, {K.learning_phase(): phase})


def ones(*shape):
    return K.constant(np.ones(shape))


@pytest.mark.parametrize(
    "layer, shape, expected",
    [
        (lambda: Dense(4), (None, 5, 3), (None, 5, 4)),
        (lambda: Activation("relu"), (None, 3), (None, 3)),
        (lambda: Flatten(), (None, 2, 3, 4), (None, 24)),
        (lambda: Reshape((3, -1)), (None, 6, 2), (None, 3, 4)),
        (lambda: Reshape((-1, 2)), (None, None, 4), (None, None, 2)),
        (lambda: Permute((2, 1)), (None, 3, None), (None, None, 3)),
        (lambda: RepeatVector(4), (None, 3), (None, 4, 3)),
        (lambda: SpatialDropout1D(0.5), (None, None, 3), (None, None, 3)),
    ],
)
def test_the_shape_of_the_result_is_known_beforehand(layer, shape, expected):
    layer = layer()
    assert K.int_shape(layer(K.placeholder(shape))) == expected
    assert tuple(layer.compute_output_shape(shape)) == expected


@pytest.mark.parametrize(
    "layer",
    [
        lambda: Dense(4, activation="tanh", use_bias=False, kernel_regularizer="l2", name="d"),
        lambda: Activation("relu", name="a"),
        lambda: Dropout(0.3, noise_shape=(None, 1), seed=5),
        lambda: SpatialDropout2D(0.3, data_format="channels_first"),
        lambda: Flatten("channels_first"),
        lambda: Reshape((2, -1)),
        lambda: Permute((2, 1)),
        lambda: RepeatVector(4),
        lambda: Masking(-1.0),
        lambda: ActivityRegularization(l1=0.1, l2=0.2),
    ],
)
def test_a_layer_is_rebuilt_from_its_configuration(layer):
    layer = layer()
    config = layer.get_config()
    assert type(layer).from_config(config).get_config() == config


# ---- Dense --------------------------------------------------------------------------------------


def test_dense_without_bias_has_one_weight():
    layer = Dense(2, use_bias=False)
    layer(ones(1, 3))
    assert len(layer.weights) == 1 and layer.bias is None


def test_dense_applies_to_the_last_axis():
    layer = Dense(1, kernel_initializer="ones", bias_initializer="ones")
    assert (value(layer(ones(2, 5, 3))) == np.full((2, 5, 1), 4.0)).all()


def test_dense_keeps_to_the_size_of_its_first_input():
    layer = Dense(2, name="d")
    layer(ones(1, 3))
    with pytest.raises(ValueError, match=r"layer d: expected axis -1 .* value 3, found.*\(1, 4\)"):
        layer(ones(1, 4))


def test_dense_needs_two_axes_and_a_known_last_size():
    with pytest.raises(ValueError, match="dense_1: expected min_ndim=2, found ndim=1"):
        Dense(2)(ones(3))
    with pytest.raises(ValueError, match="dense_2.*last size is known"):
        Dense(2)(K.placeholder((None, None)))


def test_constraints_of_weights_are_kept_where_optimizers_look():
    layer = Dense(2, kernel_constraint="nonneg")
    layer(ones(1, 3))
    assert layer.kernel.constraint is layer.kernel_constraint
    assert layer.bias.constraint is None


def test_an_activation_may_be_any_function_of_a_tensor():
    assert value(Activation(lambda x: x * 5.0)(ones(1))).tolist() == [5.0]


# ---- Dropout ------------------------------------------------------------------------------------


def test_dropout_sets_its_rate_to_zero_and_scales_up_the_rest_in_training_only():
    x = ones(100, 100)
    y = Dropout(0.2)(x)
    dropped = value(y, 1)
    assert abs((dropped == 0).mean() - 0.2) < 0.02
    assert np.allclose(dropped[dropped != 0], 1.25)
    assert (value(y, 0) == 1).all()


@pytest.mark.parametrize(
    "layer, shape, shared",
    [
        (lambda: Dropout(0.5, noise_shape=(None, 1, None)), (4, 5, 6), (1,)),
        (lambda: SpatialDropout1D(0.5), (4, 5, 6), (1,)),
        (lambda: SpatialDropout2D(0.5), (4, 5, 3, 6), (1, 2)),
        (lambda: SpatialDropout2D(0.5, data_format="channels_first"), (4, 5, 3, 6), (2, 3)),
        (lambda: SpatialDropout3D(0.5), (2, 5, 3, 2, 6), (1, 2, 3)),
    ],
)
def test_the_choice_is_shared_along_axes(layer, shape, shared):
    dropped = value(layer()(ones(*shape)), 1)
    assert (dropped == 0).any() and (dropped != 0).any()
    assert (np.ptp(dropped, axis=shared) == 0).all()


@pytest.mark.parametrize("rate", [0.0, 1.0, -3.0])
def test_a_rate_that_drops_nothing_or_all_uses_no_phase(rate):
    layer = Dropout(rate)
    layer(ones(2, 3))
    assert not layer.uses_learning_phase


def test_a_seed_repeats_the_choice():
    first, second = Dropout(0.5, seed=3)(ones(4, 9)), Dropout(0.5, seed=3)(ones(4, 9))
    assert (value(first, 1) == value(second, 1)).all()


# ---- the others ---------------------------------------------------------------------------------


def test_flatten_puts_channels_last_for_either_format():
    x = K.constant(np.arange(12.0).reshape(1, 2, 2, 3))
    first = K.permute_dimensions(x, (0, 3, 1, 2))
    assert (value(Flatten("channels_first")(first)) == value(Flatten()(x))).all()


def test_flatten_needs_known_sizes():
    with pytest.raises(ValueError, match=r'"Flatten" is not fully defined.*\(None, 3\)'):
        Flatten()(K.placeholder((None, None, 3)))


def test_reshape_works_with_an_unknown_batch_size_and_checks_the_number_of_elements():
    x = K.placeholder((None, 6))
    y = Reshape((2, -1))(x)
    assert K.get_session().run(y, {x: np.zeros((5, 6))}).shape == (5, 2, 3)
    with pytest.raises(ValueError, match="wrong.*6 elements|wrong.*unchanged"):
        Reshape((4,), name="wrong")(x)
    with pytest.raises(ValueError, match="one unknown size"):
        Reshape((-1, -1))(x)


def test_permute_and_repeat_vector_check_the_number_of_axes():
    with pytest.raises(ValueError, match="permute_1: expected ndim=3, found ndim=2"):
        Permute((2, 1))(ones(2, 3))
    with pytest.raises(ValueError, match="repeat_vector_1: expected ndim=2, found ndim=3"):
        RepeatVector(2)(ones(2, 3, 4))


def test_masking_masks_steps_whose_features_all_equal_the_value_and_sets_them_to_zero():
    layer = Masking(mask_value=9.0)
    y = layer(K.constant([[[9.0, 9.0], [9.0, 1.0], [2.0, 3.0]]]))
    assert value(layer.output_mask).tolist() == [[False, True, True]]
    assert value(y).tolist() == [[[0.0, 0.0], [9.0, 1.0], [2.0, 3.0]]]


def test_masks_pass_through_layers_that_work_on_each_step():
    masking, dense = Masking(), Dense(2)
    Dropout(0.5)(Activation("relu")(dense(masking(ones(1, 4, 3)))))
    assert dense.output_mask is masking.output_mask


def test_flatten_does_not_know_what_to_do_with_a_mask():
    with pytest.raises(TypeError, match="flatten_1 does not support masking"):
        Flatten()(Masking()(ones(1, 4, 3)))


def test_activity_regularization_adds_its_cost_and_passes_its_input_on():
    layer, x = ActivityRegularization(l1=0.5, l2=1.0), ones(2, 3)
    assert (value(layer(x)) == 1).all()
    assert value(layer.get_losses_for(x)) == [9.0]


def test_a_model_in_half_or_double_precision_has_all_weights_in_it():
    for dtype in ("float16", "float64"):
        K.set_floatx(dtype)
        try:
            layer = Dense(2, kernel_regularizer="l2")
            y = layer(K.placeholder((None, 3)))
        finally:
            K.set_floatx("float32")
        assert {K.dtype(weight) for weight in layer.weights + [y]} == {dtype}
