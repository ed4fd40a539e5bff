"""SavedModels: what is in them, and reading them back."""

import os

import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, GraphError, KindError
from tfkeras_compat.layers import BatchNormalization, Dense, Dropout, Embedding
from tfkeras_compat.models import Sequential
from tfkeras_compat.serving import export_saved_model, for_inference, frozen_graph
from tfkeras_compat.serving.session_bundle import exporter, gc


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
