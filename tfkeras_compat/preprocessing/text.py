"""Texts made into sequences of word numbers."""

import collections
import hashlib
import json
import warnings

import numpy as np

from tfkeras_compat.errors import ConfigError

PUNCTUATION = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'


def text_to_word_sequence(text, filters=PUNCTUATION, lower=True, split=" "):
    """The words of a text.

    Args:
        filters: characters that are taken for ``split``.
        lower: whether the text is put in lower case.
        split: what separates words.

    >>> text_to_word_sequence("The cat -- the mat!")
    ['the', 'cat', 'the', 'mat']
    """
    text = text.lower() if lower else text
    text = text.translate({ord(character): split for character in filters})
    return [word for word in text.split(split) if word]


def one_hot(text, n, filters=PUNCTUATION, lower=True, split=" "):
    """The words of a text as numbers from 1 to ``n - 1``, by Python's ``hash``.

    Two words may have one number; numbers differ from one process to the next.
    """
    return hashing_trick(text, n, hash, filters, lower, split)


def hashing_trick(text, n, hash_function=None, filters=PUNCTUATION, lower=True, split=" "):
    """The words of a text as numbers from 1 to ``n - 1``, by a hash function.

    ``hash_function`` is ``"md5"``, which is the same in every process, or a function of a word;
    Python's ``hash`` if not given.

    >>> hashing_trick("The cat sat on the mat", 10, "md5")
    [6, 3, 1, 1, 6, 8]
    """
    function = {None: hash, "md5": _md5}.get(hash_function, hash_function)
    words = text_to_word_sequence(text, filters, lower, split)
    return [function(word) % (n - 1) + 1 for word in words]


def _md5(word):
    return int(hashlib.md5(word.encode()).hexdigest(), 16)


