"""Layers of cuDNN's networks, computed without a GPU."""

import numpy as np
import pytest

import tfkeras_compat.tensorflow as tf
from tfkeras_compat.errors import ConfigError, KindError

cudnn = tf.contrib.cudnn_rnn
X = np.random.RandomState(0).normal(size=(5, 2, 3)).astype("float32")


def run(*fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(list(fetches))


def test_a_layer_is_the_network_of_its_compatible_cells():
    layer = cudnn.CudnnLSTM(2, 4)
    outputs, (h, c) = layer(X)
    with tf.variable_scope("cudnn_lstm", reuse=True):
        cells = [cudnn.CudnnCompatibleLSTMCell(4) for _ in range(2)]
        expected, state = tf.nn.dynamic_rnn(
            tf.nn.rnn_cell.MultiRNNCell(cells), tf.constant(X), dtype=tf.float32, time_major=True
        )
    found, wanted, last, top = run(outputs, expected, h[1], state[1].h)
    np.testing.assert_array_equal(found, wanted)
    np.testing.assert_array_equal(last, top)
    assert len(layer.trainable_weights) == len(tf.trainable_variables()) == 4
    assert c.shape.as_list() == [2, 2, 4]


@pytest.mark.parametrize("kind", [cudnn.CudnnGRU, cudnn.CudnnRNNTanh, cudnn.CudnnRNNRelu])
def test_both_directions_go_on_from_the_last_state(kind):
    layer = kind(2, 4, direction="bidirectional", dropout=0.5, seed=3)
    outputs, (h,) = layer(X, training=False)
    again, _ = layer(X, initial_state=(h,), training=True, sequence_lengths=[5, 2])
    assert outputs.shape.as_list() == [5, 2, 8]
    assert h.shape.as_list() == list(layer.state_shape(2)[0]) == [4, 2, 4]
    assert "stack_bidirectional_rnn/cell_1/bidirectional_rnn/bw" in layer.weights[-1].name
    first, second = run(outputs, again)
    assert (first != second).any()
    assert (second[2:, 1] == 0).all()


@pytest.mark.parametrize(
    "make, error, words",
    [
        (lambda: cudnn.CudnnLSTM(1, 2, direction="up"), ConfigError, "direction"),
        (lambda: cudnn.CudnnLSTM(1, 2, "skip_input"), ConfigError, "input_mode"),
        (lambda: cudnn.CudnnGRU(1, 2)(X, initial_state=[X]), KindError, "tuple"),
    ],
)
def test_what_is_not_there_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()
