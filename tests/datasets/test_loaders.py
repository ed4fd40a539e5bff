"""Each loader, with files in the original's format made here, whole, damaged and missing.

Where the original is at hand, its loaders read the same files.
"""

import gzip
import importlib
import io
import json
import os
import pickle
import struct
import tarfile

import numpy as np
import pytest

import tfkeras_compat as keras
from tfkeras_compat import _tf
from tfkeras_compat import backend as K
from tfkeras_compat.datasets import cifar
from tfkeras_compat.errors import ConfigError, FileFormatError, MissingFileError, UnsafeConfigError

_RANDOM = np.random.RandomState(5)


def _texts(number):
    texts = np.empty(number, object)
    texts[:] = [_RANDOM.randint(1, 40, _RANDOM.randint(3, 9)).tolist() for _ in range(number)]
    return texts


def _digits(number):
    return _RANDOM.randint(0, 256, (number, 28, 28)).astype("uint8")


def _labels(number, dtype="int64"):
    return _RANDOM.randint(0, 2, number).astype(dtype)


IMAGES = {
    "x_train": _digits(6),
    "y_train": _labels(6, "uint8"),
    "x_test": _digits(3),
    "y_test": _labels(3, "uint8"),
}
REVIEWS = {
    "x_train": _texts(12),
    "y_train": _labels(12),
    "x_test": _texts(10),
    "y_test": _labels(10),
}
NEWS = {"x": _texts(20), "y": _labels(20)}
HOUSES = {"x": _RANDOM.rand(10, 13), "y": _RANDOM.rand(10)}
INDEX = {"the": 1, "caf\u00e9": 2}


def saved(arrays):
    return lambda path: np.savez(str(path), **arrays)


def idx_file(magic, values):
    header = struct.pack(">%dI" % (1 + values.ndim), magic, *values.shape)
    return lambda path: path.write_bytes(gzip.compress(header + values.tobytes()))


CIFAR_10 = {
    name: {b"data": np.full((2, 3072), n, "uint8") + _RANDOM.randint(0, 9, 3072).astype("uint8"),
           b"labels": [n, 9 - n]}
    for n, name in enumerate(["data_batch_%d" % n for n in range(1, 6)] + ["test_batch"])
}  # fmt: skip
CIFAR_100 = {
    name: {
        b"data": _RANDOM.randint(0, 256, (4, 3072)).astype("uint8"),
        b"fine_labels": [99, 1, 2, 3],
        b"coarse_labels": [19, 0, 0, 1],
    }
    for name in ("train", "test")
}


def archive(folder, batches):
    def write(path):
        with tarfile.open(str(path), "w:gz") as file:
            for name, content in batches.items():
                data = pickle.dumps(content, protocol=2)
                member = tarfile.TarInfo(folder + "/" + name)
                member.size = len(data)
                file.addfile(member, io.BytesIO(data))

    return write


def put_all(home):
    """All data sets, as their publishers' files are."""
    home.put("mnist.npz", saved(IMAGES))
    home.put("imdb.npz", saved(REVIEWS))
    home.put("reuters.npz", saved(NEWS))
    home.put("boston_housing.npz", saved(HOUSES))
    for name in ("imdb", "reuters"):
        home.put(name + "_word_index.json", lambda path: path.write_text(json.dumps(INDEX)))
    for ours, name in (("train", "train"), ("test", "t10k")):
        place = "fashion-mnist/%s-%s-ubyte.gz"
        home.put(place % (name, "labels-idx1"), idx_file(2049, IMAGES["y_" + ours]))
        home.put(place % (name, "images-idx3"), idx_file(2051, IMAGES["x_" + ours]))
    for place, name, batches in (
        ("cifar-10-batches-py", "cifar-10-python", CIFAR_10),
        ("cifar-100-python", "cifar-100-python", CIFAR_100),
    ):
        home.put(place + ".tar.gz", archive(place, batches), name + ".tar.gz")


def load(name, **kwargs):
    return getattr(keras.datasets, name).load_data(**kwargs)


def flat(parts):
    return [array for part in parts for array in part]


def test_files_of_arrays_give_their_parts(home):
    put_all(home)
    for name in ("mnist", "fashion_mnist"):
        for array, part in zip(flat(load(name)), ("x_train", "y_train", "x_test", "y_test")):
            assert array.dtype == np.uint8
            np.testing.assert_array_equal(array, IMAGES[part])


