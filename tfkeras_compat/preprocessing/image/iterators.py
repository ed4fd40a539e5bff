"""Batches of varied pictures, from arrays and from folders."""

import os
import threading
import warnings
from typing import Any

import numpy as np

from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.preprocessing.image.pictures import (
    array_to_img,
    check_color_mode,
    img_to_array,
    load_img,
)
from tfkeras_compat.state.config import floatx, normalize_data_format
from tfkeras_compat.training.enqueue import Sequence

_CHANNELS = {"rgba": 4, "rgb": 3, "grayscale": 1}


class Iterator(Sequence):
    """The base of endless batches of pictures, which also are a ``Sequence``.

    A subclass defines ``_get_batches_of_transformed_samples(index_array)``.

    Args:
        n: the number of samples.
        batch_size: of all batches but the last of an epoch.
        shuffle: whether each epoch has another order, by ``seed`` if given.
    """

    white_list_formats = ("png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff")
    # Of subclasses:
    save_to_dir: Any = None
    save_prefix = ""
    save_format = "png"
    data_format: Any = None
    image_data_generator: Any = None
    dtype: Any = None

    def __init__(self, n, batch_size, shuffle, seed):
        self.n = n
        self.batch_size = batch_size
        self.seed = seed
        self.shuffle = shuffle
        self.batch_index = 0
        self.total_batches_seen = 0
        self.lock = threading.Lock()
        self.index_array: Any = None
        self.index_generator = self._flow_index()

    def _set_index_array(self):
        self.index_array = np.random.permutation(self.n) if self.shuffle else np.arange(self.n)

    def _begin_batch(self):
        if self.seed is not None:
            np.random.seed(self.seed + self.total_batches_seen)

    def __len__(self):
        return (self.n + self.batch_size - 1) // self.batch_size

    def __getitem__(self, index):
        if index >= len(self):
            raise ConfigError(
                "Asked to retrieve element %d, but the Sequence has length %d" % (index, len(self))
            )
        self._begin_batch()
        self.total_batches_seen += 1
        if self.index_array is None:
            self._set_index_array()
        first = self.batch_size * index
        return self._get_batches_of_transformed_samples(
            self.index_array[first : first + self.batch_size]
        )

    def on_epoch_end(self):
        self._set_index_array()

    def reset(self):
        """The next batch is the first of an epoch."""
        self.batch_index = 0

    def _flow_index(self):
        self.reset()
        while True:
            self._begin_batch()
            if self.batch_index == 0:
                self._set_index_array()
            first = (self.batch_index * self.batch_size) % max(self.n, 1)
            is_last = first + self.batch_size >= self.n
            self.batch_index = 0 if is_last else self.batch_index + 1
            self.total_batches_seen += 1
            yield self.index_array[first : first + self.batch_size]

    def __iter__(self):
        return self

    def __next__(self):
        return self.next()

    def next(self):
        """The next batch; several threads may ask for it."""
        with self.lock:
            index_array = next(self.index_generator)
        return self._get_batches_of_transformed_samples(index_array)

    def _get_batches_of_transformed_samples(self, index_array):
        raise NotImplementedError(
            "%s must define _get_batches_of_transformed_samples." % type(self).__name__
        )

    def _transformed(self, x):
        generator = self.image_data_generator
        if generator is None:
            return x
        return generator.standardize(generator.random_transform(x))

    def _save(self, batch, index_array, largest):
        """Writes a batch as pictures, if that is wanted."""
        if not self.save_to_dir:
            return
        for x, index in zip(batch, index_array):
            name = "%s_%s_%s.%s" % (
                self.save_prefix,
                index,
                np.random.randint(largest),
                self.save_format,
            )
            array_to_img(x, self.data_format).save(os.path.join(self.save_to_dir, name))


