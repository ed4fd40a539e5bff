"""Rule ``AtrousConvolution``."""

LAYERS = "from tfkeras_compat.layers import "


def test_it_is_a_convolution_with_a_dilation_rate(check_transformed):
    check_transformed(
        LAYERS + "AtrousConvolution2D\nAtrousConvolution2D(2, 3, 3, atrous_rate=(2, 2))\n",
        LAYERS + "Conv2D\nConv2D(2, (3, 3), dilation_rate=(2, 2))\n",
        "keras2",
    )


def test_convolutions_stay_and_so_does_what_is_no_call(check_noop):
    check_noop(LAYERS + "Conv1D\nConv1D(2, 3, dilation_rate=2)\n", "keras2")
    check_noop(LAYERS + "AtrousConvolution1D\nlayers = [AtrousConvolution1D]\n", "keras2")
