"""Cells of tf.contrib.rnn: what goldens do not show."""

import pytest

import tfkeras_compat.tensorflow as tf
from tfkeras_compat.errors import ConfigError, ShapeError

rnn = tf.contrib.rnn


def test_the_package_is_ours_on_both_ends():
    assert rnn.LSTMBlockCell.__module__.startswith("tfkeras_compat.")
    assert rnn.LSTMCell is tf.nn.rnn_cell.LSTMCell
    assert rnn.static_rnn is tf.nn.static_rnn


def test_batch_and_time_are_exchanged():
    assert rnn.transpose_batch_time(tf.ones([2, 3, 4])).shape.as_list() == [3, 2, 4]
    assert rnn.transpose_batch_time(tf.ones([2])).shape.as_list() == [2]


def test_fused_cells_take_lists_of_steps():
    outputs, state = rnn.LSTMBlockFusedCell(4)([tf.ones([2, 3])] * 5, dtype=tf.float32)
    assert len(outputs) == 5
    assert [x.shape.as_list() for x in state] == [[2, 4], [2, 4]]
    static = rnn.TimeReversedFusedRNN(rnn.FusedRNNCellAdaptor(rnn.GRUCell(2)))
    outputs, _ = static([tf.ones([2, 3])] * 5, dtype=tf.float32)
    assert len(outputs) == 5


def test_unrolled_stacks_in_both_directions():
    cells = [[rnn.GRUCell(2), rnn.GRUCell(3)] for _ in range(2)]
    outputs, forward, _ = rnn.stack_bidirectional_rnn(
        cells[0], cells[1], [tf.ones([2, 4])] * 3, dtype=tf.float32
    )
    assert outputs[0].shape.as_list() == [2, 6]
    assert len(forward) == 2
    assert tf.trainable_variables()[0].name.startswith("stack_bidirectional_rnn/cell_0/")


@pytest.mark.parametrize(
    "make, error, words",
    [
        (lambda: rnn.GRUBlockCell(), ConfigError, "num_units or cell_size"),
        (lambda: rnn.AttentionCellWrapper(rnn.GRUCell(2), 0), ConfigError, "attn_length"),
        (lambda: rnn.EmbeddingWrapper(rnn.GRUCell(2), 0, 3), ConfigError, "must be > 0"),
        (lambda: rnn.OutputProjectionWrapper(rnn.GRUCell(2), 0), ConfigError, "output_size"),
        (lambda: rnn.LSTMBlockFusedCell(2)(tf.ones([2, 1, 3])), ShapeError, "initial_state"),
        (
            lambda: rnn.stack_bidirectional_rnn([rnn.GRUCell(2)], [], [tf.ones([1, 2])]),
            ConfigError,
            "equal length",
        ),
    ],
)
def test_what_can_not_be_built_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()
