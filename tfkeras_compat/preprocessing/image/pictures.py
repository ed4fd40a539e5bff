"""Pictures of PIL to and from arrays and files."""

import importlib
import os
import warnings

import numpy as np

from tfkeras_compat.errors import ConfigError, MissingDependencyError, ShapeError
from tfkeras_compat.state.config import floatx, normalize_data_format

# Name of a color mode -> the modes of PIL that are taken as they are, the last by conversion.
_COLOR_MODES = {"grayscale": ("I;16", "I", "L"), "rgba": ("RGBA",), "rgb": ("RGB",)}
# Number of channels -> mode of PIL.
_MODES = {1: "L", 3: "RGB", 4: "RGBA"}
_INTERPOLATIONS = ("nearest", "bilinear", "bicubic", "hamming", "box", "lanczos")


def pillow(part="Image"):
    """A module of PIL. Raises MissingDependencyError without it."""
    try:
        return importlib.import_module("PIL." + part)
    except ImportError as error:
        raise MissingDependencyError(
            "Pictures are read and written by PIL, which is missing. Install Pillow, or the extra "
            "that brings it: pip install 'tfkeras_compat[images]'."
        ) from error


def array_to_img(x, data_format=None, scale=True, dtype=None):
    """A picture of an array.

    Shapes: ``(height, width, channels)``, or channels first, with 1, 3 or 4 channels.

    Args:
        data_format, dtype: the default image layout and float type if not given.
        scale: whether the values are stretched to 0 ... 255.
    Raises: ShapeError for another shape.
    """
    x = np.asarray(x, dtype=dtype or floatx())
    if x.ndim != 3:
        raise ShapeError(
            "Expected image array to have rank 3 (single image). Got array with shape: %s"
            % (x.shape,)
        )
    if normalize_data_format(data_format) == "channels_first":
        x = x.transpose(1, 2, 0)
    channels = x.shape[2]
    if channels not in _MODES:
        raise ShapeError("Unsupported channel number: %d. Expected 1, 3 or 4." % channels)
    x = _stretched(x) if scale else x
    values = x[:, :, 0] if channels == 1 else x
    # Deep grey values need PIL's mode I, which it finds by the type.
    is_deep = channels == 1 and np.max(x) > 255
    return pillow().fromarray(values.astype("int32" if is_deep else "uint8"))


def _stretched(x):
    x = x - np.min(x)
    largest = np.max(x)
    return x / (largest if largest != 0 else 1) * 255


def img_to_array(img, data_format=None, dtype=None):
    """The array of a picture, with its channels.

    Raises: ShapeError for what is no picture.
    """
    is_first = normalize_data_format(data_format) == "channels_first"
    x = np.asarray(img, dtype=dtype or floatx())
    if x.ndim == 2:
        return x[np.newaxis] if is_first else x[..., np.newaxis]
    if x.ndim != 3:
        raise ShapeError("Unsupported image shape: %s" % (x.shape,))
    return x.transpose(2, 0, 1) if is_first else x


def load_img(path, grayscale=False, color_mode="rgb", target_size=None, interpolation="nearest"):
    """The picture in a file.

    Args:
        grayscale: superseded by ``color_mode="grayscale"``.
        color_mode: ``"grayscale"``, ``"rgb"`` or ``"rgba"``: what it is converted to.
        target_size: ``(height, width)`` to resize it to.
        interpolation: of the resizing: nearest, bilinear, bicubic, hamming, box or lanczos.
    Raises: ConfigError for an unknown color mode or interpolation.
    """
    if grayscale is True:
        warnings.warn('grayscale is deprecated. Please use color_mode = "grayscale"')
        color_mode = "grayscale"
    check_color_mode(color_mode)
    with pillow().open(path) as opened:
        modes = _COLOR_MODES[color_mode]
        picture = opened.copy() if opened.mode in modes else opened.convert(modes[-1])
    if target_size is None or picture.size == (target_size[1], target_size[0]):
        return picture
    if interpolation not in _INTERPOLATIONS:
        raise ConfigError(
            "Invalid interpolation method %s specified. Supported methods are %s"
            % (interpolation, ", ".join(_INTERPOLATIONS))
        )
    resample = getattr(pillow(), interpolation.upper())
    return picture.resize((target_size[1], target_size[0]), resample)


def check_color_mode(color_mode):
    """Raises ConfigError for an unknown one."""
    if color_mode not in _COLOR_MODES:
        raise ConfigError(
            'Invalid color mode: %s; expected "rgb", "rgba", or "grayscale".' % (color_mode,)
        )


def save_img(path, x, data_format=None, file_format=None, scale=True, **kwargs):
    """Writes an array as picture; the format is that of the file's name if not given.

    ``kwargs`` go to ``PIL.Image.save``.
    """
    picture = array_to_img(x, data_format=data_format, scale=scale)
    if picture.mode == "RGBA" and file_format in ("jpg", "jpeg"):
        warnings.warn("The JPG format does not support RGBA images, converting to RGB.")
        picture = picture.convert("RGB")
    picture.save(path, format=file_format, **kwargs)


def list_pictures(directory, ext=("jpg", "jpeg", "bmp", "png", "ppm", "tif", "tiff")):
    """The paths of all pictures in a folder and those below it."""
    endings = tuple("." + each for each in ((ext,) if isinstance(ext, str) else ext))
    return [
        os.path.join(base, name)
        for base, _, names in os.walk(directory)
        for name in names
        if name.lower().endswith(endings)
    ]
