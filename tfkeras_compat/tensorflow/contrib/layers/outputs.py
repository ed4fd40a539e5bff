"""What the layer functions share: collections, normalization and activation of their outputs."""

from collections import OrderedDict

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.tensorflow.contrib.framework import tensors


def collect_named_outputs(collections, alias, outputs):
    """The outputs, put into the collections under the alias, if there are any."""
    if collections:
        outputs.aliases = getattr(outputs, "aliases", []) + [alias.rstrip("/")]
        tf.add_to_collections(collections, outputs)
    return outputs


def get_tensor_aliases(tensor):
    """The aliases of a tensor, or its own name."""
    name = tensor.op.name if tensor.name.endswith(":0") else tensor.name
    return getattr(tensor, "aliases", [name])


def convert_collection_to_dict(collection, clear_collection=False):
    """The tensors of a collection by their aliases, in order."""
    found = [(a, each) for each in tf.get_collection(collection) for a in get_tensor_aliases(each)]
    if clear_collection:
        tf.get_default_graph().clear_collection(collection)
    return OrderedDict(found)


def collections_of(variables_collections, name):
    """The collections for the variable called ``name``, from a dictionary or one for all."""
    if isinstance(variables_collections, dict):
        return variables_collections.get(name)
    return variables_collections


def constant_value(value):
    """The value of a condition if it is known while the graph is made, else ``None``."""
    if _tf.is_variable(value):
        return None
    return tensors.smart_constant_value(value)


def smart_cond(pred, fn1, fn2, name=None):
    """``tf.cond``; only the branch that is taken, where that is known already."""
    value = constant_value(pred)
    if value is None:
        return tf.cond(tf.convert_to_tensor(pred), fn1, fn2, name=name)
    return fn1() if value else fn2()


def checked_format(data_format, allowed):
    """``channels_first`` or ``channels_last``. Raises ConfigError if the format is not allowed."""
    if data_format not in allowed:
        raise ConfigError(
            "data_format must be one of %s; found %r."
            % (", ".join(str(each) for each in allowed), data_format)
        )
    return "channels_first" if data_format and data_format.startswith("NC") else "channels_last"


def known_shape(inputs, min_rank=1):
    """The static shape as a list. Raises ShapeError if not even the rank is known."""
    if inputs.get_shape().ndims is None or inputs.get_shape().ndims < min_rank:
        raise ShapeError(
            "%s must have a known rank, of at least %d; its shape is %s. Give it one with "
            "set_shape." % (inputs.name, min_rank, inputs.get_shape())
        )
    return inputs.get_shape().as_list()


def known_dimension(inputs, axis, min_rank=1):
    """The size of an axis. Raises ShapeError if it is not known."""
    size = known_shape(inputs, min_rank)[axis]
    if size is None:
        raise ShapeError(
            "Axis %d of %s must have a known size; the shape is %s. Give it one with set_shape."
            % (axis, inputs.name, inputs.get_shape())
        )
    return size


def last_dimension(shape, min_rank=1):
    """The last size of a ``TensorShape``. Raises ShapeError if it is not known."""
    sizes = shape.as_list() if shape.ndims is not None else []
    if len(sizes) < min_rank or sizes[-1] is None:
        raise ShapeError(
            "Expected a shape of at least %d axes whose last size is known; found %s."
            % (min_rank, shape)
        )
    return sizes[-1]


def tuple_of(count, value):
    """``value`` for each of ``count`` axes, or the ``count`` values that it has."""
    values = tuple(value) if isinstance(value, (list, tuple)) else (value,) * count
    if len(values) != count or min(values) < 1:
        raise ConfigError("Expected one positive integer, or %d; found %r." % (count, value))
    return tuple(int(each) for each in values)


def finished(
    outputs, scope, collections, activation_fn, normalizer_fn=None, normalizer_params=None
):
    """The outputs normalized, activated and collected, as every layer ends."""
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return collect_named_outputs(collections, scope, outputs)
