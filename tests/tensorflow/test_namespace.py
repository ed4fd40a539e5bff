"""``import tfkeras_compat.tensorflow as tf``: the TensorFlow 1.x namespace."""

import pytest

import tfkeras_compat
import tfkeras_compat.tensorflow as tf
from tfkeras_compat import _tf


def test_everything_of_tensorflow_1_is_there_and_it_works_in_graph_mode():
    assert not tf.executing_eagerly()
    assert tf.placeholder is _tf.tf.placeholder
    assert tf.train.GradientDescentOptimizer is _tf.tf.train.GradientDescentOptimizer
    assert "placeholder" in dir(tf)


def test_keras_is_this_package():
    from tfkeras_compat.tensorflow import keras
    from tfkeras_compat.tensorflow.keras import backend

    assert tf.keras is keras is tfkeras_compat
    assert backend is tfkeras_compat.backend


def test_every_kind_of_variable_is_an_instance_of_variable():
    reference = tf.get_variable("reference", [2], use_resource=False)
    resource = tf.get_variable("resource", [2], use_resource=True)
    assert isinstance(reference, tf.Variable) and isinstance(resource, tf.Variable)
    assert issubclass(type(resource), tf.Variable)
    assert not isinstance(tf.constant(1.0), tf.Variable)
    assert not isinstance(3, tf.Variable)


def test_calling_variable_makes_one():
    counter = tf.Variable(5, name="counter", trainable=False)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        assert sess.run(counter) == 5
    assert counter.name == "counter:0" and isinstance(counter, tf.Variable)


def test_the_class_attributes_of_variable_are_those_of_tensorflow():
    assert tf.Variable.SaveSliceInfo is _tf.tf.Variable.SaveSliceInfo


def test_modules_of_tensorflow_are_the_very_same_under_this_namespace():
    from tensorflow.python.framework import dtypes as original

    import tfkeras_compat.tensorflow.python.framework.dtypes
    from tfkeras_compat.tensorflow.python.framework import dtypes

    assert dtypes is original
    assert tfkeras_compat.tensorflow.python.framework.dtypes is original


def test_what_neither_we_nor_tensorflow_have_is_a_clear_error():
    with pytest.raises(AttributeError, match="nor TensorFlow .* has tensorflow.no_such_place"):
        tf.no_such_place  # noqa: B018
    with pytest.raises(ImportError, match="has tensorflow.no_such_place"):
        import tfkeras_compat.tensorflow.no_such_place.deeper  # noqa: F401
    assert not hasattr(tf, "no_such_place")


def test_a_star_import_gives_the_names_of_tensorflow_and_our_keras():
    scope = {}
    exec("from tfkeras_compat.tensorflow import *", scope)
    assert scope["placeholder"] is tf.placeholder
    assert scope["Variable"] is tf.Variable
    assert scope["keras"] is tfkeras_compat