@pytest.mark.parametrize("layout", ["channels_last", "channels_first"])
def test_batches_of_cifar_are_joined_in_the_default_image_layout(home, layout):
    put_all(home)
    K.set_image_data_format(layout)
    try:
        (x_train, y_train), (x_test, y_test) = load("cifar10")
        fine, coarse = load("cifar100"), load("cifar100", label_mode="coarse")
    finally:
        K.set_image_data_format("channels_last")
    expected = np.concatenate([CIFAR_10["data_batch_%d" % n][b"data"] for n in range(1, 6)])
    expected = expected.reshape(10, 3, 32, 32)
    if layout == "channels_last":
        expected = np.moveaxis(expected, 1, 3)
    np.testing.assert_array_equal(x_train, expected)
    assert y_train.ravel().tolist() == [0, 9, 1, 8, 2, 7, 3, 6, 4, 5]
    assert y_test.tolist() == [[5], [4]]
    assert (x_test.dtype, y_train.dtype, y_test.dtype) == (np.uint8, np.uint8, np.int64)
    assert fine[1][1].tolist() == [[99], [1], [2], [3]] and fine[1][1].dtype == np.int64
    assert coarse[0][1].tolist() == [[19], [0], [0], [1]]
    np.testing.assert_array_equal(fine[0][0], coarse[0][0])


def test_an_unpacked_cifar_needs_no_archive(home):
    put_all(home)
    load("cifar100")
    (home.folder / "cifar-100-python.tar.gz").unlink()
    assert load("cifar100")[0][0].shape == (4, 32, 32, 3)


TEXT_ARGUMENTS = [
    {},
    {"num_words": 20, "skip_top": 5},
    {"num_words": 20, "oov_char": None, "start_char": None, "index_from": 0, "seed": 3},
    {"maxlen": 7, "start_char": None},
    {"skip_top": 10, "oov_char": 0, "index_from": 5},
    {"num_words": 15, "skip_top": 3, "oov_char": None, "maxlen": 8},
]


def test_numbers_of_words_are_moved_and_left_out_as_asked(home):
    put_all(home)
    random = np.random.RandomState(113)
    order = np.arange(12)
    random.shuffle(order)
    (x_train, y_train), (x_test, y_test) = load("imdb", num_words=100)
    assert x_train[0] == [1] + [word + 3 for word in REVIEWS["x_train"][order[0]]]
    np.testing.assert_array_equal(y_train, REVIEWS["y_train"][order])
    assert len(x_test) == len(y_test) == 10 and x_test.dtype == object
    (few, _), _ = load("imdb", num_words=20, skip_top=5)
    for new, old in zip(few, x_train):
        assert new == [word if 5 <= word < 20 else 2 for word in old]
    (short, labels), (short_test, _) = load("reuters", maxlen=7, num_words=100)
    assert len(short) == len(labels) == int(0.8 * (len(short) + len(short_test)))
    assert max(len(text) for text in short) == 6
    with pytest.raises(ConfigError, match="maxlen=2, no sequence was kept"):
        load("imdb", maxlen=2)


def test_texts_of_equal_length_are_an_array_of_numbers(home):
    arrays = dict(NEWS, x=np.array([[5, 6], [7, 8], None], object)[:2], y=np.array([0, 1]))
    home.put("reuters.npz", saved(arrays))
    assert load("reuters", test_split=0.0)[0][0].shape == (2, 3)


def test_the_word_index_is_read_as_utf_8(home):
    put_all(home)
    for name in ("imdb", "reuters"):
        assert getattr(keras.datasets, name).get_word_index() == INDEX


def test_keras_1s_word_for_num_words_is_understood_and_others_are_not(home):
    put_all(home)
    with pytest.warns(UserWarning, match="renamed `num_words`"):
        old = load("reuters", nb_words=20)
    assert flat(old)[0].tolist() == flat(load("reuters", num_words=20))[0].tolist()
    with pytest.raises(TypeError, match="num_word"):
        load("reuters", num_word=20)


def test_arguments_out_of_range_are_explained():
    with pytest.raises(ConfigError, match="test_split"):
        load("boston_housing", test_split=1)
    with pytest.raises(ConfigError, match="label_mode"):
        load("cifar100", label_mode="medium")


