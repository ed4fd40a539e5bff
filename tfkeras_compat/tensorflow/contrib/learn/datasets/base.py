"""``tf.contrib.learn.datasets.base``: tables in CSV files."""

import collections
import csv
import importlib
import os
import urllib.request

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import FileFormatError, MissingDependencyError, NotInLegacyError

Dataset = collections.namedtuple("Dataset", ["data", "target"])
Datasets = collections.namedtuple("Datasets", ["train", "validation", "test"])


def load_csv_with_header(filename, target_dtype, features_dtype, target_column=-1):
    """A table whose first line begins with the numbers of its rows and of its features.

    Shapes: ``data`` ``(rows, features)``, ``target`` ``(rows,)``, in the types given. Raises
    FileFormatError where the file has other numbers of them.
    """
    header, rows = _read(filename)
    found = Dataset(*_split(rows, features_dtype, target_dtype, target_column))
    expected = tuple(int(number) for number in header[:2])
    if found.data.shape != expected:
        raise FileFormatError(
            "The first line of %s promises %d rows of %d features. Found: %s. For a file without "
            "such a line there is load_csv_without_header."
            % ((filename,) + expected + (found.data.shape,))
        )
    return found


def load_csv_without_header(filename, target_dtype, features_dtype, target_column=-1):
    """A table, as :func:`load_csv_with_header`, of a file without that line."""
    first, rows = _read(filename)
    return Dataset(*_split([first] + rows, features_dtype, target_dtype, target_column))


def _read(filename):
    with tf.gfile.GFile(os.fspath(filename)) as file:
        first, *rows = csv.reader(file)
    return first, rows


def _split(rows, features_dtype, target_dtype, target_column):
    target = np.array([row.pop(target_column) for row in rows]).astype(target_dtype)
    return np.array([np.asarray(row).astype(features_dtype) for row in rows]), target


def shrink_csv(filename, ratio):
    """Writes every ``ratio``-th line, the first one included, to ``<name>_small.<ending>``."""
    first, rows = _read(filename)
    with tf.gfile.GFile(filename.replace(".", "_small."), "w") as file:
        csv.writer(file).writerows(([first] + rows)[::ratio])


def load_iris(data_path=None):
    """The measures and kinds of 150 irises: of the file if one is given, else of scikit-learn.

    Shapes: ``(150, 4)`` float64, ``(150,)`` int64. scikit-learn corrected three numbers that
    TensorFlow 1.15 has as they were typed first. Raises MissingDependencyError for neither.
    """
    if data_path is not None:
        return load_csv_with_header(data_path, target_dtype=np.int64, features_dtype=np.float64)
    try:
        datasets = importlib.import_module("sklearn.datasets")
    except ImportError as error:
        raise MissingDependencyError(
            "load_iris takes the numbers from scikit-learn, which is not installed: install it, or "
            "give the path of a CSV file as data_path."
        ) from error
    return Dataset(*datasets.load_iris(return_X_y=True))


def load_boston(data_path=None):
    """The table of a file. Raises NotInLegacyError without one."""
    if data_path is None:
        raise NotInLegacyError(
            "The table of load_boston is not part of this package: give the path of a CSV file as "
            "data_path, or use tf.keras.datasets.boston_housing.load_data()."
        )
    return load_csv_with_header(data_path, target_dtype=np.float64, features_dtype=np.float64)


def maybe_download(filename, work_directory, source_url):
    """The path of a file in the directory, downloaded if it is not there yet."""
    tf.gfile.MakeDirs(work_directory)
    path = os.path.join(work_directory, filename)
    if not tf.gfile.Exists(path):
        downloaded, _ = urllib.request.urlretrieve(source_url)
        tf.gfile.Copy(downloaded, path)
        os.remove(downloaded)
        print("Successfully downloaded", filename, tf.gfile.Stat(path).length, "bytes.")
    return path
