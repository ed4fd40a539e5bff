"""Input functions that read arrays and data frames."""

from tfkeras_compat.estimator.inputs.arrays import numpy_input_fn
from tfkeras_compat.estimator.inputs.frames import pandas_input_fn

__all__ = ["numpy_input_fn", "pandas_input_fn"]