@pytest.mark.parametrize("name", ["mnist", "imdb", "reuters", "boston_housing"])
def test_a_path_is_a_name_in_the_folder_or_a_place_of_its_own(home, tmp_path, name):
    put_all(home)
    content = (home.folder / (name + ".npz")).read_bytes()
    (home.folder / "another.npz").write_bytes(content)
    (tmp_path / "elsewhere.npz").write_bytes(content)
    (home.folder / (name + ".npz")).unlink()
    in_folder, elsewhere = load(name, path="another.npz"), tmp_path / "elsewhere.npz"
    for first, second in zip(flat(in_folder), flat(load(name, path=str(elsewhere)))):
        assert first.tolist() == second.tolist()


# Loader -> the arguments for which its results are compared with the original's.
COMPARED = {
    "mnist": [{}, {"path": "mnist.npz"}],
    "fashion_mnist": [{}],
    "cifar100": [{}, {"label_mode": "coarse"}],
    "boston_housing": [{}, {"test_split": 0.5, "seed": 2}, {"test_split": 0.0}],
    "imdb": TEXT_ARGUMENTS,
    "reuters": TEXT_ARGUMENTS + [{"test_split": 0.5, "seed": 7}, {"test_split": 0.0}],
}
of_the_original = pytest.mark.skipif(
    _tf.VERSION >= (2, 0), reason="the original runs on TensorFlow 1.15"
)


@pytest.fixture
def original(home, monkeypatch):
    """Modules of the original's data sets, which take the files made here for the published."""
    put_all(home)
    files = importlib.import_module("keras.utils.data_utils")
    monkeypatch.setattr(files, "validate_file", lambda *args, **kwargs: True)
    return lambda name: importlib.import_module("keras.datasets." + name)


def assert_same(found, expected):
    assert type(found) is type(expected) and found.dtype == expected.dtype
    assert found.tolist() == expected.tolist()


@of_the_original
@pytest.mark.parametrize("name", sorted(COMPARED))
def test_the_original_reads_the_same_from_the_same_files(original, name):
    for kwargs in COMPARED[name]:
        expected = flat(original(name).load_data(**kwargs))
        for one, other in zip(flat(load(name, **kwargs)), expected):
            assert_same(one, other)


@of_the_original
def test_the_original_reads_the_same_from_batches_of_cifar(original, home):
    load("cifar10")  # which unpacks them; the original's own loader wants 10,000 pictures in each
    for name in CIFAR_10:
        path = str(home.folder / "cifar-10-batches-py" / name)
        (x, y), (x_there, y_there) = cifar.load_batch(path), original("cifar").load_batch(path)
        assert_same(x, x_there)
        assert np.asarray(y).tolist() == list(y_there)


@of_the_original
@pytest.mark.parametrize("name", ["imdb", "reuters"])
def test_the_original_reads_the_same_index_of_words(original, name):
    assert getattr(keras.datasets, name).get_word_index() == original(name).get_word_index()


# ---- what can be wrong --------------------------------------------------------------------------


def test_a_missing_file_that_can_not_be_fetched_is_named_with_its_place(home):
    put_all(home)
    for name, path in (
        ("mnist", "mnist.npz"),
        ("cifar10", "cifar-10-batches-py.tar.gz"),
        ("fashion_mnist", "fashion-mnist/t10k-labels-idx1-ubyte.gz"),
        ("imdb", "imdb.npz"),
    ):
        place = home.folder / path
        place.unlink()
        with pytest.raises(MissingFileError, match="put the file itself at %s" % place):
            load(name)


def test_a_file_with_another_hash_is_replaced_by_the_published_one(home, tmp_path, capsys):
    put_all(home)
    saved(IMAGES)(tmp_path / "mnist.npz")
    home.put("mnist.npz", saved({"x_train": _digits(1)}), is_expected=False)
    home.expect_from(tmp_path, "mnist.npz")
    np.testing.assert_array_equal(load("mnist")[0][0], IMAGES["x_train"])
    assert "Downloading data from file://" in capsys.readouterr().out


