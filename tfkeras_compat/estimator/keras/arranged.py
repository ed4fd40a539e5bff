"""What an input function gave, in the order, shape and type that a model's inputs and outputs
have."""

import re

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, DtypeError, ShapeError, WrongKeysError
from tfkeras_compat.training import compilation

_WITH_WEIGHTS = {"features", "sample_weights"}


def without_weights(features):
    """``(features, sample weights)`` of ``{"features": ..., "sample_weights": ...}``; of any other
    features, themselves and None."""
    if isinstance(features, dict) and set(features) == _WITH_WEIGHTS:
        return features["features"], features["sample_weights"]
    return features, None


def inputs_of(features, names, tensors):
    """One tensor for each input of a model: a list in the order of ``names``.

    ``features`` is a dictionary by input names, a list, or one tensor. A column ``(N,)`` becomes
    ``(N, 1)`` where the input has two axes; numbers are cast.
    Raises: WrongKeysError, ConfigError, ShapeError or DtypeError for what does not fit.
    """
    values = _ordered(features, names, "features", "input")
    return [
        _fitted(value, K.dtype(tensor), K.int_shape(tensor), "The features of input %r" % name)
        for value, tensor, name in zip(values, tensors, names)
    ]


def targets_of(labels, names, outputs, losses):
    """One tensor for each output of a model, None for one without a loss.

    ``losses`` are the loss functions by output. Labels ``(N,)`` become ``(N, 1)``, as the arrays
    that ``fit`` is given: compared with an output ``(N, 1)`` as they are, each would be compared
    with the outputs of all samples.
    Raises: WrongKeysError, ConfigError, ShapeError or DtypeError for what does not fit.
    """
    trained = [name for name, loss in zip(names, losses) if loss is not None]
    if labels is None:
        if not trained:
            return None
        raise ConfigError(
            "The model is trained and evaluated with labels for its outputs %s, but input_fn gave "
            "none: let it return (features, labels)." % trained
        )
    is_partial = isinstance(labels, dict) and set(labels) == set(trained)
    ordered = _ordered(labels, trained if is_partial else names, "labels", "output")
    by_name = dict(zip(trained if is_partial else names, ordered))
    return [
        None if loss is None else _target(by_name[name], name, output, loss)
        for name, output, loss in zip(names, outputs, losses)
    ]


def weights_of(sample_weights, names):
    """One tensor of weights, or None, for each output.

    Raises: WrongKeysError or ConfigError for what does not fit.
    """
    if sample_weights is None:
        return [None] * len(names)
    if isinstance(sample_weights, dict):
        unknown = sorted(set(sample_weights) - set(names))
        if unknown:
            raise _wrong_keys("sample_weights", "output", names, sample_weights)
        values = [sample_weights.get(name) for name in names]
    else:
        values = _ordered(sample_weights, names, "sample_weights", "output")
    return [None if value is None else _weight(value) for value in values]


def _weight(value):
    value = tf.cast(tf.convert_to_tensor(value), K.floatx())
    is_column = value.get_shape().ndims == 2 and value.get_shape().as_list()[1] == 1
    return tf.squeeze(value, 1) if is_column else value


def _target(value, name, output, loss):
    expected = compilation.CompiledOutput(name, output, None, loss, 1.0).target_shape()
    dtype = None if compilation.takes_labels_and_logits(loss) else K.dtype(output)
    return _fitted(value, dtype, expected, "The labels of output %r" % name)


# ---- order --------------------------------------------------------------------------------------


def _ordered(values, names, role, kind):
    if isinstance(values, dict):
        return [values[key] for key in _keys(values, names, role, kind)]
    values = list(values) if isinstance(values, (list, tuple)) else [values]
    if len(values) != len(names):
        raise ConfigError(
            "The model has %d %ss, %s, but input_fn gave %d %s. Give a dictionary by these names, "
            "or a list in their order." % (len(names), kind, names, len(values), role)
        )
    return values


def _keys(values, names, role, kind):
    """The key for each name: itself, or the only one that differs from it just in a number or in
    the ending ``_input``."""
    if set(values) == set(names):
        return names
    keys = {_stem(key): key for key in values}
    stems = [_stem(name) for name in names]
    if len(keys) == len(values) == len(set(stems)) == len(names) and set(keys) == set(stems):
        return [keys[stem] for stem in stems]
    raise _wrong_keys(role, kind, names, values)


def _stem(name):
    """What ``dense_1_input``, ``dense_input``, ``dense_1`` and ``dense`` have in common."""
    return re.sub(r"(_\d+)?(_input)?$", "", str(name)) or str(name)


def _wrong_keys(role, kind, names, values):
    return WrongKeysError(
        "The dictionary of %s does not have the names of the model's %ss as keys. Expected: %s. "
        "Found: %s. Difference: %s."
        % (role, kind, sorted(names), sorted(values), sorted(set(names) ^ set(values)))
    )


# ---- shape and type -----------------------------------------------------------------------------


def _fitted(value, dtype, shape, what):
    """The value as a tensor of this dtype and shape; None stands for whichever it has."""
    if isinstance(value, tf.SparseTensor):
        return value if dtype is None else tf.cast(value, dtype)
    tensor = tf.convert_to_tensor(value)
    if dtype is not None:
        tensor = _cast(tensor, dtype, what)
    tensor = _with_axes(tensor, shape)
    if shape is None:
        return tensor
    if not tensor.get_shape().is_compatible_with(shape):
        raise ShapeError(
            "%s have the shape %s, but the model needs %s."
            % (what, tuple(tensor.get_shape().as_list()), tuple(shape))
        )
    tensor = tf.identity(tensor)
    tensor.set_shape(shape)
    return tensor


def _cast(tensor, dtype, what):
    if tensor.dtype.base_dtype == tf.as_dtype(dtype):
        return tensor
    if tf.string in (tensor.dtype.base_dtype, tf.as_dtype(dtype)):
        raise DtypeError(
            "%s are of type %s, but the model needs %s. Turn text into numbers in input_fn."
            % (what, tensor.dtype.base_dtype.name, dtype)
        )
    return tf.cast(tensor, dtype)


def _with_axes(tensor, shape):
    """``(N,)`` as ``(N, 1)``, unless one axis is asked for; and an unknown number of axes as that
    of ``shape``."""
    rank = tensor.get_shape().ndims
    if rank == 1 and (shape is None or len(shape) > 1):
        return tf.expand_dims(tensor, -1)
    if rank is None and shape is not None and None not in shape[1:]:
        return tf.reshape(tensor, (-1,) + tuple(shape[1:]))
    return tensor
