"""Canned estimators against those of TensorFlow 1.15.5: recorded, and live where that is."""

import json
import os
import shutil

import canned_cases
import numpy as np
import pytest
import record_canned

import tfkeras_compat.estimator as ours
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, NotInLegacyError
from tfkeras_compat.estimator.heads.first_generation import classifier_head
from tfkeras_compat.optimizers import SGD

with open(record_canned.FILE) as file:
    RECORDED = json.load(file)["canned"]

# TensorFlow 1.15 says so of its own gradients of feature columns.
pytestmark = pytest.mark.filterwarnings("ignore:Converting sparse IndexedSlices:UserWarning")

is_the_original_here = tf.__version__.startswith("1.")
X = tf.feature_column.numeric_column("x")


@pytest.mark.either_end
@pytest.mark.parametrize("name", sorted(canned_cases.CANNED))
def test_it_learns_as_the_original_does(name, tmp_path):
    found = canned_cases.observe(name, tf, ours, str(tmp_path))
    canned_cases.assert_same(json.loads(json.dumps(found)), RECORDED[name])


@pytest.mark.skipif(not is_the_original_here, reason="NOT COMPARED LIVE: no tf.estimator here")
@pytest.mark.parametrize("name", ["dnn_classifier", "combined_regressor"])
def test_each_goes_on_from_the_other_s_checkpoint(name, tmp_path):
    import tensorflow.compat.v1 as original

    make, labels = canned_cases.CANNED[name]
    sides = [
        make(tf, ours, str(tmp_path)),
        make(original, original.estimator, str(tmp_path)),
    ]
    for trained, other in (sides, reversed(sides)):
        trained.train(canned_cases.input_of(tf, labels, is_repeated=True), steps=1)
        expected = trained.evaluate(canned_cases.input_of(tf, labels))
        assert _is_close(other.evaluate(canned_cases.input_of(tf, labels)), expected)
    assert expected["global_step"] == 2


def _is_close(found, expected):
    return found == pytest.approx(expected, rel=1e-5, abs=1e-6)


@pytest.mark.either_end
@pytest.mark.parametrize("name", sorted(record_canned.KEPT))
def test_it_goes_on_from_a_checkpoint_of_the_original(name, tmp_path):
    for file in os.listdir(record_canned.kept(name)):
        (tmp_path / "model").mkdir(exist_ok=True)
        shutil.copy(os.path.join(record_canned.kept(name), file), str(tmp_path / "model"))
    make, labels = canned_cases.CANNED[name]
    model = make(tf, ours, str(tmp_path))
    found = model.evaluate(canned_cases.input_of(tf, labels))
    assert _is_close(found, RECORDED[name]["evaluation"])
    model.train(canned_cases.input_of(tf, labels), steps=1)
    assert model.get_variable_value("global_step") == canned_cases.STEPS + 1


def test_a_second_estimator_goes_on_in_the_same_directory(tmp_path):
    make, labels = canned_cases.CANNED["combined_classifier"]
    model = make(tf, ours, str(tmp_path))
    model.train(canned_cases.input_of(tf, labels), steps=2)
    kernel = model.get_variable_value("dnn/logits/kernel")
    again = make(tf, ours, str(tmp_path))
    predicted = list(again.predict(canned_cases.input_of(tf, labels), predict_keys="logits"))
    assert len(predicted) == canned_cases.COUNT
    np.testing.assert_array_equal(again.get_variable_value("dnn/logits/kernel"), kernel)


def test_dropout_acts_in_training_only(tmp_path):
    everything = lambda: ({"x": tf.ones([2, 1])}, tf.ones([2, 1]))  # noqa: E731
    model = ours.DNNRegressor([50], [X], str(tmp_path), dropout=0.5, optimizer="SGD")
    model.train(everything, steps=1)
    losses = {model.evaluate(everything, steps=1, name=str(i))["loss"] for i in range(2)}
    assert len(losses) == 1
    kernels = model.get_variable_value("dnn/logits/kernel"), _kernel_without_step(tmp_path, model)
    untouched = np.count_nonzero(kernels[0] == kernels[1])
    assert 5 < untouched < 45


def _kernel_without_step(tmp_path, model):
    first = tf.train.get_checkpoint_state(str(tmp_path)).all_model_checkpoint_paths[0]
    assert first.endswith("-0")
    return tf.train.load_variable(first, "dnn/logits/kernel")


def test_weights_are_divided_among_parameter_servers():
    with tf.Graph().as_default():
        with tf.variable_scope("linear", partitioner=tf.fixed_size_partitioner(2)):
            columns = [tf.feature_column.categorical_column_with_identity("n", 6)]
            logits = ours.experimental.linear_logit_fn_builder(3, columns)(
                {"n": tf.zeros([2, 1], tf.int64)}
            )
        names = sorted(each.op.name for each in tf.trainable_variables())
    assert names[-2:] == [
        "linear/linear_model/n/weights/part_0",
        "linear/linear_model/n/weights/part_1",
    ]
    assert logits.get_shape().as_list() == [2, 3]


