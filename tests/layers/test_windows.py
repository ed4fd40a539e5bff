import pytest

from tfkeras_compat.errors import ConfigError, PaddingError
from tfkeras_compat.layers.windows import (
    conv_input_length,
    conv_output_length,
    deconv_length,
    transpose_shape,
)


@pytest.mark.parametrize("padding", ["same", "valid", "full"])
@pytest.mark.parametrize("stride", [1, 2])
def test_an_input_of_the_length_that_is_told_has_as_many_positions(padding, stride):
    length = conv_input_length(14, 5, padding, stride)
    assert conv_output_length(length, 5, padding, stride) == 14


@pytest.mark.parametrize(
    "call",
    [
        lambda: conv_output_length(32, 5, "diagonal", 2),
        lambda: conv_input_length(32, 5, "causal", 2),
        lambda: deconv_length(32, 2, 5, "diagonal"),
        lambda: deconv_length(32, 2, 5, "diagonal", 0),
    ],
)
def test_an_unknown_padding_is_named(call):
    with pytest.raises(PaddingError, match="Unknown padding '(diagonal|causal)': expected one of"):
        call()


def test_unknown_lengths_stay_unknown():
    assert conv_input_length(None, 5, "same", 1) is None


def test_a_shape_is_put_in_the_order_of_the_format():
    assert transpose_shape((16, 9, 8, 3), "channels_first", (1, 2)) == (16, 3, 9, 8)
    assert transpose_shape([9, 8, 3], "channels_first", (0, 1)) == [3, 9, 8]
    assert transpose_shape((9, 8, 3), "channels_last", (0, 1)) == (9, 8, 3)
    with pytest.raises(ConfigError, match="Received: channels_middle"):
        transpose_shape((9, 8, 3), "channels_middle", (0, 1))
