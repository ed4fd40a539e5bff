"""Weights in checkpoints of TensorFlow, of both kinds; those of the originals are in tests/golden,
and are converted in tests/serving."""

import os

import generation_cases
import numpy as np
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat._tf import OBJECT_GRAPH_KEY, TrackableObjectGraph, tf
from tfkeras_compat.errors import FileFormatError, ShapeError
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential, model_from_json

CHECKPOINTS = os.path.join(os.path.dirname(generation_cases.__file__), "files", "checkpoints")


def model(units=2, name="scores"):
    return Sequential([Dense(units, input_shape=(3,), name=name)])


def of_objects(folder, **models):
    """Writes models as ``tf.train.Checkpoint`` does; gives the prefix."""
    objects = {
        key: tf.train.Checkpoint(kernel=each.weights[0], bias=each.weights[1])
        for key, each in models.items()
    }
    return tf.train.Checkpoint(**objects).save(str(folder / "model"), session=K.get_session())


def of_names(folder, written):
    session = K.get_session()
    return tf.train.Saver(written.weights).save(session, str(folder / "model"))


@pytest.mark.parametrize("write", [of_names, lambda folder, each: of_objects(folder, m=each)])
def test_weights_are_found_by_their_names_in_checkpoints_of_both_kinds(write, tmp_path):
    written = model()
    values = written.get_weights()
    prefix = write(tmp_path, written)
    written.set_weights([0 * value for value in values])
    for place in (prefix, str(tmp_path)):  # of which the latest is taken
        written.load_weights(place)
        for found, expected in zip(written.get_weights(), values):
            np.testing.assert_array_equal(found, expected)


@pytest.mark.parametrize("name", ["tf.keras.objects", "tf_keras.objects"])
def test_what_save_weights_of_tf_keras_wrote_is_loaded(name):
    path = os.path.join(CHECKPOINTS, name)
    with open(path + ".json") as file:
        loaded = model_from_json(file.read())
    loaded.load_weights(path + ".ckpt")
    with np.load(path + ".npz") as recorded:
        found, expected = loaded.predict(recorded["input0"]), recorded["output0"]
    np.testing.assert_allclose(found, expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(
    "other, error, words",
    [
        (
            {"name": "other"},
            FileFormatError,
            "no variables other/bias.*has:.*scores/bias.*there use",
        ),
        ({"units": 5}, ShapeError, r"has the shape \(3, 2\) for scores/kernel.*expects \(3, 5\)"),
    ],
)
def test_objects_that_do_not_fit_are_refused_and_change_nothing(other, error, words, tmp_path):
    prefix = of_objects(tmp_path, m=model())
    tf.reset_default_graph()
    loaded = model(**other)
    before = loaded.get_weights()
    with pytest.raises(error, match=words):
        loaded.load_weights(prefix)
    for found, expected in zip(loaded.get_weights(), before):
        np.testing.assert_array_equal(found, expected)


def test_objects_of_one_name_are_refused(tmp_path):
    written, prefix = model(), str(tmp_path / "both")
    write_with_twins(tf.train.load_checkpoint(of_objects(tmp_path, m=written)), prefix)
    with pytest.raises(FileFormatError, match="several variables of the name scores/.*twin/"):
        written.load_weights(prefix)


def write_with_twins(reader, prefix):
    """Writes a checkpoint again with all objects twice, under the names that they have: in
    TensorFlow 2 names need not differ."""
    graph = TrackableObjectGraph.FromString(reader.get_tensor(OBJECT_GRAPH_KEY))
    values = {key: reader.get_tensor(key) for key in reader.get_variable_to_shape_map()}
    for node in list(graph.nodes):
        for each in node.attributes:
            twin = graph.nodes.add().attributes.add()
            twin.CopyFrom(each)
            twin.checkpoint_key = "twin/" + each.checkpoint_key
            values[twin.checkpoint_key] = values[each.checkpoint_key]
    values[OBJECT_GRAPH_KEY] = graph.SerializeToString()
    write(prefix, values)


def write(prefix, values):
    with tf.Graph().as_default(), tf.Session() as session:
        names = sorted(values)
        tensors = [tf.constant(values[name]) for name in names]
        session.run(
            tf.raw_ops.SaveV2(
                prefix=prefix,
                tensor_names=names,
                shape_and_slices=[""] * len(names),
                tensors=tensors,
            )
        )


def test_a_description_that_is_damaged_is_told(tmp_path):
    prefix = str(tmp_path / "damaged")
    write(prefix, {OBJECT_GRAPH_KEY: b"\xff\xff\xff", "a": np.zeros(3)})
    with pytest.raises(FileFormatError, match="damaged is damaged"):
        model().load_weights(prefix)
