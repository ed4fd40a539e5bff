"""SavedModels are programs: those that reach out of their graph are refused."""

import os
import re

import numpy as np
import pytest

from tfkeras_compat._tf import parse_saved_model, submodule, tf
from tfkeras_compat.errors import (
    ConfigError,
    FileFormatError,
    MissingFileError,
    MissingTagsError,
    ShapeError,
    UnsafeConfigError,
)
from tfkeras_compat.layers import BatchNormalization, Dense
from tfkeras_compat.models import Sequential
from tfkeras_compat.saving.graph_safety import _REACHES_OUT
from tfkeras_compat.serving import export_saved_model
from tfkeras_compat.tensorflow.contrib.predictor import from_saved_model

X = np.ones((2, 3), "float32")
WHOLE, LINES = -2, -1  # of a line of a vocabulary: the line itself, and its number


def exported(path, compute, *initial):
    """Writes a SavedModel whose signature is x -> compute(x), and whose main operation is the one
    that ``initial`` gives."""
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, [None, 3])
        zeros = tf.zeros_initializer()
        offset = tf.get_variable("offset", shape=[3], initializer=zeros, use_resource=True)
        signature = tf.saved_model.signature_def_utils.predict_signature_def(
            {"x": x}, {"y": compute(x) + offset}
        )
        session.run(tf.global_variables_initializer())
        builder = tf.saved_model.builder.SavedModelBuilder(str(path))
        main_op = tf.group(*[make() for make in initial]) if initial else None
        builder.add_meta_graph_and_variables(
            session, ["serve"], {"serving_default": signature}, main_op=main_op
        )
        builder.save()
    return str(path)


def writing(place):
    return lambda: tf.io.write_file(str(place), "written")


def assert_refused(path, word):
    with pytest.raises(UnsafeConfigError, match="%s.*safe_mode=False" % word) as raised:
        from_saved_model(path)
    assert path in str(raised.value)


def test_a_model_that_only_computes_is_loaded(tmp_path):
    model = Sequential([Dense(2, input_shape=(3,)), BatchNormalization()])
    predict = from_saved_model(export_saved_model(model, str(tmp_path)))
    (found,) = predict(dict.fromkeys(predict.feed_tensors, X)).values()
    np.testing.assert_allclose(found, model.predict(X), rtol=1e-6)


def test_a_file_is_not_written_when_the_model_is_loaded(tmp_path):
    path = exported(tmp_path / "model", tf.abs, writing(tmp_path / "made"))
    assert_refused(path, "WriteFile")
    assert not (tmp_path / "made").exists()
    from_saved_model(path, safe_mode=False)
    assert (tmp_path / "made").read_text() == "written"


def with_file(x):
    content = tf.io.read_file("/etc/hostname")
    return x + tf.cast(tf.size(tf.string_split([content], "").values), tf.float32)


def with_python(x):
    return tf.reshape(tf.py_func(lambda value: value, [x], tf.float32), [-1, 3])


def with_printing(x):
    name = "file:///tmp/printed"
    with tf.control_dependencies([tf.print("secret", output_stream=name)]):
        return tf.identity(x)


def with_checkpoint(x):
    return (
        x
        + tf.raw_ops.RestoreV2(
            prefix="/tmp/other", tensor_names=["a"], shape_and_slices=[""], dtypes=[tf.float32]
        )[0]
    )


def with_vocabulary(x):
    table = tf.lookup.StaticVocabularyTable(
        tf.lookup.TextFileInitializer("/etc/passwd", tf.string, WHOLE, tf.int64, LINES),
        1,
    )
    return x + tf.cast(table.size(), tf.float32)


def in_a_function(compute):
    function = submodule("python.framework.function")

    @function.Defun(tf.float32)
    def inside(x):
        return compute(x)

    def outside(x):
        y = inside(x)
        y.set_shape(x.shape)
        return y

    return outside


@pytest.mark.parametrize(
    "compute, word",
    [
        (with_file, "ReadFile"),
        (in_a_function(with_file), "ReadFile"),
        (with_python, "PyFunc"),
        (with_printing, "PrintV2"),
        (with_checkpoint, "RestoreV2"),
        (in_a_function(with_checkpoint), "RestoreV2"),
        (with_vocabulary, "InitializeTableFromTextFile"),
    ],
)
def test_operations_that_reach_out_of_the_graph_are_refused(tmp_path, compute, word):
    assert_refused(exported(tmp_path / "model", compute), word)


