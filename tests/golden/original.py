"""Finding the real Keras 2.2.5, to compare with it live. Nothing here imports it by accident."""

import os
import subprocess

VERSION = "2.2.5"


def is_installed_here():
    """Whether ``import keras`` in this process gives 2.2.5 (elsewhere it may be Keras 3)."""
    return _installed_version() == VERSION


def _installed_version():
    try:
        from importlib.metadata import PackageNotFoundError, version
    except ImportError:  # Python 3.7
        from pkg_resources import DistributionNotFound as PackageNotFoundError
        from pkg_resources import get_distribution

        version = lambda name: get_distribution(name).version  # noqa: E731
    try:
        return version("keras")
    except PackageNotFoundError:
        return None


def interpreter(oracle="k225"):
    """The Python that has it, as ``oracles/make_oracles.sh`` installs it, or ``None``.

    With the name of another oracle, the one of that.
    """
    home = os.environ.get("TFKERAS_ORACLES", os.path.expanduser("~/.cache/tfkeras-oracles"))
    path = os.path.join(home, oracle, "bin", "python")
    return path if os.path.exists(path) else None


def run(script, *arguments, oracle="k225"):
    """Runs one of our scripts with that Python, or that of another oracle."""
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", KERAS_BACKEND="tensorflow")
    for ours in ("PYTHONPATH", "TF2_BEHAVIOR"):  # TensorFlow 2 sets the second, and 1.15 obeys it
        environment.pop(ours, None)
    finished = subprocess.run(
        [interpreter(oracle), "-W", "ignore", script] + list(arguments),
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=250,
    )
    assert finished.returncode == 0, finished.stdout.decode(errors="replace")[-3000:]
