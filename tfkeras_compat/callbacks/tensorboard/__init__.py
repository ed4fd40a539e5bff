"""What TensorBoard shows of a training."""

from tfkeras_compat.callbacks.tensorboard.callback import TensorBoard
