"""Values of variables: from a checkpoint or from arrays."""

from typing import Any, Dict, List

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, FileFormatError, ShapeError
from tfkeras_compat.tensorflow.contrib.framework import variables


def assign_from_values(var_names_to_values):
    """``(operation, feed_dict)`` that give variables, by their names, the values of arrays."""
    pairs = [
        (variables.get_unique_variable(name), value) for name, value in var_names_to_values.items()
    ]
    return _assignment(pairs)


def assign_from_values_fn(var_names_to_values):
    """A function of a session that runs :func:`assign_from_values`."""
    operation, feeds = assign_from_values(var_names_to_values)
    return lambda session: session.run(operation, feeds)


def assign_from_checkpoint(model_path, var_list, ignore_missing_vars=False):
    """``(operation, feed_dict)`` that give variables the values that a checkpoint has.

    ``var_list`` is a list of variables, or a dictionary from names in the checkpoint to a variable
    or a list of its parts.

    Raises: FileFormatError if the checkpoint lacks a name and that may not be ignored; ShapeError
    if a shape differs.
    """
    reader = tf.train.load_checkpoint(model_path)
    wanted = _present(reader, model_path, _by_name(var_list), ignore_missing_vars)
    pairs = [(each, reader.get_tensor(name)) for name, found in wanted for each in found]
    return _assignment([(each, _part(each, value)) for each, value in pairs])


def assign_from_checkpoint_fn(
    model_path, var_list, ignore_missing_vars=False, reshape_variables=False
):
    """A function of a session that restores variables; ``None`` if the checkpoint has none of
    them, and that may be ignored."""
    if not var_list:
        raise ConfigError("var_list is empty: list the variables to restore from %s." % model_path)
    if ignore_missing_vars:
        reader = tf.train.load_checkpoint(model_path)
        named = var_list if isinstance(var_list, dict) else {v.op.name: v for v in var_list}
        var_list = dict(_present(reader, model_path, named, True))
    if not var_list:
        tf.logging.warning("No Variables to restore")
        return None
    saver = tf.train.Saver(var_list, reshape=reshape_variables)
    return lambda session: saver.restore(session, model_path)


def _by_name(var_list):
    """Names in the checkpoint -> the variables that take their values."""
    if isinstance(var_list, dict):
        return {
            name: value if isinstance(value, (list, tuple)) else [value]
            for name, value in var_list.items()
        }
    named: Dict[str, List[Any]] = {}
    for each in var_list:
        named.setdefault(variables.get_variable_full_name(each), []).append(each)
    return named


def _present(reader, path, named, may_lack):
    missing = [name for name in named if not reader.has_tensor(name)]
    if missing and not may_lack:
        raise FileFormatError(
            "Checkpoint %s is missing the variables %s. Leave them out of var_list, or pass "
            "ignore_missing_vars=True." % (path, ", ".join(missing))
        )
    for name in missing:
        tf.logging.warning("Variable %s missing in checkpoint %s", name, path)
    return [(name, value) for name, value in named.items() if name not in missing]


def _part(var, value):
    """What of a checkpoint's value belongs to a variable: all, or its part."""
    part = var._save_slice_info
    if part:
        return value[tuple(slice(at, at + n) for at, n in zip(part.var_offset, part.var_shape))]
    if list(value.shape) != var.get_shape().as_list():
        raise ShapeError(
            "Variable %s has the shape %s, the checkpoint's value %s."
            % (var.op.name, var.get_shape(), value.shape)
        )
    return value


def _assignment(pairs):
    operations, feeds = [], {}
    for var, value in pairs:
        fed = tf.placeholder(
            var.dtype.base_dtype, var.get_shape(), name="placeholder/" + var.op.name
        )
        operations.append(var.assign(fed))
        feeds[fed] = np.reshape(value, var.get_shape().as_list())
    return tf.group(*operations), feeds
