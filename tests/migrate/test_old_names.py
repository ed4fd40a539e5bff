"""Rule ``old names``."""

import pytest

LAYERS = "from tfkeras_compat.layers import "


@pytest.mark.parametrize(
    "old, new",
    [
        (
            LAYERS + "Dense, Convolution2D\nisinstance(x, Convolution2D)\n",
            LAYERS + "Dense, Conv2D\nisinstance(x, Conv2D)\n",
        ),
        (LAYERS + "Convolution2D as C\nC(2, 3)\n", LAYERS + "Conv2D as C\nC(2, 3)\n"),
        (LAYERS + "Conv1D, Convolution1D\n", LAYERS + "Conv1D\n"),
        (
            "import tfkeras_compat as k\nk.layers.Deconvolution2D(2, 3)\n",
            "import tfkeras_compat as k\nk.layers.Conv2DTranspose(2, 3)\n",
        ),
        (
            "from tfkeras_compat.regularizers import l1l2\nl1l2(0.1)\n",
            "from tfkeras_compat.regularizers import l1_l2\nl1_l2(0.1)\n",
        ),
        (LAYERS + "*\nConvolution2D(2, (3, 3))\n", LAYERS + "*\nConv2D(2, (3, 3))\n"),
    ],
)
def test_a_name_is_that_of_keras_2(old, new, check_transformed):
    check_transformed(old, new, "keras2")


@pytest.mark.parametrize(
    "source",
    [
        "Convolution2D(2, 3, 3)\n",
        "from mine import Convolution2D\nConvolution2D(2, 3, 3)\n",
        LAYERS + "Convolution2D\nConv2D = 3\n",
        LAYERS + "Convolution2D\nConvolution2D = f(Convolution2D)\n",
        LAYERS + "Dense\nmine.Convolution2D(3)\n",
    ],
)
def test_names_of_others_and_those_that_would_clash_stay(source, check_noop):
    check_noop(source, "keras2")