def test_a_keras_optimizer_trains_it_too(tmp_path):
    from tfkeras_compat.optimizers import SGD

    batch = lambda: ({"x": tf.constant([[1.0]])}, tf.constant([[1.0]]))  # noqa: E731
    model = ours.LinearRegressor([X], str(tmp_path), optimizer=lambda: SGD(lr=0.25))
    model.train(batch, steps=1)
    assert model.get_variable_value("linear/linear_model/bias_weights") == [0.5]
    assert model.get_variable_value("global_step") == 1


def test_an_exported_classifier_has_the_four_signatures():
    with tf.Graph().as_default():
        head = classifier_head(2, None, ["no", "yes"], "weighted_sum")
        spec = head.create_estimator_spec({}, "infer", tf.constant([[1.0]]))
    assert sorted(spec.export_outputs) == [
        "classification",
        "predict",
        "regression",
        "serving_default",
    ]
    assert spec.export_outputs["serving_default"].classes is not None


@pytest.mark.parametrize(
    "wrong, message",
    [
        (lambda: ours.LinearClassifier([X], n_classes=1), "n_classes must be > 2"),
        (lambda: ours.LinearClassifier([X], loss_reduction="none"), "Invalid loss_reduction: none"),
        (lambda: ours.LinearClassifier([X], label_vocabulary="ab"), "should be a list or a tuple"),
        (lambda: ours.DNNRegressor([2], [X], label_dimension=0), "Invalid label_dimension 0"),
        (lambda: ours.DNNLinearCombinedRegressor(), "Either linear_feature_columns or"),
        (
            lambda: ours.DNNLinearCombinedRegressor(dnn_feature_columns=[X]),
            "dnn_hidden_units must be defined",
        ),
    ],
)
def test_wrong_arguments_are_named(wrong, message):
    with pytest.raises(ConfigError, match=message):
        wrong()


@pytest.mark.parametrize(
    "features, labels, keywords, message",
    [
        (lambda: {"x": tf.ones([2, 1])}, None, {}, "You must provide a labels Tensor"),
        (lambda: tf.ones([2, 1]), [1.0], {}, "features should be a dictionary"),
        (lambda: {"x": tf.ones([2, 1])}, [[1.0, 2.0]], {}, "Expected labels dimension=1"),
        (
            lambda: {"x": tf.ones([2, 1])},
            [[1.0], [2.0]],
            {"weight_column": "w"},
            "'w' is not among the features",
        ),
        (
            lambda: {"x": tf.ones([2, 1])},
            [[1.0], [2.0]],
            {"optimizer": "Sgd"},
            "Unsupported optimizer name: Sgd",
        ),
    ],
)
def test_a_wrong_batch_is_named(features, labels, keywords, message, tmp_path):
    def input_fn():
        return features(), None if labels is None else tf.constant(labels)

    with pytest.raises(ConfigError.__mro__[2], match=message):
        ours.LinearRegressor([X], str(tmp_path), **keywords).train(input_fn, steps=1)


@pytest.mark.parametrize(
    "make",
    [
        lambda: ours.BoostedTreesClassifier([X], n_batches_per_layer=1),
        lambda: ours.experimental.KMeans(3),
        lambda: ours.experimental.LinearSDCA("id"),
        lambda: ours.tpu.TPUEstimator(None),
    ],
)
def test_what_is_not_offered_says_what_to_use(make):
    with pytest.raises(NotInLegacyError, match="is not offered here. (Use|Give)"):
        make()


def test_parse_example_specs_hold_features_label_and_weight():
    spec = ours.classifier_parse_example_spec([X], "y", weight_column="w")
    assert sorted(spec) == ["w", "x", "y"]
    assert spec["y"].dtype is tf.int64
    spec = ours.regressor_parse_example_spec([X], "y", label_dimension=2)
    assert spec["y"].shape == (2,)
    with pytest.raises(ConfigError, match="label should not be used as feature"):
        ours.classifier_parse_example_spec([X], "x")


def trained(kind, optimizer, folder):
    made = {
        "linear": lambda: ours.LinearRegressor([X], folder, optimizer=optimizer),
        "combined": lambda: ours.DNNLinearCombinedRegressor(
            folder, linear_feature_columns=[X], linear_optimizer=optimizer
        ),
    }[kind]()
    data = ({"x": [[1.0], [2.0]]}, [[2.0], [4.0]])
    made.train(lambda: tf.data.Dataset.from_tensors(data).repeat(), steps=2)
    made.train(lambda: tf.data.Dataset.from_tensors(data).repeat(), steps=1)
    return made.evaluate(lambda: tf.data.Dataset.from_tensors(data))


@pytest.mark.either_end
@pytest.mark.parametrize("kind", ["linear", "combined"])
def test_a_keras_optimizer_trains_as_that_of_tensorflow_does(kind, tmp_path):
    expected = trained(kind, tf.train.GradientDescentOptimizer(0.01), str(tmp_path / "tf"))
    found = trained(kind, SGD(0.01), str(tmp_path / "keras"))
    assert found == pytest.approx(expected, rel=1e-5)
