"""Conversions to every format, and what is told when the target gives other numbers."""

import importlib.util
import os
import sys

import numpy as np
import pytest

from tfkeras_compat import _tf
from tfkeras_compat.__main__ import main
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import UnsafeConfigError
from tfkeras_compat.layers import (
    LSTM,
    BatchNormalization,
    Dense,
    Dropout,
    Embedding,
    Input,
    Lambda,
    Reshape,
    concatenate,
)
from tfkeras_compat.models import Model, Sequential, load_model
from tfkeras_compat.serving import convert
from tfkeras_compat.serving.conversion import targets, verification

pytestmark = pytest.mark.either_end

HAS_KERAS_3 = sys.version_info >= (3, 10) and importlib.util.find_spec("keras") is not None
HAS_LITE = importlib.util.find_spec("ai_edge_litert") is not None


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The file of a compiled model of two inputs, one of words, and two outputs."""
    path = str(tmp_path_factory.mktemp("source") / "model.h5")
    with tf.Graph().as_default(), tf.Session():
        words, numbers = Input((6,), name="words"), Input((3,), name="numbers")
        read = LSTM(4)(Embedding(5, 3)(Reshape((6,))(words)))
        hidden = BatchNormalization()(concatenate([read, Dropout(0.5)(numbers)]))
        outputs = [Dense(2, name="p")(hidden), Dense(1, name="q")(hidden)]
        model = Model([words, numbers], outputs)
        model.compile("adam", "mse")
        x = [np.random.randint(0, 5, (8, 6)), np.random.rand(8, 3)]
        model.fit(x, [np.random.rand(8, 2), np.random.rand(8, 1)], verbose=0)
        model.save(path)
    return path


def printed(capsys, *arguments):
    """The exit status of the command, and what it printed."""
    return main(["convert"] + list(arguments)), capsys.readouterr()


@pytest.mark.parametrize("name", ["again.h5", "again.hdf5", "model.pb", "exports"])
def test_what_was_written_is_loaded_again_and_compared(name, source, tmp_path, capsys):
    status, told = printed(capsys, source, str(tmp_path / name))
    assert status == 0 and name in told.out
    assert "verified: the greatest difference of 2 outputs is" in told.out
    assert os.listdir(str(tmp_path)) == [name]


@pytest.mark.skipif(not HAS_KERAS_3, reason="NOT TESTED: no Keras 3 here (extra `keras3`)")
def test_a_file_for_keras_3_is_verified_in_a_process_of_keras_3(source, tmp_path, capsys):
    status, told = printed(capsys, source, str(tmp_path / "model.keras"))
    assert status == 0 and "p (Dense) -> Dense" in told.out
    assert "verified: the greatest difference of 2 outputs is" in told.out


@pytest.mark.skipif(_tf.VERSION < (2,), reason="TensorFlow 1.15 can not convert this model")
def test_a_file_of_tensorflow_lite_is_verified_where_there_is_an_interpreter(
    source, tmp_path, capsys
):
    status, told = printed(capsys, source, str(tmp_path / "model.tflite"))
    assert status == 0
    assert ("verified: the greatest" in told.out) == HAS_LITE
    assert ("NOT VERIFIED" in told.err) == (not HAS_LITE)


def test_without_a_verifier_it_is_said_loudly(source, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(targets.keras.serving, "tf_lite_model", lambda model: b"", raising=False)
    monkeypatch.setitem(sys.modules, "ai_edge_litert.interpreter", None)  # not to be imported
    status, told = printed(capsys, source, str(tmp_path / "model.tflite"))
    assert status == 0
    assert "NOT VERIFIED, no interpreter of TensorFlow Lite is installed (pip" in told.err
    status, told = printed(capsys, source, str(tmp_path / "model.pb"), "--no-verify")
    assert status == 0
    assert "NOT VERIFIED, you said so" in told.err


def test_no_keras_3_is_no_error(source, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(verification, "_IN_KERAS_3", "import sys; sys.exit(77)")
    status, told = printed(capsys, source, str(tmp_path / "model.keras"))
    assert status == 0
    assert "NOT VERIFIED, Keras 3 is not installed" in told.err


def test_other_numbers_are_told_with_the_output_and_the_status_1(
    source, tmp_path, capsys, monkeypatch
):
    write = targets._write_hdf5

    def damaged(model, target):
        layer = model.get_layer("q")
        layer.set_weights([layer.get_weights()[0] + 0.5, layer.get_weights()[1]])
        found = write(model, target)
        layer.set_weights([layer.get_weights()[0] - 0.5, layer.get_weights()[1]])
        return found

    monkeypatch.setitem(targets.FORMATS, ".h5", targets.FORMATS[".h5"]._replace(write=damaged))
    status, told = printed(capsys, source, str(tmp_path / "model.h5"))
    assert status == 1
    assert "gives other numbers than the source, at output q by" in told.err
    assert "output p" not in told.err
    status, _ = printed(capsys, source, str(tmp_path / "model.h5"), "--tolerance", "10")
    assert status == 0


def test_a_target_that_can_not_be_loaded_again_has_the_status_1(
    source, tmp_path, capsys, monkeypatch
):
    monkeypatch.setattr(verification, "_IN_KERAS_3", "raise ValueError('odd layer')")
    status, told = printed(capsys, source, str(tmp_path / "model.keras"))
    assert status == 1
    assert "can not be loaded again: Keras 3 says: ValueError: odd layer" in told.err


def test_errors_are_one_line_and_the_status_2(source, tmp_path, capsys):
    file = tmp_path / "a file"
    file.write_text("")
    for arguments, message in (
        ((source, str(tmp_path / "model.onnx")), "the ending is none of"),
        ((str(tmp_path / "none.h5"), str(tmp_path / "model.h5")), "There is no file"),
        ((source, str(tmp_path / "no" / "folder" / "m.h5")), "does not exist"),
        ((source, ""), "the ending is none of"),
        ((source, str(tmp_path / "a\0b.h5")), "null byte"),
        (("nowhere://model.h5", str(tmp_path / "model.h5")), "nowhere"),
        ((source, "nowhere://models"), "nowhere"),
        ((source, str(file / "model")), "a file"),
    ):
        status, told = printed(capsys, *arguments)
        assert status == 2
        lines = [line for line in told.err.splitlines() if not line.startswith("WARNING")]
        assert len(lines) == 1 and lines[0].startswith("convert: ") and message in lines[0]
    assert os.listdir(str(tmp_path)) == ["a file"]


def test_a_model_that_can_not_be_computed_is_told_before_anything_is_written(tmp_path, capsys):
    source = str(tmp_path / "model.h5")
    Sequential([Reshape((7,), input_shape=(None, 2))]).save(source)  # of any number of pairs
    status, told = printed(capsys, source, str(tmp_path / "new.h5"))
    assert status == 2 and "can be made, but not computed" in told.err
    assert os.listdir(str(tmp_path)) == ["model.h5"]


@pytest.mark.skipif(_tf.VERSION < (2,), reason="TensorFlow 1.15 converts by a program of its own")
def test_what_tensorflow_lite_does_not_have_is_told(tmp_path, capsys):
    def determinant(x):
        from tfkeras_compat._tf import tf

        return tf.matrix_determinant(x)[:, None]

    source = str(tmp_path / "model.h5")
    Sequential([Lambda(determinant, input_shape=(3, 3))]).save(source)
    status, told = printed(capsys, source, str(tmp_path / "new.tflite"), "--trust-files")
    assert status == 2 and "TensorFlow Lite has no form for model sequential_1" in told.err


def test_code_in_a_file_that_misses_a_name_is_told(tmp_path, capsys):
    source = str(tmp_path / "model.h5")
    Sequential([Lambda(lambda x: tf.abs(x), input_shape=(3, 3))]).save(source)
    status, told = printed(capsys, source, str(tmp_path / "new.h5"), "--trust-files")
    assert status == 2 and "NameError: name 'tf' is not defined" in told.err


def test_how_it_was_compiled_goes_into_an_hdf5_file(source, tmp_path):
    convert(source, str(tmp_path / "again.h5"))
    model = load_model(str(tmp_path / "again.h5"))
    assert type(model.optimizer).__name__ == "Adam" and model.loss == "mse"


def test_a_loss_of_one_s_own_stays_behind_and_is_told(tmp_path):
    def own_loss(y_true, y_pred):
        return tf.reduce_mean(tf.abs(y_true - y_pred), -1)

    model = Sequential([Dense(2, input_shape=(3,))])
    model.compile("sgd", own_loss)
    model.save(str(tmp_path / "model.h5"))
    conversion = convert(str(tmp_path / "model.h5"), str(tmp_path / "again.h5"))
    assert conversion.is_verified
    assert "how it was compiled stays behind" in conversion.told and "own_loss" in conversion.told


def test_code_in_a_file_is_refused(tmp_path, monkeypatch):
    from tfkeras_compat.state import bytecode

    model = Sequential([Lambda(lambda x: x * 2, input_shape=(3,))])
    model.save(str(tmp_path / "model.h5"))
    monkeypatch.setattr(bytecode, "_written_here", set())  # as if another process had written it
    with pytest.raises(UnsafeConfigError):
        convert(str(tmp_path / "model.h5"), str(tmp_path / "again.h5"))
    monkeypatch.setattr(bytecode, "_written_here", set())
    source, target = str(tmp_path / "model.h5"), str(tmp_path / "model.pb")
    assert convert(source, target, safe_mode=False).is_verified


def test_the_default_graph_and_session_stay_as_they_are(source, tmp_path):
    before = tf.get_default_graph()
    convert(source, str(tmp_path / "model.pb"))
    assert tf.get_default_graph() is before and before.get_operations() == []


# ---- random input -------------------------------------------------------------------------------


def test_what_is_looked_up_gets_indices_that_there_are(source):
    words, numbers = verification.random_inputs(load_model(source, compile=False))
    assert set(words.ravel()) <= set(range(5)) and words.shape == (3, 6)
    assert numbers.shape == (3, 3) and numbers.min() < 0 < numbers.max()


def test_nan_and_infinity_count_as_differences_unless_both_have_them():
    nan, infinity = float("nan"), float("inf")
    a = np.array([nan, infinity, 1.0])
    assert verification._compared(a, a, 1e-5) == (0.0, infinity)
    assert verification._compared(np.array([1.0]), np.array([nan]), 1e-5)[0] == infinity
    assert verification._compared(np.array([1.0]), np.array([[1.0]]), 1e-5)[0] == infinity
