"""The networks of ``applications``, without their tops, on their way to Keras 3."""

import os
import subprocess
import sys

import application_cases
import numpy as np
import pytest
from test_keras_3 import needs_keras_3

from tfkeras_compat import backend as K
from tfkeras_compat.serving import to_keras3

# The least pictures that a network takes, where 32 x 32 are too few.
SIZES = {"InceptionResNetV2": 75, "InceptionV3": 75, "Xception": 71}


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


@needs_keras_3
@pytest.mark.either_end  # so that each commit tests half of them: the largest take a quarter minute
@pytest.mark.parametrize("name", sorted(application_cases.FAMILIES))
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
