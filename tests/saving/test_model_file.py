"""Whole models in HDF5 files: configuration, weights, compilation and the optimizer's state."""

import io
import json
import os

import comparison
import file_cases
import h5py
import numpy as np
import original
import pytest

import tfkeras_compat as keras
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import (
    ConfigError,
    FileFormatError,
    MissingFileError,
    ShapeError,
    UnsafeConfigError,
)
from tfkeras_compat.layers import Dense, Input, Lambda
from tfkeras_compat.models import Model, Sequential, load_model, save_model
from tfkeras_compat.saving import hdf5
from tfkeras_compat.state import bytecode

X = np.linspace(-1, 1, 12).reshape(4, 3).astype("float32")
Y = np.linspace(0, 1, 8).reshape(4, 2).astype("float32")


def own_loss(y_true, y_pred):
    return K.mean(K.square(y_true - y_pred), axis=-1)


def uncompiled():
    return Sequential([Dense(4, activation="tanh", input_shape=(3,)), Dense(2)])


def trained(loss="mse", optimizer="adam"):
    model = uncompiled()
    model.compile(optimizer, loss, metrics=["mae"])
    for _ in range(2):
        model.train_on_batch(X, Y)
    return model


def assert_equal(found, expected):
    assert len(found) == len(expected)
    for mine, theirs in zip(found, expected):
        np.testing.assert_array_equal(mine, theirs)


@pytest.fixture
def path(tmp_path):
    return str(tmp_path / "model.h5")


# ---- there and back -----------------------------------------------------------------------------


def test_a_model_gives_the_same_after_it_was_saved_and_loaded(path):
    model = trained()
    model.save(path)
    expected = model.predict(X)
    K.clear_session()
    np.testing.assert_array_equal(load_model(path).predict(X), expected)


def test_training_goes_on_where_it_stopped(path):
    model = trained()
    model.save(path)
    model.train_on_batch(X, Y)
    expected = model.get_weights()
    K.clear_session()
    loaded = load_model(path)
    loaded.train_on_batch(X, Y)
    for mine, theirs in zip(loaded.get_weights(), expected):
        np.testing.assert_allclose(mine, theirs, rtol=1e-6, atol=1e-7)


def test_a_functional_model_with_several_outputs_is_kept(path):
    x = Input(shape=(3,), name="x")
    model = Model(x, [Dense(2, name="left")(x), Dense(1, name="right")(x)])
    model.compile("sgd", {"left": "mse", "right": "mae"}, loss_weights={"left": 1.0, "right": 0.5})
    model.save(path)
    loaded = load_model(path)
    assert loaded.loss == {"left": "mse", "right": "mae"}
    assert loaded.loss_weights == {"left": 1.0, "right": 0.5}
    assert_equal(loaded.get_weights(), model.get_weights())


def test_the_file_has_the_layout_of_the_original(path):
    trained().save(path)
    with h5py.File(path, "r") as file:
        assert sorted(file) == ["model_weights", "optimizer_weights"]
        assert sorted(file.attrs) == [
            "backend",
            "keras_version",
            "model_config",
            "training_config",
        ]
        training = json.loads(hdf5.text(file.attrs["training_config"]))
        assert training["optimizer_config"]["class_name"] == "Adam"
        assert (training["loss"], training["metrics"]) == ("mse", ["mae"])
        names = hdf5.load_attributes_from_hdf5_group(file["optimizer_weights"], "weight_names")
        assert len(names) == 1 + 3 * 4  # the steps; m, v and v-hat of each weight


def test_custom_objects_are_found_by_name(path):
    trained(loss=own_loss).save(path)
    loaded = load_model(path, custom_objects={"own_loss": own_loss})
    assert np.isfinite(loaded.evaluate(X, Y, verbose=0)).all()


def test_an_unknown_loss_is_named(path):
    trained(loss=own_loss).save(path)
    with pytest.raises(ConfigError, match="own_loss"):
        load_model(path)


def test_compile_false_leaves_the_model_uncompiled_without_warning(path):
    trained().save(path)
    assert not getattr(load_model(path, compile=False), "optimizer", None)


def test_a_file_without_the_optimizer_says_so_when_it_is_loaded(path):
    trained().save(path, include_optimizer=False)
    with pytest.warns(UserWarning, match="not.* compiled"):
        load_model(path)


def test_an_optimizer_without_configuration_is_warned_of_and_the_model_saved(path):
    model = trained(optimizer=tf.train.FtrlOptimizer(0.1))
    with pytest.warns(UserWarning, match="compile it again"):
        model.save(path)
    assert_equal(load_model(path, compile=False).get_weights(), model.get_weights())


