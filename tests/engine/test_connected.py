"""``input``, ``output`` and their like, after one call, several or none."""

import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.layers import Dense


def rows(size):
    return tf.placeholder(tf.float32, (None, size))


def test_input_and_output_of_the_only_call_also_on_raw_placeholders():
    x, layer = rows(3), Dense(2)
    y = layer(x)
    assert layer.input is x and layer.output is y
    assert (layer.input_shape, layer.output_shape) == ((None, 3), (None, 2))


def test_after_two_calls_the_output_has_to_be_asked_for_by_node():
    layer = Dense(2, name="d")
    outputs = [layer(rows(3)), layer(rows(3))]
    assert [layer.get_output_at(index) for index in (0, 1)] == outputs
    assert layer.output_shape == (None, 2)
    with pytest.raises(AttributeError, match="Layer d has multiple inbound nodes"):
        layer.output  # noqa: B018
    with pytest.raises(ValueError, match="node 2, but the layer d has only 2"):
        layer.get_output_at(2)


def test_a_layer_that_was_never_called_says_so():
    with pytest.raises(AttributeError, match="dense_1 has no inbound node"):
        Dense(2).output  # noqa: B018
    with pytest.raises(RuntimeError, match="dense_2 has never been called"):
        Dense(2).get_input_at(0)
