import os
import pathlib

import h5py
import numpy as np
import pytest

from tfkeras_compat import callbacks
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential, load_model

X, Y = np.ones((4, 2)), np.ones((4, 1))


def compiled():
    model = Sequential([Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    return model


# ---- ModelCheckpoint ----------------------------------------------------------------------------


class Model:
    """Writes down what it is told to save."""

    def __init__(self):
        self.saved = []

    def save(self, path, overwrite):
        self.saved.append(("model", path, overwrite))

    def save_weights(self, path, overwrite):
        self.saved.append(("weights", path, overwrite))


def saved(values, name="val_loss", path="{epoch}", **options):
    """What is saved while a value has this course."""
    callback = callbacks.ModelCheckpoint(path, **options)
    callback.set_model(Model())
    callback.on_train_begin()
    for epoch, value in enumerate(values):
        callback.on_epoch_end(epoch, {name: value})
    return callback.model.saved


def paths(values, **options):
    return [path for _, path, _ in saved(values, **options)]


def test_the_model_or_its_weights_are_saved():
    assert saved([1.0]) == [("model", "1", True)]
    assert saved([1.0], save_weights_only=True) == [("weights", "1", True)]


def test_the_path_is_filled_with_epoch_and_logs():
    assert paths([0.125, 3], path="w.{epoch:02d}-{val_loss:.1f}.h5") == [
        "w.01-0.1.h5",
        "w.02-3.0.h5",
    ]
    assert paths([1], path=pathlib.PurePosixPath("a/{epoch}")) == ["a/1"]


def test_a_name_in_the_path_that_is_not_logged_is_told():
    with pytest.raises(KeyError, match="not logged: 'val_acc'. Available are: epoch, val_loss"):
        saved([1], path="{val_acc}")


@pytest.mark.parametrize(
    "options, expected",
    [
        ({}, "1 2 3 4"),
        ({"save_best_only": True}, "1 3"),
        ({"save_best_only": True, "mode": "max"}, "1 2 4"),
        ({"save_best_only": True, "monitor": "val_acc", "name": "val_acc"}, "1 2 4"),
        ({"save_best_only": True, "monitor": "fmeasure", "name": "fmeasure"}, "1 2 4"),
        ({"save_best_only": True, "monitor": "val_acc", "name": "val_acc", "mode": "min"}, "1 3"),
        ({"period": 2}, "2 4"),
        ({"period": 2, "save_best_only": True}, "2"),
    ],
)
def test_only_the_wanted_epochs_are_saved(options, expected):
    assert " ".join(paths([2.0, 3.0, 1.0, 4.0], **options)) == expected


def test_what_is_saved_is_printed(capsys):
    saved([2.0], verbose=1, path="x")
    saved([2.0, 3.0, 1.0], verbose=1, path="x", save_best_only=True)
    saved([2.0, 3.0], path="x")
    assert capsys.readouterr().out == (
        "\nEpoch 00001: saving model to x\n"
        "\nEpoch 00001: val_loss improved from inf to 2.00000, saving model to x\n"
        "\nEpoch 00002: val_loss did not improve from 2.00000\n"
        "\nEpoch 00003: val_loss improved from 2.00000 to 1.00000, saving model to x\n"
    )


def test_nothing_is_best_without_the_monitored_value():
    with pytest.warns(RuntimeWarning, match="save best model only with val_loss available"):
        assert paths([1.0], name="loss", save_best_only=True) == []


def test_a_path_without_extension_is_an_hdf5_file(tmp_path):
    model = compiled()
    whole, weights = str(tmp_path / "whole"), str(tmp_path / "weights")
    model.fit(
        X,
        Y,
        verbose=0,
        callbacks=[
            callbacks.ModelCheckpoint(whole),
            callbacks.ModelCheckpoint(weights, "loss", save_best_only=True, save_weights_only=True),
        ],
    )
    assert sorted(os.listdir(str(tmp_path))) == ["weights", "whole"]
    assert h5py.is_hdf5(whole) and h5py.is_hdf5(weights)
    other = compiled()
    other.load_weights(weights)
    for array, again, loaded in zip(
        model.get_weights(), other.get_weights(), load_model(whole).get_weights()
    ):
        np.testing.assert_array_equal(array, again)
        np.testing.assert_array_equal(array, loaded)


# ---- CSVLogger ----------------------------------------------------------------------------------


def write(logger, *epochs):
    """The bytes of the file after a training with these logs."""
    logger.on_train_begin()
    for epoch, logs in enumerate(epochs):
        logger.on_epoch_end(epoch, logs)
    logger.on_train_end()
    return pathlib.Path(str(logger.filename)).read_bytes()


def test_each_epoch_is_a_line(tmp_path):
    logger = callbacks.CSVLogger(tmp_path / "log", separator=";")
    text = write(logger, {"loss": 0.5, "acc": np.float32(0.25)}, {"loss": 1, "acc": np.array(2)})
    assert text == b"epoch;acc;loss\r\n0;0.25;0.5\r\n1;2;1\r\n"


def test_a_list_is_one_cell(tmp_path):
    text = write(callbacks.CSVLogger(str(tmp_path / "log")), {"a": np.array([1, 2]), "b": "x,y"})
    assert text == b'epoch,a,b\r\n0,"""[1, 2]""","x,y"\r\n'


def test_a_value_that_an_epoch_lacks_is_not_available(tmp_path):
    logger = callbacks.CSVLogger(str(tmp_path / "log"))
    assert write(logger, {"a": 1, "b": 2}, {"a": 3}) == b"epoch,a,b\r\n0,1,2\r\n1,3,NA\r\n"


def test_a_file_is_replaced_or_continued(tmp_path):
    path = str(tmp_path / "log")
    table = b"epoch,a\r\n0,1\r\n"
    assert write(callbacks.CSVLogger(path, append=True), {"a": 1}) == table
    assert write(callbacks.CSVLogger(path, append=True), {"a": 2}) == table + b"0,2\r\n"
    logger = callbacks.CSVLogger(path)
    for _ in range(2):  # a callback can be used again
        assert write(logger, {"a": 1}) == table


def test_a_line_can_be_read_as_soon_as_its_epoch_has_ended(tmp_path):
    logger = callbacks.CSVLogger(str(tmp_path / "log"))
    lines = []
    read = callbacks.LambdaCallback(
        on_epoch_end=lambda epoch, logs: lines.append(len((tmp_path / "log").read_text().split()))
    )
    compiled().fit(X, Y, epochs=2, verbose=0, callbacks=[logger, read])
    assert lines == [2, 3]
