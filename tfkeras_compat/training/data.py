"""Arrays as users give them, put into the order and shapes that a model is fed."""

import warnings
from typing import Any

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat import losses
from tfkeras_compat.errors import ConfigError, ShapeError

_EXACT_LOSSES = (
    losses.mean_squared_error,
    losses.binary_crossentropy,
    losses.categorical_crossentropy,
)


# ---- inputs and targets -------------------------------------------------------------------------


def standardize_input_data(data, names, shapes=None, check_batch_axis=True, exception_prefix=""):
    """The arrays for the given names, in order, each with two axes or more.

    Args:
        data: an array, a list of them, or a dictionary by name; data frames and tensors too.
        names: of the inputs or outputs.
        shapes: what each must have; ``None`` for any, in a shape or instead of one.
        check_batch_axis: whether the first size counts.
        exception_prefix: ``"input"`` or ``"target"``, for errors.
    Raises: ShapeError naming the input, the expected and the found shape; TypeError for what is no
        array.
    """
    if not names:
        if data is not None and hasattr(data, "__len__") and len(data):
            raise ShapeError(
                "Error when checking model %s: expected no data, but got: %s"
                % (exception_prefix, _short(data))
            )
        return []
    if data is None:
        return [None] * len(names)
    arrays = [_with_two_axes(_plain(each)) for each in _in_order(data, names)]
    arrays = _checked_count(arrays, names, exception_prefix)
    for array, name, shape in zip(arrays, names, shapes or [None] * len(names)):
        if shape is not None and array is not None and not K.is_tensor(array):
            _check_shape(array, name, shape, check_batch_axis, exception_prefix)
    return arrays


def _in_order(data, names):
    if isinstance(data, dict):
        missing = [name for name in names if name not in data]
        if missing:
            raise ShapeError(
                'No data provided for "%s". Need data for each key in: %s' % (missing[0], names)
            )
        return [data[name] for name in names]
    if not isinstance(data, (list, tuple)):
        return [data]
    data = list(data)
    if data and isinstance(data[0], list):
        return [np.asarray(each) for each in data]
    if len(names) == 1 and data and isinstance(data[0], (float, int)):
        return [np.asarray(data)]
    return data


def _plain(data):
    # Data frames and series of pandas, without importing it.
    return data.values if type(data).__name__ in ("DataFrame", "Series") else data


def _with_two_axes(x):
    if x is None:
        return None
    if K.is_tensor(x):
        shape = K.int_shape(x)
        if shape is None or shape[0] is None:
            raise ShapeError(
                "When feeding symbolic tensors to a model, we expect the tensors to have a static "
                "batch size. Got tensor with shape: %s" % (shape,)
            )
        return x
    if len(getattr(x, "shape", "?")) == 1 and hasattr(x, "shape"):
        return np.expand_dims(x, 1)
    return x


def _checked_count(arrays, names, prefix):
    if len(arrays) == len(names):
        _check_is_array(arrays, prefix)
        return arrays
    if arrays and hasattr(arrays[0], "shape"):
        raise ShapeError(
            "Error when checking model %s: the list of Numpy arrays that you are passing to your "
            "model is not the size the model expected. Expected to see %d array(s), for %s, but "
            "instead got the following list of %d arrays: %s"
            % (prefix, len(names), names, len(arrays), _short(arrays))
        )
    if len(names) > 1:
        raise ShapeError(
            "Error when checking model %s: you are passing a list as input to your model, but the "
            "model expects a list of %d Numpy arrays instead, for %s. The list you passed was: %s"
            % (prefix, len(names), names, _short(arrays))
        )
    return [np.asarray(arrays)]


def _check_is_array(arrays, prefix):
    for each in arrays:
        if each is not None and not hasattr(each, "shape"):
            raise TypeError(
                "Error when checking model %s: data should be a Numpy array, or list/dict of Numpy "
                "arrays. Found: %s" % (prefix, _short(each))
            )


def _check_shape(array, name, shape, check_batch_axis, prefix):
    if len(array.shape) != len(shape):
        raise ShapeError(
            "Error when checking %s: expected %s to have %d dimensions, but got array with shape %s"
            % (prefix, name, len(shape), tuple(array.shape))
        )
    first = 0 if check_batch_axis else 1
    expected, found = tuple(shape[first:]), tuple(array.shape[first:])
    if any(size and size != given for size, given in zip(expected, found)):
        raise ShapeError(
            "Error when checking %s: expected %s to have shape %s but got array with shape %s"
            % (prefix, name, expected, found)
        )


def _short(data):
    text = str(data)
    return text if len(text) <= 200 else text[:200] + "..."


def check_loss_and_target_compatibility(targets, loss_fns, output_shapes):
    """Raises ShapeError if a loss that needs targets of the output's shape is given others."""
    for target, loss, shape in zip(targets, loss_fns, output_shapes):
        if target is None or loss is None or K.is_tensor(target):
            continue
        if loss is losses.categorical_crossentropy and target.shape[-1] == 1:
            raise ShapeError(
                "You are passing a target array of shape %s while using as loss "
                "`categorical_crossentropy`, which expects targets to be binary matrices (1s and "
                "0s) of shape (samples, classes). If your targets are integer classes, convert "
                "them with keras.utils.to_categorical(y), or use the loss "
                "`sparse_categorical_crossentropy`, which takes them as they are."
                % (tuple(target.shape),)
            )
        if loss in _EXACT_LOSSES and any(
            size is not None and size != given for given, size in zip(target.shape[1:], shape[1:])
        ):
            raise ShapeError(
                "A target array with shape %s was passed for an output of shape %s while using as "
                "loss `%s`. This loss expects targets to have the same shape as the output."
                % (tuple(target.shape), tuple(shape), loss.__name__)
            )


