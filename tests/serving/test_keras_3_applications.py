"""The networks of ``applications``, without their tops, on their way to Keras 3."""

import json
import os
import subprocess
import sys
import zipfile

import application_cases
import h5py
import numpy as np
import pytest
from test_keras_3 import needs_keras_3

from tfkeras_compat import backend as K
from tfkeras_compat.serving import to_keras3

# The least pictures that a network takes, where 32 x 32 are too few.
SIZES = {"InceptionResNetV2": 75, "InceptionV3": 75, "Xception": 71}

# Their parts are those of DenseNet121 and NASNetMobile, and Keras 3 takes 7 to 13 seconds for each:
# what is in the file is compared, and not what Keras 3 computes with it.
ONLY_THE_FILE = {"DenseNet169", "DenseNet201", "NASNetLarge"}


@pytest.fixture(scope="module")
def peer():
    """A process of Keras 3 that takes a path and writes what the model there gives."""
    command = [sys.executable, os.path.join(os.path.dirname(__file__), "keras_3_peer.py"), "-"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "universal_newlines": True}
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **pipes)
    yield process
    process.stdin.close()
    process.stdout.close()
    process.wait(timeout=60)


def converted(name, path):
    """The network, with weights of some size, and the report of its conversion."""
    size = SIZES.get(name, 32)
    arguments = {"include_top": False, "pooling": "avg", "input_shape": (size, size, 3)}
    model = application_cases.make("tfkeras_compat", K, name, "channels_last", arguments)
    weights = enumerate(weight for layer in model.layers for weight in layer.weights)
    model.set_weights(
        [application_cases._values(number, w.name, K.int_shape(w)) for number, w in weights]
    )
    return model, to_keras3(model, path)


@pytest.mark.parametrize("name", sorted(ONLY_THE_FILE))
def test_a_large_network_has_all_its_layers_and_weights_in_the_file(name, tmp_path):
    path = str(tmp_path / "model.keras")
    model, report = converted(name, path)
    assert [entry.layer for entry in report.entries] == [layer.name for layer in model.layers]
    with zipfile.ZipFile(path) as archive:
        config = json.loads(archive.read("config.json").decode())["config"]
        weights = archive.extract("model.weights.h5", str(tmp_path))
    names = [layer.name.replace("/", "_") for layer in model.layers]
    assert [layer["name"] for layer in config["layers"]] == names
    assert_has_all_weights(weights, model, [layer["class_name"] for layer in config["layers"]])


def assert_has_all_weights(path, model, classes):
    """The arrays of each layer lie under its class, and its number among those of that class."""
    values = iter(K.batch_get_value([w for layer in model.layers for w in layer.weights]))
    numbers = dict.fromkeys(classes, 0)
    with h5py.File(path, "r") as file:
        groups = {name.replace("_", ""): group for name, group in file["layers"].items()}
        for layer, kind in zip(model.layers, classes):
            number, numbers[kind] = numbers[kind], numbers[kind] + 1
            group = groups.get(kind.lower() + (str(number) if number else ""), {})
            stored = group.get("vars", {})
            assert len(stored) == len(layer.weights), layer.name
            for place in range(len(stored)):
                np.testing.assert_array_equal(stored[str(place)], next(values), layer.name)


@needs_keras_3
@pytest.mark.parametrize("name", sorted(set(application_cases.FAMILIES) - ONLY_THE_FILE))
def test_keras_3_gives_the_same_features(name, tmp_path, peer):
    path = str(tmp_path / "model.keras")
    model, report = converted(name, path)
    assert [entry.layer for entry in report.entries] == [layer.name for layer in model.layers]
    picture = np.random.RandomState(0).uniform(-1, 1, (1,) + model.input_shape[1:])
    np.savez(str(tmp_path / "model.npz"), input0=picture.astype("float32"))
    expected = model.predict(picture.astype("float32"))
    peer.stdin.write(path + "\n")
    peer.stdin.flush()
    assert peer.stdout.readline() == "done\n"
    error = tmp_path / "model.error"
    assert not error.exists(), error.read_text()[-600:]
    with np.load(str(tmp_path / "model.found.npz")) as found:
        np.testing.assert_allclose(
            found["arr_0"], expected, rtol=1e-5, atol=1e-5 * np.abs(expected).max()
        )
