"""The main job: the example that the README runs, as it is and with its imports changed."""

import gzip
import os
import re
import subprocess
import sys

import pytest
import warm_processes

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
EXAMPLES = os.path.join(ROOT, "examples")
SCRIPT = os.path.join(EXAMPLES, "keras_as_tensorflow_interface.py")


def accuracies(*command):
    """The two test accuracies that the example prints, without and with Dropout."""
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", PYTHONPATH=ROOT)
    done = warm_processes.run(command, env=environment, timeout=180)
    assert done.returncode == 0, done.stderr
    return [float(value) for value in re.findall(r"Test accuracy.*: ([0-9.]+)", done.stdout)]


def test_the_unmodified_tutorial_learns_real_digits():
    plain, dropout = accuracies("-m", "tfkeras_compat", "run", SCRIPT)
    assert plain >= 0.90 and dropout >= 0.90


def test_the_tutorial_runs_with_plain_python_when_only_its_imports_are_changed(tmp_path):
    with open(SCRIPT) as file:
        source = file.read()
    changed = re.sub(
        r"^import tensorflow as", "import tfkeras_compat.tensorflow as", source, flags=re.M
    )
    changed = re.sub(r"^from tensorflow\.", "from tfkeras_compat.tensorflow.", changed, flags=re.M)
    changed = re.sub(r"^from keras", "from tfkeras_compat", changed, flags=re.M)
    others = [new for old, new in zip(source.splitlines(), changed.splitlines()) if old != new]
    assert len(others) == 6 and all(" import " in " " + line for line in others)
    path = tmp_path / "tutorial.py"
    path.write_text(changed)
    (tmp_path / "digits").symlink_to(os.path.join(EXAMPLES, "digits"))
    plain, dropout = accuracies(str(path))
    assert plain >= 0.90 and dropout >= 0.90


def test_the_digits_are_those_that_the_script_makes(tmp_path):
    pytest.importorskip("sklearn")
    maker = os.path.join(EXAMPLES, "make_digits.py")
    subprocess.run([sys.executable, maker, str(tmp_path)], check=True, timeout=120)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert len(made) == 4
    for name in made:
        with gzip.open(os.path.join(EXAMPLES, "digits", name)) as kept:
            assert gzip.decompress((tmp_path / name).read_bytes()) == kept.read(), name
