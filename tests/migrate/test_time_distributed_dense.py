"""Rule ``TimeDistributedDense``."""

import pytest

LAYERS = "from tfkeras_compat.layers import "


@pytest.mark.parametrize(
    "old, new",
    [
        ("TimeDistributedDense(3)", "TimeDistributed(Dense(3))"),
        (
            "TimeDistributedDense(3, init='one', input_shape=(5, 4), name='d')",
            "TimeDistributed(Dense(3, kernel_initializer='one'), input_shape=(5, 4), name='d')",
        ),
        (
            "TimeDistributedDense(output_dim=3, input_dim=4, input_length=5)",
            "TimeDistributed(Dense(units=3), input_shape=(5, 4))",
        ),
    ],
)
def test_it_is_a_wrapped_dense_layer(old, new, check_transformed):
    check_transformed(
        LAYERS + "TimeDistributedDense\n" + old + "\n",
        LAYERS + "Dense, TimeDistributed\n" + new + "\n",
        "keras2",
    )


def test_it_stays_where_it_is_no_call_or_a_name_is_taken(check_noop):
    check_noop(LAYERS + "TimeDistributedDense\nclass A(TimeDistributedDense): pass\n", "keras2")
    check_noop(LAYERS + "TimeDistributedDense\nDense = 3\nTimeDistributedDense(3)\n", "keras2")
