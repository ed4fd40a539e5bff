"""Dropout and flattening of core layers."""

import numpy as np

import tfkeras_compat.tensorflow as tf


def test_dropout_follows_a_python_value_or_a_tensor():
    x, wish = tf.ones([4, 50]), tf.placeholder(tf.bool, [])
    plain = tf.layers.dropout(x, 0.5)
    chosen = tf.layers.dropout(x, 0.5, training=wish, noise_shape=[4, 1])
    with tf.Session() as session:
        assert session.run(plain).min() == 1
        assert session.run(chosen, {wish: False}).min() == 1
        dropped = session.run(chosen, {wish: True})
    assert set(np.unique(dropped)) <= {0.0, 2.0}
    assert (dropped == dropped[:, :1]).all()


def test_flatten_keeps_what_is_unknown_and_puts_channels_last():
    x = tf.placeholder(tf.float32, [None, None, 3])
    assert tf.layers.flatten(x).shape.as_list() == [None, None]
    assert tf.layers.flatten(tf.ones([2])).shape.as_list() == [2, 1]
    images = tf.constant(np.arange(8).reshape(1, 2, 2, 2))
    with tf.Session() as session:
        flat = session.run(tf.layers.flatten(images, data_format="channels_first"))
    assert flat.tolist() == [[0, 4, 1, 5, 2, 6, 3, 7]]
