"""Callbacks: what is told of the progress of training."""

from tfkeras_compat.callbacks.base import (
    BaseLogger,
    Callback,
    CallbackList,
    History,
    LambdaCallback,
    TerminateOnNaN,
)
from tfkeras_compat.callbacks.files import CSVLogger, ModelCheckpoint
from tfkeras_compat.callbacks.logging import ProgbarLogger
from tfkeras_compat.callbacks.monitoring import (
    EarlyStopping,
    LearningRateScheduler,
    ReduceLROnPlateau,
    RemoteMonitor,
)
from tfkeras_compat.callbacks.progress import Progbar
from tfkeras_compat.callbacks.tensorboard import TensorBoard