def test_a_state_that_does_not_fit_the_optimizer_is_warned_of(path):
    trained().save(path)
    with h5py.File(path, "a") as file:
        group = file["optimizer_weights"]
        del group[hdf5.load_attributes_from_hdf5_group(group, "weight_names")[1]]
        hdf5.save_attributes_to_hdf5_group(
            group, "weight_names", list(group.attrs["weight_names"])[:1]
        )
    with pytest.warns(UserWarning, match="starts afresh"):
        load_model(path)


def test_a_lambda_of_this_process_is_saved_and_loaded(path):
    Sequential([Lambda(lambda x: x + 1, input_shape=(3,))]).save(path)
    np.testing.assert_array_equal(load_model(path, compile=False).predict(X), X + 1)


def test_a_lambda_of_another_process_is_refused_unless_trusted(path):
    Sequential([Lambda(lambda x: x + 1, input_shape=(3,))]).save(path)
    bytecode._written_here.clear()
    with pytest.raises(UnsafeConfigError, match="safe_mode=False"):
        load_model(path, compile=False)
    np.testing.assert_array_equal(
        load_model(path, compile=False, safe_mode=False).predict(X), X + 1
    )


# ---- files of Keras 2.2.5 -----------------------------------------------------------------------


@pytest.mark.parametrize("case", file_cases.FILES.values(), ids=list(file_cases.FILES))
def test_a_model_that_keras_2_2_5_saved_is_loaded_with_its_optimizer(case):
    folder = os.path.join(comparison.HERE, "files")
    model = load_model(os.path.join(folder, case.name + ".model.h5"))
    with np.load(os.path.join(folder, case.name + ".npz")) as recorded:
        inputs, expected = (
            [recorded[key] for key in sorted(recorded.files) if key.startswith(kind)]
            for kind in ("input", "trained")
        )
    for mine, theirs in zip(file_cases.predictions(keras, model, inputs), expected):
        np.testing.assert_allclose(mine, theirs, rtol=1e-6, atol=case.tolerance)
    assert K.get_value(model.optimizer.weights[0]) == 1  # one step was made
    assert all(np.any(K.get_value(slot)) for slot in model.optimizer.weights[1:3])


def test_keras_2_2_5_loads_a_model_saved_here(path):
    if not original.is_installed_here():
        pytest.skip("NOT COMPARED: no Keras 2.2.5 in this environment")
    model = trained()
    model.save(path)
    expected = model.predict(X)
    import keras as theirs

    theirs.backend.clear_session()  # its session may still be that of another test's graph
    loaded = theirs.models.load_model(path)
    np.testing.assert_allclose(loaded.predict(X), expected, rtol=1e-6, atol=1e-6)
    assert len(loaded.optimizer.get_weights()) == 13


# ---- places -------------------------------------------------------------------------------------


def test_a_model_goes_into_a_stream_and_out_of_it():
    model = uncompiled()
    stream = io.BytesIO()
    save_model(model, stream)
    stream.seek(0)
    assert_equal(load_model(stream, compile=False).get_weights(), model.get_weights())


def test_a_model_goes_into_an_open_binary_file_and_out_of_it(path):
    model = uncompiled()
    with open(path, "wb") as file:
        model.save(file)
    with open(path, "rb") as file:
        assert_equal(load_model(file, compile=False).get_weights(), model.get_weights())


def test_a_model_goes_into_a_group_twice_and_out_of_it(path):
    with h5py.File(path, "w") as file:
        uncompiled().save(file)
        model = uncompiled()
        model.save(file)
        assert_equal(load_model(file, compile=False).get_weights(), model.get_weights())


def test_a_path_object_is_a_path(tmp_path):
    model = uncompiled()
    model.save(tmp_path / "model.h5")
    assert_equal(
        load_model(tmp_path / "model.h5", compile=False).get_weights(), model.get_weights()
    )


def test_a_place_that_tensorflow_knows_is_written_and_read(path):
    model = uncompiled()
    model.save("file://" + path)
    assert os.path.exists(path)
    assert_equal(load_model("file://" + path, compile=False).get_weights(), model.get_weights())


@pytest.mark.parametrize("place", [None, 3, ["model.h5"]])
def test_anything_else_is_no_place(place):
    with pytest.raises(TypeError, match="Expected a path"):
        uncompiled().save(place)
    with pytest.raises(TypeError, match="Expected a path"):
        load_model(place)


