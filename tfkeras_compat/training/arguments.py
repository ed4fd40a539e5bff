"""Checks of the arguments of ``fit``, ``evaluate`` and ``predict``."""

import functools
import numbers
import warnings

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, DtypeError, ShapeError
from tfkeras_compat.legacy.keywords import COUNTED_DIFFERENTLY, GENERATOR_METHODS
from tfkeras_compat.state.generation import trait
from tfkeras_compat.state.structures import to_list
from tfkeras_compat.training.samples import in_batches


def renamed_epochs(epochs, kwargs):
    """The number of epochs, also under its name in Keras 1. Raises TypeError for other names."""
    if "nb_epoch" in kwargs:
        warnings.warn("The `nb_epoch` argument in `fit` has been renamed `epochs`.")
        epochs = kwargs.pop("nb_epoch")
    if kwargs:
        raise TypeError("Unrecognized keyword arguments: %s" % (kwargs,))
    return epochs


def accepts_keras_1_names(method):
    """Decorates ``fit_generator`` and its like: they are understood in Keras 1's words too."""

    @functools.wraps(method)
    def wrapper(self, *args, **kwargs):
        if trait("counts_samples"):
            return method(self, **in_batches(method, args, kwargs))
        old = [name for name in kwargs if name in GENERATOR_METHODS]
        if old:
            _warn_of_names(method.__name__, old)
            source = args[0] if args else kwargs.get("generator")
            kwargs = _in_keras_2_words(kwargs, getattr(source, "batch_size", 1))
        return method(self, *args, **kwargs)

    return wrapper


def _warn_of_names(method, old):
    new = [GENERATOR_METHODS[name] for name in old]
    counts = ""
    if any(name in COUNTED_DIFFERENTLY for name in old):
        counts = " These now count batches, and no longer samples: divide by the batch size."
    warnings.warn(
        "Update your `%s` call to the Keras 2 API: Keras 1's %s became %s.%s"
        % (method, ", ".join("`%s`" % n for n in old), ", ".join("`%s`" % n for n in new), counts),
        stacklevel=3,
    )


def _in_keras_2_words(kwargs, batch_size):
    translated = {name: kwargs[name] for name in kwargs if name not in GENERATOR_METHODS}
    for old, new in GENERATOR_METHODS.items():
        if old in kwargs and new in translated:
            raise TypeError(
                "`%s` was given twice: under its name in Keras 1, `%s`, and in Keras 2. Stick to "
                "`%s`." % (new, old, new)
            )
        if old in kwargs:
            translated[new] = kwargs[old]
    if "samples_per_epoch" in kwargs:  # an iterator of pictures knows what a batch is
        translated["steps_per_epoch"] = kwargs["samples_per_epoch"] // batch_size
    return translated


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
    """Raises ShapeError if an array is missing, DtypeError if one does not hold numbers."""
    for array, name in zip(arrays, names):
        if array is None:
            raise ShapeError(
                'No data provided for %s "%s". Need data for each key in: %s' % (role, name, names)
            )
        _check_numbers(array, name, role)


def _check_numbers(array, name, role):
    if getattr(getattr(array, "dtype", None), "kind", "f") not in "OSU":
        return
    try:
        np.asarray(array, dtype=K.floatx())
    except (TypeError, ValueError) as error:
        raise DtypeError(
            'The array for %s "%s" has dtype %s and can not be turned into numbers (%s). Encode '
            "text and categories as numbers first." % (role, name, array.dtype, error)
        ) from error


def check_targets_given(y, names):
    """Raises ShapeError if there are no targets at all although some are needed."""
    if y is None and names:
        raise ShapeError(
            'No data provided for target "%s". Need data for each key in: %s' % (names[0], names)
        )


def check_samples(arrays, role):
    """Raises ShapeError if there is no sample to learn or judge from."""
    first = arrays[0] if arrays else None
    if first is None or not hasattr(first, "shape") or K.is_tensor(first):
        return
    if int(first.shape[0]) == 0:
        raise ShapeError(
            "%s has no samples: the first array has shape %s." % (role, tuple(first.shape))
        )


def check_counts(**counts):
    """Raises TypeError unless each number that is given is an integer, ConfigError if one is not
    positive."""
    for name, count in counts.items():
        if count is None:
            continue
        if not isinstance(count, numbers.Integral):
            raise TypeError("`%s` should be an integer, found %r." % (name, count))
        if count < 1:
            raise ConfigError("`%s` should be 1 or more, found %r." % (name, count))


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
