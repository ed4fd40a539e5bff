"""``tensorflow.examples.tutorials.mnist.input_data``: digits as the 1.x tutorials read them."""

import collections
import os
import shutil
import urllib.request

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.datasets import idx
from tfkeras_compat.errors import FileFormatError, MissingFileError

DEFAULT_SOURCE_URL = "https://storage.googleapis.com/cvdf-datasets/mnist/"

Datasets = collections.namedtuple("Datasets", ["train", "validation", "test"])

_FILES = (
    ("train-images-idx3-ubyte", idx.IMAGES),
    ("train-labels-idx1-ubyte", idx.LABELS),
    ("t10k-images-idx3-ubyte", idx.IMAGES),
    ("t10k-labels-idx1-ubyte", idx.LABELS),
)
_FAKE_EXAMPLES = 10000
_FAKE_PIXELS = 784
_DOWNLOAD_TIMEOUT = 30  # seconds without an answer


class _Unspecified(int):
    """A default that can be told from the same number given by the caller."""


_VALIDATION_SIZE = _Unspecified(5000)


def read_data_sets(
    train_dir,
    fake_data=False,
    one_hot=False,
    dtype=tf.float32,
    reshape=True,
    validation_size=_VALIDATION_SIZE,
    seed=None,
    source_url=DEFAULT_SOURCE_URL,
):
    """Reads a folder of MNIST's four IDX files, of any image size, compressed by gzip or not.

    A file that is missing is downloaded from ``source_url``.

    Shapes: images ``(n, rows * columns)`` float32 from 0 to 1; with ``reshape=False``
    ``(n, rows, columns, 1)``; with ``dtype=tf.uint8`` from 0 to 255. Labels ``(n,)`` uint8, with
    ``one_hot`` ``(n, 10)`` float64. The first ``validation_size`` training images are set apart;
    by default 5000, and a tenth where there are no more than that.

    Raises: MissingFileError if a file is not there and can not be downloaded; FileFormatError if
    one is damaged; ValueError if ``validation_size`` exceeds the number of training images.
    """
    if fake_data:
        fake = [DataSet([], [], True, one_hot, dtype, seed=seed) for _ in Datasets._fields]
        return Datasets(*fake)
    paths = [_find(train_dir, name, source_url or DEFAULT_SOURCE_URL) for name, _ in _FILES]
    images, labels, test_images, test_labels = (_extract(path, one_hot) for path in paths)
    size = _checked_validation_size(validation_size, len(images))
    parts = (
        (images[size:], labels[size:]),
        (images[:size], labels[:size]),
        (test_images, test_labels),
    )
    return Datasets(*[DataSet(*part, dtype=dtype, reshape=reshape, seed=seed) for part in parts])


def load_mnist(train_dir="MNIST-data"):
    """``read_data_sets`` with all defaults."""
    return read_data_sets(train_dir)


class DataSet:
    """Images with labels, given out in shuffled batches.

    Without a seed of its own or of the graph, batches follow ``numpy.random`` as it stands.

    >>> digits = DataSet(np.zeros([3, 2, 2, 1], np.uint8), np.array([7, 8, 9]))
    >>> images, labels = digits.next_batch(2)
    >>> images.shape, labels.shape, digits.epochs_completed
    ((2, 4), (2,), 0)
    """

    def __init__(
        self,
        images,
        labels,
        fake_data=False,
        one_hot=False,
        dtype=tf.float32,
        reshape=True,
        seed=None,
    ):
        dtype = _checked_dtype(dtype)
        seed = tf.get_default_graph().seed if seed is None else seed
        if seed is not None:
            np.random.seed(seed)
        self.one_hot = one_hot
        self._images, self._labels = images, labels
        self._num_examples = _FAKE_EXAMPLES
        self._epochs_completed = 0
        self._index_in_epoch = 0
        if not fake_data:
            self._num_examples = _checked_number(images, labels)
            self._images = _scaled(_flattened(images) if reshape else images, dtype)

    @property
    def images(self):
        """All images, in the present order."""
        return self._images

    @property
    def labels(self):
        """All labels, in the present order."""
        return self._labels

    @property
    def num_examples(self):
        """The number of images."""
        return self._num_examples

    @property
    def epochs_completed(self):
        """How often all images have been given out."""
        return self._epochs_completed

    def next_batch(self, batch_size, fake_data=False, shuffle=True):
        """The next ``batch_size`` images and labels.

        A batch that reaches past the end takes the rest of this epoch and begins the next one,
        shuffled anew.
        """
        if fake_data:
            return self._fake_batch(batch_size)
        start = self._index_in_epoch
        if shuffle and start == 0 and self._epochs_completed == 0:
            self._shuffle()
        if start + batch_size <= self._num_examples:
            self._index_in_epoch += batch_size
            return self._slice(start, start + batch_size)
        rest = self._slice(start, self._num_examples)
        self._epochs_completed += 1
        if shuffle:
            self._shuffle()
        self._index_in_epoch = batch_size - (self._num_examples - start)
        new = self._slice(0, self._index_in_epoch)
        return tuple(np.concatenate(both, axis=0) for both in zip(rest, new))

    def _slice(self, start, end):
        return self._images[start:end], self._labels[start:end]

    def _shuffle(self):
        order = np.arange(self._num_examples)
        np.random.shuffle(order)
        self._images, self._labels = self._images[order], self._labels[order]

    def _fake_batch(self, batch_size):
        image = [1] * _FAKE_PIXELS
        label = [1] + [0] * 9 if self.one_hot else 0
        return [image] * batch_size, [label] * batch_size


