"""The example of an Experiment runs as the README says, and learns."""

import os
import re

import warm_processes

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SCRIPT = os.path.join(ROOT, "examples", "experiment_with_keras_model.py")


def test_the_experiment_with_a_keras_model_learns(tmp_path):
    done = warm_processes.run(
        ["-m", "tfkeras_compat", "run", SCRIPT, tmp_path, "rate=0.02,units=8"],
        env=dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", PYTHONPATH=ROOT),
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    before, experiment, runner = [
        [float(number) for number in re.findall(r"(?:loss|accuracy) (\d\.\d+)", line)]
        for line in done.stdout.splitlines()
    ]
    for loss, accuracy in (experiment, runner):
        assert loss < before[0] / 3 and accuracy > 0.93
    assert "learn_runner with rate=0.02,units=8" in done.stdout
    assert {"checkpoint", "eval", "graph.pbtxt", "keras"} <= set(os.listdir(str(tmp_path)))
