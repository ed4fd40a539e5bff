"""The example of a server: it trains, serves, serves the next version, and ends."""

import importlib.util
import os
import re

import pytest
import warm_processes

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPT = os.path.join(ROOT, "examples", "serving_client_and_server.py")
MISSING = [
    name for name in ("grpc", "tensorflow_serving") if importlib.util.find_spec(name) is None
]


def run(path=ROOT):
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", PYTHONPATH=path)
    command = ["-m", "tfkeras_compat", "run", SCRIPT]
    return warm_processes.run(command, env=environment, timeout=200)


@pytest.mark.skipif(
    bool(MISSING), reason="NOT TESTED: %s not installed (extra `serving`)" % ", ".join(MISSING)
)
def test_a_server_gives_the_numbers_of_the_session_and_takes_up_the_next_version():
    done = run()
    assert done.returncode == 0, done.stderr
    accuracies = re.findall(r"Version (\d): test accuracy: (\d\.\d+)", done.stdout)
    assert [version for version, _ in accuracies] == ["1", "2"]
    assert float(accuracies[0][1]) > 0.8 and float(accuracies[1][1]) > 0.9
    differences = re.findall(r"session and server differ by: (\d\.\d+)", done.stdout)
    assert len(differences) == 2 and max(map(float, differences)) <= 1e-6
    assert "Versions in the folder: 1, 2" in done.stdout


def test_without_grpc_the_example_says_what_to_install(tmp_path):
    (tmp_path / "grpc.py").write_text("raise ImportError('No module named grpc')")
    done = run(os.pathsep.join([str(tmp_path), ROOT]))
    assert done.returncode != 0
    assert "No module named grpc" in done.stderr
    assert "tfkeras_compat[serving]" in done.stderr
