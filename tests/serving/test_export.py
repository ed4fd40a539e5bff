"""SavedModels: what is in them, and reading them back."""

import importlib
import json
import os

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import (
    ConfigError,
    FileFormatError,
    GraphError,
    KindError,
    UnsafeConfigError,
)
from tfkeras_compat.layers import BatchNormalization, Dense, Dropout, Embedding, Lambda
from tfkeras_compat.legacy.modules import ROOTS
from tfkeras_compat.models import Sequential, load_model
from tfkeras_compat.serving import export_saved_model, for_inference, frozen_graph
from tfkeras_compat.serving.session_bundle import exporter, gc
from tfkeras_compat.state import bytecode
from tfkeras_compat.tensorflow.contrib import predictor


def small_model():
    model = Sequential([Dense(4, input_shape=(3,), name="hidden"), BatchNormalization()])
    model.add(Dropout(0.5))
    model.add(Dense(2, name="scores"))
    model.compile("adam", "mse")
    model.fit(np.random.rand(8, 3), np.random.rand(8, 2), verbose=0)
    return model


def served(path, array, key="serving_default"):
    """What today's loader makes of an export."""
    with tf.Graph().as_default(), tf.Session() as session:
        signature = tf.saved_model.loader.load(session, ["serve"], path).signature_def[key]
        (fed,), outputs = signature.inputs.values(), signature.outputs
        names = {name: info.name for name, info in outputs.items()}
        return session.run(names, {fed.name: array})


X = np.random.RandomState(1).rand(4, 3).astype("float32")


def test_nothing_of_the_training_is_exported():
    with for_inference(small_model()) as inference:
        kinds = {op.type for op in inference.graph.get_operations()}
        names = [variable.op.name for variable in inference.graph.get_collection("variables")]
    assert not kinds & {"Switch", "Merge", "ResourceApplyAdam", "PlaceholderWithDefault"}
    assert [name for name in names if "Adam" in name or "iterations" in name] == []


def test_branches_for_the_phase_1_are_taken_where_it_is_fixed_at_1():
    x = tf.placeholder(tf.float32, ())
    y = tf.identity(K.in_train_phase(lambda: x + 1.0, lambda: x - 1.0))
    with for_inference((x, y), fixed={K.learning_phase(): 1}) as inference:
        (fed,), (fetched,) = inference.inputs.values(), inference.outputs.values()
        assert inference.session.run(fetched, {fed: 5.0}) == 6.0
        assert "Switch" not in {op.type for op in inference.graph.get_operations()}


def test_a_loop_in_a_branch_that_is_left_out_goes_with_it():
    x = tf.placeholder(tf.float32, ())
    count = lambda: tf.while_loop(lambda v: v < 9.0, lambda v: v + 1.0, [x])  # noqa: E731
    y = K.in_train_phase(count, lambda: tf.while_loop(lambda v: v < 3.0, lambda v: v * 2.0, [x]))
    with for_inference((x, tf.identity(y))) as inference:
        (fed,), (fetched,) = inference.inputs.values(), inference.outputs.values()
        assert inference.session.run(fetched, {fed: 1.0}) == 4.0
        assert "AddV2" not in {op.type for op in inference.graph.get_operations()}


def test_each_export_is_a_version_of_its_own(tmp_path):
    model = small_model()
    paths = [export_saved_model(model, tmp_path, version) for version in (None, None, 7, None)]
    assert [os.path.basename(path) for path in paths] == ["1", "2", "7", "8"]
    assert sorted(os.listdir(str(tmp_path))) == ["1", "2", "7", "8"]
    with pytest.raises(ConfigError, match="there already"):
        export_saved_model(model, tmp_path, 7)
    np.testing.assert_allclose(served(paths[0], X)["scores"], model.predict(X), atol=1e-6)


def test_after_an_error_no_folder_is_left(tmp_path, monkeypatch):
    def fail(*args, **kwargs):
        raise OSError("disk")

    monkeypatch.setattr(tf.saved_model.Builder, "save", fail)
    with pytest.raises(OSError):
        export_saved_model(small_model(), tmp_path)
    assert os.listdir(str(tmp_path)) == []


def test_a_placeholder_that_is_no_input_is_named():
    x, keep = tf.placeholder(tf.float32, (None, 3)), tf.placeholder(tf.float32, name="keep")
    y = x * keep
    with pytest.raises(GraphError, match="need keep to be fed"):
        frozen_graph((x, y))
    with for_inference((x, y), fixed={keep: 2.0}) as inference:
        (fed,), (fetched,) = inference.inputs.values(), inference.outputs.values()
        np.testing.assert_array_equal(inference.session.run(fetched, {fed: X}), 2 * X)


def test_an_input_may_be_any_tensor():
    raw = tf.placeholder(tf.string, name="raw")
    x = tf.reshape(tf.decode_raw(raw, tf.float32), (-1, 3))
    with for_inference(({"x": x}, {"y": x + 1.0})) as inference:
        found = inference.session.run(inference.outputs, {inference.inputs["x"]: X})
    np.testing.assert_array_equal(found["y"], X + 1)


def test_tables_are_initialized_where_the_export_is_loaded(tmp_path):
    words = tf.placeholder(tf.string, (None,))
    initializer = tf.lookup.KeyValueTensorInitializer(["a", "b"], [1, 2])
    numbers = tf.lookup.StaticHashTable(initializer, 0).lookup(words)
    tf.get_default_session()
    vectors = Embedding(3, 2)(tf.cast(numbers, tf.int32)[:, None])
    K.get_session().run(tf.tables_initializer())
    expected = K.get_session().run(vectors, {words: ["b", "a"]})
    path = export_saved_model(({"words": words}, {"vectors": vectors}), tmp_path)
    np.testing.assert_array_equal(served(path, ["b", "a"])["vectors"], expected)


