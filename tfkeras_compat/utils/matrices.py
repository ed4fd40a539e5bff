"""Arrays that stay in their HDF5 file, and are read batch by batch."""

import os

import h5py
import numpy as np

from tfkeras_compat import inspection
from tfkeras_compat.errors import FileFormatError, MissingFileError


class HDF5Matrix:
    """A data set of an HDF5 file, or some of its samples, in place of an array.

    ``fit`` reads it in order, or with ``shuffle="batch"`` in batches of neighbours.

    Args:
        datapath: the file. It is opened once, for reading, and shared.
        dataset: the name of the data set in it.
        start, end: the first sample, and the one after the last; the whole data set if not given.
        normalizer: a function of what is read, such as ``lambda x: x / 255.0``.
    Indices are a number, a slice, or increasing numbers; negative ones do not count from the end.

    Raises: MissingFileError or FileFormatError if the file or the data set can not be read;
        IndexError for samples beyond the end.

    >>> import os, tempfile, h5py
    >>> folder = tempfile.mkdtemp()
    >>> path = os.path.join(folder, "data.h5")
    >>> with h5py.File(path, "w") as file:
    ...     file["x"] = [[1.0], [2.0], [3.0]]
    >>> x = HDF5Matrix(path, "x", start=1, normalizer=lambda x: 10 * x)
    >>> x.shape, x[0].tolist(), x[[0, 1]].tolist()
    ((2, 1), [20.0], [[20.0], [30.0]])
    """

    refs: dict = {}  # open files, by path

    def __init__(self, datapath, dataset, start=0, end=None, normalizer=None):
        self.data = _dataset(self._opened(datapath, dataset), dataset, datapath)
        self.start = start
        self.end = self.data.shape[0] if end is None else end
        self.normalizer = normalizer
        first = self._normalized(self.data[0:1])
        self._base_shape = first.shape[1:]
        self._base_dtype = first.dtype

    @classmethod
    def _opened(cls, datapath, dataset):
        if not os.path.exists(datapath):
            raise MissingFileError("There is no file %s." % datapath)
        inspection.check(datapath, datapath, dataset)
        file = cls.refs.get(datapath)
        if file is None or not file:  # a closed file is false
            file = cls.refs[datapath] = _opened(datapath)
        return file

    def __len__(self):
        return self.end - self.start

    def __getitem__(self, key):
        return self._normalized(self.data[self._within(key)])

    def _within(self, key):
        """The key in the data set for one of this part of it."""
        if isinstance(key, slice):
            begin = 0 if key.start is None else key.start
            end = len(self) if key.stop is None else key.stop
            self._check(end - 1)
            return slice(begin + self.start, end + self.start, key.step)
        if isinstance(key, (int, np.integer)):
            self._check(key)
            return key + self.start
        indices = [int(index) + self.start for index in key]
        self._check(max(indices) - self.start)
        return indices

    def _check(self, last):
        if last + self.start >= self.end:
            raise IndexError("Sample %d of an HDF5Matrix of %d samples." % (last, len(self)))

    def _normalized(self, values):
        return values if self.normalizer is None else self.normalizer(values)

    @property
    def shape(self):
        """As of an array: number of samples first."""
        return (len(self),) + self._base_shape

    @property
    def dtype(self):
        """Of what indexing gives."""
        return self._base_dtype

    @property
    def ndim(self):
        """The number of axes of the data set."""
        return self.data.ndim

    @property
    def size(self):
        """The number of elements."""
        return np.prod(self.shape)


def _opened(datapath):
    try:
        return h5py.File(datapath, "r")
    except OSError as error:
        raise FileFormatError("%s can not be read as HDF5: %s" % (datapath, error)) from error


def _dataset(file, name, datapath):
    data = file.get(name)
    if not isinstance(data, h5py.Dataset):
        raise FileFormatError(
            "%s has no data set %r; it has %s." % (datapath, name, ", ".join(sorted(file)))
        )
    return data
