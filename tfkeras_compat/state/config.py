"""Process-wide numeric settings: float type, fuzz factor, image layout.

They are read once from ``$KERAS_HOME/keras.json`` (``~/.keras/keras.json``), as the original did;
the file is never written.
"""

import json
import os
from typing import Any, Dict

_FLOAT_TYPES = ("float16", "float32", "float64")
_IMAGE_DATA_FORMATS = ("channels_last", "channels_first")
_DIM_ORDERINGS = {"tf": "channels_last", "th": "channels_first"}  # Keras 1's words

_settings: Dict[str, Any] = {
    "floatx": "float32",
    "epsilon": 1e-7,
    "image_data_format": "channels_last",
}


def floatx() -> str:
    """The default float type, as a string: ``'float16'``, ``'float32'`` or ``'float64'``."""
    return _settings["floatx"]


def set_floatx(floatx: str) -> None:
    """Sets the default float type. Raises ValueError for any other than float16, float32,
    float64."""
    if floatx not in _FLOAT_TYPES:
        raise ValueError(
            "Unknown floatx type: %r. Expected one of %s." % (floatx, ", ".join(_FLOAT_TYPES))
        )
    _settings["floatx"] = str(floatx)


def epsilon() -> float:
    """The fuzz factor added where a division or a logarithm would fail; 1e-7 unless set."""
    return _settings["epsilon"]


def set_epsilon(e: Any) -> None:
    """Sets the fuzz factor."""
    _settings["epsilon"] = float(e)


def image_data_format() -> str:
    """``'channels_last'`` or ``'channels_first'``."""
    return _settings["image_data_format"]


def set_image_data_format(data_format: str) -> None:
    """Sets the default image layout. Raises ValueError for an unknown one."""
    _settings["image_data_format"] = normalize_data_format(data_format)


def normalize_data_format(value: Any) -> str:
    """The given layout, or the default for ``None``, checked."""
    if value is None:
        return image_data_format()
    data_format = str(value).lower()
    if data_format not in _IMAGE_DATA_FORMATS:
        raise ValueError(
            "The data_format argument must be one of 'channels_first', 'channels_last'. Received: "
            "%s" % value
        )
    return data_format


def image_dim_ordering() -> str:
    """The image layout in Keras 1's words: ``'tf'`` or ``'th'``."""
    return {layout: word for word, layout in _DIM_ORDERINGS.items()}[image_data_format()]


def set_image_dim_ordering(dim_ordering: str) -> None:
    """Sets the image layout in Keras 1's words. Raises ValueError unless ``'tf'`` or ``'th'``."""
    if dim_ordering not in _DIM_ORDERINGS:
        raise ValueError("Unknown dim_ordering: %r. Expected 'tf' or 'th'." % (dim_ordering,))
    _settings["image_data_format"] = _DIM_ORDERINGS[dim_ordering]


def keras_home() -> str:
    """The folder of the configuration file and of downloads: ``$KERAS_HOME`` or ``~/.keras``."""
    return os.environ.get("KERAS_HOME") or os.path.join(os.path.expanduser("~"), ".keras")


def _read_settings_file() -> None:
    try:
        with open(os.path.join(keras_home(), "keras.json")) as file:
            stored = json.load(file)
    except (OSError, ValueError):
        return  # no file, or one that the original ignored as well
    setters = {
        "floatx": set_floatx,
        "epsilon": set_epsilon,
        "image_data_format": set_image_data_format,
        "image_dim_ordering": set_image_dim_ordering,
    }
    for key, setter in setters.items():
        if key in stored:
            setter(stored[key])


_read_settings_file()