class Tokenizer:
    """Numbers the words of texts by how common they are, from 1; 0 is no word.

    Args:
        num_words: only numbers below it are given out: the most common ``num_words - 1`` words.
        filters, lower, split: see :func:`text_to_word_sequence`.
        char_level: whether each character counts as a word.
        oov_token: a word that stands for the unknown ones; it gets number 1.

    >>> tokenizer = Tokenizer()
    >>> tokenizer.fit_on_texts(["a cat", "a dog and a cat"])
    >>> tokenizer.texts_to_sequences(["the cat and a dog"])
    [[2, 4, 1, 3]]
    """

    def __init__(
        self,
        num_words=None,
        filters=PUNCTUATION,
        lower=True,
        split=" ",
        char_level=False,
        oov_token=None,
        document_count=0,
        **kwargs,
    ):
        if "nb_words" in kwargs:
            warnings.warn("The `nb_words` argument in `Tokenizer` has been renamed `num_words`.")
            num_words = kwargs.pop("nb_words")
        if kwargs:
            raise TypeError("Unrecognized keyword arguments: %s" % (kwargs,))
        self.num_words = num_words
        self.filters = filters
        self.lower = lower
        self.split = split
        self.char_level = char_level
        self.oov_token = oov_token
        self.document_count = document_count
        self.word_counts = collections.OrderedDict()
        self.word_docs = collections.defaultdict(int)
        self.index_docs = collections.defaultdict(int)
        self.word_index = {}
        self.index_word = {}

    def _words(self, text):
        """The words of a text, or of a list that holds them already."""
        if isinstance(text, list):
            return [word.lower() for word in text] if self.lower else text
        if self.char_level:
            return text.lower() if self.lower else text
        return text_to_word_sequence(text, self.filters, self.lower, self.split)

    # ---- learning the vocabulary ----------------------------------------------------------------

    def fit_on_texts(self, texts):
        """Counts the words of more texts: strings, or lists of words."""
        for text in texts:
            self.document_count += 1
            words = self._words(text)
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in set(words):
                self.word_docs[word] += 1
        common = sorted(self.word_counts, key=lambda word: -self.word_counts[word])
        vocabulary = ([] if self.oov_token is None else [self.oov_token]) + common
        self.word_index = {word: number for number, word in enumerate(vocabulary, 1)}
        self.index_word = {number: word for word, number in self.word_index.items()}
        for word, count in self.word_docs.items():
            self.index_docs[self.word_index[word]] = count

    def fit_on_sequences(self, sequences):
        """Counts in how many sequences each number occurs, for ``mode="tfidf"``."""
        self.document_count += len(sequences)
        for sequence in sequences:
            for number in set(sequence):
                self.index_docs[number] += 1

    # ---- texts and sequences --------------------------------------------------------------------

    def texts_to_sequences(self, texts):
        """The numbers of the words of each text; words without one are left out."""
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts):
        """The sequences one by one."""
        for text in texts:
            numbers = [self._number(word) for word in self._words(text)]
            yield [number for number in numbers if number is not None]

    def _number(self, word):
        number = self.word_index.get(word)
        is_known = number is not None and not self._is_rare(number)
        return number if is_known else self.word_index.get(self.oov_token)

    def _is_rare(self, number):
        return bool(self.num_words) and number >= self.num_words

    def sequences_to_texts(self, sequences):
        """The words of each sequence, joined by spaces."""
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences):
        """The texts one by one."""
        for sequence in sequences:
            words = [self._word(number) for number in sequence]
            yield " ".join(word for word in words if word is not None)

    def _word(self, number):
        is_known = number in self.index_word and not self._is_rare(number)
        known = number if is_known else self.word_index.get(self.oov_token)
        return self.index_word.get(known)

    # ---- matrices -------------------------------------------------------------------------------

    def texts_to_matrix(self, texts, mode="binary"):
        """One row for each text, see :meth:`sequences_to_matrix`."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode)

    def sequences_to_matrix(self, sequences, mode="binary"):
        """One row for each sequence, with one column for each number.

        ``mode`` says what is there: ``"binary"`` whether the number occurs, ``"count"`` how often,
        ``"freq"`` its part of the sequence, ``"tfidf"`` a weight that is larger where a word is
        rare in other texts.
        Raises: ConfigError for an unknown mode, or where the vocabulary is unknown.
        """
        if not (self.num_words or self.word_index):
            raise ConfigError(
                "Specify a dimension (`num_words` argument), or fit on some text data first."
            )
        if mode == "tfidf" and not self.document_count:
            raise ConfigError("Fit the Tokenizer on some data before using tfidf mode.")
        if mode not in _WEIGHTS:
            raise ConfigError(
                "Unknown vectorization mode: %s. Expected one of %s."
                % (mode, ", ".join(sorted(_WEIGHTS)))
            )
        size = self.num_words or len(self.word_index) + 1
        matrix = np.zeros((len(sequences), size))
        for row, sequence in zip(matrix, sequences):
            for number, count in collections.Counter(sequence).items():
                if number < size:
                    row[number] = _WEIGHTS[mode](self, number, count, len(sequence))
        return matrix

    def _tfidf(self, number, count, length):
        rarity = self.document_count / (1 + self.index_docs.get(number, 0))
        return (1 + np.log(count)) * np.log(1 + rarity)

    # ---- configuration --------------------------------------------------------------------------

    def get_config(self):
        """The arguments and counts; dictionaries as JSON."""
        config = {name: getattr(self, name) for name in _ARGUMENTS}
        config.update((name, json.dumps(getattr(self, name))) for name in _COUNTS)
        return config

    def to_json(self, **kwargs):
        """The tokenizer as JSON, for :func:`tokenizer_from_json`."""
        return json.dumps(
            {"class_name": type(self).__name__, "config": self.get_config()}, **kwargs
        )


_WEIGHTS = {
    "binary": lambda tokenizer, number, count, length: 1,
    "count": lambda tokenizer, number, count, length: count,
    "freq": lambda tokenizer, number, count, length: count / length,
    "tfidf": Tokenizer._tfidf,
}
_ARGUMENTS = ["num_words", "filters", "lower", "split"] + [
    "char_level",
    "oov_token",
    "document_count",
]
_COUNTS = ["word_counts", "word_docs", "index_docs", "index_word", "word_index"]


def tokenizer_from_json(json_string):
    """The :class:`Tokenizer` that ``to_json`` wrote."""
    config = json.loads(json_string)["config"]
    counts = {name: json.loads(config.pop(name)) for name in _COUNTS}
    tokenizer = Tokenizer(**config)
    for name, values in counts.items():
        if name.startswith("index_"):  # in JSON all keys are strings
            values = {int(number): value for number, value in values.items()}
        getattr(tokenizer, name).update(values)
    return tokenizer