class NumpyArrayIterator(Iterator):
    """Batches of the pictures in an array; see ``ImageDataGenerator.flow``.

    Raises: ConfigError for arrays of different lengths, or a split that loses a class; ShapeError
        unless the pictures have four axes.
    """

    def __init__(
        self,
        x,
        y,
        image_data_generator,
        batch_size=32,
        shuffle=False,
        sample_weight=None,
        seed=None,
        data_format=None,
        save_to_dir=None,
        save_prefix="",
        save_format="png",
        subset=None,
        dtype=None,
    ):
        self.dtype = dtype or floatx()
        self.image_data_generator = image_data_generator
        self.data_format = normalize_data_format(data_format)
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format
        x, others = _with_others(x)
        _check_length(x, y, "y` (labels)")
        _check_length(x, sample_weight, "sample_weight`")
        part = _part_of(len(x), y, subset, image_data_generator)
        self.x = np.asarray(x[part], dtype=self.dtype)
        self.x_misc = [other[part] for other in others]
        self.y = None if y is None else np.asarray(y[part])
        self.sample_weight = None if sample_weight is None else np.asarray(sample_weight[part])
        self._check_pictures()
        super().__init__(len(self.x), batch_size, shuffle, seed)

    def _check_pictures(self):
        if self.x.ndim != 4:
            raise ShapeError(
                "Input data in `NumpyArrayIterator` should have rank 4. You passed an array with "
                "shape %s" % (self.x.shape,)
            )
        axis = 3 if self.data_format == "channels_last" else 1
        if self.x.shape[axis] not in (1, 3, 4):
            warnings.warn(
                "Expected pictures with 1, 3 or 4 channels on axis %d, as %r means, but got an "
                "array with shape %s." % (axis, self.data_format, self.x.shape)
            )

    def _get_batches_of_transformed_samples(self, index_array):
        pictures = [self._transformed(self.x[index].astype(self.dtype)) for index in index_array]
        batch = np.array(pictures, dtype=self.dtype).reshape((-1,) + self.x.shape[1:])
        self._save(batch, index_array, 10000)
        x = [batch] + [other[index_array] for other in self.x_misc] if self.x_misc else batch
        if self.y is None:
            return x
        if self.sample_weight is None:
            return x, self.y[index_array]
        return x, self.y[index_array], self.sample_weight[index_array]


def _with_others(x):
    """The pictures, and a list of the arrays that go with them."""
    if not isinstance(x, (tuple, list)):
        return x, []
    x, others = x
    arrays = [np.asarray(other) for other in (others if isinstance(others, list) else [others])]
    for array in arrays:
        if len(array) != len(x):
            raise ConfigError(
                "All of the arrays in `x` should have the same length. Found a pair with: "
                "len(x[0]) = %d, len(x[?]) = %d" % (len(x), len(array))
            )
    return x, arrays


def _check_length(x, other, name):
    if other is not None and len(other) != len(x):
        raise ConfigError(
            "`x` (images tensor) and `%s should have the same length. Found: x.shape = %s, and %s"
            % (name, np.shape(x), np.shape(other))
        )


def _part_of(count, y, subset, generator):
    """The samples of a subset, as a slice."""
    if subset is None:
        return slice(None)
    begin, end = _split(subset, generator)
    at = int(count * generator._validation_split)
    if y is not None and not np.array_equal(np.unique(y[:at]), np.unique(y[at:])):
        raise ConfigError(
            "Training and validation subsets have different number of classes after the split. If "
            "your numpy arrays are sorted by the label, you might want to shuffle them."
        )
    return slice(int(begin * count), int(end * count))


def _split(subset, generator):
    """Where a subset begins and ends, as parts of the data; the validation comes first."""
    at = generator._validation_split if generator else 0.0
    parts = {"validation": (0, at), "training": (at, 1)}
    if subset not in parts:
        raise ConfigError(
            'Invalid subset name: %s; expected "training" or "validation"' % (subset,)
        )
    return parts[subset]


