"""Models on their way to Keras 3, which loads them in a process of its own."""

import importlib.util
import json
import os
import sys
import zipfile

import layer_cases
import layer_entries
import numpy as np
import pytest
import warm_processes

import tfkeras_compat as keras
from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError
from tfkeras_compat.layers import LSTM, Dense, Embedding, Input, Lambda
from tfkeras_compat.legacy import to_keras_3
from tfkeras_compat.losses import mean_squared_error
from tfkeras_compat.models import Model, Sequential
from tfkeras_compat.optimizers import SGD, Adadelta, Adagrad, Adam, Adamax, Nadam, RMSprop
from tfkeras_compat.serving import to_keras3
from tfkeras_compat.state.structures import to_list

# A second process of Keras 3: the one that TensorFlow 2 brings, or that of the extra `keras3`.
HAS_KERAS_3 = sys.version_info >= (3, 10) and importlib.util.find_spec("keras") is not None
needs_keras_3 = pytest.mark.skipif(
    not HAS_KERAS_3, reason="NOT TESTED: no Keras 3 here (extra `keras3`)"
)


MORE = {
    "nested_sequential",
    "nested_model_with_masks",
    "several_of_each_get_numbers",
    "rnn_of_stacked_cells",
}


def built(case):
    """The model of a case of the golden tables, with weights of some size."""
    inputs = [
        Input(batch_shape=(feed.batch_size,) + feed.shape, dtype=feed.dtype) for feed in case.feeds
    ]
    model = Model(inputs, case.build(keras, *inputs))
    random = np.random.RandomState(3)
    for layer in model.layers:
        pairs = [
            (weight, random.normal(size=K.int_shape(weight)) * 0.3) for weight in layer.weights
        ]
        K.batch_set_value((w, np.abs(x) if "variance" in w.name else x) for w, x in pairs)
    return model


def cases():
    """The layers of the conformance list, and a few models."""
    named = [(name, entry.case) for name, entry in layer_entries.ENTRIES.items()]
    return named + [(name, layer_cases.CASES[name]) for name in sorted(MORE)]


def converted(name, case, folder):
    """Writes a case for the peer; returns the kinds of layers in it and what they give here, or
    why it can not be converted."""
    path = os.path.join(folder, name.replace(" ", "_"))
    with tf.Graph().as_default(), tf.Session():
        model = built(case)
        try:
            report = to_keras3(model, path + ".keras")
        except ConfigError as reason:
            return str(reason)
        arrays = layer_cases.arrays(case)
        outputs = to_list(model.predict_on_batch(arrays))
        np.savez(path + ".npz", **{"input%d" % n: array for n, array in enumerate(arrays)})
    return {entry.kind for entry in report.entries}, outputs


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """A folder with what was converted, and what :func:`converted` gave for each case."""
    folder = str(tmp_path_factory.mktemp("keras_3"))
    return folder, {name: converted(name, case, folder) for name, case in cases()}


@pytest.fixture(scope="module")
def answers(written):
    """By case: the kinds of layers, what ours gave, and what Keras 3 gave or said."""
    folder, ours = written
    peer = os.path.join(os.path.dirname(__file__), "keras_3_peer.py")
    done = warm_processes.run([peer, folder], timeout=250)
    assert done.returncode == 0, done.stderr
    done = {name: found for name, found in ours.items() if isinstance(found, tuple)}
    return {name: found + (_answer(folder, name),) for name, found in done.items()}


def _answer(folder, name):
    path = os.path.join(folder, name.replace(" ", "_"))
    if os.path.exists(path + ".error"):
        with open(path + ".error") as file:
            return file.read()[-300:]
    with np.load(path + ".found.npz") as found:
        return [found["arr_%d" % number] for number in range(len(found.files))]


def test_the_list_of_layers_says_of_each_whether_it_converts(written):
    for name, entry in layer_entries.ENTRIES.items():
        found = written[1][name]
        if entry.stays_behind is None:
            assert isinstance(found, tuple), "%s: %s" % (name, found)
        else:
            assert isinstance(found, str) and entry.stays_behind in found, name


@needs_keras_3
def test_keras_3_gives_the_same_numbers(answers):
    different = {
        name: found if isinstance(found, str) else "other numbers"
        for name, (_, expected, found) in answers.items()
        if isinstance(found, str) or not _are_close(found, expected)
    }
    assert different == {}
    kinds = set().union(*(kinds for kinds, _, _ in answers.values()))
    assert set(to_keras_3.DROPPED) <= kinds  # all that the table promises
    assert len(kinds) > 70


def _are_close(found, expected):
    return len(found) == len(expected) and all(
        a.shape == b.shape and np.allclose(a, b, atol=1e-5, rtol=1e-5)
        for a, b in zip(found, expected)
    )


