"""`kill -9` at any moment of a save leaves the old file or the new one, complete."""

import os
import random
import signal
import subprocess
import sys
import time
import zipfile

import h5py
import numpy as np
import pytest

import tfkeras_compat
from tfkeras_compat._tf import tf
from tfkeras_compat.layers import Dense
from tfkeras_compat.models import Sequential, load_model
from tfkeras_compat.saving.config import parsed_json

pytestmark = pytest.mark.either_end

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(tfkeras_compat.__file__)))
STATES, SHAPES = (0.25, -3.0), [(40, 900), (900,)]  # as in saver.py
KILLS = 50


# ---- what is complete: each gives the weights, or fails -----------------------------------------


def of_model(path):
    return load_model(path, compile=False).get_weights()


def of_weights(path):
    model = Sequential([Dense(900, input_shape=(40,), name="only")])
    model.load_weights(path)
    return model.get_weights()


def of_keras_3(path):
    with zipfile.ZipFile(path) as archive:
        assert archive.testzip() is None
        assert parsed_json(archive.read("config.json"))["class_name"] == "Sequential"
        with archive.open("model.weights.h5") as member, h5py.File(member, "r") as file:
            found = {}
            file.visititems(lambda name, each: found.update({name: each}))
            arrays = [each[()] for each in found.values() if isinstance(each, h5py.Dataset)]
    return sorted(arrays, key=lambda array: -array.ndim)


def of_frozen(path):
    definition = tf.GraphDef()
    with open(path, "rb") as file:
        definition.ParseFromString(file.read())
    nodes = [node for node in definition.node if node.op == "Const"]
    constants = [tf.make_ndarray(node.attr["value"].tensor) for node in nodes]
    return [array for shape in SHAPES for array in constants if array.shape == shape]


def of_saved_model(folder):
    """The weights in the last version; all must be complete."""
    for version in sorted(filter(str.isdigit, os.listdir(folder)), key=int):
        definition = os.path.join(folder, version, "saved_model.pb")
        assert tf.saved_model.loader.maybe_saved_model_directory(os.path.dirname(definition))
        reader = tf.train.NewCheckpointReader(
            os.path.join(folder, version, "variables", "variables")
        )
        arrays = [reader.get_tensor(name) for name in ("only/kernel", "only/bias")]
    return arrays


KINDS = {
    "model": of_model,
    "weights": of_weights,
    "checkpoint": of_model,
    "keras_3": of_keras_3,
    "frozen": of_frozen,
    "saved_model": of_saved_model,
}


# ---- processes that are killed ------------------------------------------------------------------


@pytest.fixture(scope="module")
def saver():
    environment = dict(os.environ, PYTHONPATH=ROOT, TF_CPP_MIN_LOG_LEVEL="3")
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "saver.py")
    process = subprocess.Popen(
        [sys.executable, program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
    )
    yield process
    process.communicate(timeout=60)


def killed_while_saving(saver, kind, path, chance):
    """Starts a process that saves and kills it at a random moment of its third save or a later
    one."""
    saver.stdin.write(("%s %s\n" % (kind, path)).encode())
    saver.stdin.flush()
    pid = int(next_word(saver, "pid ").split()[1])
    try:
        for _ in range(2):
            next_word(saver, "begin")
            start = time.monotonic()
            next_word(saver, "end")
            duration = time.monotonic() - start
        next_word(saver, "begin")
        time.sleep(chance.random() * duration)
    finally:
        os.kill(pid, signal.SIGKILL)


def next_word(saver, word):
    for line in iter(saver.stdout.readline, b""):
        if line.decode().startswith(word):
            return line.decode()
    raise AssertionError("the saver has ended")


def test_a_save_that_is_killed_leaves_the_old_file_or_the_new_one(saver, tmp_path, fresh_graph):
    chance, seen, half_done = random.Random(7), set(), 0
    for number in range(KILLS):
        kind = list(KINDS)[number % len(KINDS)]
        folder = tmp_path / ("%02d_%s" % (number, kind))
        folder.mkdir()
        path = str(folder) if kind == "saved_model" else str(folder / "model")
        path += ".pb" if kind == "frozen" else ""
        killed_while_saving(saver, kind, path, chance)
        half_done += any("tmp" in name or "temp" in name for name in os.listdir(str(folder)))
        fresh_graph()
        arrays = KINDS[kind](path)
        assert [array.shape for array in arrays] == SHAPES, (number, kind)
        state = arrays[0][0, 0]
        assert state in STATES
        for array in arrays:
            np.testing.assert_array_equal(array, np.full(array.shape, state, "float32"))
        seen.add(state)
    assert seen == set(STATES)
    assert half_done > KILLS / 4  # most were hit in the middle of writing
