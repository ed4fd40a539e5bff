"""Turning, moving, shearing, zooming and colouring the array of one picture."""

import importlib

import numpy as np

from tfkeras_compat.errors import ConfigError, MissingDependencyError
from tfkeras_compat.preprocessing.image.pictures import array_to_img, img_to_array, pillow


def scipy(part):
    """A module of SciPy. Raises MissingDependencyError without it."""
    try:
        return importlib.import_module("scipy." + part)
    except ImportError as error:
        raise MissingDependencyError(
            "Transforming pictures needs SciPy, which is missing. Install scipy, or the extra that "
            "brings it: pip install 'tfkeras_compat[images]'."
        ) from error


def flip_axis(x, axis):
    """The array with an axis reversed."""
    return np.flip(np.asarray(x), axis)


# ---- geometry -----------------------------------------------------------------------------------


def apply_affine_transform(
    x,
    theta=0,
    tx=0,
    ty=0,
    shear=0,
    zx=1,
    zy=1,
    row_axis=0,
    col_axis=1,
    channel_axis=2,
    fill_mode="nearest",
    cval=0.0,
    order=1,
):
    """A picture turned, moved, sheared and zoomed about its centre.

    Args:
        x: array of one picture, with three axes in any order.
        theta, shear: angles in degrees.
        tx, ty: in pixels, along the rows' axis and the columns'.
        zx, zy: factors; above 1 the picture gets smaller.
        fill_mode: what lies outside: ``"constant"``, ``"nearest"``, ``"reflect"``, ``"wrap"``.
        cval: the constant.
        order: of the spline that interpolates.
    """
    matrix = _matrix(theta, tx, ty, shear, zx, zy)
    if matrix is None:
        return x
    matrix = transform_matrix_offset_center(matrix, x.shape[row_axis], x.shape[col_axis])
    transform = scipy("ndimage").affine_transform
    channels = [
        transform(channel, matrix[:2, :2], matrix[:2, 2], order=order, mode=fill_mode, cval=cval)
        for channel in np.moveaxis(x, channel_axis, 0)
    ]
    return np.stack(channels, axis=channel_axis)


def _matrix(theta, tx, ty, shear, zx, zy):
    """The product of the transforms that change anything, or ``None``."""
    turn, slant = np.deg2rad(theta), np.deg2rad(shear)
    steps = [
        (theta != 0, [[np.cos(turn), -np.sin(turn), 0], [np.sin(turn), np.cos(turn), 0]]),
        (tx != 0 or ty != 0, [[1, 0, tx], [0, 1, ty]]),
        (shear != 0, [[1, -np.sin(slant), 0], [0, np.cos(slant), 0]]),
        (zx != 1 or zy != 1, [[zx, 0, 0], [0, zy, 0]]),
    ]
    product = None
    for changes, rows in steps:
        if changes:
            step = np.array(rows + [[0, 0, 1]])
            product = step if product is None else np.dot(product, step)
    return product


def transform_matrix_offset_center(matrix, x, y):
    """The transform about the centre of a picture of ``x`` rows and ``y`` columns."""
    row, column = float(x) / 2 + 0.5, float(y) / 2 + 0.5
    there = np.array([[1, 0, row], [0, 1, column], [0, 0, 1]])
    back = np.array([[1, 0, -row], [0, 1, -column], [0, 0, 1]])
    return np.dot(np.dot(there, matrix), back)


# As in the originals, the random functions name the axes of rows and columns, but the centre that
# the picture is transformed about comes from its first two axes.


def random_rotation(
    x,
    rg,
    row_axis=1,
    col_axis=2,
    channel_axis=0,
    fill_mode="nearest",
    cval=0.0,
    interpolation_order=1,
):
    """A picture turned by up to ``rg`` degrees either way."""
    theta = np.random.uniform(-rg, rg)
    return apply_affine_transform(
        x,
        theta=theta,
        channel_axis=channel_axis,
        fill_mode=fill_mode,
        cval=cval,
        order=interpolation_order,
    )


def random_shift(
    x,
    wrg,
    hrg,
    row_axis=1,
    col_axis=2,
    channel_axis=0,
    fill_mode="nearest",
    cval=0.0,
    interpolation_order=1,
):
    """A picture moved by up to the parts ``wrg`` of its width and ``hrg`` of its height."""
    tx = np.random.uniform(-hrg, hrg) * x.shape[row_axis]
    ty = np.random.uniform(-wrg, wrg) * x.shape[col_axis]
    return apply_affine_transform(
        x,
        tx=tx,
        ty=ty,
        channel_axis=channel_axis,
        fill_mode=fill_mode,
        cval=cval,
        order=interpolation_order,
    )


def random_shear(
    x,
    intensity,
    row_axis=1,
    col_axis=2,
    channel_axis=0,
    fill_mode="nearest",
    cval=0.0,
    interpolation_order=1,
):
    """A picture sheared by up to ``intensity`` degrees either way."""
    shear = np.random.uniform(-intensity, intensity)
    return apply_affine_transform(
        x,
        shear=shear,
        channel_axis=channel_axis,
        fill_mode=fill_mode,
        cval=cval,
        order=interpolation_order,
    )


def random_zoom(
    x,
    zoom_range,
    row_axis=1,
    col_axis=2,
    channel_axis=0,
    fill_mode="nearest",
    cval=0.0,
    interpolation_order=1,
):
    """A picture zoomed in both directions by factors between the two of ``zoom_range``."""
    zx, zy = _zoom_factors(_checked_pair(zoom_range, "zoom_range"))
    return apply_affine_transform(
        x,
        zx=zx,
        zy=zy,
        channel_axis=channel_axis,
        fill_mode=fill_mode,
        cval=cval,
        order=interpolation_order,
    )


def _zoom_factors(zoom_range):
    if zoom_range[0] == 1 and zoom_range[1] == 1:
        return 1, 1
    return np.random.uniform(zoom_range[0], zoom_range[1], 2)


def _checked_pair(values, name):
    if not isinstance(values, (tuple, list)) or len(values) != 2:
        raise ConfigError(
            "`%s` should be a tuple or list of two floats. Received: %s" % (name, values)
        )
    return values


# ---- colours ------------------------------------------------------------------------------------


def apply_channel_shift(x, intensity, channel_axis=0):
    """A picture with ``intensity`` added, within the limits of its values."""
    return np.clip(x + intensity, np.min(x), np.max(x))


def random_channel_shift(x, intensity_range, channel_axis=0):
    """A picture with a number up to ``intensity_range`` added or taken away."""
    intensity = np.random.uniform(-intensity_range, intensity_range)
    return apply_channel_shift(x, intensity, channel_axis)


def apply_brightness_shift(x, brightness):
    """A picture made darker (below 1) or brighter; its values are stretched to 0 ... 255."""
    enhancer = pillow("ImageEnhance").Brightness(array_to_img(x))
    return img_to_array(enhancer.enhance(brightness))


def random_brightness(x, brightness_range):
    """A picture with a brightness between the two of ``brightness_range``."""
    low, high = _checked_pair(brightness_range, "brightness_range")
    return apply_brightness_shift(x, np.random.uniform(low, high))
