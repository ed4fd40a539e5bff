"""Batches of the pictures that a data frame of pandas names."""

import os
import warnings

import numpy as np

from tfkeras_compat.errors import ConfigError, KindError
from tfkeras_compat.preprocessing.image.iterators import PictureFiles

_MODES_WITHOUT_CLASSES = ("input", "multi_output", "raw", None)
# Class mode -> the kinds of labels it takes.
_LABELS = {"binary": (str,), "sparse": (str,), "categorical": (str, list, tuple)}


class DataFrameIterator(PictureFiles):
    """Batches of the pictures that a data frame of pandas names, one in each row.

    Args:
        directory: where the file names begin; paths of their own if not given.
        x_col: the column of file names.
        y_col: the column of labels (texts, or lists of them for ``"categorical"``), or of targets;
            a list of columns for ``"multi_output"``, and for ``"raw"`` if wanted.
        weight_col: the column of sample weights, if any.
        classes: the labels to take; rows with others are left out. All if not given.
        class_mode: what the targets are: ``"categorical"``, ``"binary"`` or ``"sparse"`` by class,
            ``"raw"`` and ``"multi_output"`` as they stand in the frame, ``"input"`` for the
            pictures themselves, ``None`` for nothing.
        subset: ``"training"`` or ``"validation"``, as the generator splits.
        validate_filenames: whether rows without a file of a known kind are left out, with a
            warning.
    Classes are numbered in alphabetic order.

    Raises: ConfigError for an unknown mode, or other than two classes for ``"binary"``; KindError
        for values in a column that the mode does not take.
    """

    allowed_class_modes = ("binary", "categorical", "input", "multi_output", "raw", "sparse", None)

    def __init__(
        self,
        dataframe,
        directory=None,
        image_data_generator=None,
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
        data_format="channels_last",
        save_to_dir=None,
        save_prefix="",
        save_format="png",
        subset=None,
        interpolation="nearest",
        dtype="float32",
        validate_filenames=True,
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
        self.directory = directory or ""
        _check_columns(dataframe, class_mode, x_col, y_col, weight_col)
        if validate_filenames:
            dataframe = dataframe[self._is_readable(dataframe[x_col], x_col)]
        if class_mode in _MODES_WITHOUT_CLASSES:
            if classes:
                warnings.warn("`classes` will be ignored given the class_mode=%r" % (class_mode,))
        else:
            dataframe = self._with_classes(dataframe, y_col, classes)
        frame = dataframe.iloc[self._of_subset(np.arange(len(dataframe)))]
        self._take(frame, x_col, y_col, weight_col)
        self._tell("validated" if validate_filenames else "non-validated")
        super().__init__(self.samples, batch_size, shuffle, seed)

    def _is_readable(self, names, x_col):
        paths = [os.path.join(self.directory, name) for name in names]
        found = [p.lower().endswith(self.white_list_formats) and os.path.isfile(p) for p in paths]
        if not all(found):
            warnings.warn(
                'Found %d invalid image filename(s) in x_col="%s": no such file, or not one of %s. '
                "These filename(s) will be ignored."
                % (len(found) - sum(found), x_col, ", ".join(self.white_list_formats))
            )
        return np.array(found, dtype=bool)

    def _with_classes(self, frame, y_col, classes):
        """The rows that have a class; sets the numbers of all."""
        known = set(classes or [one for label in frame[y_col] for one in _several(label)])
        if self.class_mode == "binary" and len(known) != 2:
            raise ConfigError(
                'If class_mode="binary" there must be 2 classes. Found %d: %s.'
                % (len(known), ", ".join(sorted(known)))
            )
        self.class_indices = {name: number for number, name in enumerate(sorted(known))}
        has_class = [bool(known & set(_several(label))) for label in frame[y_col]]
        return frame[np.array(has_class, dtype=bool)]

    def _take(self, frame, x_col, y_col, weight_col):
        self.filenames = list(frame[x_col])
        self.filepaths = [os.path.join(self.directory, name) for name in self.filenames]
        self.samples = len(self.filenames)
        self._sample_weight = np.asarray(frame[weight_col]) if weight_col else None
        if self.class_mode == "multi_output":
            self._targets = [np.array(frame[column].tolist()) for column in y_col]
        elif self.class_mode == "raw":
            self._targets = frame[y_col].values
        elif self.class_mode in _LABELS:
            self.classes = [self._number_of(label) for label in frame[y_col]]

    def _number_of(self, label):
        if isinstance(label, str):
            return self.class_indices[label]
        return [self.class_indices[one] for one in label if one in self.class_indices]

    def _tell(self, how):
        classes = " belonging to %d classes" % len(self.class_indices)
        has_classes = self.class_mode in _LABELS
        print(
            "Found %d %s image filenames%s." % (self.samples, how, classes if has_classes else "")
        )


def _several(label):
    return [label] if isinstance(label, str) else label


def _check_columns(frame, class_mode, x_col, y_col, weight_col):
    if class_mode == "multi_output" and not isinstance(y_col, list):
        raise KindError(
            'If class_mode="multi_output", y_col must be a list. Received %s.'
            % type(y_col).__name__
        )
    _check_values(frame, x_col, (str,), "All values in column x_col=%s must be strings" % x_col)
    if class_mode in _LABELS:
        kinds = _LABELS[class_mode]
        words = "strings" if kinds == (str,) else "type string, list or tuple"
        what = 'If class_mode="%s", y_col="%s" column values must be %s'
        _check_values(frame, y_col, kinds, what % (class_mode, y_col, words))
    if weight_col and not np.issubdtype(np.asarray(frame[weight_col]).dtype, np.number):
        raise KindError("Column weight_col=%s must be numeric." % weight_col)


def _check_values(frame, column, kinds, message):
    wrong = [value for value in frame[column] if not isinstance(value, kinds)]
    if wrong:
        raise KindError("%s. Found %r." % (message, wrong[0]))
