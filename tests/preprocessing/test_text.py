import numpy as np
import pytest

from tfkeras_compat.errors import ConfigError
from tfkeras_compat.preprocessing import text
from tfkeras_compat.preprocessing.text import Tokenizer, text_to_word_sequence, tokenizer_from_json

TEXTS = ["The cat sat on the mat.", "The dog sat on the log.", ["Dogs", "and", "cats"]]
MODES = ("binary", "count", "freq", "tfidf")


def fitted(**arguments):
    tokenizer = Tokenizer(**arguments)
    tokenizer.fit_on_texts(TEXTS)
    return tokenizer


def test_words_are_what_stands_between_filtered_characters():
    assert text_to_word_sequence("Hello, World", lower=False) == ["Hello", "World"]
    assert text_to_word_sequence("a-b c", filters="-", split="_") == ["a", "b c"]


def test_common_words_have_low_numbers_and_equally_common_ones_the_order_of_the_texts():
    tokenizer = fitted()
    assert tokenizer.word_index["the"] == 1
    assert [tokenizer.word_index[word] for word in ("sat", "on", "cat", "mat")] == [2, 3, 4, 5]
    assert tokenizer.document_count == 3 and tokenizer.word_docs["the"] == 2
    assert tokenizer.texts_to_sequences(["the unknown cat"]) == [[1, 4]]


def test_rare_and_unknown_words_are_left_out_or_replaced():
    assert fitted(num_words=3).texts_to_sequences(["the cat sat"]) == [[1, 2]]
    tokenizer = fitted(num_words=4, oov_token="?")
    assert tokenizer.texts_to_sequences(["the new cat sat"]) == [[2, 1, 1, 3]]
    assert tokenizer.sequences_to_texts([[2, 9, 3]]) == ["the ? sat"]


def test_characters_may_count_as_words():
    tokenizer = Tokenizer(char_level=True)
    tokenizer.fit_on_texts(["Aab"])
    assert tokenizer.texts_to_sequences(["ba"]) == [[2, 1]]


@pytest.mark.parametrize(
    "mode, row",
    [
        ("binary", [0, 1, 1]),
        ("count", [0, 2, 1]),
        ("freq", [0, 0.5, 0.25]),
        ("tfidf", [0, (1 + np.log(2)) * np.log(1 + 3 / 3), np.log(1 + 3 / 3)]),
    ],
)
def test_a_matrix_has_a_column_for_each_word(mode, row):
    matrix = fitted(num_words=3).sequences_to_matrix([[1, 2, 1, 7], []], mode)
    np.testing.assert_allclose(matrix, [row, [0, 0, 0]])


def test_a_matrix_needs_a_vocabulary_and_a_known_mode():
    with pytest.raises(ConfigError, match="Specify a dimension"):
        Tokenizer().sequences_to_matrix([[1]])
    with pytest.raises(ConfigError, match="before using tfidf"):
        Tokenizer(num_words=3).sequences_to_matrix([[1]], "tfidf")
    with pytest.raises(ConfigError, match="Unknown vectorization mode: odd"):
        fitted().sequences_to_matrix([[1]], "odd")


def test_a_tokenizer_is_the_same_again_from_json():
    tokenizer = fitted(num_words=5, oov_token="?")
    again = tokenizer_from_json(tokenizer.to_json())
    assert again.get_config() == tokenizer.get_config()
    assert again.texts_to_sequences(TEXTS) == tokenizer.texts_to_sequences(TEXTS)
    again.fit_on_texts(["new words"])  # counting goes on


def test_keras_1_called_the_number_of_words_otherwise():
    with pytest.warns(UserWarning, match="`nb_words`.*`num_words`"):
        assert Tokenizer(nb_words=5).num_words == 5
    with pytest.raises(TypeError, match="nb_word"):
        Tokenizer(nb_word=5)


def test_the_original_gives_the_same():
    original = pytest.importorskip("keras_preprocessing.text")
    for arguments in ({}, {"num_words": 4}, {"num_words": 4, "oov_token": "?"}):
        ours, theirs = Tokenizer(**arguments), original.Tokenizer(**arguments)
        for each in (ours, theirs):
            each.fit_on_texts(TEXTS)
        assert ours.get_config() == theirs.get_config()
        for mode in MODES:
            np.testing.assert_array_equal(
                ours.texts_to_matrix(TEXTS, mode), theirs.texts_to_matrix(TEXTS, mode)
            )
    assert text.hashing_trick(TEXTS[0], 9, "md5") == original.hashing_trick(TEXTS[0], 9, "md5")
