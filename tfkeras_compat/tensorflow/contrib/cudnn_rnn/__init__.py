"""``tf.contrib.cudnn_rnn``: cuDNN's networks, on any device."""

from tfkeras_compat.tensorflow import offered
from tfkeras_compat.tensorflow.contrib.cudnn_rnn.cells import (
    CudnnCompatibleGRUCell,
    CudnnCompatibleLSTMCell,
)
from tfkeras_compat.tensorflow.contrib.cudnn_rnn.layers import (
    CudnnGRU,
    CudnnLSTM,
    CudnnRNNRelu,
    CudnnRNNTanh,
)

__getattr__, __dir__ = offered.names_of(__name__)

__all__ = [
    "CudnnCompatibleGRUCell",
    "CudnnCompatibleLSTMCell",
    "CudnnGRU",
    "CudnnLSTM",
    "CudnnRNNRelu",
    "CudnnRNNTanh",
]
