"""Checks of the arguments of ``fit``, ``evaluate`` and ``predict``."""

import warnings

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.state.structures import to_list


def renamed_epochs(epochs, kwargs):
    """The number of epochs, also under its name in Keras 1. Raises TypeError for other names."""
    if "nb_epoch" in kwargs:
        warnings.warn("The `nb_epoch` argument in `fit` has been renamed `epochs`.")
        epochs = kwargs.pop("nb_epoch")
    if kwargs:
        raise TypeError("Unrecognized keyword arguments: %s" % (kwargs,))
    return epochs


def is_tensor_data(values):
    """Whether one of the values, or the only one, is a tensor."""
    return any(K.is_tensor(each) for each in to_list(values, allow_tuple=True))


def check_arrays(values, role):
    """Raises ConfigError unless a model can be built from the values."""
    for each in to_list(values, allow_tuple=True):
        if not isinstance(each, np.ndarray) and not K.is_tensor(each):
            raise ConfigError(
                "A model that is built by its first data needs model %s that are either a single "
                "array or a list of arrays. You passed: %r" % (role, values)
            )


def check_given(arrays, names, role):
    """Raises ShapeError if an array is missing."""
    for array, name in zip(arrays, names):
        if array is None:
            raise ShapeError(
                'No data provided for %s "%s". Need data for each key in: %s' % (role, name, names)
            )


def check_generator_arguments(y=None, sample_weight=None, validation_split=None, batch_size=None):
    """Raises ConfigError for what can not be given beside a generator."""
    if y is not None:
        raise ConfigError(
            "`y` argument is not supported when data is a generator or Sequence instance. Instead "
            "pass targets as the second element of the generator."
        )
    if sample_weight is not None:
        raise ConfigError(
            "`sample_weight` argument is not supported when data is a generator or Sequence "
            "instance. Instead pass sample weights as the third element of the generator."
        )
    if validation_split:
        raise ConfigError(
            "If your data is in the form of a Python generator, you cannot use `validation_split`: "
            "pass a second generator as `validation_data`."
        )
    if batch_size is not None:
        raise ConfigError(
            "The `batch_size` argument must not be specified when using a generator or Sequence as "
            "an input: it makes the batches."
        )
