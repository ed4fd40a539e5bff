"""Rule ``nb_row, nb_col``."""

import pytest

OLD = "from tfkeras_compat.layers import Convolution2D\n"
NEW = "from tfkeras_compat.layers import Conv2D\n"


@pytest.mark.parametrize(
    "old, new",
    [
        ("Convolution2D(4, 3, 3)", "Conv2D(4, (3, 3))"),
        ("Convolution2D(n, k[0], k[1], name='c')", "Conv2D(n, (k[0], k[1]), name='c')"),
        (
            "Convolution2D(\n    4,  # filters\n    3,\n    3,  # columns\n)",
            "Conv2D(\n    4,  # filters\n    (3,\n    3,  # columns\n))",
        ),
        ("Convolution2D(4, 3, nb_col=2)", "Conv2D(4, (3, 2))"),
        (
            "Convolution2D(nb_filter=4, nb_row=3, nb_col=2, bias=True)",
            "Conv2D(filters=4, kernel_size=(3, 2), use_bias=True)",
        ),
    ],
)
def test_sizes_become_one_argument(old, new, check_transformed):
    check_transformed(OLD + old + "\n", NEW + new + "\n", "keras2")


@pytest.mark.parametrize(
    "source",
    [
        "Conv2D(4, (3, 3), (2, 2))",
        "Conv2D(4, size, strides)",  # under the new name they may be what they are called
        "Conv2D(4, 3, 2, padding='same')",
        "Conv2D(4, *sizes)",
        "Conv2D(4, 3)",
    ],
)
def test_others_stay(source, check_noop):
    check_noop(NEW + source + "\n", "keras2")