def test_what_is_no_model_is_refused():
    with pytest.raises(KindError, match="a pair"):
        frozen_graph("model.h5")


def test_the_idioms_of_tensorflow_export_a_model_too(tmp_path):
    model = small_model()
    path = str(tmp_path / "simple")
    tf.saved_model.simple_save(K.get_session(), path, {"x": model.input}, {"y": model.output})
    np.testing.assert_allclose(served(path, X)["y"], model.predict(X), atol=1e-6)


# ---- the exporter of the first servers ----------------------------------------------------------


def test_the_first_exporter_writes_what_today_s_loader_reads(tmp_path):
    model = small_model()
    session = K.get_session()
    writer = exporter.Exporter(tf.train.Saver(sharded=True))
    writer.init(
        session.graph.as_graph_def(),
        default_graph_signature=exporter.classification_signature(
            model.input, scores_tensor=model.output
        ),
        named_graph_signatures={
            "inputs": exporter.generic_signature({"images": model.input}),
            "outputs": exporter.generic_signature({"scores": model.output}),
        },
    )
    path = writer.export(str(tmp_path), tf.constant(3), session)
    assert os.path.basename(path) == "00000003"
    assert {"saved_model.pb", "export.meta"} <= set(os.listdir(path))
    expected = model.predict(X)
    np.testing.assert_allclose(served(path, X)["scores"], expected, atol=1e-6)
    np.testing.assert_allclose(served(path, X, "predict")["scores"], expected, atol=1e-6)
    with pytest.raises(RuntimeError, match="never overwritten"):
        writer.export(str(tmp_path), tf.constant(3), session)
    writer.export(str(tmp_path), tf.constant(4), session, gc.largest_export_versions(1))
    assert os.listdir(str(tmp_path)) == ["00000004"]


# ---- models, back from their exports ------------------------------------------------------------


def test_a_model_is_loaded_from_its_export_and_from_the_folder_of_versions(tmp_path):
    model = small_model()
    expected = model.predict(X)
    path = export_saved_model(model, tmp_path)
    hidden = model.get_layer("hidden")
    hidden.set_weights([2 * each for each in hidden.get_weights()])
    export_saved_model(model, tmp_path)
    with tf.Graph().as_default():
        for place, values in ((path, expected), (tmp_path, model.predict(X))):
            again = load_model(place, compile=False)
            np.testing.assert_allclose(again.predict(X), values, atol=1e-6)
            assert [layer.name for layer in again.layers] == [x.name for x in model.layers]
    with pytest.warns(UserWarning, match="not. compiled"):
        load_model(path)


def test_an_export_of_what_has_no_layers_says_how_it_is_loaded(tmp_path):
    x = tf.placeholder(tf.float32, (None, 3))
    path = export_saved_model((x, x * tf.Variable(2.0)), tmp_path, session=None)
    with pytest.raises(FileFormatError, match="without the configuration.*from_saved_model"):
        load_model(path)


def test_a_damaged_export_is_told_to_be_one(tmp_path):
    path = export_saved_model(small_model(), tmp_path)
    place = tmp_path / "1" / "assets.extra" / "keras_model.json"
    text = place.read_text()
    for damaged in ("{", json.dumps(dict(json.loads(text), names_of_weights=["a"]))):
        place.write_text(damaged)
        with pytest.raises(FileFormatError, match="the configuration"):
            load_model(path, compile=False)
    place.write_text(text.replace("hidden/kernel", "hidden/other"))
    with pytest.raises(FileFormatError, match="no variables hidden/other"):
        load_model(path, compile=False)


def test_code_in_an_export_is_refused_where_another_process_wrote_it(tmp_path, monkeypatch):
    path = export_saved_model(Sequential([Lambda(lambda x: x * 2, input_shape=(3,))]), tmp_path)
    monkeypatch.setattr(bytecode, "_written_here", set())
    with pytest.raises(UnsafeConfigError):
        load_model(path, compile=False)
    again = load_model(path, compile=False, safe_mode=False)
    np.testing.assert_array_equal(again.predict(X), X * 2)


def test_predictors_and_loaders_read_an_export(tmp_path):
    model = small_model()
    path = export_saved_model(model, tmp_path)
    predict = predictor.from_saved_model(path)
    given = {model.input_names[0]: X}
    np.testing.assert_allclose(predict(given)["scores"], model.predict(X), atol=1e-6)


# ---- the tutorial's own way, and the builder ----------------------------------------------------


def test_the_recipe_of_the_tutorial_and_one_call_export_the_same(tmp_path):
    model = small_model()
    path = export_saved_model(model, tmp_path / "one_call")
    config, weights, expected = model.get_config(), model.get_weights(), model.predict(X)
    K.clear_session()
    K.set_learning_phase(0)
    again = Sequential.from_config(config)
    again.set_weights(weights)
    builder = tf.saved_model.builder.SavedModelBuilder(str(tmp_path / "recipe"))
    signature = tf.saved_model.signature_def_utils.predict_signature_def(
        inputs={"images": again.input}, outputs={"scores": again.output}
    )
    tags = [tf.saved_model.tag_constants.SERVING]
    builder.add_meta_graph_and_variables(
        K.get_session(), tags, signature_def_map={"serving_default": signature}
    )
    builder.save()
    for place in (str(tmp_path / "recipe"), path):
        np.testing.assert_allclose(served(place, X)["scores"], expected, atol=1e-6)


def test_the_names_of_the_first_exporter_are_one_module():
    legacy = importlib.import_module("tfkeras_compat.tensorflow.contrib.session_bundle")
    assert legacy.exporter is exporter
    assert ROOTS["tensorflow_serving.session_bundle"] == exporter.__name__.rpartition(".")[0]
