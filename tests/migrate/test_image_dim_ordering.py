"""Rule ``image_dim_ordering``."""

import pytest

K = "from tfkeras_compat import backend as K\n"
FROM = "from tfkeras_compat.backend import "


@pytest.mark.parametrize(
    "old, new",
    [
        (
            K + "if K.image_dim_ordering() == 'th':  # Theano\n    pass\n",
            K + 'if K.image_data_format() == "channels_first":  # Theano\n    pass\n',
        ),
        (K + "K.set_image_dim_ordering('tf')\n", K + 'K.set_image_data_format("channels_last")\n'),
        (
            FROM + "image_dim_ordering\nimage_dim_ordering() != 'tf'\n",
            FROM + 'image_data_format\nimage_data_format() != "channels_last"\n',
        ),
    ],
)
def test_the_order_of_axes_is_in_the_words_of_keras_2(old, new, check_transformed):
    check_transformed(old, new, "keras2")


def test_an_order_that_is_given_on_to_a_layer_is_so_too(check_transformed):
    layers = "from tfkeras_compat.layers import MaxPooling2D\n"
    check_transformed(
        K + layers + "MaxPooling2D(dim_ordering=K.image_dim_ordering())\n",
        K + layers + "MaxPooling2D(data_format=K.image_data_format())\n",
        "keras2",
    )


def test_an_order_that_is_used_further_on_is_marked(check_transformed):
    mark = (
        '# keras2: image_dim_ordering: "tf" and "th" are used further on: write '
        'K.image_data_format() and "channels_last", "channels_first" there\n'
    )
    line = "order = K.image_dim_ordering()\n"
    check_transformed(K + line, K + mark + line, "keras2")


def test_others_stay(check_noop):
    check_noop(K + "K.set_image_dim_ordering(order)\nK.image_data_format()\n", "keras2")
