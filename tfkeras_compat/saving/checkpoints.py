"""Weights in checkpoints of TensorFlow, by the names of their variables.

``tf.train.Saver`` keeps values by these names. ``tf.train.Checkpoint``, and so ``save_weights`` of
tf.keras, keeps them by their places among objects, with a description that has the names.
"""

import collections
import os
import re

from tfkeras_compat import _tf
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import CompatError, FileFormatError, MissingFileError, ShapeError

# TensorFlow 2 names a cell in a recurrent layer, and 1.15 did not: lstm/lstm_cell/kernel.
_CELL = re.compile("/(simple_rnn|lstm|gru)_cell(_[0-9]+)?(?=/)")


def is_one(place):
    """Whether a path names a checkpoint: its prefix, one of its files, or a folder of them."""
    if not isinstance(place, (str, os.PathLike)):
        return False
    return bool(tf.gfile.Exists(_prefix(place) + ".index"))


def _prefix(place):
    path = os.fsdecode(place)
    if tf.gfile.IsDirectory(path):
        return tf.train.latest_checkpoint(path) or path
    return path[: -len(".index")] if path.endswith(".index") else path.split(".data-0")[0]


def name_of(variable):
    """The name under which a saver keeps a variable."""
    return _tf.storage_of(variable).op.name


def load_into(model, path):
    """Gives all weights of a model their values in a checkpoint, found by the names that they have
    here. Raises as :func:`load_by_name`."""
    weights = [weight for layer in model.layers for weight in layer.weights]
    load_by_name(path, [(weight, name_of(weight)) for weight in weights])


def load_by_name(path, pairs):
    """Gives weights their values in a checkpoint.

    Args: ``pairs`` are of weights and their names there.
    Raises: MissingFileError if there is none; FileFormatError if it is damaged, or has no variable
    of a name, or several; ShapeError for another shape. Then no weight has changed.
    """
    if not is_one(path):
        raise MissingFileError(
            "There is no checkpoint %s (looked for in %s)." % (path, os.getcwd())
        )
    try:
        reader = tf.train.load_checkpoint(_prefix(path))
        keys = _keys(reader)
        _check(path, pairs, keys, reader.get_variable_to_shape_map())
        values = [reader.get_tensor(keys[name][0]) for _, name in pairs]
    except CompatError:
        raise
    except (tf.errors.OpError, _tf.DecodeError, IndexError, RuntimeError, ValueError) as error:
        raise FileFormatError("The checkpoint %s is damaged: %s" % (path, error)) from error
    K.batch_set_value(list(zip([weight for weight, _ in pairs], values)))


def _keys(reader):
    """By the name of each variable: the keys of its value. Two have one name in a checkpoint of
    several models."""
    shapes = reader.get_variable_to_shape_map()
    keys = {key: [key] for key in shapes}
    if _tf.OBJECT_GRAPH_KEY not in shapes:
        return keys
    graph = _tf.TrackableObjectGraph.FromString(reader.get_tensor(_tf.OBJECT_GRAPH_KEY))
    found = collections.defaultdict(set)
    for each in [attribute for node in graph.nodes for attribute in node.attributes]:
        if each.checkpoint_key in shapes:
            found[each.full_name].add(each.checkpoint_key)
    named = {name: sorted(places) for name, places in found.items()}
    keys.update((_CELL.sub("", name), places) for name, places in named.items())
    keys.update(named)
    return keys


def _check(path, pairs, keys, shapes):
    missing = sorted(name for _, name in pairs if name not in keys)
    if missing:
        raise FileFormatError(_without(path, missing, keys))
    for weight, name in pairs:
        if len(keys[name]) > 1:
            raise FileFormatError(
                "The checkpoint %s has several variables of the name %s: %s. Give the layers of "
                "the models different names where it is written, or use save_weights of each model."
                % (path, name, _some(keys[name]))
            )
        expected, found = K.int_shape(weight), tuple(shapes[keys[name][0]])
        if expected != found:
            raise ShapeError(
                "The checkpoint %s has the shape %s for %s, and the model expects %s."
                % (path, found, name, expected)
            )


def _without(path, missing, keys):
    names = [name for name in keys if name != _tf.OBJECT_GRAPH_KEY and "/." not in name]
    return (
        "The checkpoint %s has no variables %s. It has: %s. Names follow the generation of Keras "
        "that wrote it, and the names of the layers. Or load it where it was written, and there "
        "use save_weights('weights.h5')."
        % (path, _some(missing), _some(sorted(names, key=_of_optimizer)))
    )


def _of_optimizer(name):
    """Sorts what has the names of an optimizer's variables last."""
    return name.startswith(("Variable", "training/")), name


def _some(names):
    return ", ".join(names[:8]) + (" and %d more" % (len(names) - 8) if len(names) > 8 else "")
