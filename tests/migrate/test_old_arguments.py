"""Rule ``old arguments``."""

import pytest

LAYERS = "from tfkeras_compat.layers import *\n"


@pytest.mark.parametrize(
    "old, new",
    [
        ("Dense(output_dim=3, bias=False)", "Dense(units=3, use_bias=False)"),
        (
            "Dense(3,  # units\n      init='uniform')  # dense",
            "Dense(3,  # units\n      kernel_initializer='uniform')  # dense",
        ),
        (
            "LSTM(2, inner_init=a, consume_less='gpu', forget_bias_init='one')",
            "LSTM(2, recurrent_initializer=a, implementation=2, unit_forget_bias=True)",
        ),
        ("LSTM(2, forget_bias_init='zero')", "LSTM(2)"),
        ("Dropout(p=0.5), GaussianNoise(sigma=1)", "Dropout(rate=0.5), GaussianNoise(stddev=1)"),
        ("MaxPooling2D(dim_ordering='th')", 'MaxPooling2D(data_format="channels_first")'),
        ("MaxPooling2D(dim_ordering='default')", "MaxPooling2D(data_format=None)"),
        ("BatchNormalization(mode=0, axis=1)", "BatchNormalization(axis=1)"),
        ("Embedding(9, 2, dropout=0.2)", "Embedding(9, 2)"),
        (
            "SeparableConv2D(2, 3, init=f)",
            "SeparableConv2D(2, 3, depthwise_initializer=f, pointwise_initializer=f)",
        ),
        ("Dense(3, **{'a': 1}, init=f)", "Dense(3, **{'a': 1}, kernel_initializer=f)"),
        (
            "Dense(3, init=lambda: Dense(4, init=g))",
            "Dense(3, kernel_initializer=lambda: Dense(4, kernel_initializer=g))",
        ),
    ],
)
def test_arguments_have_the_names_and_values_of_keras_2(old, new, check_transformed):
    check_transformed(LAYERS + old + "\n", LAYERS + new + "\n", "keras2")


def test_models_and_functions_too(check_transformed):
    imported = "from tfkeras_compat.models import Model as M\n"
    check_transformed(
        imported + "M(input=a, output=b)", imported + "M(inputs=a, outputs=b)", "keras2"
    )
    imported = "from tfkeras_compat.preprocessing.text import Tokenizer\n"
    check_transformed(
        imported + "Tokenizer(nb_words=3)", imported + "Tokenizer(num_words=3)", "keras2"
    )


@pytest.mark.parametrize(
    "source",
    [
        "Dense(3, kernel_initializer=f)",
        "Dense(init=f, kernel_initializer=g)",
        "BatchNormalization(mode=2)",
        "mine.Dense(output_dim=3)",
        "def Dense(output_dim): pass\nDense(output_dim=3)",
        "Highway(init=f)",
    ],
)
def test_others_stay(source, check_noop):
    check_noop(LAYERS + source + "\n", "keras2")


def test_an_order_of_axes_that_is_not_to_be_seen_is_marked(check_transformed):
    source = LAYERS + "for o in orders:\n    layer = MaxPooling2D(dim_ordering=o)\n"
    mark = (
        "    # keras2: dim_ordering: its value is not to be seen here: write data_format, which is "
        '"channels_last" for "tf" and "channels_first" for "th"\n'
    )
    check_transformed(source, source.replace("    layer", mark + "    layer"), "keras2")
