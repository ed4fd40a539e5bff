"""Reuters: newswires of 46 topics (Lewis, 1987)."""

import numpy as np

from tfkeras_compat.datasets import npz, words
from tfkeras_compat.datasets.published import fetched


def load_data(
    path="reuters.npz",
    num_words=None,
    skip_top=0,
    maxlen=None,
    test_split=0.2,
    seed=113,
    start_char=1,
    oov_char=2,
    index_from=3,
    **kwargs,
):
    """11,228 newswires as lists of numbers, the commonest word first, and their topics.

    Shapes: ``(n,)`` lists and ``(n,)`` int64; 8,982 and 2,246 of them with the default split.

    Args:
        path: the name of the file in the folder of data sets, or a path of its own.
        test_split: the part that is set apart for testing.
        seed: of the order.
        num_words, skip_top, maxlen, start_char, oov_char, index_from: see
            :class:`tfkeras_compat.datasets.words.Numbering`.
    Raises: ConfigError if no newswire is shorter than ``maxlen``.
    """
    numbering = words.Numbering(
        num_words, skip_top, maxlen, start_char, oov_char, index_from, kwargs
    )
    path = fetched("reuters.npz", path)
    texts, labels = npz.read(path, ["x", "y"])
    npz.check_lengths(path, texts, labels)
    words.check(texts, path)
    shuffled = words.shuffled(np.random.RandomState(seed), texts, labels)
    texts, labels = numbering.applied(*shuffled)
    end = int(len(texts) * (1 - test_split))
    return (
        (words.as_array(texts[:end]), labels[:end]),
        (words.as_array(texts[end:]), labels[end:]),
    )


def get_word_index(path="reuters_word_index.json"):
    """Words and their numbers, from 1 on; ``load_data`` adds ``index_from``."""
    return words.read_index(fetched("reuters_word_index.json", path))
