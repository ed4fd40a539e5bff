"""Exported models: what is in them, that they can be served, and what is left after an error."""

import os

import numpy as np
import pytest
import warm_processes

from tfkeras_compat import estimator
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator import receivers

BATCH = np.array([[1.0, 2.0], [3.0, 5.0]], np.float32)


def model_fn(features, labels, mode):
    weight = tf.get_variable("weight", initializer=[[1.0], [10.0]])
    outputs = tf.matmul(features["x"], weight)
    predictions = {"score": outputs, "double": outputs * 2.0}
    export = estimator.export
    if mode == estimator.ModeKeys.PREDICT:
        outputs = {
            "serving_default": export.PredictOutput(predictions),
            "regress": export.RegressionOutput(outputs),
            "classify": export.ClassificationOutput(scores=outputs),
        }
        return estimator.EstimatorSpec(mode, predictions, export_outputs=outputs)
    loss = tf.reduce_mean(tf.square(outputs - labels))
    step = tf.train.GradientDescentOptimizer(0.001)
    train_op = step.minimize(loss, tf.train.get_global_step())
    metrics = {"error": tf.metrics.mean_absolute_error(labels, outputs)}
    return estimator.EstimatorSpec(mode, predictions, loss, train_op, metrics)


def input_fn():
    return {"x": tf.constant(BATCH)}, tf.constant([[4.0], [5.0]])


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    made = estimator.Estimator(model_fn, str(tmp_path_factory.mktemp("model")))
    return made.train(input_fn, steps=1)


@pytest.fixture
def raw():
    features = {"x": tf.placeholder(tf.float32, [None, 2], name="fed")}
    return estimator.export.build_raw_serving_input_receiver_fn(features)


def parsing():
    spec = {"x": tf.FixedLenFeature([2], tf.float32)}
    return estimator.export.build_parsing_serving_input_receiver_fn(spec)


def predicted(trained):
    def features():
        return tf.data.Dataset.from_tensors({"x": BATCH})

    return np.array([each["score"] for each in trained.predict(features)])


def loaded(directory, tags, run):
    """What ``run(session, meta_graph)`` gives for the SavedModel, in a new session."""
    with tf.Graph().as_default(), tf.Session() as session:
        return run(session, tf.saved_model.loader.load(session, tags, os.fsdecode(directory)))


def ask(fed, signature="serving_default", output="score"):
    def run(session, meta_graph):
        asked = meta_graph.signature_def[signature]
        feed = {asked.inputs[name].name: value for name, value in fed.items()}
        return session.run(asked.outputs[output].name, feed)

    return run


def signatures_of(directory, tags=("serve",)):
    return loaded(directory, list(tags), lambda session, graph: dict(graph.signature_def))


def test_a_saved_model_gives_the_predictions_of_its_estimator(trained, raw, tmp_path):
    made = trained.export_saved_model(str(tmp_path), raw)
    assert isinstance(made, bytes)  # as the original's, so that .decode() goes on working
    assert os.listdir(str(tmp_path)) == [os.path.basename(made).decode()]
    found = loaded(made, ["serve"], ask({"x": BATCH}))
    np.testing.assert_allclose(found, predicted(trained), rtol=1e-6)


def test_other_processes_load_it_eagerly(trained, raw, tmp_path):
    made = trained.export_saved_model(str(tmp_path), raw).decode()
    program = (
        "import tensorflow.compat.v2 as tf; tf.enable_v2_behavior()\n"
        "serve = tf.saved_model.load(%r).signatures['serving_default']\n"
        "found = serve(x=tf.constant(%r))['score'].numpy()\n"
        "assert abs(found - %r).max() < 1e-4, found\n"
    ) % (made, BATCH.tolist(), predicted(trained).tolist())
    done = warm_processes.run(["-c", program], timeout=120)
    assert done.returncode == 0, done.stderr


