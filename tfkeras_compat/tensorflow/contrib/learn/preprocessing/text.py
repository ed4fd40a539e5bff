"""``tf.contrib.learn.preprocessing.text``: words as numbers."""

import collections
import io
import json
import pickle
import re
from typing import Any, Dict

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import FileFormatError, UnsafeConfigError
from tfkeras_compat.tensorflow.contrib.learn.preprocessing.categorical_vocabulary import (
    CategoricalVocabulary,
)

_WORD = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|[\'\w\-]+")


def tokenizer(iterator):
    """Yields the words of each text: a list.

    >>> list(tokenizer(["It's a well-known TFRecord."]))
    [["It's", 'a', 'well-known', 'TF', 'Record']]
    """
    return (_WORD.findall(text) for text in iterator)


class VocabularyProcessor:
    """Texts as rows of the numbers of their words, cut or filled with 0 to one length.

    Args:
        max_document_length: how many numbers a row has.
        min_frequency: words that come no more often than this are unknown.
        vocabulary: a :class:`CategoricalVocabulary`; an empty one if not given.
        tokenizer_fn: makes lists of words of texts; :func:`tokenizer` if not given.

    >>> processor = VocabularyProcessor(3)
    >>> [row.tolist() for row in processor.fit_transform(["to be or not", "to do"])]
    [[1, 2, 3], [1, 5, 0]]
    """

    def __init__(self, max_document_length, min_frequency=0, vocabulary=None, tokenizer_fn=None):
        self.max_document_length = max_document_length
        self.min_frequency = min_frequency
        self.vocabulary_ = vocabulary or CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents, unused_y=None):
        """Numbers the words of the texts; those of later texts are then unknown. Returns
        itself."""
        for tokens in self._tokenizer(raw_documents):
            for token in tokens:
                self.vocabulary_.add(token)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(self, raw_documents, unused_y=None):
        """:meth:`fit`, then :meth:`transform`."""
        return self.fit(raw_documents).transform(raw_documents)

    def transform(self, raw_documents):
        """Yields the row of each text: int64, ``(max_document_length,)``."""
        for tokens in self._tokenizer(raw_documents):
            numbers = [self.vocabulary_.get(token) for token in tokens[: self.max_document_length]]
            row = np.zeros(self.max_document_length, np.int64)
            row[: len(numbers)] = numbers
            yield row

    def reverse(self, documents):
        """Yields the words of each row, with spaces between them."""
        for row in documents:
            yield " ".join(self.vocabulary_.reverse(number) for number in row)

    def save(self, filename):
        """Writes all but ``tokenizer_fn`` to a file of JSON; the original writes a pickle."""
        vocabulary = {
            name: value for name, value in vars(self.vocabulary_).items() if name != "_mapping"
        }
        sizes = [self.max_document_length, self.min_frequency]
        with tf.gfile.GFile(filename, "w") as file:
            json.dump({"arguments": sizes, "vocabulary": vocabulary}, file)

    @classmethod
    def restore(cls, filename, tokenizer_fn=None):
        """What :meth:`save` wrote, or that of the original; the ``tokenizer_fn`` is given anew.

        Raises: FileFormatError for another file; UnsafeConfigError for a pickle that names anything
        else.
        """
        with tf.gfile.GFile(filename, "rb") as file:
            content = file.read()
        read = _of_json if content[:1] == b"{" else _of_pickle
        (length, min_frequency), vocabulary = read(content, filename)
        return cls(length, min_frequency, vocabulary, tokenizer_fn)


def _of_json(content, filename):
    try:
        saved = json.loads(content.decode("utf-8"))
        return saved["arguments"], _vocabulary(saved["vocabulary"])
    except (ValueError, KeyError) as error:
        raise _not_a_processor(filename) from error


def _of_pickle(content, filename):
    try:
        saved = _Unpickler(io.BytesIO(content)).load()
        sizes = saved["max_document_length"], saved["min_frequency"]
        return sizes, _vocabulary(saved["vocabulary_"])
    except (pickle.UnpicklingError, EOFError, KeyError, TypeError) as error:
        raise _not_a_processor(filename) from error


def _not_a_processor(filename):
    return FileFormatError(
        "%s is not a file that VocabularyProcessor.save wrote, here or in TensorFlow 1.x."
        % filename
    )


def _vocabulary(attributes):
    made = CategoricalVocabulary(attributes["_unknown_token"], attributes["_support_reverse"])
    made._freq = collections.Counter(attributes["_freq"])
    mapping = attributes.get("_mapping", {})
    ordered = attributes.get("_reverse_mapping") or sorted(mapping, key=mapping.get)
    made._number(ordered[1:])
    made.freeze(attributes["_freeze"])
    return made


class _Attributes(dict):
    """Stands for each of the two classes: of their pickled states, the attributes."""

    def __setstate__(self, state):
        self.update(state)


_PLACE = "tensorflow.contrib.learn.python.learn.preprocessing."
_KNOWN: Dict[Any, Any] = {
    (_PLACE + "text", "VocabularyProcessor"): _Attributes,
    (_PLACE + "categorical_vocabulary", "CategoricalVocabulary"): _Attributes,
    (_PLACE + "text", "tokenizer"): None,
    ("copyreg", "_reconstructor"): lambda kind, base, state: kind(),
    ("copy_reg", "_reconstructor"): lambda kind, base, state: kind(),  # of Python 2
    ("collections", "defaultdict"): lambda factory=None: {},
}
_CLASSES = {"object": object, "int": int}  # what the two above are given


class _Unpickler(pickle.Unpickler):
    """Makes nothing but the two classes and plain values."""

    def find_class(self, module, name):
        if (module, name) in _KNOWN:
            return _KNOWN[module, name]
        if module in ("builtins", "__builtin__") and name in _CLASSES:
            return _CLASSES[name]
        raise UnsafeConfigError(
            "The file asks for %s.%s, where only a VocabularyProcessor is expected. Nothing was "
            "run. A tokenizer_fn of your own is given to restore(filename, tokenizer_fn)."
            % (module, name)
        )
