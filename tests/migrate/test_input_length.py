"""Rule ``input_dim of steps``."""

import pytest

LAYERS = "from tfkeras_compat.layers import LSTM, Conv1D, Dense, Embedding\n"


@pytest.mark.parametrize(
    "old, new",
    [
        ("LSTM(4, input_dim=3, input_length=n)", "LSTM(4, input_shape=(n, 3))"),
        ("LSTM(4, input_length=5, input_dim=3)", "LSTM(4, input_shape=(5, 3))"),
        ("Conv1D(4, 3, input_dim=3)  # one", "Conv1D(4, 3, input_shape=(None, 3))  # one"),
    ],
)
def test_a_layer_over_steps_takes_a_shape(old, new, check_transformed):
    check_transformed(LAYERS + old + "\n", LAYERS + new + "\n", "keras2")


@pytest.mark.parametrize(
    "source",
    ["Dense(4, input_dim=3)", "Embedding(9, 2, input_length=3)", "LSTM(4, input_shape=(2, 3))"],
)
def test_others_stay(source, check_noop):
    check_noop(LAYERS + source + "\n", "keras2")