def test_serialized_examples_can_be_fed(trained, tmp_path):
    made = trained.export_savedmodel(str(tmp_path), parsing())
    features = {"x": tf.train.Feature(float_list=tf.train.FloatList(value=[1.0, 2.0]))}
    example = tf.train.Example(features=tf.train.Features(feature=features))
    fed = {"examples": [example.SerializeToString()]}
    found = loaded(made, ["serve"], ask(fed))
    np.testing.assert_allclose(found, predicted(trained)[:1], rtol=1e-6)
    methods = {name: each.method_name for name, each in signatures_of(made).items()}
    assert methods == {
        "serving_default": "tensorflow/serving/predict",
        "regress": "tensorflow/serving/regress",
        "classify": "tensorflow/serving/classify",
    }


def test_signatures_that_the_fed_tensors_can_not_serve_are_left_out(trained, raw, tmp_path):
    assert list(signatures_of(trained.export_saved_model(str(tmp_path), raw))) == [
        "serving_default"
    ]


def test_alternative_receivers_give_signatures_of_their_own(trained, tmp_path):
    def receiver_fn():
        parsed = parsing()()
        return estimator.export.ServingInputReceiver(
            parsed.features, parsed.receiver_tensors, {"raw": parsed.features}
        )

    found = signatures_of(trained.export_saved_model(str(tmp_path), receiver_fn))
    assert set(found) == {"serving_default", "regress", "classify", "raw:serving_default"}


def test_several_modes_share_the_variables_of_one_saved_model(trained, raw, tmp_path):
    supervised = receivers.build_supervised_input_receiver_fn_from_input_fn(input_fn)
    modes = {"train": supervised, "eval": supervised, "infer": raw}
    made = trained.experimental_export_all_saved_models(str(tmp_path), modes)

    found = signatures_of(made, ["eval"])["eval"]
    assert found.method_name == "tensorflow/supervised/eval"
    assert set(found.inputs) == {"x", "label"}
    assert set(found.outputs) == {
        "loss",
        "predictions/score",
        "predictions/double",
        "metrics/error/value",
        "metrics/error/update_op",
    }
    found = loaded(made, ["serve"], ask({"x": BATCH}))
    np.testing.assert_allclose(found, predicted(trained), rtol=1e-6)

    def step(session, meta_graph):
        (train_op,) = tf.get_collection("saved_model_train_op")
        inputs = meta_graph.signature_def["train"].inputs
        feed = {inputs["x"].name: BATCH, inputs["label"].name: [[4.0], [5.0]]}
        session.run(train_op, feed)
        return session.run(tf.train.get_global_step())

    assert loaded(made, ["train"], step) == 2


def original_model_fn(features, labels, mode):
    """The same, of the original's classes."""
    spec = model_fn(features, labels, mode)
    export = tf.estimator.export
    outputs = {
        "serving_default": export.PredictOutput(spec.predictions),
        "regress": export.RegressionOutput(spec.predictions["score"]),
        "classify": export.ClassificationOutput(scores=spec.predictions["score"]),
    }
    outputs = outputs if mode == "infer" else None
    metrics = spec.eval_metric_ops or None
    return tf.estimator.EstimatorSpec(
        mode, spec.predictions, spec.loss, spec.train_op, metrics, export_outputs=outputs
    )


def test_signatures_and_files_are_those_of_the_original(trained, tmp_path):
    if not hasattr(tf, "estimator"):
        pytest.skip("NOT COMPARED LIVE: no tf.estimator here")
    original = tf.estimator.Estimator(original_model_fn, trained.model_dir)
    features, labels = {"x": tf.constant(BATCH)}, tf.constant([[4.0], [5.0]])
    theirs = tf.estimator.experimental.build_raw_supervised_input_receiver_fn(features, labels)
    ours = estimator.experimental.build_raw_supervised_input_receiver_fn(features, labels)
    tags = {"train": "train", "eval": "eval", "infer": "serve"}
    for mode in tags:
        made = [
            each.export_saved_model(str(tmp_path / mode), receiver, experimental_mode=mode)
            for each, receiver in ((original, theirs), (trained, ours))
        ]
        assert signatures_of(made[0], [tags[mode]]) == signatures_of(made[1], [tags[mode]])
        assert files(made[0]) == files(made[1])


