"""What importing the package does, and what it never does."""

import configparser
import os
import subprocess
import sys

import pytest

import tfkeras_compat

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run_python(source):
    """What source prints in a fresh interpreter; a failure shows its errors."""
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", source],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_the_package_loads_no_tensorflow_and_no_numpy():
    found = run_python(
        "import sys, tfkeras_compat as keras; keras.__version__; keras.generation(); dir(keras);"
        "print([m for m in ('tensorflow', 'tensorflow_core', 'numpy', 'h5py') if m in sys.modules])"
    )
    assert found == "[]"


def test_importing_the_package_leaves_tensorflow_in_its_own_mode():
    if tfkeras_compat._tf.VERSION < (2, 0):
        pytest.skip("TensorFlow 1 has one mode only")
    found = run_python(
        "import tensorflow as tf, tfkeras_compat;"
        "before = tf.executing_eagerly();"
        "import tfkeras_compat.tensorflow;"
        "print(before, tf.executing_eagerly())"
    )
    assert found == "True False"


# On both ends TensorFlow itself may load a Keras or the estimators when it is imported. So they are
# made unimportable after that, and dropped.
_NO_OTHER_KERAS = """
import importlib, pkgutil, sys, tfkeras_compat._tf
roots = ("keras", "tf_keras", "tensorflow_estimator", "tensorflow.keras", "tensorflow.python.keras",
         "tensorflow_core.keras", "tensorflow_core.python.keras")
inside = lambda name: any(name == root or name.startswith(root + ".") for root in roots)
for name in [name for name in sys.modules if inside(name)]:
    del sys.modules[name]
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if inside(name):
            raise SystemExit("imported: " + name)
sys.meta_path.insert(0, Refuse())
import tfkeras_compat
count = 0
for module in pkgutil.walk_packages(tfkeras_compat.__path__, "tfkeras_compat."):
    if not module.name.endswith("__main__"):
        importlib.import_module(module.name)
        count += 1
print(count)
"""


def test_no_module_of_ours_imports_another_keras_or_the_estimators():
    assert int(run_python(_NO_OTHER_KERAS)) > 20


def test_names_of_the_keras_tree_are_attributes_of_the_package():
    import tfkeras_compat.layers
    import tfkeras_compat.models

    assert tfkeras_compat.Input is tfkeras_compat.layers.Input
    assert tfkeras_compat.Model is tfkeras_compat.models.Model
    assert tfkeras_compat.Sequential is tfkeras_compat.models.Sequential


def test_an_unknown_attribute_is_an_attribute_error_that_names_it():
    with pytest.raises(AttributeError, match="tfkeras_compat.*no_such_thing"):
        tfkeras_compat.no_such_thing  # noqa: B018


def test_the_generation_can_be_read_and_an_unknown_one_lists_what_there_is():
    assert tfkeras_compat.generation("2.2") == tfkeras_compat.generation() == "2.2"
    with pytest.raises(ValueError, match="'0.3'.*'2.2'"):
        tfkeras_compat.generation("0.3")


def test_the_environment_chooses_the_generation():
    source = (
        "import os; os.environ['TFKERAS_COMPAT_GENERATION'] = 'x'\n"
        "import tfkeras_compat\n"
        "try: tfkeras_compat.generation()\n"
        "except ValueError as error: print(error)"
    )
    assert "$TFKERAS_COMPAT_GENERATION asks for the unknown generation 'x'" in run_python(source)


def test_a_missing_tensorflow_is_a_clear_error():
    source = (
        "import sys; sys.modules['tensorflow'] = None\n"
        "import tfkeras_compat as keras\n"
        "try: keras.backend\n"
        "except ImportError as error: print(error)"
    )
    message = run_python(source)
    assert "needs TensorFlow" in message and "tfkeras_compat[cpu]" in message


def test_without_a_tensorflow_the_error_names_the_extra_that_brings_one():
    code = "import sys; sys.modules['tensorflow'] = None; import tfkeras_compat.layers"
    failed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert failed.returncode == 1
    assert "MissingDependencyError" in failed.stderr and "tfkeras_compat[cpu]" in failed.stderr


def test_installing_the_package_brings_no_tensorflow_and_so_replaces_none():
    setup = configparser.ConfigParser()
    setup.read(os.path.join(ROOT, "setup.cfg"))
    assert setup["options"]["install_requires"].split() == ["numpy", "h5py"]