def check_array_length_consistency(inputs, targets, weights=None):
    """Raises ShapeError unless all arrays have the same number of samples."""
    lengths = [_lengths(arrays) for arrays in (inputs, targets, weights)]
    for found, role in zip(
        lengths, ("input arrays (x)", "target arrays (y)", "sample_weight arrays")
    ):
        if len(found) > 1:
            raise ShapeError(
                "All %s should have the same number of samples. Got: %s" % (role, sorted(found))
            )
    counts: Any = [each.pop() if each else None for each in lengths]
    samples, target_samples, weight_samples = counts
    if None not in (samples, target_samples) and samples != target_samples:
        raise ShapeError(
            "Input arrays should have the same number of samples as target arrays. Found %d input "
            "samples and %d target samples." % (samples, target_samples)
        )
    if None not in (target_samples, weight_samples) and target_samples != weight_samples:
        raise ShapeError(
            "Sample_weight arrays should have the same number of samples as target arrays. Got %d "
            "target samples and %d weights." % (target_samples, weight_samples)
        )


def _lengths(arrays):
    if arrays is None:
        return {0}
    return {0 if each is None else int(each.shape[0]) for each in arrays}


# ---- weights of samples and classes -------------------------------------------------------------


def weights_by_output(given, output_names, argument):
    """The part of ``sample_weight`` or ``class_weight`` that belongs to each output.

    Raises: ShapeError for a list of another length, TypeError for neither list nor dictionary.
    """
    if given is None or len(given) == 0:
        return [None] * len(output_names)
    if len(output_names) == 1:
        return [_only_part(given, output_names[0])]
    if isinstance(given, dict):
        return [given.get(name) for name in output_names]
    if not isinstance(given, list):
        raise TypeError(
            "The model has multiple outputs, so `%s` should be either a list or a dict. Provided "
            "`%s` type not understood: %s" % (argument, argument, _short(given))
        )
    if len(given) != len(output_names):
        raise ShapeError(
            "Provided `%s` was a list of %d elements, but the model has %d outputs. You should "
            "provide one `%s` array per model output."
            % (argument, len(given), len(output_names), argument)
        )
    return given


def _only_part(given, name):
    if isinstance(given, list) and len(given) == 1:
        return given[0]
    if isinstance(given, dict) and name in given:
        return given[name]
    return given


def standardize_weights(y, sample_weight=None, class_weight=None, sample_weight_mode=None):
    """One weight for each sample of targets ``y``, or for each step if the mode is ``"temporal"``.

    Weights of samples and of classes are multiplied; without either all are 1.
    Raises: ShapeError if weights do not fit the targets; ConfigError for an unknown mode, or a
        class without weight.
    """
    if sample_weight is not None:
        sample_weight = np.asarray(sample_weight)
    _check_mode(y, sample_weight, sample_weight_mode)
    if class_weight is not None and not isinstance(class_weight, dict):
        warnings.warn(
            "`class_weight` has no effect unless it is a dictionary of weights by class number, "
            "found %r." % (class_weight,)
        )
    by_class = _weights_of_classes(y, class_weight) if isinstance(class_weight, dict) else None
    given = [weights for weights in (sample_weight, by_class) if weights is not None]
    if len(given) == 2:
        return given[0] * given[1]
    if given:
        return given[0]
    return np.ones(y.shape[: 2 if sample_weight_mode else 1], dtype=K.floatx())


def _check_mode(y, weights, mode):
    if mode not in (None, "temporal"):
        raise ConfigError('"sample_weight_mode" should be None or "temporal". Found: %s' % (mode,))
    if mode is not None and len(y.shape) < 3:
        raise ShapeError(
            "Found targets of shape %s. Timestep-wise sample weighting (use of "
            'sample_weight_mode="temporal") is restricted to outputs that are at least 3D, i.e. '
            "that have a time dimension." % (tuple(y.shape),)
        )
    if weights is None:
        return
    ndim = 1 if mode is None else 2
    if weights.ndim != ndim:
        raise ShapeError(
            "Found a sample_weight array with shape %s. Expected %s. In order to use timestep-wise "
            'sample weights, pass a 2D array and specify sample_weight_mode="temporal" in '
            "compile(); otherwise the array has one weight for each sample."
            % (weights.shape, "(samples,)" if mode is None else "(samples, steps)")
        )
    if tuple(y.shape[:ndim]) != weights.shape:
        raise ShapeError(
            "Found a sample_weight array with shape %s for targets with shape %s. sample_weight "
            "cannot be broadcast." % (weights.shape, tuple(y.shape))
        )


def _weights_of_classes(y, class_weight):
    classes = _class_numbers(y)
    missing = set(classes.tolist()) - set(class_weight)
    if missing:
        raise ConfigError(
            "`class_weight` must contain all classes in the data. The classes %s exist in the data "
            "but not in `class_weight`." % (missing,)
        )
    return np.asarray([class_weight[each] for each in classes.tolist()])


def _class_numbers(y):
    if len(y.shape) > 2:
        raise ShapeError(
            "`class_weight` not supported for 3+ dimensional targets, found shape %s." % (y.shape,)
        )
    if len(y.shape) == 2 and y.shape[1] > 1:
        return np.argmax(y, axis=1)
    return np.reshape(y, y.shape[0])