class PictureFiles(Iterator):
    """The base of iterators that read their pictures from files.

    A subclass sets ``filepaths`` and, as its ``class_mode`` needs it, ``classes``,
    ``class_indices``, ``_targets`` and ``_sample_weight``.
    """

    allowed_class_modes: Any = ()
    filepaths: Any = ()
    classes: Any = ()
    class_indices: Any = {}
    _targets: Any = None
    _sample_weight: Any = None

    def _set_up(
        self,
        image_data_generator,
        target_size,
        color_mode,
        class_mode,
        data_format,
        save_to_dir,
        save_prefix,
        save_format,
        subset,
        interpolation,
        dtype,
    ):
        check_color_mode(color_mode)
        if class_mode not in self.allowed_class_modes:
            raise ConfigError(
                "Invalid class_mode: %s; expected one of: %s"
                % (class_mode, self.allowed_class_modes)
            )
        self.image_data_generator = image_data_generator
        self.target_size = tuple(target_size)
        self.color_mode = color_mode
        self.class_mode = class_mode
        self.data_format = normalize_data_format(data_format)
        self.save_to_dir = save_to_dir
        self.save_prefix = save_prefix
        self.save_format = save_format
        self.subset = subset
        self.split = None if subset is None else _split(subset, image_data_generator)
        self.interpolation = interpolation
        self.dtype = dtype or floatx()
        channels = (_CHANNELS[color_mode],)
        is_last = self.data_format == "channels_last"
        self.image_shape = self.target_size + channels if is_last else channels + self.target_size

    def _of_subset(self, things):
        """Those of some pictures that belong to the subset."""
        begin, end = self.split or (0, 1)
        return things[int(begin * len(things)) : int(end * len(things))]

    @property
    def labels(self):
        """The class number of each picture, or its targets."""
        return self.classes if self._targets is None else self._targets

    @property
    def sample_weight(self):
        """The weight of each picture, if there are any."""
        return self._sample_weight

    def _get_batches_of_transformed_samples(self, index_array):
        batch = np.zeros((len(index_array),) + self.image_shape, dtype=self.dtype)
        for place, index in enumerate(index_array):
            batch[place] = self._transformed(self._read(self.filepaths[index]))
        self._save(batch, index_array, 10000000)
        if self.class_mode is None:
            return batch
        targets = _TARGETS[self.class_mode](self, batch, index_array)
        if self.sample_weight is None:
            return batch, targets
        return batch, targets, self.sample_weight[index_array]

    def _read(self, path):
        picture = load_img(
            path,
            color_mode=self.color_mode,
            target_size=self.target_size,
            interpolation=self.interpolation,
        )
        return np.array(img_to_array(picture, self.data_format, self.dtype))

    def _numbers(self, batch, index_array):
        return np.array([self.classes[index] for index in index_array], dtype=self.dtype)

    def _one_hot(self, batch, index_array):
        targets = np.zeros((len(index_array), len(self.class_indices)), dtype=self.dtype)
        for row, index in enumerate(index_array):
            targets[row, self.classes[index]] = 1  # one class, or several
        return targets


# Class mode -> the targets of a batch, from the iterator, the pictures and their places.
_TARGETS: Any = {
    "binary": PictureFiles._numbers,
    "categorical": PictureFiles._one_hot,
    "input": lambda files, batch, index_array: batch.copy(),
    "multi_output": lambda files, _, index_array: [one[index_array] for one in files.labels],
    "raw": lambda files, _, index_array: files.labels[index_array],
    "sparse": PictureFiles._numbers,
}


class DirectoryIterator(PictureFiles):
    """Batches of the pictures in the folders of a folder; see
    ``ImageDataGenerator.flow_from_directory``.

    Attributes:
        filenames: of the pictures, from the folder on.
        classes: the class number of each.
        class_indices: the numbers of the classes, by name.
    Raises: ConfigError for an unknown mode.
    """

    allowed_class_modes = ("categorical", "binary", "sparse", "input", None)

    def __init__(
        self,
        directory,
        image_data_generator,
        target_size=(256, 256),
        color_mode="rgb",
        classes=None,
        class_mode="categorical",
        batch_size=32,
        shuffle=True,
        seed=None,
        data_format=None,
        save_to_dir=None,
        save_prefix="",
        save_format="png",
        follow_links=False,
        subset=None,
        interpolation="nearest",
        dtype=None,
    ):
        self._set_up(
            image_data_generator,
            target_size,
            color_mode,
            class_mode,
            data_format,
            save_to_dir,
            save_prefix,
            save_format,
            subset,
            interpolation,
            dtype,
        )
        self.directory = directory
        self._find_pictures(classes or _folders_in(directory), follow_links)
        super().__init__(self.samples, batch_size, shuffle, seed)

    def _find_pictures(self, classes, follow_links):
        self.num_classes = len(classes)
        self.class_indices = {name: number for number, name in enumerate(classes)}
        found = [
            (number, name)
            for folder, number in self.class_indices.items()
            for name in self._pictures_in(folder, follow_links)
        ]
        self.filenames = [name for _, name in found]
        self.classes = np.array([number for number, _ in found], dtype="int32")
        self.filepaths = [os.path.join(self.directory, name) for name in self.filenames]
        self.samples = len(found)
        print("Found %d images belonging to %d classes." % (self.samples, self.num_classes))

    def _pictures_in(self, folder, follow_links):
        """The pictures of a class that belong to the subset, by name."""
        walked = os.walk(os.path.join(self.directory, folder), followlinks=follow_links)
        return self._of_subset(
            [
                os.path.relpath(os.path.join(base, name), self.directory)
                for base, _, files in sorted(walked, key=lambda each: each[0])
                for name in sorted(files)
                if name.lower().endswith(self.white_list_formats)
            ]
        )


def _folders_in(directory):
    return [
        name
        for name in sorted(os.listdir(directory))
        if os.path.isdir(os.path.join(directory, name))
    ]
