"""The feature columns that tf.contrib.learn finds in arrays."""

import numpy as np
import pytest

import tfkeras_compat.tensorflow as tf
from tfkeras_compat.errors import KindError

X = np.linspace(0.0, 1.0, 20).reshape(10, 2).astype("float32")
Y = (X[:, 0] > 0.5).astype("int64")


def described(columns):
    return [(each.key, each.shape, each.dtype) for each in columns]


def test_each_array_of_a_dictionary_has_a_column():
    found = tf.contrib.learn.infer_real_valued_columns_from_input({"b": X, "a": Y})
    assert described(found) == [("a", (1,), tf.int64), ("b", (2,), tf.float32)]


def test_features_of_an_input_function_have_columns_in_a_graph_of_their_own():
    found = tf.contrib.learn.infer_real_valued_columns_from_input_fn(
        lambda: (tf.constant(X, name="x"), None)
    )
    assert described(found) == [("", (2,), tf.float32)]
    assert not tf.get_default_graph().get_operations()


def test_text_has_none():
    with pytest.raises(KindError, match="holds no numbers"):
        tf.contrib.learn.infer_real_valued_columns_from_input(np.array(["a"]))


def test_a_classifier_learns_from_arrays(tmp_path):
    columns = tf.contrib.learn.infer_real_valued_columns_from_input(X)
    classifier = tf.contrib.learn.LinearClassifier(columns, model_dir=str(tmp_path))
    classifier.fit(X, Y, steps=300)
    assert np.mean(list(classifier.predict(X)) == Y) >= 0.9