def test_what_is_fetched_shows_its_progress(home, tmp_path, capsys):
    put_all(home)
    (home.folder / "mnist.npz").rename(tmp_path / "mnist.npz")
    home.expect_from(tmp_path, "mnist.npz")
    load("mnist")
    size = (tmp_path / "mnist.npz").stat().st_size
    assert "%d/%d [==============================]" % (size, size) in capsys.readouterr().out


def test_what_is_fetched_with_another_hash_is_refused(home, tmp_path):
    put_all(home)
    saved(IMAGES)(tmp_path / "mnist.npz")
    home.expect_from(tmp_path, "mnist.npz")
    saved(HOUSES)(tmp_path / "mnist.npz")
    (home.folder / "mnist.npz").unlink()
    with pytest.raises(FileFormatError, match="its hash is"):
        load("mnist")
    assert not (home.folder / "mnist.npz").exists()


class Touches:
    def __init__(self, path):
        self.path = path

    def __reduce__(self):
        return os.mkdir, (self.path,)


def test_files_that_would_run_code_do_not(home, tmp_path):
    touched = str(tmp_path / "touched")
    hostile = np.empty(2, object)
    hostile[:] = [[1], Touches(touched)]
    home.put("reuters.npz", saved(dict(NEWS, x=hostile, y=_labels(2))))
    home.put("imdb.npz", saved(dict(REVIEWS, y_test=hostile)))
    home.put("mnist.npz", saved(dict(IMAGES, x_test=hostile)))
    home.put(
        "cifar-100-python.tar.gz",
        archive("cifar-100-python", dict(CIFAR_100, train={b"data": Touches(touched)})),
    )
    for name in ("reuters", "imdb", "mnist", "cifar100"):
        with pytest.raises(UnsafeConfigError, match="mkdir"):
            load(name)
    assert not (tmp_path / "touched").exists()


@pytest.mark.parametrize(
    "name, file, content, words",
    [
        ("mnist", "mnist.npz", {"x_train": _digits(2)}, "has not the arrays x_train, y_train"),
        ("mnist", "mnist.npz", dict(IMAGES, y_test=_labels(9)), "3 samples, but 9 labels"),
        ("imdb", "imdb.npz", dict(REVIEWS, x_train=_labels(12)), "expected lists of numbers"),
        ("reuters", "reuters.npz", {"x": np.array([["a"], [2, 3]], object), "y": _labels(2)},
         "expected lists of numbers of words, found .'a'"),
    ],
)  # fmt: skip
def test_arrays_that_are_not_the_data_set_are_refused(home, name, file, content, words):
    home.put(file, saved(content))
    with pytest.raises(FileFormatError, match=words):
        load(name)


@pytest.mark.parametrize(
    "content, words",
    [
        ({b"data": np.zeros((2, 3072), "uint8")}, "no entry 'labels'"),
        ({b"data": np.zeros((2, 100), "uint8"), b"labels": [1, 2]}, r"\(2, 3072\), found \(2, 100"),
        ({b"data": np.zeros((2, 3072)), b"labels": [1, 2]}, "uint8"),
        ([1, 2], "no entry 'data'"),
    ],
)
def test_batches_that_are_none_are_refused(tmp_path, content, words):
    path = tmp_path / "batch"
    path.write_bytes(pickle.dumps(content))
    with pytest.raises(FileFormatError, match=words):
        cifar.load_batch(str(path))


def cut_short(write):
    def write_less(path):
        write(path)
        path.write_bytes(path.read_bytes()[:-40])

    return write_less


def test_truncated_files_are_refused(home):
    for name, write in (
        ("mnist.npz", saved(IMAGES)),
        ("imdb.npz", saved(REVIEWS)),
        ("cifar-100-python.tar.gz", archive("cifar-100-python", CIFAR_100)),
        ("fashion-mnist/train-labels-idx1-ubyte.gz", idx_file(2049, _labels(99, "uint8"))),
    ):
        home.put(name, cut_short(write))
    for name in ("mnist", "imdb", "cifar100", "fashion_mnist"):
        with pytest.raises(FileFormatError, match="damaged|truncated|unpacked"):
            load(name)
    for text in ('{"the": 1', "[1]"):
        home.put("imdb_word_index.json", lambda path, text=text: path.write_text(text))
        with pytest.raises(FileFormatError, match="imdb_word_index.json is damaged"):
            keras.datasets.imdb.get_word_index()
