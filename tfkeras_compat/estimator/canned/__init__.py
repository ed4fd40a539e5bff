"""Canned estimators: whole models from feature columns."""

from tfkeras_compat.estimator.canned.baseline import (
    BaselineClassifier,
    BaselineEstimator,
    BaselineRegressor,
)
from tfkeras_compat.estimator.canned.combined import (
    DNNLinearCombinedClassifier,
    DNNLinearCombinedEstimator,
    DNNLinearCombinedRegressor,
)
from tfkeras_compat.estimator.canned.dnn import (
    DNNClassifier,
    DNNEstimator,
    DNNRegressor,
    dnn_logit_fn_builder,
)
from tfkeras_compat.estimator.canned.linear import (
    LinearClassifier,
    LinearEstimator,
    LinearRegressor,
    linear_logit_fn_builder,
)

__all__ = [
    "BaselineClassifier",
    "BaselineEstimator",
    "BaselineRegressor",
    "DNNClassifier",
    "DNNEstimator",
    "DNNLinearCombinedClassifier",
    "DNNLinearCombinedEstimator",
    "DNNLinearCombinedRegressor",
    "DNNRegressor",
    "LinearClassifier",
    "LinearEstimator",
    "LinearRegressor",
    "dnn_logit_fn_builder",
    "linear_logit_fn_builder",
]
