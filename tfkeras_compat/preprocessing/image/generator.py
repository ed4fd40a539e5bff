"""``ImageDataGenerator``: pictures varied at random and normalized, in batches."""

import warnings
from typing import Any

import numpy as np

from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.preprocessing.image.frames import DataFrameIterator
from tfkeras_compat.preprocessing.image.iterators import DirectoryIterator, NumpyArrayIterator
from tfkeras_compat.preprocessing.image.transforms import (
    apply_affine_transform,
    apply_brightness_shift,
    apply_channel_shift,
    flip_axis,
    scipy,
)
from tfkeras_compat.state.config import floatx, normalize_data_format

# Setting -> the one that it can not go without.
_NEEDS = {
    "zca_whitening": "featurewise_center",
    "featurewise_std_normalization": "featurewise_center",
    "samplewise_std_normalization": "samplewise_center",
}
_NOT_FITTED = (
    "This ImageDataGenerator specifies `%s`, but it hasn't been fit on any training data. Fit it "
    "first by calling `.fit(numpy_data)`."
)
_GEOMETRY = {"theta": 0, "tx": 0, "ty": 0, "shear": 0, "zx": 1, "zy": 1}


class ImageDataGenerator:
    """Varies pictures at random, normalizes them, and makes batches of them.

    Args:
        featurewise_center, featurewise_std_normalization: whether each channel gets mean 0 and
            deviation 1 over the data that :meth:`fit` saw.
        samplewise_center, samplewise_std_normalization: the same within each picture.
        zca_whitening: whether pixels are decorrelated, with ``zca_epsilon``; needs :meth:`fit`.
        rotation_range: in degrees.
        width_shift_range, height_shift_range: a part of the size if below 1, else pixels; an int
            or a list is a choice of pixels.
        brightness_range: two factors.
        shear_range: in degrees.
        zoom_range: two factors, or how far they are from 1.
        channel_shift_range: what may be added to all values.
        fill_mode, cval: what comes in from outside, see ``apply_affine_transform``.
        horizontal_flip, vertical_flip: whether half of the pictures are mirrored.
        rescale: a factor for all values, after the variation.
        preprocessing_function: of one picture, before that.
        data_format, dtype: the default image layout and float type if not given.
        validation_split: the part of the data that is ``subset="validation"``.
    Raises: ConfigError for ranges that make no sense.

    >>> import numpy as np
    >>> batches = ImageDataGenerator(rescale=0.5).flow(np.ones((4, 2, 2, 1)), batch_size=3)
    >>> next(batches).ravel().tolist()[:2], len(batches)
    ([0.5, 0.5], 2)
    """

    def __init__(
        self,
        featurewise_center=False,
        samplewise_center=False,
        featurewise_std_normalization=False,
        samplewise_std_normalization=False,
        zca_whitening=False,
        zca_epsilon=1e-6,
        rotation_range=0,
        width_shift_range=0.0,
        height_shift_range=0.0,
        brightness_range=None,
        shear_range=0.0,
        zoom_range=0.0,
        channel_shift_range=0.0,
        fill_mode="nearest",
        cval=0.0,
        horizontal_flip=False,
        vertical_flip=False,
        rescale=None,
        preprocessing_function=None,
        data_format=None,
        validation_split=0.0,
        dtype=None,
    ):
        self.featurewise_center = featurewise_center
        self.samplewise_center = samplewise_center
        self.featurewise_std_normalization = featurewise_std_normalization
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening = zca_whitening
        self.zca_epsilon = zca_epsilon
        self.rotation_range = rotation_range
        self.width_shift_range = width_shift_range
        self.height_shift_range = height_shift_range
        self.brightness_range = brightness_range
        self.shear_range = shear_range
        self.zoom_range = _zoom_range(zoom_range)
        self.channel_shift_range = channel_shift_range
        self.fill_mode = fill_mode
        self.cval = cval
        self.horizontal_flip = horizontal_flip
        self.vertical_flip = vertical_flip
        self.rescale = rescale
        self.preprocessing_function = preprocessing_function
        self.data_format = normalize_data_format(data_format)
        self.dtype = dtype or floatx()
        self._validation_split = validation_split
        self.mean: Any = None
        self.std: Any = None
        self.principal_components: Any = None
        is_first = self.data_format == "channels_first"
        self.channel_axis, self.row_axis, self.col_axis = (1, 2, 3) if is_first else (3, 1, 2)
        self._check_ranges()
        self._settle_normalization()

    def _check_ranges(self):
        if self._validation_split and not 0 < self._validation_split < 1:
            raise ConfigError(
                "`validation_split` must be strictly between 0 and 1. Received: %s"
                % (self._validation_split,)
            )
        pair = self.brightness_range
        if pair is not None and (not isinstance(pair, (tuple, list)) or len(pair) != 2):
            raise ConfigError(
                "`brightness_range` should be tuple or list of two floats. Received: %s" % (pair,)
            )

    def _settle_normalization(self):
        if self.zca_whitening and self.featurewise_std_normalization:
            self.featurewise_std_normalization = False
            warnings.warn(
                "This ImageDataGenerator specifies `zca_whitening` which overrides setting of "
                "`featurewise_std_normalization`."
            )
        for name, needed in _NEEDS.items():
            if getattr(self, name) and not getattr(self, needed):
                setattr(self, needed, True)
                warnings.warn(
                    "This ImageDataGenerator specifies `%s`, which overrides setting of `%s`."
                    % (name, needed)
                )

    # ---- batches --------------------------------------------------------------------------------

    def flow(
        self,
        x,
        y=None,
        batch_size=32,
        shuffle=True,
        sample_weight=None,
        seed=None,
        save_to_dir=None,
        save_prefix="",
        save_format="png",
        subset=None,
    ):
        """Batches of the pictures in an array, without end: a :class:`NumpyArrayIterator`.

        ``x`` may be a pair of that array and other arrays, which go with the pictures unchanged.
        ``save_to_dir`` is where the varied pictures are written, to look at.
        """
        return NumpyArrayIterator(
            x,
            y,
            self,
            batch_size=batch_size,
            shuffle=shuffle,
            sample_weight=sample_weight,
            seed=seed,
            data_format=self.data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            subset=subset,
            dtype=self.dtype,
        )

    def flow_from_directory(
        self,
        directory,
        target_size=(256, 256),
        color_mode="rgb",
        classes=None,
        class_mode="categorical",
        batch_size=32,
        shuffle=True,
        seed=None,
        save_to_dir=None,
        save_prefix="",
        save_format="png",
        follow_links=False,
        subset=None,
        interpolation="nearest",
    ):
        """Batches of the pictures in the folders of a folder, each a class, without end: a
        :class:`DirectoryIterator`.

        ``class_mode`` says what the targets are: ``"categorical"``, ``"binary"``, ``"sparse"``,
        ``"input"`` for the pictures themselves, ``None`` for nothing.
        """
        return DirectoryIterator(
            directory,
            self,
            target_size=target_size,
            color_mode=color_mode,
            classes=classes,
            class_mode=class_mode,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            data_format=self.data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            follow_links=follow_links,
            subset=subset,
            interpolation=interpolation,
            dtype=self.dtype,
        )

    def flow_from_dataframe(
        self,
        dataframe,
        directory=None,
        x_col="filename",
        y_col="class",
        weight_col=None,
        target_size=(256, 256),
        color_mode="rgb",
        classes=None,
        class_mode="categorical",
        batch_size=32,
        shuffle=True,
        seed=None,
        save_to_dir=None,
        save_prefix="",
        save_format="png",
        subset=None,
        interpolation="nearest",
        validate_filenames=True,
        **kwargs,
    ):
        """Batches of the pictures that a data frame of pandas names, without end: a
        :class:`DataFrameIterator`, which says what the arguments are.

        Those of older versions (``has_ext``, ``sort``, ``drop_duplicates``) have no effect.
        """
        for name in kwargs:
            warnings.warn(
                "The argument `%s` of `flow_from_dataframe` has no effect: file names are taken as "
                "they stand in the data frame, in its order." % name,
                DeprecationWarning,
                stacklevel=2,
            )
        return DataFrameIterator(
            dataframe,
            directory,
            self,
            x_col=x_col,
            y_col=y_col,
            weight_col=weight_col,
            target_size=target_size,
            color_mode=color_mode,
            classes=classes,
            class_mode="raw" if class_mode == "other" else class_mode,
            batch_size=batch_size,
            shuffle=shuffle,
            seed=seed,
            data_format=self.data_format,
            save_to_dir=save_to_dir,
            save_prefix=save_prefix,
            save_format=save_format,
            subset=subset,
            interpolation=interpolation,
            dtype=self.dtype,
            validate_filenames=validate_filenames,
        )

    # ---- variation ------------------------------------------------------------------------------

    def get_random_transform(self, img_shape, seed=None):
        """Random parameters for :meth:`apply_transform`: a dictionary."""
        if seed is not None:
            np.random.seed(seed)
        # The order of the draws is the original's: a seed gives the same pictures.
        drawn = {"theta": _within(self.rotation_range)}
        drawn["tx"] = _shift(self.height_shift_range, img_shape[self.row_axis - 1])
        drawn["ty"] = _shift(self.width_shift_range, img_shape[self.col_axis - 1])
        drawn["shear"] = _within(self.shear_range)
        drawn["zx"], drawn["zy"] = _zoom(self.zoom_range)
        drawn["flip_horizontal"] = (np.random.random() < 0.5) * self.horizontal_flip
        drawn["flip_vertical"] = (np.random.random() < 0.5) * self.vertical_flip
        drawn["channel_shift_intensity"] = _within(self.channel_shift_range) or None
        pair = self.brightness_range
        drawn["brightness"] = None if pair is None else np.random.uniform(pair[0], pair[1])
        return drawn

    def apply_transform(self, x, transform_parameters):
        """One picture, transformed; parameters that are missing change nothing."""
        given = transform_parameters
        rows, columns, channels = self.row_axis - 1, self.col_axis - 1, self.channel_axis - 1
        x = apply_affine_transform(
            x,
            row_axis=rows,
            col_axis=columns,
            channel_axis=channels,
            fill_mode=self.fill_mode,
            cval=self.cval,
            **{name: given.get(name, neutral) for name, neutral in _GEOMETRY.items()},
        )
        if given.get("channel_shift_intensity") is not None:
            x = apply_channel_shift(x, given["channel_shift_intensity"], channels)
        for name, axis in (("flip_horizontal", columns), ("flip_vertical", rows)):
            x = flip_axis(x, axis) if given.get(name) else x
        if given.get("brightness") is not None:
            x = apply_brightness_shift(x, given["brightness"])
        return x

    def random_transform(self, x, seed=None):
        """One picture, transformed at random."""
        return self.apply_transform(x, self.get_random_transform(x.shape, seed))

    # ---- normalization --------------------------------------------------------------------------

    def standardize(self, x):
        """One picture or a batch, normalized; the array itself is changed where that can be."""
        if self.preprocessing_function:
            x = self.preprocessing_function(x)
        if self.rescale:
            x *= self.rescale
        if self.samplewise_center:
            x -= np.mean(x, keepdims=True)
        if self.samplewise_std_normalization:
            x /= np.std(x, keepdims=True) + 1e-6
        if self._is_fitted("featurewise_center", self.mean):
            x -= self.mean
        if self._is_fitted("featurewise_std_normalization", self.std):
            x /= self.std + 1e-6
        if self._is_fitted("zca_whitening", self.principal_components):
            flat = np.reshape(x, (-1, np.prod(x.shape[-3:])))
            x = np.reshape(np.dot(flat, self.principal_components), x.shape)
        return x

    def _is_fitted(self, setting, statistics):
        if getattr(self, setting) and statistics is None:
            warnings.warn(_NOT_FITTED % setting)
        return getattr(self, setting) and statistics is not None

    def fit(self, x, augment=False, rounds=1, seed=None):
        """Learns the statistics of data that normalization needs.

        Args:
            x: array of pictures.
            augment: whether they are varied first, ``rounds`` times each.
            seed: of that.
        Raises: ShapeError unless the array has four axes.
        """
        x = np.array(x, dtype=self.dtype)
        if x.ndim != 4:
            raise ShapeError(
                "Input to `.fit()` should have rank 4. Got array with shape: %s" % (x.shape,)
            )
        if x.shape[self.channel_axis] not in (1, 3, 4):
            warnings.warn(
                "Expected pictures with 1, 3 or 4 channels on axis %d, as %r means, but got an "
                "array with shape %s." % (self.channel_axis, self.data_format, x.shape)
            )
        if seed is not None:
            np.random.seed(seed)
        if self.rescale:
            x *= self.rescale
        if augment:
            varied = [self.random_transform(picture) for _ in range(rounds) for picture in x]
            x = np.array(varied, dtype=self.dtype)
        axes = (0, self.row_axis, self.col_axis)
        if self.featurewise_center:
            self.mean = np.mean(x, axis=axes, keepdims=True)[0]
            x -= self.mean
        if self.featurewise_std_normalization:
            self.std = np.std(x, axis=axes, keepdims=True)[0]
            x /= self.std + 1e-6
        if self.zca_whitening:
            self.principal_components = self._whitening(x.reshape((len(x), -1)))

    def _whitening(self, flat):
        covariance = np.dot(flat.T, flat) / flat.shape[0]
        vectors, variances, _ = scipy("linalg").svd(covariance)
        scaled = vectors * (1.0 / np.sqrt(variances[np.newaxis] + self.zca_epsilon))
        return scaled.dot(vectors.T)


def _zoom_range(given):
    if isinstance(given, (float, int)):
        return [1 - given, 1 + given]
    if len(given) == 2 and all(isinstance(factor, (float, int)) for factor in given):
        return list(given)
    raise ConfigError(
        "`zoom_range` should be a float or a tuple or list of two floats. Received: %s" % (given,)
    )


def _zoom(pair):
    if pair[0] == 1 and pair[1] == 1:
        return 1, 1
    return np.random.uniform(pair[0], pair[1], 2)


def _within(limit):
    return np.random.uniform(-limit, limit) if limit else 0


def _shift(given, size):
    if not np.any(given):
        return 0
    try:
        shift = np.random.choice(given) * np.random.choice([-1, 1])  # of a list, or below an int
    except ValueError:
        shift = np.random.uniform(-given, given)
    return shift * size if np.max(given) < 1 else shift
