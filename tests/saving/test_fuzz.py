"""Damaged files, a thousand of each kind: they load, or an error of ours says that they do not.

Each is damaged by its number (``mutations.py``), so that a number in a message is enough to see it
again. A crash or a hang ends the test run.
"""

import functools
import os
import shutil

import mutations
import numpy as np
import pytest

from tfkeras_compat import _tf, inspection
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import CompatError
from tfkeras_compat.layers import LSTM, BatchNormalization, Dense, Embedding, Input, concatenate
from tfkeras_compat.models import Model, Sequential, load_model, model_from_json
from tfkeras_compat.optimizers import SGD
from tfkeras_compat.serving import export_saved_model
from tfkeras_compat.tensorflow.contrib.predictor import from_saved_model

pytestmark = pytest.mark.either_end

COUNT = 1000
X = np.ones((2, 3), "float32")


def plain():
    return Sequential([Dense(4, activation="relu", input_shape=(3,)), Dense(2)])


def normalized():
    return Sequential([Dense(4, input_shape=(3,)), BatchNormalization()])


def branched():
    """Two inputs, one of two words; a loop would take most of the time."""
    words = Input(shape=(2,), dtype="int32")
    numbers = Input(shape=(3,))
    read = Embedding(9, 3, mask_zero=True)(words)
    read = LSTM(2, kernel_regularizer="l2", unroll=True)(read)
    return Model([words, numbers], Dense(2, activation="softmax")(concatenate([read, numbers])))


def outcome(number, load, errors=CompatError):
    """What ``load`` gives, or the error of ours that it raises."""
    try:
        return load()
    except errors as error:
        return error
    except Exception as error:
        raise AssertionError("number %d: %r" % (number, error)) from error


def content_of(path):
    with open(path, "rb") as file:
        return file.read()


def write(path, content):
    with open(path, "wb") as file:
        file.write(content)


def share_of_errors(outcomes):
    return sum(isinstance(each, Exception) for each in outcomes) / len(outcomes)


# ---- HDF5 ---------------------------------------------------------------------------------------


@pytest.fixture
def impatient(monkeypatch):
    """Ten of these files would hang HDF5, two seconds each."""
    monkeypatch.setattr(inspection, "SECONDS", 0.3)


@pytest.fixture
def file(tmp_path):
    """A function that writes a damaged file and gives its path: a new one each time, since HDF5
    mixes a file that it could not close with what stands in its place afterwards."""

    def new_file(content, number):
        path = str(tmp_path / ("%d.h5" % number))
        write(path, mutations.of_bytes(content, number))
        return path

    return new_file


@pytest.mark.filterwarnings("ignore")  # some are only not compiled, or their state does not fit
def test_damaged_files_of_models_are_loaded_or_refused(tmp_path, file, impatient):
    path, outcomes = str(tmp_path / "model.h5"), []
    trained = plain()
    trained.compile(SGD(momentum=0.5), "mse", metrics=["mae"])
    trained.train_on_batch(X, np.ones((2, 2)))
    trained.save(path)
    content = content_of(path)
    for number in range(COUNT // 10):
        load = functools.partial(load_model, file(content, number))
        with tf.Graph().as_default():
            loaded = outcome(number, load)
            outcomes.append(loaded)
            if isinstance(loaded, Model):
                loaded.predict(np.ones((2,) + loaded.input_shape[1:]))
    assert 0.2 < share_of_errors(outcomes) < 0.9


@pytest.mark.filterwarnings("ignore")  # by name, what does not fit may be skipped
@pytest.mark.parametrize("how", [{}, {"by_name": True}, {"by_name": True, "skip_mismatch": True}])
def test_damaged_files_of_weights_are_loaded_or_refused(tmp_path, file, impatient, how):
    path, outcomes = str(tmp_path / "weights.h5"), []
    model = normalized()
    model.save_weights(path)
    content, before = content_of(path), model.get_weights()
    for number in range(COUNT, COUNT + COUNT * 3 // 10):
        load = functools.partial(model.load_weights, file(content, number), **how)
        outcomes.append(outcome(number, load))
        if isinstance(outcomes[-1], Exception):
            for mine, theirs in zip(model.get_weights(), before):
                np.testing.assert_array_equal(mine, theirs, str(number))
        else:
            model.set_weights(before)
    assert 0.2 < share_of_errors(outcomes) < 0.9


# ---- JSON ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("make, count", [(plain, COUNT * 4 // 5), (branched, COUNT // 5)])
@pytest.mark.filterwarnings("ignore")
def test_damaged_configurations_are_built_or_refused(make, count):
    text, outcomes = make().to_json(), []
    for number in range(count):
        damaged = mutations.of_json(text, number)
        with tf.Graph().as_default():
            outcomes.append(outcome(number, functools.partial(model_from_json, damaged)))
    assert 0.2 < share_of_errors(outcomes) < 0.9


# ---- SavedModels --------------------------------------------------------------------------------

NAMES = ["saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001"]


def damage(folder, number):
    """Two of five have their graph changed, the others have bytes of a file damaged."""
    path = os.path.join(folder, NAMES[max(0, number % 5 - 2)])
    if number % 5 >= 2:
        write(path, mutations.of_bytes(content_of(path), number, head=512))
        return
    saved_model = _tf.parse_saved_model(folder)
    mutations.of_meta_graph(saved_model.meta_graphs[0], number)
    write(path, saved_model.SerializeToString())


def called(predict):
    return predict(dict.fromkeys(predict.feed_tensors, X))


def test_damaged_exports_are_loaded_or_refused(tmp_path):
    whole, case = export_saved_model(normalized(), str(tmp_path)), str(tmp_path / "case")
    outcomes = []
    for number in range(COUNT):
        shutil.copytree(whole, case)
        damage(case, number)
        predict = outcome(number, lambda: from_saved_model(case))
        outcomes.append(predict)
        if not isinstance(predict, Exception):
            outcome(number, functools.partial(called, predict), (CompatError, tf.errors.OpError))
            predict.session.close()
        shutil.rmtree(case)
    assert 0.2 < share_of_errors(outcomes) < 1  # bytes have checksums, but for some of the graph
