import random

import numpy as np
import pytest

from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers import LSTM, Dense
from tfkeras_compat.models import Sequential
from tfkeras_compat.preprocessing import sequence
from tfkeras_compat.preprocessing.sequence import (
    TimeseriesGenerator,
    pad_sequences,
    skipgrams,
    timeseries_generator_from_json,
)

LISTS = [[1], [], [1, 2, 3]]


@pytest.mark.parametrize(
    "arguments, expected",
    [
        ({}, [[0, 0, 1], [0, 0, 0], [1, 2, 3]]),
        ({"padding": "post", "value": 9}, [[1, 9, 9], [9, 9, 9], [1, 2, 3]]),
        ({"maxlen": 2}, [[0, 1], [0, 0], [2, 3]]),
        ({"maxlen": 2, "truncating": "post"}, [[0, 1], [0, 0], [1, 2]]),
    ],
)
def test_sequences_are_padded_and_truncated(arguments, expected):
    padded = pad_sequences(LISTS, **arguments)
    assert padded.tolist() == expected and padded.dtype == np.int32


def test_steps_may_be_arrays_and_strings():
    vectors = pad_sequences([[[1, 1]], [[2, 1], [2, 2]]])
    assert vectors.tolist() == [[[0, 0], [1, 1]], [[2, 1], [2, 2]]]
    words = pad_sequences([["a", "b"], ["c"]], dtype=object, value="")
    assert words.tolist() == [["a", "b"], ["", "c"]]


@pytest.mark.parametrize(
    "sequences, arguments, message",
    [
        ([[1], 2], {}, "Found non-iterable: 2"),
        (LISTS, {"padding": "mid"}, 'Padding type "mid" not understood'),
        (LISTS, {"truncating": "mid"}, 'Truncating type "mid" not understood'),
        (LISTS, {"value": "x"}, "dtype=object"),
        ([[[1, 2]], [[1]]], {}, "at position 1"),
    ],
)
def test_what_can_not_be_padded_says_why(sequences, arguments, message):
    with pytest.raises((ConfigError, ShapeError), match=message):
        pad_sequences(sequences, **arguments)


def test_word_pairs_are_neighbours_with_label_1_and_others_with_label_0():
    random.seed(1)
    pairs, labels = skipgrams([1, 0, 2, 3], 10, window_size=1, negative_samples=2.0)
    true = [pair for pair, label in zip(pairs, labels) if label == 1]
    assert sorted(true) == [[2, 3], [3, 2]]
    assert labels.count(0) == 4 and all(0 < word < 10 for pair in pairs for word in pair)


@pytest.mark.parametrize(
    "arguments, length, x, y",
    [
        ({"length": 3, "batch_size": 2}, 2, [[0, 1, 2], [1, 2, 3]], [3, 4]),
        ({"length": 4, "sampling_rate": 2}, 1, [[0, 2], [1, 3]], [4, 5]),
        ({"length": 2, "stride": 3}, 1, [[0, 1], [3, 4]], [2, 5]),
        ({"length": 2, "reverse": True, "start_index": 2}, 1, [[3, 2], [4, 3]], [4, 5]),
        ({"length": 2, "end_index": 3}, 1, [[0, 1], [1, 2]], [2, 3]),
    ],
)
def test_windows_of_a_time_series(arguments, length, x, y):
    batches = TimeseriesGenerator(np.arange(6), np.arange(6), **arguments)
    assert len(batches) == length
    assert [array.tolist() for array in batches[0]] == [x, y]


def test_a_series_too_short_for_a_window_is_refused():
    with pytest.raises(ConfigError, match=r"`start_index\+length=7 > end_index=5`"):
        TimeseriesGenerator(np.arange(6), np.arange(6), length=7)
    with pytest.raises(ConfigError, match="Data length is 6 while target length is 5"):
        TimeseriesGenerator(np.arange(6), np.arange(5), length=2)


def test_windows_are_the_same_again_from_json():
    batches = TimeseriesGenerator(np.arange(9), np.arange(9), length=2, start_index=1, stride=2)
    again = timeseries_generator_from_json(batches.to_json())
    assert [[a.tolist() for a in batch] for batch in again] == [
        [a.tolist() for a in batch] for batch in batches
    ]


def test_a_model_is_trained_on_windows():
    series = np.linspace(0, 1, 20).reshape((20, 1))
    model = Sequential([LSTM(2, input_shape=(3, 1)), Dense(1)])
    model.compile("sgd", "mse")
    batches = TimeseriesGenerator(series, series, length=3, batch_size=8)
    assert len(model.fit_generator(batches, epochs=2, verbose=0).epoch) == 2


def test_the_original_gives_the_same():
    original = pytest.importorskip("keras_preprocessing.sequence")
    for module in (original, sequence):
        random.seed(3)
        module.found = (
            module.skipgrams([1, 2, 0, 3, 4], 9, sampling_table=np.linspace(0, 1, 9), seed=4),
            module.make_sampling_table(5).tolist(),
        )
    assert sequence.found == original.found
    del sequence.found, original.found
