import numpy as np
import pytest

from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.layers import Dense, Dropout
from tfkeras_compat.utils.testing import get_test_data, layer_test


def test_a_sound_layer_passes_and_its_output_is_returned():
    output = layer_test(Dense, {"units": 3, "kernel_initializer": "ones"}, input_shape=(4, 2))
    assert output.shape == (4, 3)
    layer_test(Dropout, {"rate": 0.5}, input_data=np.ones((2, 3)), input_dtype="float32")


def test_a_layer_that_announces_a_wrong_shape_fails():
    class Liar(Layer):
        def compute_output_shape(self, input_shape):
            return (input_shape[0], 7)

    with pytest.raises(AssertionError):
        layer_test(Liar, input_shape=(4, 2))


def test_another_output_than_the_expected_fails():
    with pytest.raises(AssertionError):
        layer_test(
            Dense,
            {"units": 1, "kernel_initializer": "ones"},
            input_data=np.ones((1, 2), "float32"),
            expected_output=[[3.0]],
        )


def test_the_data_have_the_asked_shapes_and_can_be_told_apart():
    (x, y), (x_test, y_test) = get_test_data(400, 50, input_shape=(5,), num_classes=2)
    assert x.shape == (400, 5) and y.shape == (400,) and x_test.shape == (50, 5)
    assert abs(x[y == 1].mean() - x[y == 0].mean() - 1) < 0.2
    (_, targets), _ = get_test_data(20, 5, output_shape=(3,), classification=False)
    assert targets.shape == (20, 3)
