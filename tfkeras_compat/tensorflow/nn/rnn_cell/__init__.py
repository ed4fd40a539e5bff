"""``tf.nn.rnn_cell``: recurrent cells, for ``tf.nn.dynamic_rnn`` and its like."""

from tfkeras_compat.tensorflow.nn.rnn_cell.base import LayerRNNCell, RNNCell
from tfkeras_compat.tensorflow.nn.rnn_cell.base import check_is_cell as assert_like_rnncell
from tfkeras_compat.tensorflow.nn.rnn_cell.cells import (
    BasicLSTMCell,
    BasicRNNCell,
    GRUCell,
    LSTMCell,
    LSTMStateTuple,
)
from tfkeras_compat.tensorflow.nn.rnn_cell.multi import MultiRNNCell
from tfkeras_compat.tensorflow.nn.rnn_cell.wrappers import (
    DeviceWrapper,
    DropoutWrapper,
    ResidualWrapper,
)

__all__ = [
    "BasicLSTMCell",
    "BasicRNNCell",
    "DeviceWrapper",
    "DropoutWrapper",
    "GRUCell",
    "LSTMCell",
    "LSTMStateTuple",
    "LayerRNNCell",
    "MultiRNNCell",
    "RNNCell",
    "ResidualWrapper",
    "assert_like_rnncell",
]
