import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.layers import Embedding
from tfkeras_compat.models import Sequential


def ids(*shape):
    return tf.placeholder("int32", shape)


def test_each_integer_gives_its_row():
    table = np.arange(8.0).reshape(4, 2)
    y = Embedding(4, 2, weights=[table])(K.constant([[3, 0]], dtype="int32"))
    assert K.get_session().run(y).tolist() == [[[6.0, 7.0], [0.0, 1.0]]]


def test_integers_may_come_as_floats():
    y = Embedding(4, 2, embeddings_initializer="ones")(K.constant([[1.0]]))
    assert K.get_session().run(y).tolist() == [[[1.0, 1.0]]]


def test_zero_is_masked_only_if_asked_for():
    layer = Embedding(4, 2, mask_zero=True)
    layer(K.constant([[1, 0]], dtype="int32"))
    assert K.get_session().run(layer.output_mask).tolist() == [[True, False]]
    plain = Embedding(4, 2)
    plain(K.constant([[1, 0]], dtype="int32"))
    assert plain.output_mask is None


@pytest.mark.parametrize(
    "length, given, expected",
    [
        (None, (None, 7), (None, 7, 2)),
        (7, (None, None), (None, 7, 2)),
        ((None, 7), (5, 3, None), (5, 3, 7, 2)),
    ],
)
def test_the_length_may_be_fixed_beforehand(length, given, expected):
    assert Embedding(4, 2, input_length=length).compute_output_shape(given) == expected


def test_inputs_that_contradict_the_length_are_an_error():
    with pytest.raises(ValueError, match=r'e: "input_length" is 7, but.*\(None, 6\)'):
        Embedding(4, 2, input_length=7, name="e")(ids(None, 6))


def test_an_embedding_begins_a_model_without_further_shapes():
    assert Sequential([Embedding(4, 2)]).output_shape == (None, None, 2)
    assert Sequential([Embedding(4, 2, input_length=5)]).output_shape == (None, 5, 2)
    batch = Sequential([Embedding(4, 2, batch_input_shape=(3, 5))])
    assert batch.output_shape == (3, 5, 2)


def test_an_embedding_is_rebuilt_from_its_configuration():
    config = Embedding(
        4, 2, mask_zero=True, input_length=5, embeddings_regularizer="l2"
    ).get_config()
    assert Embedding.from_config(config).get_config() == config


def test_only_the_rows_that_were_looked_up_change_in_training():
    layer = Embedding(4, 2, embeddings_initializer="ones")
    loss = K.sum(layer(K.constant([[1, 3]], dtype="int32")))
    K.get_session().run(tf.train.GradientDescentOptimizer(1.0).minimize(loss))
    K.get_session().run(tf.train.GradientDescentOptimizer(1.0).minimize(loss))
    assert K.get_value(layer.embeddings)[:, 0].tolist() == [1.0, -1.0, 1.0, -1.0]
