"""What IMDB and Reuters share: texts as lists of numbers of words."""

import json
import warnings
from typing import Any

import numpy as np

from tfkeras_compat.errors import ConfigError, FileFormatError
from tfkeras_compat.preprocessing.sequence import _remove_long_seq


class Numbering:
    """What the arguments of a loader say about the numbers of words.

    Args:
        num_words: numbers from this on are left out; if not given, only the greatest that occurs,
            as in the original.
        skip_top: numbers below this are left out.
        maxlen: only shorter texts are kept.
        start_char: the number that every text begins with; ``None`` for none.
        oov_char: stands for a word that is left out; ``None`` for nothing.
        index_from: added to all numbers of words.
        others: keyword arguments, of which Keras 1's ``nb_words`` is known.
    """

    def __init__(self, num_words, skip_top, maxlen, start_char, oov_char, index_from, others):
        self.num_words = _num_words(num_words, others)
        self.skip_top = skip_top
        self.maxlen = maxlen
        self.first = [] if start_char is None else [start_char]
        self.oov_char = oov_char
        self.index_from = index_from or 0

    def applied(self, texts, labels):
        """The texts and labels that are kept. Raises: ConfigError if none is."""
        texts = [self.first + [word + self.index_from for word in text] for text in texts]
        if self.maxlen:
            texts, labels = _remove_long_seq(self.maxlen, texts, labels)
        if not texts:
            raise ConfigError(
                "After filtering for sequences shorter than maxlen=%s, no sequence was kept. "
                "Increase maxlen." % self.maxlen
            )
        end = self.num_words or max(max(text) for text in texts)
        return [self._without_rare(text, end) for text in texts], np.array(labels)

    def _without_rare(self, text, end):
        if self.oov_char is None:
            return [word for word in text if self.skip_top <= word < end]
        return [word if self.skip_top <= word < end else self.oov_char for word in text]


def _num_words(num_words, others):
    unknown = sorted(set(others) - {"nb_words"})
    if unknown:
        raise TypeError("Unrecognized keyword arguments: %s" % ", ".join(unknown))
    if "nb_words" not in others:
        return num_words
    warnings.warn(
        "The `nb_words` argument in `load_data` has been renamed `num_words`.", stacklevel=4
    )
    return others["nb_words"]


def shuffled(random, texts, labels):
    """Both in the same new order."""
    order = np.arange(len(texts))
    random.shuffle(order)
    return texts[order], labels[order]


def check(texts, path):
    """Raises FileFormatError unless the texts are lists of ints."""
    for text in texts:
        if not isinstance(text, list) or set(map(type, text)) - {int}:
            raise FileFormatError(
                "%s is damaged: expected lists of numbers of words, found %.60r." % (path, text)
            )


def as_array(texts):
    """An array of lists; of numbers if they are of equal length, or none, as NumPy made of them in
    2019."""
    if len({len(text) for text in texts}) <= 1:
        return np.array(texts)
    array: Any = np.empty(len(texts), dtype=object)
    array[:] = texts
    return array


def read_index(path):
    """Words and their numbers. Raises: FileFormatError if the file is damaged."""
    with open(path, encoding="utf-8") as file:
        try:
            index = json.load(file)
        except ValueError as error:
            raise FileFormatError("%s is damaged: %s" % (path, error)) from error
    if not isinstance(index, dict):
        raise FileFormatError("%s is damaged: expected an object of words and numbers." % path)
    return index