def test_what_the_saver_saves_is_no_input_of_a_signature(tmp_path):
    def compute(x):
        saved = tf.raw_ops.SaveV2(
            prefix=str(tmp_path / "made"), tensor_names=["x"], shape_and_slices=[""], tensors=[x]
        )
        with tf.control_dependencies([saved]):
            return tf.identity(x)

    assert_refused(exported(tmp_path / "model", compute), "SaveV2")


def test_every_operation_of_this_tensorflow_that_is_known_to_reach_out_is_refused():
    known = "PyFunc ReadFile WriteFile MatchingFiles TextLineDataset LMDBReader SqlDataset RpcCall"
    known += (
        " TFRecordDataset WholeFileReaderV2 DebugIdentity CacheDatasetV2 LoadDataset EncodeProto"
    )
    assert all(_REACHES_OUT.search(name) for name in known.split())
    plain = "MatMul Print DecodeCSV ShardedFilename HashTableV2 ParseExample StringSplit SnapshotX"
    assert not any(_REACHES_OUT.search(name) for name in plain.split())


def with_assets(tmp_path):
    """An export that looks words up in a vocabulary among its assets."""
    words = tmp_path / "words.txt"
    words.write_text("a\nb\n")
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.string, [None])
        name = tf.constant(str(words))
        tf.add_to_collection(tf.GraphKeys.ASSET_FILEPATHS, name)
        table = tf.lookup.StaticVocabularyTable(
            tf.lookup.TextFileInitializer(name, tf.string, WHOLE, tf.int64, LINES),
            1,
        )
        signature = tf.saved_model.signature_def_utils.predict_signature_def(
            {"x": x}, {"y": table.lookup(x)}
        )
        session.run(tf.tables_initializer())
        builder = tf.saved_model.builder.SavedModelBuilder(str(tmp_path / "model"))
        builder.add_meta_graph_and_variables(
            session,
            ["serve"],
            {"serving_default": signature},
            assets_collection=tf.get_collection(tf.GraphKeys.ASSET_FILEPATHS),
            main_op=tf.tables_initializer(),
        )
        builder.save()
    words.unlink()
    return str(tmp_path / "model")


def test_a_vocabulary_among_the_assets_is_read(tmp_path):
    assert from_saved_model(with_assets(tmp_path))({"x": ["b"]})["y"].tolist() == [1]


def test_an_asset_outside_of_the_folder_is_refused(tmp_path):
    path = with_assets(tmp_path)
    name = os.path.join(path, "saved_model.pb")
    with open(name, "rb") as file:
        content = file.read()
    with open(name, "wb") as file:
        file.write(content.replace(b"words.txt", b"../../abc"))
    with pytest.raises(UnsafeConfigError, match="outside of its folder"):
        from_saved_model(path)


def test_a_missing_export_and_missing_tags_are_told(tmp_path):
    with pytest.raises(MissingFileError, match=re.escape(str(tmp_path))):
        from_saved_model(str(tmp_path))
    path = exported(tmp_path / "model", tf.abs)
    with pytest.raises(MissingTagsError, match="tags train; it has some with serve"):
        from_saved_model(path, tags="train")
    with pytest.raises(ConfigError, match="serving_default"):
        from_saved_model(path, signature_def_key="other")


def test_a_signature_that_names_what_can_not_be_fed_is_told(tmp_path):
    path = exported(tmp_path / "model", tf.abs)
    saved_model = parse_saved_model(path)
    signature = saved_model.meta_graphs[0].signature_def["serving_default"]
    signature.inputs["x"].name = "offset:0"  # a handle
    with open(os.path.join(path, "saved_model.pb"), "wb") as file:
        file.write(saved_model.SerializeToString())
    with pytest.raises(ShapeError, match="can not be fed"):
        from_saved_model(path)({"x": X})


@pytest.mark.parametrize("name", ["saved_model.pb", "variables/variables.index"])
def test_a_truncated_export_is_told(tmp_path, name):
    path = exported(tmp_path / "model", tf.abs)
    with open(os.path.join(path, name), "r+b") as file:
        file.truncate(20)
    with pytest.raises(FileFormatError, match="model can not be loaded"):
        from_saved_model(path)
