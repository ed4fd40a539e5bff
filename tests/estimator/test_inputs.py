"""Input functions over arrays and data frames."""

import numpy as np
import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.estimator.inputs import numpy_input_fn, pandas_input_fn

pandas = pytest.importorskip("pandas")

X = {"a": np.arange(5), "b": np.arange(10.0).reshape(5, 2)}
Y = np.arange(5) * 10


def everything(input_fn):
    """All batches that an input function gives."""
    batches = []
    with tf.Graph().as_default():
        tensors = input_fn()
        with tf.train.MonitoredSession() as session:
            while not session.should_stop():
                batches.append(session.run(tensors))
    return batches


def test_rows_come_in_order_with_a_smaller_last_batch():
    batches = everything(numpy_input_fn(X, Y, batch_size=4, num_epochs=2, shuffle=False))
    assert [x["a"].tolist() for x, _ in batches] == [[0, 1, 2, 3], [4, 0, 1, 2], [3, 4]]
    assert batches[1][1].tolist() == [40, 0, 10, 20]
    assert batches[2][0]["b"].tolist() == [[6, 7], [8, 9]]


def test_shuffling_reads_each_row_once_an_epoch():
    batches = everything(numpy_input_fn(np.arange(100), batch_size=7, shuffle=True))
    rows = np.concatenate(batches)
    assert sorted(rows) == list(range(100))
    assert list(rows) != sorted(rows)


def test_without_a_number_of_epochs_the_rows_go_on_forever():
    with tf.Graph().as_default():
        rows = numpy_input_fn(Y, batch_size=3, num_epochs=None, shuffle=False)()
        assert rows.get_shape().as_list() == [3]
        with tf.train.MonitoredSession() as session:
            found = [session.run(rows).tolist() for _ in range(4)]
    assert found == [[0, 10, 20], [30, 40, 0], [10, 20, 30], [40, 0, 10]]


def test_targets_keep_their_keys():
    (batch,) = everything(numpy_input_fn(X, {"y": Y}, shuffle=False))
    assert batch[1]["y"].tolist() == Y.tolist()


@pytest.mark.parametrize(
    "x, y, error, message",
    [
        (X, np.arange(4), ValueError, "same length"),
        (X, {"a": Y}, ValueError, "duplicate keys"),
        ({}, None, ValueError, "empty dict"),
        (np.zeros([0]), None, ValueError, "empty array"),
        (X, {}, ValueError, "use None instead"),
        ([1, 2], None, TypeError, "x must be a dict or array"),
    ],
)
def test_arrays_that_do_not_fit_are_named(x, y, error, message):
    with pytest.raises(error, match=message):
        numpy_input_fn(x, y, shuffle=False)()


def test_shuffle_must_be_given():
    with pytest.raises(ValueError, match="shuffle must be provided"):
        numpy_input_fn(X)
    with pytest.raises(ValueError, match="shuffle must be provided"):
        pandas_input_fn(pandas.DataFrame({"a": [1]}))


FRAME = pandas.DataFrame({"u": [1, 2, 3], "v": ["a", "b", "c"]}, index=[5, 6, 7])


def test_a_frame_gives_its_columns_and_the_series_its_values():
    batches = everything(
        pandas_input_fn(FRAME, pandas.Series([4, 5, 6], [5, 6, 7]), batch_size=2, shuffle=False)
    )
    assert [x["v"].tolist() for x, _ in batches] == [[b"a", b"b"], [b"c"]]
    assert [y.tolist() for _, y in batches] == [[4, 5], [6]]


def test_a_frame_of_targets_gives_a_dictionary_also_for_names_of_features():
    targets = pandas.DataFrame({"u": [7, 8, 9]}, index=FRAME.index)
    (batch,) = everything(pandas_input_fn(FRAME, targets, shuffle=False))
    assert (batch[0]["u"].tolist(), batch[1]["u"].tolist()) == ([1, 2, 3], [7, 8, 9])


def test_frames_that_do_not_fit_are_named():
    with pytest.raises(ValueError, match="Index for x and y are mismatched"):
        pandas_input_fn(FRAME, pandas.Series([1, 2, 3]), shuffle=False)
    series = pandas.Series([1, 2, 3], FRAME.index)
    with pytest.raises(ValueError, match="already has a column"):
        pandas_input_fn(FRAME, series, shuffle=False, target_column="u")
    with pytest.raises(TypeError, match="target_column must be a string"):
        pandas_input_fn(FRAME, series, shuffle=False, target_column=3)


def test_queues_are_started_by_plain_sessions_too():
    with tf.Graph().as_default(), tf.Session() as session:
        rows = numpy_input_fn(Y, batch_size=2, shuffle=False)()
        coordinator = tf.train.Coordinator()
        threads = tf.train.start_queue_runners(session, coordinator)
        assert session.run(rows).tolist() == [0, 10]
        coordinator.request_stop()
        coordinator.join(threads)
