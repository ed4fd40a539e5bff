"""Heads against those of TensorFlow 1.15.5, as recorded."""

import json

import canned_cases
import numpy as np
import pytest
import record_canned

import tfkeras_compat.estimator as ours
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError, ShapeError
from tfkeras_compat.estimator.heads.first_generation import classifier_head

with open(record_canned.FILE) as file:
    RECORDED = json.load(file)["heads"]

LABELS = np.array([[1], [0]])
LOGITS = np.array([[2.0], [0.5]], np.float32)


@pytest.mark.either_end
@pytest.mark.parametrize("name", sorted(canned_cases.HEADS))
def test_it_says_what_the_original_says(name, tmp_path):
    found = canned_cases.observe_head(name, tf, ours, str(tmp_path))
    canned_cases.assert_same(json.loads(json.dumps(found)), RECORDED[name])


def evaluated(tensor, feed=None):
    with tf.Session() as session:
        session.run(tf.tables_initializer())
        return session.run(tensor, feed)


def test_the_reductions_of_both_generations_are_known():
    def loss(reduction):
        return evaluated(ours.RegressionHead(loss_reduction=reduction).loss(LABELS, LOGITS))

    assert loss("sum") == loss("weighted_sum") == 1.25
    assert loss("auto") == loss("weighted_sum_over_batch_size") == 0.625


def test_a_loss_function_of_one_s_own_may_look_at_the_features():
    def loss_fn(labels, logits, features):
        return tf.abs(labels - logits) * features["scale"]

    head = ours.RegressionHead(loss_fn=loss_fn, loss_reduction="sum")
    assert evaluated(head.loss(LABELS, LOGITS, {"scale": tf.constant(2.0)})) == 3.0
    wrong = ours.RegressionHead(loss_fn=lambda labels, logits: tf.reduce_sum(logits))
    with pytest.raises(tf.errors.InvalidArgumentError, match="loss_fn must return"):
        evaluated(wrong.loss(LABELS, LOGITS))
    with pytest.raises(ConfigError, match="loss_fn must contain argument: labels"):
        ours.BinaryClassHead(loss_fn=lambda logits: logits)


def test_weights_of_another_length_are_refused_at_run_time():
    head = ours.BinaryClassHead(weight_column="w")
    lengths = tf.placeholder(tf.float32, [None])
    loss = head.loss(LABELS, tf.constant(LOGITS), {"w": lengths})
    assert evaluated(loss, {lengths: [1.0, 0.0]}) > 0
    with pytest.raises(tf.errors.InvalidArgumentError, match="weights shape must be"):
        evaluated(loss, {lengths: [1.0, 0.0, 2.0]})


@pytest.mark.parametrize(
    "call, error, message",
    [
        (lambda: ours.BinaryClassHead().loss(LABELS, np.ones((2, 3))), ShapeError, "logits shape"),
        (
            lambda: ours.MultiClassHead(3).loss(LABELS * 1.0, np.ones((2, 3))),
            ConfigError,
            "integer",
        ),
        (lambda: ours.BinaryClassHead().loss([["a"], ["b"]], LOGITS), ConfigError, "vocabulary"),
        (lambda: ours.BinaryClassHead(thresholds=[1.5]), ConfigError, "thresholds not in"),
        (lambda: ours.BinaryClassHead().predictions(LOGITS, ["top"]), ConfigError, "key 'top'"),
        (
            lambda: ours.BinaryClassHead(weight_column=3).loss(LABELS, LOGITS, {}),
            KindError,
            "Weight column must be either",
        ),
        (lambda: ours.MultiLabelHead(1), ConfigError, "n_classes must be > 1"),
        (
            lambda: ours.MultiLabelHead(3, classes_for_class_based_metrics=["a"]),
            ConfigError,
            "must be names of the label_vocabulary",
        ),
        (lambda: ours.MultiHead([ours.BinaryClassHead()]), ConfigError, "must have name"),
        (
            lambda: ours.MultiHead([ours.BinaryClassHead(name="a")]).loss({}, LOGITS),
            ConfigError,
            "labels has missing values for head",
        ),
        (
            lambda: ours.BinaryClassHead().create_estimator_spec({}, "train", LOGITS, LABELS),
            ConfigError,
            "cannot both be None",
        ),
    ],
)
def test_what_does_not_fit_is_named(call, error, message):
    with pytest.raises(error, match=message):
        call()


