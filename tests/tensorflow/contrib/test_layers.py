"""tf.contrib.layers: as TensorFlow 1.15.5 recorded it, and what it refuses."""

import contrib_layer_cases
import numpy as np
import pytest
import record_contrib

import tfkeras_compat.tensorflow as tf
from tfkeras_compat.errors import ConfigError, KindError, ShapeError

FACTS, NUMBERS = record_contrib.recorded()
layers = tf.contrib.layers


@pytest.mark.parametrize("name", sorted(contrib_layer_cases.CASES))
def test_names_collections_outputs_gradients_and_statistics_are_those_of_1_15(name):
    facts, numbers = contrib_layer_cases.observe(tf, tf.contrib, name)
    assert facts == FACTS[name]
    expected = {key[len(name) + 1 :] for key in NUMBERS if key.startswith(name + "/")}
    assert set(numbers) == expected
    for key, value in numbers.items():
        np.testing.assert_allclose(
            value, NUMBERS["%s/%s" % (name, key)], rtol=2e-5, atol=2e-5, err_msg=key
        )


def test_dropout_keeps_a_part_and_scales_it():
    with tf.Session() as session:
        kept = session.run(layers.dropout(tf.ones([100, 10]), keep_prob=0.25, seed=3))
    assert set(np.unique(kept)) == {0.0, 4.0} and 0.15 < (kept > 0).mean() < 0.35


def test_an_initializer_has_the_variance_that_it_is_asked_for():
    with tf.Session() as session:
        uniform = session.run(layers.xavier_initializer(seed=1)([300, 100]))
        normal = session.run(layers.variance_scaling_initializer(seed=1)([3, 3, 20, 50]))
    assert abs(uniform).max() <= np.sqrt(6 / 400) and np.isclose(uniform.var(), 2 / 400, rtol=0.05)
    assert np.isclose(normal.var(), 2 / 180, rtol=0.05)


def test_a_scope_can_be_opened_again_and_refuses_what_is_not_prepared():
    framework = tf.contrib.framework
    with framework.arg_scope([layers.conv2d, layers.max_pool2d], padding="VALID") as scope:
        pass
    with framework.arg_scope(scope):
        assert layers.max_pool2d(tf.ones([1, 3, 3, 1]), 2).get_shape().as_list() == [1, 1, 1, 1]
        same = layers.max_pool2d(tf.ones([1, 3, 3, 1]), 2, padding="SAME")
    assert same.get_shape().as_list() == [1, 2, 2, 1]
    assert "padding" in framework.arg_scoped_arguments(layers.conv2d)
    with pytest.raises(ConfigError, match="@add_arg_scope"), framework.arg_scope([len], x=1):
        pass
    with pytest.raises(KindError, match="list of functions"), framework.arg_scope(len):
        pass


def test_end_points_are_collected_as_networks_of_slim_do():
    slim_utils = tf.contrib.slim.utils
    with tf.contrib.framework.arg_scope([layers.fully_connected], outputs_collections="ends"):
        with tf.variable_scope("net") as scope:
            x = layers.relu(tf.ones([2, 3]), 4, scope="first")
        assert list(slim_utils.convert_collection_to_dict("ends")) == ["net/first"]
    assert slim_utils.convert_collection_to_dict("ends", clear_collection=True)["net/first"] is x
    assert scope.name == "net" and not tf.get_collection("ends")
    assert slim_utils.last_dimension(x.get_shape(), min_rank=2) == 4
    with pytest.raises(ShapeError, match="at least 3 axes"):
        slim_utils.last_dimension(x.get_shape(), min_rank=3)


@pytest.mark.parametrize(
    "build, error",
    [
        (lambda: layers.fully_connected(tf.placeholder(tf.float32), 2), ShapeError),
        (lambda: layers.fully_connected(tf.placeholder(tf.float32, [2, None]), 2), ShapeError),
        (lambda: layers.fully_connected(tf.zeros([1, 2]), 2.0), ConfigError),
        (lambda: layers.conv2d(tf.zeros([1, 2, 3]), 2, 3), ShapeError),
        (lambda: layers.conv2d(tf.zeros([1, 2, 2, 1]), 2, [1, 2, 3]), ConfigError),
        (lambda: layers.conv2d(tf.zeros([1, 2, 2, 1]), 2, 3, data_format="HW"), ConfigError),
        (lambda: layers.group_norm(tf.zeros([1, 2, 2, 3]), groups=2), ShapeError),
        (lambda: layers.batch_norm(tf.zeros([1, 2]), data_format="NHCW"), ConfigError),
        (lambda: layers.stack(tf.zeros([1, 2]), layers.relu, 3), ConfigError),
        (lambda: layers.optimize_loss(tf.constant(1.0), None, 0.1, "Adams"), ConfigError),
        (lambda: layers.optimize_loss(tf.constant(1.0), None, -0.1, "Adam"), ConfigError),
        (lambda: layers.l2_regularizer(1), ConfigError),
        (lambda: layers.xavier_initializer(dtype=tf.int32), KindError),
        (lambda: layers.embed_sequence(tf.constant([[1]])), ConfigError),
        (lambda: layers.real_valued_column("x", dimension=None), ConfigError),
    ],
)
def test_what_does_not_fit_is_refused_when_the_graph_is_made(build, error):
    with pytest.raises(error):
        build()
