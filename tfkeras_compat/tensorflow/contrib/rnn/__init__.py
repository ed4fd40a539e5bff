"""``tf.contrib.rnn``: the cells of ``tf.nn.rnn_cell``, and more of them."""

from tfkeras_compat._tf import tf
from tfkeras_compat.tensorflow import offered
from tfkeras_compat.tensorflow.contrib.rnn.bidirectional import (
    stack_bidirectional_dynamic_rnn,
    stack_bidirectional_rnn,
)
from tfkeras_compat.tensorflow.contrib.rnn.block import (
    GRUBlockCell,
    GRUBlockCellV2,
    LSTMBlockCell,
    LSTMBlockFusedCell,
)
from tfkeras_compat.tensorflow.contrib.rnn.cells import LayerNormBasicLSTMCell, NASCell, UGRNNCell
from tfkeras_compat.tensorflow.contrib.rnn.fused import (
    FusedRNNCell,
    FusedRNNCellAdaptor,
    TimeReversedFusedRNN,
)
from tfkeras_compat.tensorflow.contrib.rnn.wrappers import (
    AttentionCellWrapper,
    EmbeddingWrapper,
    HighwayWrapper,
    InputProjectionWrapper,
    OutputProjectionWrapper,
)
from tfkeras_compat.tensorflow.nn.rnn_cell import (
    BasicLSTMCell,
    BasicRNNCell,
    DeviceWrapper,
    DropoutWrapper,
    GRUCell,
    LayerRNNCell,
    LSTMCell,
    LSTMStateTuple,
    MultiRNNCell,
    ResidualWrapper,
    RNNCell,
)

__getattr__, __dir__ = offered.names_of(__name__)

static_bidirectional_rnn = tf.nn.static_bidirectional_rnn
static_rnn = tf.nn.static_rnn
static_state_saving_rnn = tf.nn.static_state_saving_rnn


def transpose_batch_time(x):
    """Exchanges the first two axes of a tensor; one of fewer axes is returned as it is."""
    ndim = x.get_shape().ndims
    if ndim is not None and ndim < 2:
        return x
    rest = range(2, ndim) if ndim is not None else tf.range(2, tf.rank(x))
    return tf.transpose(x, tf.concat([[1, 0], rest], 0) if ndim is None else [1, 0] + list(rest))


__all__ = [
    "AttentionCellWrapper",
    "BasicLSTMCell",
    "BasicRNNCell",
    "DeviceWrapper",
    "DropoutWrapper",
    "EmbeddingWrapper",
    "FusedRNNCell",
    "FusedRNNCellAdaptor",
    "GRUBlockCell",
    "GRUBlockCellV2",
    "GRUCell",
    "HighwayWrapper",
    "InputProjectionWrapper",
    "LSTMBlockCell",
    "LSTMBlockFusedCell",
    "LSTMCell",
    "LSTMStateTuple",
    "LayerNormBasicLSTMCell",
    "LayerRNNCell",
    "MultiRNNCell",
    "NASCell",
    "OutputProjectionWrapper",
    "RNNCell",
    "ResidualWrapper",
    "TimeReversedFusedRNN",
    "UGRNNCell",
    "stack_bidirectional_dynamic_rnn",
    "stack_bidirectional_rnn",
    "static_bidirectional_rnn",
    "static_rnn",
    "static_state_saving_rnn",
    "transpose_batch_time",
]
