"""IMDB: reviews of films, in favour or not (Maas et al., 2011)."""

import numpy as np

from tfkeras_compat.datasets import words
from tfkeras_compat.datasets.npz import read_parts
from tfkeras_compat.datasets.published import fetched


def load_data(
    path="imdb.npz",
    num_words=None,
    skip_top=0,
    maxlen=None,
    seed=113,
    start_char=1,
    oov_char=2,
    index_from=3,
    **kwargs,
):
    """50,000 reviews as lists of numbers, the commonest word first, and 1 for those in favour.

    Shapes: ``(25000,)`` lists and ``(25000,)`` int64, twice.

    Args:
        path: the name of the file in the folder of data sets, or a path of its own.
        seed: of the order.
        num_words, skip_top, maxlen, start_char, oov_char, index_from: see
            :class:`tfkeras_compat.datasets.words.Numbering`.
    As in the original, ``maxlen`` fills the training set up with reviews for testing.

    Raises: ConfigError if no review is shorter than ``maxlen``.
    """
    numbering = words.Numbering(
        num_words, skip_top, maxlen, start_char, oov_char, index_from, kwargs
    )
    path = fetched("imdb.npz", path)
    parts = read_parts(path)
    random = np.random.RandomState(seed)
    (x_train, y_train), (x_test, y_test) = [words.shuffled(random, *part) for part in parts]
    texts = np.concatenate([x_train, x_test])
    words.check(texts, path)
    texts, labels = numbering.applied(texts, np.concatenate([y_train, y_test]))
    end = len(x_train)
    return (
        (words.as_array(texts[:end]), labels[:end]),
        (words.as_array(texts[end:]), labels[end:]),
    )


def get_word_index(path="imdb_word_index.json"):
    """Words and their numbers, from 1 on; ``load_data`` adds ``index_from``."""
    return words.read_index(fetched("imdb_word_index.json", path))