def test_a_label_outside_the_vocabulary_is_refused():
    head = ours.MultiClassHead(3, label_vocabulary=["a", "b", "c"])
    loss = head.loss(tf.placeholder_with_default([["b"], ["q"]], [2, 1]), np.ones((2, 3)))
    with pytest.raises(tf.errors.InvalidArgumentError, match="Labels must >= 0"):
        evaluated(loss)


def test_sparse_labels_of_a_multi_label_head_are_an_indicator():
    sparse = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], tf.constant(["c", "a", "b"]), [2, 2])
    head = ours.MultiLabelHead(3, label_vocabulary=["a", "b", "c"])
    logits = np.array([[1.0, 2.0, 3.0], [0.0, -1.0, 1.0]], np.float32)
    dense = np.array([[1, 0, 1], [0, 1, 0]])
    found, expected = evaluated([head.loss(sparse, logits), head.loss(dense, logits)])
    assert found == expected


def test_a_head_of_one_s_own_needs_no_more_than_the_six_methods():
    class Median(ours.Head):
        name = None
        logits_dimension = 1
        loss_reduction = "sum"

        def loss(self, labels, logits, features=None, mode=None, regularization_losses=None):
            return tf.reduce_sum(tf.abs(labels - logits))

        def predictions(self, logits, keys=None):
            return {"middle": logits}

        def metrics(self, regularization_losses=None):
            return ours.RegressionHead().metrics()

        def update_metrics(self, eval_metrics, features, logits, labels, **others):
            for metric in eval_metrics.values():
                metric.update_state(labels)
            return eval_metrics

    one = {"x": np.ones((1, 1), np.float32)}, np.full((1, 1), 3.0, np.float32)
    column = tf.feature_column.numeric_column("x")
    model = ours.LinearEstimator(Median(), [column], optimizer="SGD")
    model.train(lambda: _constants(one), steps=1)
    found = model.evaluate(lambda: _constants(one), steps=1)
    assert found["label/mean"] == 3.0
    assert found["loss"] == pytest.approx(3.0 - 2 * 0.2)


def _constants(batch):
    features, labels = batch
    return {key: tf.constant(value) for key, value in features.items()}, tf.constant(labels)


def test_a_metric_object_is_fed_once():
    head = ours.BinaryClassHead()
    metrics = head.update_metrics(head.metrics(), {}, tf.constant(LOGITS), tf.constant(LABELS))
    with pytest.raises(ConfigError, match="was given its batch already"):
        head.update_metrics(metrics, {}, tf.constant(LOGITS), tf.constant(LABELS))


def test_a_canned_head_counts_a_probability_on_the_threshold_as_positive():
    public = ours.BinaryClassHead(thresholds=[0.5])
    canned = type(classifier_head(2, None, None, "sum"))(thresholds=[0.5])
    logits, labels = tf.constant([[0.0]]), tf.constant([[1]])
    keys = "accuracy/positive_threshold_0.5"
    both = [
        head.update_metrics(head.metrics(), {}, logits, labels)[keys].updates[0]
        for head in (public, canned)
    ]
    with tf.Session() as session:
        session.run(tf.local_variables_initializer())
        assert session.run(both) == [0.0, 1.0]


def test_several_heads_train_one_network_and_report_each_loss():
    heads = [ours.BinaryClassHead(name="kind"), ours.RegressionHead(2, name="place")]
    with tf.Graph().as_default():
        labels = {"kind": tf.constant([[1]]), "place": tf.constant([[0.5, 1.0]])}
        tf.train.create_global_step()
        weights = tf.get_variable("weights", [1, 3], initializer=tf.zeros_initializer())
        spec = ours.MultiHead(heads, head_weights=[1.0, 2.0]).create_estimator_spec(
            {},
            "train",
            tf.matmul([[1.0]], weights),
            labels,
            optimizer=tf.train.GradientDescentOptimizer(0.5),
        )
        tags = [each.op.name for each in tf.get_collection(tf.GraphKeys.SUMMARIES)]
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            session.run(spec.train_op)
            learned = session.run(weights)
    assert tags == ["loss/kind", "loss/place", "loss"]
    np.testing.assert_allclose(learned, [[0.25, 0.5, 1.0]], rtol=1e-6)
