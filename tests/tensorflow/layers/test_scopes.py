"""Initializers as variable scopes of both TensorFlows call them."""

import pytest

from tfkeras_compat import initializers
from tfkeras_compat._tf import tf
from tfkeras_compat.tensorflow.layers import scopes


def test_initializers_of_keras_serve_in_variable_scopes():
    adapted = scopes.as_scopes_call_it(initializers.get("ones"))
    variable = tf.get_variable("w", [2], initializer=adapted)
    with tf.Session() as session:
        session.run(variable.initializer)
        assert session.run(variable).tolist() == [1.0, 1.0]


@pytest.mark.parametrize("kind", [tf.zeros_initializer, tf.zeros_initializer(), 3.0])
def test_what_scopes_know_is_left_as_it_is(kind):
    assert scopes.as_scopes_call_it(kind) is kind
