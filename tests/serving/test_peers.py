"""What was exported gives the session's numbers in other programs."""

import importlib.util
import json
import os
import subprocess
import sys

import numpy as np
import pytest
import serving_cases as cases

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.serving import export_saved_model, frozen_graph, tf_lite_model
from tfkeras_compat.serving.inference import named_tensors

# Peer -> the libraries that it needs, all in the extra `serving`.
PEERS = {
    "saved_model": (),
    "saved_model_cli": (),
    "tensorflow_serving": ("tensorflow_serving", "grpc"),
    "ai_edge_litert": ("ai_edge_litert",),
    "tf2onnx": ("tf2onnx", "onnxruntime"),
}
HAS_TF_2 = _tf.VERSION > (2,)


def names(tensors):
    return {key: tensor.name for key, tensor in tensors.items()}


def export(name, path):
    """Writes one case in all forms; returns what the session gives."""
    exported, fed, expected = cases.made(name)
    export_saved_model(exported, os.path.join(path, "export"))
    np.savez(os.path.join(path, "fed.npz"), **fed)
    inputs, outputs = named_tensors(exported)
    with open(os.path.join(path, "tensors.json"), "w") as file:
        json.dump({"inputs": names(inputs), "outputs": names(outputs)}, file)
    with open(os.path.join(path, "frozen.pb"), "wb") as file:
        file.write(frozen_graph(exported).SerializeToString())
    if HAS_TF_2:
        with open(os.path.join(path, "model.tflite"), "wb") as file:
            file.write(tf_lite_model(exported))
    return expected


@pytest.fixture(scope="module")
def exports(tmp_path_factory):
    """The folder with what every peer gave, in one process, and what the session gave."""
    folder = tmp_path_factory.mktemp("exports")
    expected = {}
    for name in cases.CASES:
        (folder / name).mkdir()
        with tf.Graph().as_default():
            tf.set_random_seed(1)
            expected[name] = export(name, str(folder / name))
    script = os.path.join(os.path.dirname(__file__), "peers.py")
    here = [peer for peer in PEERS if not missing(peer)]
    subprocess.run([sys.executable, script, str(folder)] + here, check=True, timeout=250)
    return folder, expected


def missing(peer):
    return [each for each in PEERS[peer] if importlib.util.find_spec(each) is None]


@pytest.mark.parametrize("peer", sorted(PEERS))
def test_a_peer_gives_the_numbers_of_the_session(peer, exports):
    if missing(peer):
        pytest.skip("NOT TESTED: %s not installed (extra `serving`)" % ", ".join(missing(peer)))
    folder, expected = exports
    error = folder / (peer + ".error")
    assert not error.exists(), error.read_text()
    for name, values in expected.items():
        found = dict(np.load(str(folder / name / (peer + ".npz"))))
        assert sorted(found) == sorted(values)
        for key in values:
            np.testing.assert_allclose(found[key], values[key], atol=1e-6, rtol=1e-6)
