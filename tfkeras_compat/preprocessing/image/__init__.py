"""Pictures made into arrays, and arrays of pictures varied at random."""

from tfkeras_compat.preprocessing.image.frames import DataFrameIterator
from tfkeras_compat.preprocessing.image.generator import ImageDataGenerator
from tfkeras_compat.preprocessing.image.iterators import (
    DirectoryIterator,
    Iterator,
    NumpyArrayIterator,
)
from tfkeras_compat.preprocessing.image.pictures import (
    array_to_img,
    img_to_array,
    list_pictures,
    load_img,
    save_img,
)
from tfkeras_compat.preprocessing.image.transforms import (
    apply_affine_transform,
    apply_brightness_shift,
    apply_channel_shift,
    flip_axis,
    random_brightness,
    random_channel_shift,
    random_rotation,
    random_shear,
    random_shift,
    random_zoom,
)

__all__ = [
    "DataFrameIterator",
    "DirectoryIterator",
    "ImageDataGenerator",
    "Iterator",
    "NumpyArrayIterator",
    "apply_affine_transform",
    "apply_brightness_shift",
    "apply_channel_shift",
    "array_to_img",
    "flip_axis",
    "img_to_array",
    "list_pictures",
    "load_img",
    "random_brightness",
    "random_channel_shift",
    "random_rotation",
    "random_shear",
    "random_shift",
    "random_zoom",
    "save_img",
]
