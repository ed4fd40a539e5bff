"""The order of the axes of images, which configurations of Keras 1 may leave open.

Layers of padding, cropping and repetition never wrote it down: it was that of the process, when a
model was saved and again when it was loaded.
"""

import contextlib
import copy
from typing import Any, Iterator, List, Set

from tfkeras_compat.errors import ConfigError, FileFormatError, ShapeError, UnsafeConfigError
from tfkeras_compat.legacy import keras_1
from tfkeras_compat.saving.keras_1 import is_keras_1
from tfkeras_compat.state.config import image_data_format, set_image_data_format

_ORDER = "dim_ordering"


def filled_in(entry: Any) -> Any:
    """A configuration of Keras 1 in which the layers that leave the order open have that of the
    others, if there is one that all those have."""
    said = _said(entry)
    if len(said) != 1:
        return entry
    (order,), filled = said, copy.deepcopy(entry)
    for each in _entries(filled):
        each["config"][_ORDER] = order
    return filled


def left_open(entry: Any) -> List[str]:
    """The names of the layers whose order a configuration neither says nor implies; none in those
    of other Keras."""
    version = entry.get("keras_version") if isinstance(entry, dict) else None
    if not is_keras_1(version) or len(_said(entry)) == 1:
        return []
    silent = (each["config"] for each in _entries(entry) if not each["config"].get(_ORDER))
    return [str(config.get("name")) for config in silent]


def _said(entry: Any) -> Set[str]:
    return {str(each["config"][_ORDER]) for each in _entries(entry) if each["config"].get(_ORDER)}


def _entries(value: Any) -> Iterator[Any]:
    """The entries of all layers with such an order, wherever they are in a configuration."""
    pending = [value]
    for each in pending:  # which grows
        if isinstance(each, dict) and _has_order(each):
            yield each
        if isinstance(each, (dict, list)):
            pending += each.values() if isinstance(each, dict) else each


def _has_order(entry: Any) -> bool:
    name = str(entry.get("class_name"))
    arguments = keras_1.ORDERS.get(keras_1.CLASSES.get(name, name), ())
    return _ORDER in arguments and isinstance(entry.get("config"), dict)


# ---- from outside -------------------------------------------------------------------------------


@contextlib.contextmanager
def assumed(data_format: Any) -> Iterator[None]:
    """Takes what is left open as ``data_format``; ``None`` for the setting of the process."""
    before = image_data_format()
    set_image_data_format(data_format or before)
    try:
        yield
    finally:
        set_image_data_format(before)


@contextlib.contextmanager
def explained(entry: Any) -> Iterator[None]:
    """Lets an error say that it may come from the order, where a configuration leaves it open."""
    try:
        yield
    except UnsafeConfigError:
        raise
    except (ConfigError, FileFormatError, ShapeError) as error:
        names = left_open(entry)
        if not names:
            raise
        raise type(error)("%s %s" % (error, advice(names))) from error


def advice(names: List[str]) -> str:
    """What there is to say of layers whose order is left open."""
    return (
        "How the axes of images are ordered for %s is not said there, and %s was taken. If that "
        "is wrong, convert with --data-format, or call set_image_data_format before you load it."
        % (", ".join(names[:3]) + (" ..." if names[3:] else ""), image_data_format())
    )
