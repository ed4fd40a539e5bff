"""VocabularyProcessor of tf.contrib.learn: the numbers and files of TensorFlow 1.15.5."""

import os
import pickle

import pytest

from tfkeras_compat.errors import FileFormatError, UnsafeConfigError
from tfkeras_compat.tensorflow.contrib.learn.preprocessing.text import VocabularyProcessor

TEXTS = [
    "It's a TFRecord of TF and a Well-known word",
    "a word of TF in a record",
    "TF can't do what a can do",
]
ROWS_OF_FREQUENT = [[0, 1, 2, 0, 4], [1, 5, 4, 2, 0], [2, 0, 3, 0, 1]]
GOLDEN = os.path.join(os.path.dirname(__file__), *[".."] * 4, "golden")
WRITTEN_BY_THE_ORIGINAL = os.path.join(GOLDEN, "vocabulary_processor.pickle")


def rows(made):
    return [row.tolist() for row in made]


def test_words_are_numbered_as_in_the_original():
    processor = VocabularyProcessor(4)
    assert rows(processor.fit_transform(TEXTS)) == [[1, 2, 3, 4], [2, 8, 5, 3], [3, 11, 12, 13]]
    assert list(processor.reverse([[1, 2, 0]])) == ["It's a <UNK>"]


def test_rare_words_are_unknown_and_the_others_numbered_by_frequency():
    processor = VocabularyProcessor(5, min_frequency=1)
    assert rows(processor.fit_transform(TEXTS)) == ROWS_OF_FREQUENT
    assert len(processor.vocabulary_) == 6


def test_a_saved_processor_and_one_of_the_original_are_restored(tmp_path):
    restored = VocabularyProcessor.restore(WRITTEN_BY_THE_ORIGINAL)
    assert rows(restored.transform(TEXTS)) == ROWS_OF_FREQUENT
    restored.save(str(tmp_path / "saved"))
    again = VocabularyProcessor.restore(str(tmp_path / "saved"))
    assert rows(again.transform(TEXTS)) == ROWS_OF_FREQUENT
    assert list(again.reverse([[2, 1]])) == ["TF a"]


class Harmful:
    def __reduce__(self):
        return os.system, ("true",)


@pytest.mark.parametrize(
    "content, error",
    [
        (pickle.dumps(Harmful()), UnsafeConfigError),
        (b"{}", FileFormatError),
        (b"", FileFormatError),
    ],
)
def test_another_file_is_refused_before_anything_runs(content, error, tmp_path):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(error):
        VocabularyProcessor.restore(str(tmp_path / "file"))
