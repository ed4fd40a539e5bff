import numpy as np
import pytest

from tfkeras_compat.errors import ShapeError
from tfkeras_compat.layers import Conv2D, Dense, Flatten
from tfkeras_compat.models import Sequential
from tfkeras_compat.utils.kernels import (
    convert_all_kernels_in_model,
    convert_dense_weights_data_format,
)

X = np.random.RandomState(0).randn(1, 4, 5, 3).astype("float32")


def network(shape, data_format="channels_last"):
    layers = [Conv2D(2, (3, 2), input_shape=shape, data_format=data_format), Flatten(), Dense(3)]
    return Sequential(layers)


def test_converted_kernels_see_a_picture_from_the_other_side():
    model = network((4, 5, 3))
    convolution = Sequential(model.layers[:1])
    before = convolution.predict(X)
    convert_all_kernels_in_model(model)
    np.testing.assert_allclose(
        convolution.predict(X[:, ::-1, ::-1])[:, ::-1, ::-1], before, rtol=1e-4, atol=1e-6
    )


def test_dense_weights_fit_the_other_data_format_and_back():
    last, first = network((4, 5, 3)), network((3, 4, 5), "channels_first")
    weights = last.get_weights()
    expected = last.predict(X)
    convert_dense_weights_data_format(last.layers[2], (2, 2, 4))
    first.set_weights(last.get_weights())
    found = first.predict(np.transpose(X, (0, 3, 1, 2)))
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-6)
    convert_dense_weights_data_format(last.layers[2], (2, 4, 2), "channels_last")
    np.testing.assert_array_equal(last.get_weights()[2], weights[2])


def test_a_layer_without_bias_is_converted_too():
    layer = Dense(1, use_bias=False)
    Sequential([Flatten(input_shape=(1, 2, 2)), layer])
    layer.set_weights([np.arange(4.0).reshape(4, 1)])
    convert_dense_weights_data_format(layer, (2, 1, 2))
    assert layer.get_weights()[0].ravel().tolist() == [0, 2, 1, 3]


@pytest.mark.parametrize(
    "shape, data_format, error, message",
    [
        ((2, 2), "channels_first", ShapeError, "has 16 rows.* shape \\(2, 2\\)"),
        ((2, 2, 3), "channels_first", ShapeError, "does not give"),
        ((2, 2, 4), "channels_middle", ValueError, "channels_middle"),
    ],
)
def test_shapes_that_do_not_fit_are_refused(shape, data_format, error, message):
    dense = network((4, 5, 3)).layers[2]
    with pytest.raises(error, match=message):
        convert_dense_weights_data_format(dense, shape, data_format)
