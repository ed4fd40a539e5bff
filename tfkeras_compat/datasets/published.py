"""The published files: where they are fetched, and what hash they have."""

import os

from tfkeras_compat.state.config import keras_home
from tfkeras_compat.utils.files import get_file

# The addresses in Keras 2.2.5 that began with s3.amazonaws.com are no longer kept up; the same
# files, by their hashes, lie where tf.keras 1.15 fetches them.
_KEPT_UP = "https://storage.googleapis.com/tensorflow/tf-keras-datasets/"
_FASHION = "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/"
_CIFAR = "https://www.cs.toronto.edu/~kriz/"

# Name -> address without the name, hash. Keras 2.2.5 checks all but those of fashion and cifar,
# whose hashes their publishers give (github.com/zalandoresearch/fashion-mnist, cs.toronto.edu).
FILES = {
    "boston_housing.npz": (
        _KEPT_UP,
        "f553886a1f8d56431e820c5b82552d9d95cfcb96d1e678153f8839538947dff5",
    ),
    "imdb.npz": (_KEPT_UP, "599dadb1135973df5b59232a0e9a887c"),
    "imdb_word_index.json": (_KEPT_UP, "bfafd718b763782e994055a2d397834f"),
    "mnist.npz": (_KEPT_UP, "8a61469f7ea1b51cbae51d4f78837e45"),
    "reuters.npz": (_KEPT_UP, "87aedbeb0cb229e378797a632c1997b6"),
    "reuters_word_index.json": (_KEPT_UP, "4d44cc38712099c9e383dc6e5f11a921"),
    "train-labels-idx1-ubyte.gz": (_FASHION, "25c81989df183df01b3e8a0aad5dffbe"),
    "train-images-idx3-ubyte.gz": (_FASHION, "8d4fb7e6c68d591d4c3dfef9ec88bf0d"),
    "t10k-labels-idx1-ubyte.gz": (_FASHION, "bb300cfdad3c16e7a12a480ee83cd310"),
    "t10k-images-idx3-ubyte.gz": (_FASHION, "bef4ecab320f06d8554ea6380940ec79"),
    "cifar-10-python.tar.gz": (_CIFAR, "c58f30108f718f92721af3b95e74349a"),
    "cifar-100-python.tar.gz": (_CIFAR, "eb9058c3a382ffc7106e4002c42a8d85"),
}


def fetched(name, path=None, **kwargs):
    """The path of a published file, kept under another ``path`` if one is given."""
    address, file_hash = FILES[name]
    return get_file(path or name, address + name, file_hash=file_hash, **kwargs)


def unpacked(name, folder):
    """The folder of an archive: the one that is there, or what the archive unpacks to."""
    there = os.path.join(os.path.expanduser(keras_home()), "datasets", folder)
    return there if os.path.isdir(there) else fetched(name, folder, untar=True)
