"""What Keras 2.2.5 wrote (``record_files``) loads here, and what we write loads there."""

import json
import os

import comparison
import file_cases
import h5py
import layer_cases
import numpy as np
import original
import pytest
import read_files

import tfkeras_compat as keras
from tfkeras_compat._tf import tf

FOLDER = os.path.join(comparison.HERE, "files")
EVERY_FILE = pytest.mark.parametrize("case", file_cases.FILES.values(), ids=list(file_cases.FILES))


def path(name, ending):
    return os.path.join(FOLDER, "%s.%s" % (name, ending))


def recorded(name, kind):
    with np.load(path(name, "npz")) as arrays:
        return [arrays[key] for key in sorted(arrays.files) if key.startswith(kind)]


def assert_gives(model, case, kind):
    found = file_cases.predictions(keras, model, recorded(case.name, "input"))
    assert_close(found, recorded(case.name, kind), case.tolerance)


def assert_close(found, expected, absolute):
    assert len(found) == len(expected)
    for ours, theirs in zip(found, expected):
        np.testing.assert_allclose(ours, theirs, rtol=comparison.RELATIVE, atol=absolute)


@EVERY_FILE
def test_weights_of_the_original_load_in_order(case):
    model = case.build(keras)
    model.load_weights(path(case.name, "weights.h5"))
    assert_gives(model, case, "output")


@EVERY_FILE
def test_weights_of_the_original_load_by_name(case):
    model = case.build(keras)
    model.load_weights(path(case.name, "weights.h5"), by_name=True)
    assert_gives(model, case, "output")


@EVERY_FILE
def test_weights_inside_a_whole_model_of_the_original_load(case):
    model = case.build(keras)
    model.load_weights(path(case.name, "model.h5"))
    assert_gives(model, case, "trained")


@EVERY_FILE
def test_the_configuration_inside_a_whole_model_of_the_original_builds_the_model(case):
    with h5py.File(path(case.name, "model.h5"), "r") as file:
        config = json.loads(_text(file.attrs["model_config"]))
    model = keras.models.model_from_config(config)
    model.load_weights(path(case.name, "weights.h5"))
    assert_gives(model, case, "output")
    assert [weight.name for weight in model.weights] == [
        _text(name) for name in recorded(case.name, "names")[0]
    ]


@EVERY_FILE
def test_a_whole_model_of_the_original_loads(case):
    model = keras.models.load_model(path(case.name, "model.h5"), compile=False)
    assert_gives(model, case, "trained")


def _text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


@EVERY_FILE
def test_weights_written_here_have_the_layout_of_the_original(case, tmp_path):
    model = case.build(keras)
    model.load_weights(path(case.name, "weights.h5"))
    model.save_weights(str(tmp_path / "ours.h5"))
    with h5py.File(str(tmp_path / "ours.h5"), "r") as ours, h5py.File(
        path(case.name, "weights.h5"), "r"
    ) as theirs:
        assert _layout(ours) == _layout(theirs)


def _layout(file):
    """Groups in order, names of their weights in order, and the values."""
    return [
        (
            _text(layer),
            [_text(weight) for weight in file[_text(layer)].attrs["weight_names"]],
            [
                file[_text(layer)][_text(weight)][()].tolist()
                for weight in file[_text(layer)].attrs["weight_names"]
            ],
        )
        for layer in file.attrs["layer_names"]
    ]


@pytest.fixture(scope="module")
def read_by_the_original(tmp_path_factory):
    """A folder with weights written here, what ours gives, and what the original then gave."""
    folder = tmp_path_factory.mktemp("written")
    for case in file_cases.FILES.values():
        _write(case, folder)
    if original.is_installed_here():
        import keras as theirs

        read_files.read_all(theirs, str(folder))
    elif original.interpreter():
        original.run(read_files.__file__, str(folder))
    else:
        pytest.skip(
            "NOT COMPARED: no Keras 2.2.5 found to read our files (make_oracles.sh k225 makes one; "
            "TFKERAS_ORACLES says where it is, or ~/.cache/tfkeras-oracles)"
        )
    return folder


def _write(case, folder):
    keras.backend.clear_session()
    model = case.build(keras)
    file_cases.randomize(keras, model.weights)
    np.savez(
        str(folder / (case.name + ".ours.npz")),
        *file_cases.predictions(keras, model, layer_cases.arrays(case)),
    )
    model.save_weights(str(folder / (case.name + ".weights.h5")))


@EVERY_FILE
def test_the_original_reads_the_weights_written_here(read_by_the_original, case):
    ours, theirs = (
        _arrays(read_by_the_original / ("%s.%s.npz" % (case.name, who))) for who in ("ours", "read")
    )
    assert_close(ours, theirs, case.tolerance)


def _arrays(file):
    with np.load(str(file)) as arrays:
        return [arrays[key] for key in sorted(arrays.files)]


def test_a_checkpoint_of_the_original_restores_by_name_into_a_mixed_graph():
    mixed = file_cases.mixed_graph(keras)
    assert [v.op.name for v in tf.global_variables()] == list(recorded("mixed", "names")[0])
    with tf.Session() as session:
        tf.train.Saver().restore(session, path("mixed", "ckpt"))
        found = file_cases.mixed_outputs(keras, mixed, session)
    assert_close([found], recorded("mixed", "output"), 1e-5)


def test_a_checkpoint_written_here_holds_the_names_and_shapes_of_the_original(tmp_path):
    file_cases.mixed_graph(keras)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        written = tf.train.Saver().save(session, str(tmp_path / "ours.ckpt"))
    assert _variables_in(written) == _variables_in(path("mixed", "ckpt"))


def _variables_in(checkpoint):
    return sorted((name, tuple(shape)) for name, shape in tf.train.list_variables(checkpoint))
