"""Weights of Keras 1, of Theano and of CuDNN layers in the layout of today's layers."""

import os

import keras_1_model
import numpy as np
import pytest

import tfkeras_compat as keras
from tfkeras_compat import backend as K
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.layers import GRU, LSTM, Conv2D, Input, TimeDistributed
from tfkeras_compat.models import Sequential
from tfkeras_compat.saving import preprocess_weights_for_loading


def built(layer, *shape):
    layer(Input(shape=shape))
    return layer


def random(*shape):
    return np.random.normal(size=shape).astype("float32")


def assert_equal(found, expected):
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected):
        np.testing.assert_array_equal(mine, theirs)


@pytest.mark.filterwarnings("ignore:.* was called with Keras 1's")
def test_weights_that_keras_1_2_2_wrote_give_what_it_gave():
    model = keras_1_model.build(keras)
    model.load_weights(os.path.join(keras_1_model.FOLDER, "keras_1.weights.h5"))
    found = K.function(model.inputs + [K.learning_phase()], model.outputs)(
        keras_1_model.inputs() + [0]
    )
    with np.load(os.path.join(keras_1_model.FOLDER, "keras_1.npz")) as recorded:
        for index, output in enumerate(found):
            expected = recorded["output%d" % index]
            np.testing.assert_allclose(output, expected, rtol=1e-5, atol=1e-5)


def test_weights_of_keras_2_stay_as_they_are():
    weights = [random(4, 8), random(2, 8), random(8)]
    layer = built(LSTM(2), 5, 4)
    assert_equal(preprocess_weights_for_loading(layer, weights, "2.2.5", "tensorflow"), weights)


def test_gates_of_keras_1_are_joined_in_todays_order():
    gates = [[random(4, 2), random(2, 2), random(2)] for _ in "icfo"]
    flat = [array for gate in gates for array in gate]
    kernel, recurrent, bias = preprocess_weights_for_loading(
        built(LSTM(2), 5, 4), flat, "1.2.2", "tensorflow"
    )
    np.testing.assert_array_equal(bias, np.concatenate([gates[g][2] for g in (0, 2, 1, 3)]))
    assert (kernel.shape, recurrent.shape) == ((4, 8), (2, 8))


def test_kernels_of_keras_1_with_channels_first_get_todays_axes():
    layer = built(Conv2D(5, (2, 3), data_format="channels_first"), 4, 6, 6)
    kernel = random(5, 4, 2, 3)
    found, _ = preprocess_weights_for_loading(layer, [kernel, random(5)], "1")
    np.testing.assert_array_equal(found, kernel.transpose(2, 3, 1, 0))


def test_kernels_of_theano_are_flipped_also_inside_wrappers():
    layer = built(TimeDistributed(Conv2D(5, (2, 3))), 7, 6, 6, 4)
    kernel = random(2, 3, 4, 5)
    found, _ = preprocess_weights_for_loading(layer, [kernel, random(5)], "2.2.5", "theano")
    np.testing.assert_array_equal(found, kernel[::-1, ::-1])


def test_a_kernel_is_reshaped_only_if_asked_for():
    layer = built(Conv2D(5, (1, 1)), 6, 6, 4)
    weights = [random(4, 5), random(5)]
    assert preprocess_weights_for_loading(layer, weights)[0].shape == (4, 5)
    found, _ = preprocess_weights_for_loading(layer, weights, reshape=True)
    np.testing.assert_array_equal(found, weights[0].reshape(1, 1, 4, 5))


def test_a_kernel_of_another_size_is_not_reshaped():
    layer = built(Conv2D(5, (1, 1)), 6, 6, 4)
    with pytest.raises(ShapeError, match=r"conv2d_1.*\(1, 1, 4, 5\).*\(4, 6\)"):
        preprocess_weights_for_loading(layer, [random(4, 6), random(6)], reshape=True)


def test_cudnn_lstm_weights_compute_the_same_in_the_plain_layer():
    # CuDNN keeps each gate's kernel transposed, and one bias for the input and one for the state.
    units, features = 3, 4
    gates = [(random(units, features), random(units, units)) for _ in range(4)]
    stored = [
        np.hstack([kernel.reshape(features, units) for kernel, _ in gates]),
        np.hstack([recurrent for _, recurrent in gates]),
        random(8 * units),
    ]
    kernel, recurrent, bias = preprocess_weights_for_loading(
        built(LSTM(units), 5, features), stored
    )
    np.testing.assert_array_equal(kernel, np.hstack([kernel.T for kernel, _ in gates]))
    np.testing.assert_array_equal(recurrent, np.hstack([recurrent.T for _, recurrent in gates]))
    np.testing.assert_allclose(bias, stored[2][:12] + stored[2][12:], rtol=1e-6)


def test_cudnn_gru_weights_fit_a_gru_that_resets_after():
    stored = [random(4, 9), random(3, 9), random(18)]
    found = preprocess_weights_for_loading(built(GRU(3, reset_after=True), 5, 4), stored)
    np.testing.assert_array_equal(found[2], stored[2].reshape(2, 9))


def test_cudnn_gru_weights_do_not_fit_a_gru_that_resets_before():
    stored = [random(4, 9), random(3, 9), random(18)]
    with pytest.raises(ShapeError, match="gru_1: CuDNNGRU is not compatible with GRU"):
        preprocess_weights_for_loading(built(GRU(3), 5, 4), stored)


def test_layers_without_bias_are_never_converted():
    weights = [random(4, 8), random(2, 8)]
    layer = built(LSTM(2, use_bias=False), 5, 4)
    assert_equal(preprocess_weights_for_loading(layer, weights), weights)


def test_gates_of_keras_1_are_joined_inside_models_too():
    inner = Sequential([LSTM(2, input_shape=(5, 4))])
    stored = [random(*shape) for shape in [(4, 2), (2, 2), (2,)] * 4]
    found = preprocess_weights_for_loading(inner, stored, "1")
    assert [array.shape for array in found] == [(4, 8), (2, 8), (8,)]
