"""Callbacks: what is told of the progress of training."""

from tfkeras_compat.callbacks.base import (
    BaseLogger,
    Callback,
    CallbackList,
    History,
    LambdaCallback,
    TerminateOnNaN,
)
from tfkeras_compat.callbacks.logging import ProgbarLogger
from tfkeras_compat.callbacks.progress import Progbar
