"""What a recorder sees of a program's sessions."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest
from tensorflow.python.client import session
from tensorflow.python.framework import ops

from tfkeras_compat.verify.recorder import Recorder, recorded

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))

RECORDER = os.path.join(ROOT, "tfkeras_compat", "verify", "recorder.py")

PROGRAM = """
import tensorflow.compat.v1 as tf
tf.disable_v2_behavior()
with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [2])
    w = tf.get_variable("w", [2], use_resource=RESOURCE)
    v = tf.get_variable("v", [3], initializer=tf.zeros_initializer())
    rate = tf.get_variable("rate", initializer=0.1, trainable=False)
    loss = tf.reduce_sum(tf.square(w * x - 1.0)) + tf.reduce_sum(tf.random_uniform([1])) * 0.0
    step = tf.train.GradientDescentOptimizer(rate).minimize(loss)
    sess.run(tf.global_variables_initializer())
    for _ in range(5):
        sess.run([step, loss, w], {x: [1.0, 2.0]})
    sess.run([loss, v], {x: [1.0, 2.0]})
    sess.run(step, {x: [1.0, 2.0]})
    sess.run([rate, rate.read_value(), rate.assign(0.2)])
    v.load([1.0, 2.0, 3.0], sess)
"""
PATCHED = [
    (session.BaseSession, "__init__"),
    (session.BaseSession, "_do_run"),
    (session.BaseSession, "_make_callable_from_options"),
    (ops.Graph, "__init__"),
]


def _record_in(folder):
    record = json.loads((folder / "record.json").read_text())
    with np.load(str(folder / "initial.npz")) as arrays:
        record["initial"] = [arrays[name] for name in sorted(arrays.files, key=int)]
    return record


@pytest.fixture
def record(tmp_path, monkeypatch):
    """Runs a program under a recorder in this process, which is left as it was."""

    def run(name, source=PROGRAM, resource=False, seed=0, **told):
        folder = tmp_path / name
        folder.mkdir()
        with monkeypatch.context() as patched:
            for cls, method in PATCHED:
                patched.setattr(cls, method, getattr(cls, method))
            program = compile(source.replace("RESOURCE", str(resource)), name, "exec")
            recorder = Recorder(str(folder), seed=seed, **told)
            recorded(recorder, lambda: exec(program, {}))
        return _record_in(folder)

    return run


@pytest.fixture
def first(record, tmp_path):
    """The record of a first run, and its folder."""
    return record("first"), str(tmp_path / "first")


def test_a_call_that_changes_variables_and_fetches_scalars_is_a_step(first):
    events = first[0]["events"]
    assert [each["kind"] for each in events] == ["step"] * 5 + ["value"]
    assert all(len(each["values"]) == 1 for each in events)
    losses = [each["values"][0] for each in events]
    assert losses == sorted(losses, reverse=True)


def test_initial_values_are_those_of_initializers_and_not_what_is_loaded(first):
    assert first[0]["variables"] == ["w", "v", "rate"]
    assert first[0]["initial"][1].tolist() == [0, 0, 0]


def test_random_draws_of_a_call_are_named(first):
    assert first[0]["events"][0]["random"] == ["random_uniform/RandomUniform"]


def test_a_second_run_begins_with_the_weights_of_the_first(first, record):
    earlier, folder = first
    found = record("second", resource=True, seed=7, initial=folder)
    assert found["without_partner"] == found["left"] == []
    np.testing.assert_array_equal(found["initial"][0], earlier["initial"][0])
    for one, other in zip(earlier["events"], found["events"]):
        np.testing.assert_allclose(one["values"], other["values"], rtol=1e-6)


def test_a_variable_of_another_name_takes_the_place_of_one_of_its_shape(first, record):
    earlier, folder = first
    source = PROGRAM.replace('"w", [2]', '"weights", [2]')
    found = record("renamed", source, seed=7, initial=folder)
    assert found["variables"] == ["weights", "v", "rate"] and found["without_partner"] == []
    np.testing.assert_array_equal(found["initial"][0], earlier["initial"][0])


def test_variables_without_a_partner_are_named(first, record):
    source = PROGRAM.replace('"w", [2]', '"w", [1, 2]')
    found = record("other", source, initial=first[1])
    assert (found["without_partner"], found["left"]) == (["w"], ["w"])


def test_the_seed_decides_what_a_program_begins_with(first, record):
    again, other = record("again"), record("other", seed=7)
    np.testing.assert_array_equal(again["initial"][0], first[0]["initial"][0])
    assert not np.array_equal(other["initial"][0], first[0]["initial"][0])


def test_a_run_ends_after_as_many_steps_as_were_asked_for(record):
    assert [each["kind"] for each in record("short", steps=2)["events"]] == ["step", "step"]


def test_prepared_calls_are_recorded_as_others_are(record):
    source = """
import numpy as np
import tfkeras_compat as keras
from tfkeras_compat import backend as K
with K.tf.Graph().as_default():
    model = keras.Sequential([keras.layers.Dense(1, input_shape=(2,))])
    model.compile("sgd", "mse")
    for _ in range(3):
        model.train_on_batch(np.ones((4, 2)), np.ones(4))
    model.evaluate(np.ones((4, 2)), np.ones(4), verbose=0)
"""
    found = record("prepared", source.replace("K.tf", "keras._tf.tf"))
    assert [each["kind"] for each in found["events"]] == ["step"] * 3 + ["value"]
    assert "dense_1/kernel" in found["variables"]


def test_it_runs_by_itself_without_this_package(tmp_path):
    script, folder = tmp_path / "program.py", tmp_path / "record"
    folder.mkdir()
    script.write_text(PROGRAM.replace("RESOURCE", "False"))
    told = {"script": str(script), "arguments": [], "folder": str(folder), "seed": 0}
    environment = {name: os.environ[name] for name in os.environ if name != "PYTHONPATH"}
    command = [sys.executable, RECORDER, json.dumps(told)]
    subprocess.run(command, check=True, env=environment, cwd=str(tmp_path))
    found = _record_in(folder)
    assert "tfkeras_compat" not in found["versions"]
    assert len(found["events"]) == 6
