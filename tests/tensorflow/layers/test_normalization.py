"""Batch normalization of core layers: what goldens do not show."""

import numpy as np
import pytest

import tfkeras_compat.tensorflow as tf
from tfkeras_compat.errors import ConfigError, ShapeError


def run(*fetches, **options):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(list(fetches), options.get("feed"))


def test_updates_are_the_operations_in_update_ops_and_frozen_layers_have_none():
    x = tf.ones([2, 3])
    layer = tf.layers.BatchNormalization()
    layer(x, training=True)
    tf.layers.batch_normalization(x, training=True, trainable=False)
    tf.layers.batch_normalization(x, training=False)
    assert tf.get_collection(tf.GraphKeys.UPDATE_OPS) == list(layer.updates)
    assert len(layer.updates) == 2


def test_a_tensor_chooses_between_the_batch_and_the_averages():
    training = tf.placeholder(tf.bool, [])
    x = tf.constant([[1.0], [3.0]])
    y = tf.layers.batch_normalization(x, training=training, epsilon=0.0)
    for value, expected in [(True, [[-1.0], [1.0]]), (False, [[1.0], [3.0]])]:
        (found,) = run(y, feed={training: value})
        np.testing.assert_allclose(found, expected, rtol=1e-6)


def test_half_precision_has_weights_of_single_precision():
    tf.layers.batch_normalization(tf.ones([2, 3, 3, 2], tf.float16), training=True)
    assert {v.dtype.base_dtype for v in tf.global_variables()} == {tf.float32}


def test_channels_first_images_are_normalized_without_a_gpu():
    x = tf.constant(np.arange(16, dtype="float32").reshape(2, 2, 2, 2))
    (first,) = run(tf.layers.batch_normalization(x, axis=1, training=True))
    np.testing.assert_allclose(first.mean(axis=(0, 2, 3)), [0, 0], atol=1e-6)


@pytest.mark.parametrize(
    "arguments, error, words",
    [
        ({"axis": 4}, ConfigError, "axis"),
        ({"axis": [1, -1]}, ConfigError, "different axes"),
        ({"renorm": True, "renorm_clipping": {"max": 1}}, ConfigError, "max"),
        ({"virtual_batch_size": 0}, ConfigError, "virtual_batch_size"),
        ({"virtual_batch_size": 2, "axis": 0}, ConfigError, "virtual_batch_size"),
    ],
)
def test_arguments_that_exclude_each_other_are_refused(arguments, error, words):
    with pytest.raises(error, match=words):
        tf.layers.batch_normalization(tf.ones([2, 3]), **arguments)


def test_an_unknown_number_of_channels_is_refused():
    with pytest.raises(ShapeError, match="undefined size"):
        tf.layers.batch_normalization(tf.placeholder(tf.float32, [2, None]))
