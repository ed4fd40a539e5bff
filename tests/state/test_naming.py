"""Automatic names: snake case, counted per graph."""

import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.state import naming


@pytest.mark.parametrize(
    "name, expected",
    [
        ("Dense", "dense"),
        ("MaxPooling2D", "max_pooling2d"),
        ("BatchNormalization", "batch_normalization"),
        ("LSTM", "lstm"),
        ("GlobalAveragePooling1D", "global_average_pooling1d"),
        ("ConvLSTM2D", "conv_lst_m2d"),
        ("_Private", "private__private"),
    ],
)
def test_class_names_become_snake_case_as_in_the_original(name, expected):
    assert naming.snake_case(name) == expected


def test_layers_are_counted_from_one_by_class():
    assert [naming.layer_name(name) for name in ("Dense", "Dense", "LSTM")] == [
        "dense_1",
        "dense_2",
        "lstm_1",
    ]


def test_models_are_counted_from_one_by_class():
    assert [naming.model_name(name) for name in ("Sequential", "Model", "Sequential")] == [
        "sequential_1",
        "model_1",
        "sequential_2",
    ]


def test_each_graph_counts_for_itself():
    naming.get_uid("dense")
    with tf.Graph().as_default():
        assert naming.get_uid("dense") == 1
    assert naming.get_uid("dense") == 2


def test_counting_starts_anew_when_asked_to():
    naming.get_uid("dense")
    naming.reset_uids()
    assert naming.get_uid("dense") == 1
