"""Heads: what turns the logits of a model into predictions, a loss, metrics and a training step."""

from tfkeras_compat.estimator.heads.base import Head
from tfkeras_compat.estimator.heads.classification import BinaryClassHead, MultiClassHead
from tfkeras_compat.estimator.heads.multi import MultiHead
from tfkeras_compat.estimator.heads.multi_label import MultiLabelHead
from tfkeras_compat.estimator.heads.regression import (
    LogisticRegressionHead,
    PoissonRegressionHead,
    RegressionHead,
)

__all__ = [
    "BinaryClassHead",
    "Head",
    "LogisticRegressionHead",
    "MultiClassHead",
    "MultiHead",
    "MultiLabelHead",
    "PoissonRegressionHead",
    "RegressionHead",
]