def test_overwrite_false_asks_and_no_keeps_the_old_file(path, monkeypatch):
    model = uncompiled()
    model.save(path)
    answers = iter(["what", "n"])
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    uncompiled().save(path, overwrite=False)
    assert_equal(load_model(path, compile=False).get_weights(), model.get_weights())


def test_overwrite_false_asks_and_yes_replaces_the_old_file(path, monkeypatch):
    uncompiled().save_weights(path)
    monkeypatch.setattr("builtins.input", lambda question: " Y")
    model = uncompiled()
    model.save_weights(path, overwrite=False)
    values = model.get_weights()
    model.load_weights(path)
    assert_equal(model.get_weights(), values)


def test_overwrite_false_does_not_ask_for_a_new_file(path, monkeypatch):
    monkeypatch.setattr("builtins.input", lambda question: pytest.fail("asked"))
    uncompiled().save(path, overwrite=False)
    assert os.path.exists(path)


# ---- faults -------------------------------------------------------------------------------------


def test_a_full_disk_leaves_the_old_file(path, monkeypatch):
    model = uncompiled()
    model.save(path)

    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(hdf5, "save_arrays", fail)
    with pytest.raises(OSError, match="No space left"):
        uncompiled().save(path)
    monkeypatch.undo()
    assert os.listdir(os.path.dirname(path)) == ["model.h5"]
    assert_equal(load_model(path, compile=False).get_weights(), model.get_weights())


def test_a_model_without_configuration_leaves_the_old_file(path):
    class Subclassed(Model):
        def call(self, inputs):
            return inputs

    uncompiled().save(path)
    with pytest.raises(NotImplementedError, match="save_weights"):
        Subclassed().save(path)
    assert load_model(path, compile=False).output_shape == (None, 2)


def test_a_missing_file_is_told(path):
    with pytest.raises(MissingFileError, match="model.h5"):
        load_model(path)


def test_a_missing_folder_is_told(tmp_path):
    with pytest.raises(MissingFileError, match="nowhere does not exist"):
        uncompiled().save(str(tmp_path / "nowhere" / "model.h5"))


def test_a_file_of_weights_is_told_to_be_one(path):
    uncompiled().save_weights(path)
    with pytest.raises(FileFormatError, match="model.h5"):
        load_model(path)


def with_attribute(path, name, value):
    uncompiled().save(path)
    with h5py.File(path, "a") as file:
        file.attrs[name] = value


@pytest.mark.parametrize("value", [b"{", b"\xff\xfe", b"[" * 50000, 3.5])
def test_a_damaged_configuration_is_told_with_the_file(path, value):
    with_attribute(path, "model_config", value)
    with pytest.raises(ValueError, match="model.h5|configuration"):
        load_model(path)


def test_a_configuration_that_is_no_model_is_told(path):
    dense = {"class_name": "Dense", "config": {"units": 3}}
    with_attribute(path, "model_config", json.dumps(dense).encode())
    with pytest.raises(FileFormatError, match="no model"):
        load_model(path)


def test_a_configuration_that_does_not_fit_the_weights_is_told(path):
    other = Sequential([Dense(7, input_shape=(3,)), Dense(2)])
    with_attribute(path, "model_config", other.to_json().encode())
    with pytest.raises(ShapeError, match=r"\(3, 7\).*\(3, 4\)"):
        load_model(path)


@pytest.mark.parametrize(
    "value",
    [b"[]", b"3", b"{}"]
    + [b'{"optimizer_config": %s}' % config for config in (b"3", b"{}", b'{"class_name": 3}')],
)
@pytest.mark.parametrize("version", [b"2.2.5", b"2.2.4-tf"])
def test_a_damaged_training_configuration_is_told(path, value, version):
    with_attribute(path, "training_config", value)
    with h5py.File(path, "a") as file:
        file.attrs["keras_version"] = version
    with pytest.raises(FileFormatError, match="training_config"):
        load_model(path)


def test_an_optimizer_of_the_file_is_never_imported_by_name(path):
    training = {"optimizer_config": {"class_name": "os.system", "config": {"command": "true"}}}
    with_attribute(path, "training_config", json.dumps(training).encode())
    with pytest.raises(ConfigError, match="os.system"):
        load_model(path)


def test_a_file_truncated_anywhere_is_told(path):
    uncompiled().save(path)
    with open(path, "rb") as file:
        content = file.read()
    for size in range(0, len(content), len(content) // 8):
        with open(path, "wb") as file:
            file.write(content[:size])
        with pytest.raises(FileFormatError, match="model.h5"):
            load_model(path)
