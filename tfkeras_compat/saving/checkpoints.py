"""Weights in checkpoints of TensorFlow, by the names of their variables."""

import os

from tfkeras_compat import _tf
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import CompatError, FileFormatError, MissingFileError, ShapeError

_OF_OBJECTS = "_CHECKPOINTABLE_OBJECT_GRAPH"


def is_one(place):
    """Whether a path names a checkpoint: its prefix, one of its files, or a folder of them."""
    if not isinstance(place, (str, os.PathLike)):
        return False
    path = _prefix(place)
    return bool(tf.gfile.Exists(path + ".index"))


def _prefix(place):
    path = os.fsdecode(place)
    if tf.gfile.IsDirectory(path):
        return tf.train.latest_checkpoint(path) or path
    return path[: -len(".index")] if path.endswith(".index") else path.split(".data-0")[0]


def name_of(variable):
    """The name under which a saver keeps a variable."""
    return _tf.storage_of(variable).op.name


def load_by_name(path, pairs):
    """Gives weights their values in a checkpoint.

    Args: ``pairs`` are of weights and their names there.
    Raises: MissingFileError if there is none; FileFormatError if it is damaged, or has no variable
    of a name; ShapeError for another shape. Then no weight has changed.
    """
    if not is_one(path):
        raise MissingFileError(
            "There is no checkpoint %s (looked for in %s)." % (path, os.getcwd())
        )
    try:
        reader = tf.train.load_checkpoint(_prefix(path))
        _check(path, pairs, reader.get_variable_to_shape_map())
        values = [reader.get_tensor(name) for _, name in pairs]
    except CompatError:
        raise
    except (tf.errors.OpError, IndexError, RuntimeError, ValueError) as error:
        raise FileFormatError("The checkpoint %s is damaged: %s" % (path, error)) from error
    K.batch_set_value(list(zip([weight for weight, _ in pairs], values)))


def _check(path, pairs, shapes):
    missing = sorted(name for _, name in pairs if name not in shapes)
    if missing:
        raise FileFormatError(_without(path, missing, shapes))
    for weight, name in pairs:
        expected, found = K.int_shape(weight), tuple(shapes[name])
        if expected != found:
            raise ShapeError(
                "The checkpoint %s has the shape %s for %s, and the model expects %s."
                % (path, found, name, expected)
            )


def _without(path, missing, shapes):
    if _OF_OBJECTS in shapes:
        return (
            "The checkpoint %s was written by save_weights of tf.keras, by objects and not by "
            "names. Load it where it was written, and there use save_weights('weights.h5')." % path
        )
    return (
        "The checkpoint %s has no variables %s. It has: %s. Names follow the generation of Keras "
        "that wrote it, and the names of the layers."
        % (path, _some(missing), _some(sorted(shapes, key=_of_optimizer)))
    )


def _of_optimizer(name):
    """Sorts what has the names of an optimizer's variables last."""
    return name.startswith(("Variable", "training/")), name


def _some(names):
    return ", ".join(names[:8]) + (" and %d more" % (len(names) - 8) if len(names) > 8 else "")
