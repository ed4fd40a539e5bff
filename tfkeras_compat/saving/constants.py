"""Constants of graphs of unknown origin: TensorFlow 1.15 ends the process when it computes with one
ahead of time whose bytes are not those of its type and shape."""

import re

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import FileFormatError

_WITHOUT_VALUES = (tf.resource, tf.variant)  # no program writes constants of them
_MOST_AXES = 254


def check(nodes, name):
    """Raises FileFormatError for a constant whose values are not whole.

    Args: ``name`` is that of the graph, for the message.
    """
    for node in nodes:
        if node.op == "Const" and not _is_whole(node.attr["value"].tensor):
            raise FileFormatError(
                "%s is damaged: the bytes of the constant %s are not those of its type and shape."
                % (name, node.name)
            )


def _is_whole(tensor):
    sizes, content = [axis.size for axis in tensor.tensor_shape.dim], tensor.tensor_content
    try:
        dtype = tf.as_dtype(tensor.dtype)
    except TypeError:  # there is no such type
        return False
    if dtype in _WITHOUT_VALUES or len(sizes) > _MOST_AXES or min(sizes, default=0) < 0:
        return False
    count = 1
    for size in sizes:
        count *= size
    if not content or not count:
        return count < 2**63
    if dtype == tf.string:
        return _holds_texts(content, count)
    return len(content) == count * dtype.size


_LENGTH = re.compile(b"[\x80-\xff]{0,4}[\x00-\x7f]")  # seven bits a byte, the lowest first


def _holds_texts(content, count):
    """Whether bytes are the lengths of so many texts, and the texts."""
    total, place = 0, 0
    for _ in range(count):
        found = _LENGTH.match(content, place)
        if found is None:
            return False
        total += sum((byte & 127) << 7 * index for index, byte in enumerate(found.group()))
        place = found.end()
    return total == len(content) - place