def extract_images(f):
    """Images in an open IDX file: uint8, ``(n, rows, columns, 1)``. Raises FileFormatError."""
    return idx.read(f, idx.IMAGES)[..., np.newaxis]


def extract_labels(f, one_hot=False, num_classes=10):
    """Labels in an open IDX file: uint8 ``(n,)``, or one-hot. Raises FileFormatError."""
    labels = idx.read(f, idx.LABELS)
    return dense_to_one_hot(labels, num_classes) if one_hot else labels


def dense_to_one_hot(labels_dense, num_classes):
    """One row per label, with a 1 in the label's column: float64 ``(n, num_classes)``.

    >>> dense_to_one_hot(np.array([1, 0]), 2)
    array([[0., 1.],
           [1., 0.]])
    """
    return np.eye(num_classes)[labels_dense.ravel()]


def _extract(path, one_hot):
    print("Extracting", path)
    with open(path, "rb") as file:
        if "-images-" in os.path.basename(path):
            return extract_images(file)
        return extract_labels(file, one_hot=one_hot)


def _checked_validation_size(size, available):
    if isinstance(size, _Unspecified) and size >= available:
        return available // 10
    if not 0 <= size <= available:
        raise ValueError(
            "Validation size should be between 0 and {}. Received: {}.".format(available, size)
        )
    return int(size)


def _checked_dtype(dtype):
    dtype = tf.as_dtype(dtype).base_dtype
    if dtype not in (tf.uint8, tf.float32):
        raise TypeError("Invalid image dtype %r, expected uint8 or float32" % dtype)
    return dtype


def _checked_number(images, labels):
    if len(images) != len(labels):
        raise FileFormatError("There are %d images, but %d labels." % (len(images), len(labels)))
    return len(images)


def _flattened(images):
    return images.reshape(len(images), -1)


def _scaled(images, dtype):
    return images.astype(np.float32) * np.float32(1 / 255) if dtype == tf.float32 else images


def _find(folder, name, source_url):
    """The path of one of the four files, downloaded if it is not there."""
    for path in (os.path.join(folder, name + ".gz"), os.path.join(folder, name)):
        if os.path.exists(path):
            return path
    try:
        return _download(source_url + name + ".gz", folder, name)
    except FileFormatError:
        raise
    except (OSError, ValueError) as error:
        raise MissingFileError(_missing_message(folder, name, source_url, error)) from error


def _missing_message(folder, name, source_url, error):
    return (
        "%s is not in the folder %s, and could not be downloaded from %s (%s). "
        "Put these four files there, each as it is or without .gz: %s. "
        "They may hold MNIST or any other images of this format."
        % (
            name + ".gz",
            os.path.abspath(folder),
            source_url,
            error,
            ", ".join(name + ".gz" for name, _ in _FILES),
        )
    )


def _download(url, folder, name):
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, name + ".gz")
    part = path + ".part"
    try:
        with urllib.request.urlopen(url, timeout=_DOWNLOAD_TIMEOUT) as answer:
            with open(part, "wb") as file:
                shutil.copyfileobj(answer, file)
        with open(part, "rb") as file:  # what is no such file is not kept
            idx.read(file, dict(_FILES)[name])
        os.replace(part, path)
    finally:
        if os.path.exists(part):
            os.remove(part)
    print("Successfully downloaded", os.path.basename(path), os.path.getsize(path), "bytes.")
    return path
