"""The state of a symbol, as the tables have it."""

import pytest

from tfkeras_compat.doctor.symbols import ABSENT, NOTE, UNKNOWN, WORKS, judged, worst


@pytest.mark.parametrize(
    "symbol",
    [
        "keras.layers.Dense",
        "keras.layers.core.Dense",
        "keras.engine.topology.Layer",
        "tensorflow.keras.layers.Dense",
        "tensorflow.contrib.keras.layers.Dense",
        "tensorflow.python.keras.layers.Dense",
        "tensorflow.layers.dense",
        "tensorflow.nn.rnn_cell.BasicLSTMCell",
        "tensorflow.compat.v1.placeholder",
        "tensorflow.contrib.slim.losses.softmax_cross_entropy",
        "tensorflow.python.ops.rnn_cell.GRUCell",
        "tensorflow.examples.tutorials.mnist.input_data.read_data_sets",
        "tensorflow.estimator.Estimator",
    ],
)
def test_what_is_here_works(symbol):
    assert judged(symbol) == (symbol, WORKS, "")


def test_a_symbol_ends_where_an_object_begins():
    assert judged("tensorflow.train.Saver.restore").symbol == "tensorflow.train.Saver"
    assert judged("keras.layers.merge.Add").symbol == "keras.layers.merge.Add"
    assert judged("tensorflow.GraphKeys.WEIGHTS").symbol == "tensorflow.GraphKeys"


@pytest.mark.parametrize(
    "symbol, cut, advice",
    [
        ("tensorflow.contrib.ffmpeg.x.y", "tensorflow.contrib.ffmpeg", "tensorflow-io"),
        ("tensorflow.contrib.slim.nets.vgg", "tensorflow.contrib.slim.nets", "research/slim/nets"),
        ("tensorflow.contrib.opt.GGTOptimizer", "tensorflow.contrib.opt.GGTOptimizer", "AddSign"),
        ("tensorflow.contrib.learn.SVM", "tensorflow.contrib.learn.SVM", "LinearSVC"),
        ("tensorflow.estimator.tpu.TPUConfig", "tensorflow.estimator.tpu.TPUConfig", "RunConfig"),
    ],
)
def test_what_is_not_here_comes_with_what_to_use_instead(symbol, cut, advice):
    found = judged(symbol)
    assert (found.symbol, found.state) == (cut, ABSENT)
    assert advice in found.note


@pytest.mark.parametrize(
    "symbol, note",
    [
        ("tensorflow.mul", "It is tf.multiply today."),
        ("tensorflow.train.SummaryWriter", "It is tf.summary.FileWriter today."),
        ("tensorflow.python.client.device_lib.list_local_devices", "private module"),
        ("keras.layers.MaxoutDense", "Keras 1 alone"),
        ("tensorflow.random.Generator", "TensorFlow 1.15 had not"),
        ("keras.layers.*", "only this import binds"),
    ],
)
def test_some_of_what_works_has_a_note(symbol, note):
    found = judged(symbol)
    assert found.state == NOTE
    assert note in found.note


def test_a_name_that_nobody_knows_is_unknown_and_the_nearest_is_named():
    assert judged("keras.layers.Dence").state == UNKNOWN
    assert "The nearest is Dense." in judged("keras.layers.Dence").note
    assert "nearest" not in judged("tensorflow.zzz").note
    assert "private" in judged("tensorflow.python.ops.math_ops.zzz").note


def test_the_worst_state_counts_for_a_whole():
    assert worst([WORKS, ABSENT, UNKNOWN]) == ABSENT
    assert worst([NOTE, WORKS]) == NOTE
    assert worst([]) == WORKS