def files(directory):
    directory = os.fsdecode(directory)
    return sorted(
        os.path.relpath(os.path.join(folder, name), directory)
        for folder, _, names in os.walk(directory)
        for name in names
    )


def test_extra_files_and_text(trained, raw, tmp_path):
    notes = tmp_path / "notes.txt"
    notes.write_text("read me")
    made = trained.export_savedmodel(
        str(tmp_path / "exports"), raw, assets_extra={"doc/notes.txt": str(notes)}, as_text=True
    )
    assert files(made) == [
        "assets.extra/doc/notes.txt",
        "saved_model.pbtxt",
        "variables/variables.data-00000-of-00001",
        "variables/variables.index",
    ]


@pytest.mark.parametrize("strip", [True, False])
def test_default_attributes_are_stripped_if_asked(strip, trained, raw, tmp_path):
    made = trained.export_savedmodel(str(tmp_path), raw, strip_default_attrs=strip)
    described = loaded(made, ["serve"], lambda session, meta_graph: meta_graph.meta_info_def)
    assert described.stripped_default_attrs == strip


def test_exports_of_one_second_have_directories_of_their_own(trained, raw, tmp_path):
    made = [trained.export_saved_model(str(tmp_path), raw) for _ in range(3)]
    assert sorted(made) == made
    assert len(os.listdir(str(tmp_path))) == 3


def test_an_export_that_fails_leaves_nothing(trained, raw, tmp_path):
    with pytest.raises(tf.errors.NotFoundError):
        trained.export_saved_model(str(tmp_path), raw, assets_extra={"a": "/no/such/file"})
    assert os.listdir(str(tmp_path)) == []


def test_a_variable_that_is_not_in_the_checkpoint_is_named(trained, raw, tmp_path):
    def larger(features, labels, mode):
        tf.get_variable("newcomer", initializer=0.0)
        return model_fn(features, labels, mode)

    with pytest.raises(ConfigError, match="newcomer"):
        estimator.Estimator(larger, trained.model_dir).export_saved_model(str(tmp_path), raw)


def test_exporting_before_training_is_an_error(raw, tmp_path):
    untrained = estimator.Estimator(model_fn, str(tmp_path / "model"))
    with pytest.raises(ConfigError, match="Couldn't find trained model at"):
        untrained.export_saved_model(str(tmp_path / "exports"), raw)
    assert not (tmp_path / "exports").exists()


def test_an_estimator_that_starts_warm_exports_what_it_starts_from(trained, raw, tmp_path):
    warm = estimator.Estimator(model_fn, str(tmp_path / "m"), warm_start_from=trained.model_dir)
    made = warm.export_saved_model(str(tmp_path / "exports"), raw)
    found = loaded(made, ["serve"], ask({"x": BATCH}))
    np.testing.assert_allclose(found, predicted(trained), rtol=1e-6)


@pytest.mark.parametrize(
    "features, fed, message",
    [
        (None, {}, "features must be defined"),
        ({"x": 3}, {}, "feature x must be a Tensor"),
        ({1.5: 3}, {}, "feature keys must be strings or ints"),
    ],
)
def test_a_receiver_says_what_is_no_tensor(features, fed, message):
    with pytest.raises(ConfigError, match=message):
        estimator.export.ServingInputReceiver(features, fed)


def test_a_single_tensor_gets_a_key_unless_it_is_to_be_handed_over_as_it_is():
    tensor = tf.placeholder(tf.float32, [None])
    named = estimator.export.ServingInputReceiver(tensor, tensor)
    assert list(named.features) == ["feature"] and list(named.receiver_tensors) == ["input"]
    assert estimator.export.TensorServingInputReceiver(tensor, tensor).features is tensor


def test_features_and_labels_of_one_name_are_an_error():
    tensors = {"x": tf.constant([1.0])}
    with pytest.raises(ConfigError, match="overlapping keys: \\['x'\\]"):
        estimator.experimental.build_raw_supervised_input_receiver_fn(tensors, tensors)