def test_the_report_says_what_each_layer_became(tmp_path):
    model = Sequential([Embedding(5, 3, input_length=4, name="words"), LSTM(2, name="reader")])
    report = to_keras3(model, str(tmp_path / "model.keras"))
    assert [tuple(entry) for entry in report.entries] == [
        ("words", "Embedding", "Embedding", ""),
        ("reader", "LSTM", "LSTM", "weights times 1.2, for the other slope of hard_sigmoid"),
    ]
    with zipfile.ZipFile(str(tmp_path / "model.keras")) as archive:
        assert sorted(archive.namelist()) == ["config.json", "metadata.json", "model.weights.h5"]


def test_what_stays_behind_is_named_and_nothing_is_written(tmp_path):
    x = Input((3,))
    y = Lambda(lambda t: t * 2, name="double")(Dense(2)(x))
    y = Dense(1, activation=lambda t: t + 1, name="odd")(y)
    with pytest.raises(ConfigError, match="(?s)double .Lambda.: its function.*odd .Dense."):
        to_keras3(Model(x, y), str(tmp_path / "model.keras"))
    assert os.listdir(str(tmp_path)) == []
    with pytest.raises(KindError):
        to_keras3(Sequential([Dense(2)]), str(tmp_path / "model.keras"))


# ---- how it was compiled ------------------------------------------------------------------------

COMPILED = {
    "sgd": (lambda: SGD(lr=0.1, momentum=0.5, nesterov=True), "mse"),
    "decaying": (lambda: SGD(lr=0.1, decay=0.3), "mean_absolute_error"),
    "adam": (lambda: Adam(lr=0.01, clipnorm=0.5), mean_squared_error),
    "adagrad": (lambda: Adagrad(lr=0.01), {"a": "mse", "b": "mae"}),
    "adamax": (lambda: Adamax(), ["mse", "mae"]),
    "nadam": (lambda: Nadam(), "mse"),
    "rmsprop": (lambda: RMSprop(), "mse"),
    "adadelta": (lambda: Adadelta(), "mse"),
}


def compiled_model(optimizer, loss, **arguments):
    x = Input((3,))
    model = Model(x, [Dense(2, name="a")(x), Dense(1, name="b")(x)])
    model.compile(optimizer, loss, metrics=["mae"], **arguments)
    return model


@needs_keras_3
def test_a_compiled_model_takes_the_same_steps_in_keras_3(tmp_path):
    random = np.random.RandomState(2)
    x, y = random.rand(4, 3), [random.rand(4, 2), random.rand(4, 1)]
    expected = {}
    for name, (optimizer, loss) in COMPILED.items():
        with tf.Graph().as_default(), tf.Session():
            model = compiled_model(optimizer(), loss, loss_weights=[1.0, 0.5])
            report = to_keras3(model, str(tmp_path / (name + ".keras")))
            assert "compiled as here; the optimizer starts afresh" in str(report)
            for _ in range(3):
                model.train_on_batch(x, y)
            expected[name] = model.predict(x)
        np.savez(str(tmp_path / name), input0=x, target0=y[0], target1=y[1])
    peer = os.path.join(os.path.dirname(__file__), "keras_3_peer.py")
    done = warm_processes.run([peer, tmp_path], timeout=250)
    assert done.returncode == 0, done.stderr
    for name, outputs in expected.items():
        error = tmp_path / (name + ".error")
        assert not error.exists(), error.read_text()[-500:]
        with np.load(str(tmp_path / (name + ".trained.npz"))) as found:
            for number, output in enumerate(outputs):
                np.testing.assert_allclose(
                    found["arr_%d" % number], output, rtol=1e-4, atol=1e-4, err_msg=name
                )


@pytest.mark.parametrize(
    "optimizer, loss, reason",
    [
        (lambda: tf.train.AdamOptimizer(), "mse", "no optimizer TFOptimizer"),
        (lambda: SGD(), lambda a, b: K.mean(a - b), "<lambda>, which is a user's own"),
        (lambda: SGD(), "logcosh", "no loss or metric logcosh"),
        (lambda: Nadam(schedule_decay=0.1), "mse", "another schedule_decay"),
    ],
)
def test_how_it_was_compiled_stays_behind_with_a_reason(optimizer, loss, reason, tmp_path):
    report = to_keras3(compiled_model(optimizer(), loss), str(tmp_path / "model.keras"))
    assert "NOT COMPILED there: " in str(report) and reason in report.compiled
    with zipfile.ZipFile(str(tmp_path / "model.keras")) as archive:
        assert json.loads(archive.read("config.json").decode())["compile_config"] is None
