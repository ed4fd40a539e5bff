"""Reading digits in the format of MNIST."""

import gzip
import os
import struct

import numpy as np
import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import FileFormatError, MissingFileError
from tfkeras_compat.tensorflow.examples.tutorials.mnist import input_data

NAMES = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
]


def idx(values):
    return (
        struct.pack(">%dI" % (1 + values.ndim), 2048 + values.ndim, *values.shape)
        + values.tobytes()
    )


def write(folder, compressed=True, train=40, test=10, size=(3, 4)):
    """A folder of digits whose pixels all carry the number of the image."""
    for name, number in zip(NAMES, (train, train, test, test)):
        values = np.arange(number, dtype=np.uint8)
        if "images" in name:
            values = np.broadcast_to(values[:, None, None], (number,) + size)
        else:
            values = values % 10
        path = os.path.join(str(folder), name + (".gz" if compressed else ""))
        with (gzip.open if compressed else open)(path, "wb") as file:
            file.write(idx(values))
    return str(folder)


@pytest.fixture
def no_downloads(monkeypatch):
    def refuse(url, timeout):
        raise OSError("no network: " + url)

    monkeypatch.setattr(input_data.urllib.request, "urlopen", refuse)


@pytest.mark.parametrize("compressed", [True, False])
def test_a_folder_of_idx_files_of_any_image_size_is_read(tmp_path, compressed):
    data = input_data.read_data_sets(write(tmp_path, compressed), validation_size=5)
    assert [part.num_examples for part in data] == [35, 5, 10]
    assert data.train.images.shape == (35, 12) and data.train.images.dtype == np.float32
    np.testing.assert_allclose(data.train.images[:, 0], np.arange(5, 40) / 255.0, rtol=1e-6)
    np.testing.assert_array_equal(data.validation.labels, np.arange(5))
    assert data.test.labels.dtype == np.uint8


def test_one_hot_labels_and_unflattened_bytes(tmp_path):
    folder = write(tmp_path)
    data = input_data.read_data_sets(folder, one_hot=True, dtype=tf.uint8, reshape=False)
    assert data.test.images.shape == (10, 3, 4, 1) and data.test.images.dtype == np.uint8
    np.testing.assert_array_equal(data.test.labels, np.eye(10))
    with pytest.raises(TypeError, match="expected uint8 or float32"):
        input_data.read_data_sets(folder, dtype=tf.float64)


def test_the_default_validation_size_becomes_a_tenth_of_a_small_set(tmp_path):
    folder = write(tmp_path)
    assert input_data.read_data_sets(folder).validation.num_examples == 4
    with pytest.raises(ValueError, match=r"between 0 and 40\. Received: 5000"):
        input_data.read_data_sets(folder, validation_size=5000)


def test_the_default_validation_size_is_5000_where_there_are_enough(tmp_path):
    data = input_data.read_data_sets(write(tmp_path, train=5001, size=(1, 1)))
    assert [data.train.num_examples, data.validation.num_examples] == [1, 5000]


def test_batches_cross_epochs_without_losing_or_repeating_an_image():
    data = input_data.DataSet(np.zeros([5, 1, 1, 1], np.uint8), np.arange(5))
    labels = [data.next_batch(3)[1] for _ in range(5)]
    assert [len(batch) for batch in labels] == [3] * 5
    assert data.epochs_completed == 2  # the third epoch is finished by the next batch only
    epochs = np.concatenate(labels).reshape(3, 5)
    np.testing.assert_array_equal(np.sort(epochs, axis=1), np.tile(np.arange(5), (3, 1)))


def test_batches_without_shuffling_keep_the_order():
    data = input_data.DataSet(np.zeros([3, 1, 1, 1], np.uint8), np.arange(3))
    found = [data.next_batch(2, shuffle=False)[1].tolist() for _ in range(3)]
    assert found == [[0, 1], [2, 0], [1, 2]]


def test_a_seed_makes_batches_repeatable():
    def first_batch(seed):
        images = np.zeros([50, 1, 1, 1], np.uint8)
        return input_data.DataSet(images, np.arange(50), seed=seed).next_batch(50)[1].tolist()

    assert first_batch(7) == first_batch(7) != first_batch(8)
    expected = np.arange(50)
    np.random.RandomState(7).shuffle(expected)
    assert first_batch(7) == expected.tolist()


def test_fake_data_needs_no_folder():
    data = input_data.read_data_sets("/nowhere", fake_data=True, one_hot=True)
    images, labels = data.train.next_batch(2, fake_data=True)
    assert np.shape(images) == (2, 784) and labels == [[1] + [0] * 9] * 2
    assert data.train.num_examples == 10000


def test_an_empty_folder_without_network_says_which_files_to_put_where(tmp_path, no_downloads):
    with pytest.raises(MissingFileError) as caught:
        input_data.read_data_sets(str(tmp_path / "digits"))
    message = str(caught.value)
    assert all(name + ".gz" in message for name in NAMES)
    assert str(tmp_path / "digits") in message and "no network" in message
    assert isinstance(caught.value, OSError)


def test_missing_files_are_downloaded_and_kept(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    write(source)
    url = source.as_uri() + "/"
    data = input_data.read_data_sets(str(tmp_path / "target"), source_url=url)
    assert data.train.num_examples == 36
    assert sorted(os.listdir(str(tmp_path / "target"))) == sorted(name + ".gz" for name in NAMES)


def test_a_download_of_something_else_is_refused_and_not_kept(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / (NAMES[0] + ".gz")).write_bytes(b"<html>log in first</html>")
    with pytest.raises(FileFormatError, match="magic number 2051"):
        input_data.read_data_sets(str(tmp_path / "target"), source_url=source.as_uri() + "/")
    assert os.listdir(str(tmp_path / "target")) == []


IMAGES = idx(np.zeros([4, 2, 2], np.uint8))


@pytest.mark.parametrize(
    "content, message",
    [
        (b"", "magic number 2051, found 0 bytes"),
        (b"GIF89a--------", "magic number 2051, found 1195984440"),
        (idx(np.zeros([4], np.uint8)), "magic number 2051, found 2049"),
        (IMAGES[:10], "header of 16 bytes, found 10"),
        (IMAGES[:-1], "4 x 2 x 2 = 16 bytes, found 15"),
        (IMAGES + b"0", "16 bytes, found more"),
        (struct.pack(">4I", 2051, 2**31, 2**31, 2**31), r"found 0\."),
        pytest.param(gzip.compress(IMAGES)[:-9], "damaged", id="cut"),  # it holds the time
        (b"\x1f\x8b" + b"x" * 20, "damaged"),
    ],
)
def test_a_damaged_file_is_named_with_what_was_expected_and_found(tmp_path, content, message):
    folder = write(tmp_path, compressed=False)
    path = os.path.join(folder, NAMES[0])
    with open(path, "wb") as file:
        file.write(content)
    with pytest.raises(FileFormatError, match=message) as caught:
        input_data.read_data_sets(folder)
    assert path in str(caught.value)


def test_images_and_labels_of_different_number_are_refused(tmp_path):
    folder = write(tmp_path, compressed=False)
    with open(os.path.join(folder, NAMES[1]), "wb") as file:
        file.write(idx(np.zeros([39], np.uint8)))
    with pytest.raises(ValueError, match="36 images, but 35 labels"):
        input_data.read_data_sets(folder, validation_size=4)
