"""What has a gradient of our own, because the one that TensorFlow derives is slow.

Dropout, cross-entropies and means are a third of the operations. Each of the recurrent networks
computes what :func:`tfkeras_compat.backend.recurrence.rnn` does over the cell of its name.
Written out, the gradient of a matrix is one product for all steps instead of one product and one
sum in each, and nothing that one step computes has to be kept for the way back but the states.

Shapes are time-major: sequences ``(time, batch, ...)``, states ``(batch, units)``. Activations are
named, see ``gates``. All kinds of floats will do but for :func:`block_lstm`, which takes
``float32`` only.
"""

from tfkeras_compat.backend.fused.block import block_lstm
from tfkeras_compat.backend.fused.dropout import dropout
from tfkeras_compat.backend.fused.gates import CANDIDATES, GATES
from tfkeras_compat.backend.fused.gru import gru, gru_reset_after
from tfkeras_compat.backend.fused.lstm import lstm
from tfkeras_compat.backend.fused.simple import simple_rnn

__all__ = [
    "CANDIDATES",
    "GATES",
    "block_lstm",
    "dropout",
    "gru",
    "gru_reset_after",
    "lstm",
    "simple_rnn",
]
