"""``python -m tfkeras_compat run``: legacy scripts as they are."""

import ast
import os
import textwrap

import pytest
import warm_processes

from tfkeras_compat import _tf
from tfkeras_compat.__main__ import main
from tfkeras_compat.dropin import era
from tfkeras_compat.dropin.program import Program
from tfkeras_compat.dropin.rewrite import rewritten

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def run(script, *arguments, flags=(), path="", **options):
    """Runs a script in a process of its own, with a folder on the path of modules."""
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3")
    environment["PYTHONPATH"] = os.pathsep.join([ROOT, path, environment.get("PYTHONPATH", "")])
    command = ["-m", "tfkeras_compat", "run", *flags, script, *arguments]
    return warm_processes.run(command, environment, timeout=280, **options)


def write(folder, **sources):
    for name, source in sources.items():
        path = folder.joinpath(*name.split("__", 1)).with_suffix(".py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source))
    return folder / "script.py"


def names_bound_by(statement):
    """What each name is after an import statement of legacy source."""
    scope = {}
    exec(compile(rewritten(ast.parse(statement)), "script", "exec"), scope)
    return {
        name: getattr(value, "__name__", value) for name, value in scope.items() if name[0] != "_"
    }


@pytest.mark.parametrize(
    "statement, bound",
    [
        ("import keras", {"keras": "tfkeras_compat"}),
        ("import keras as k", {"k": "tfkeras_compat"}),
        ("import keras.losses", {"keras": "tfkeras_compat"}),
        ("import keras.backend as K", {"K": "tfkeras_compat.backend"}),
        ("import keras.objectives as o, json", {"o": "tfkeras_compat.losses", "json": "json"}),
        ("import tensorflow", {"tensorflow": "tfkeras_compat.tensorflow"}),
        ("import tensorflow as tf", {"tf": "tfkeras_compat.tensorflow"}),
        ("import tensorflow.keras.losses", {"tensorflow": "tfkeras_compat.tensorflow"}),
        ("import tensorflow.python.framework.ops", {"tensorflow": "tfkeras_compat.tensorflow"}),
        ("import tensorflow.keras.backend as K", {"K": "tfkeras_compat.backend"}),
        (
            "from keras import backend as K, losses",
            {"K": "tfkeras_compat.backend", "losses": "tfkeras_compat.losses"},
        ),
        ("from keras.objectives import mse", {"mse": "mean_squared_error"}),
        ("from tensorflow import keras", {"keras": "tfkeras_compat"}),
        ("from tensorflow.contrib import keras as k", {"k": "tfkeras_compat"}),
        (
            "from tensorflow import keras, losses as l",
            {"keras": "tfkeras_compat", "l": "tensorflow._api.v2.compat.v1.losses"},
        ),
        ("from tensorflow.python.keras import losses", {"losses": "tfkeras_compat.losses"}),
        ("from tensorflow.contrib.keras import losses", {"losses": "tfkeras_compat.losses"}),
        ("import os.path as p", {"p": os.path.__name__}),
    ],
)
def test_every_form_of_import_binds_what_legacy_code_means(statement, bound):
    found = names_bound_by(statement)
    if "l" in bound:  # TensorFlow's own name of the module differs between versions
        assert found.pop("l").endswith("losses") and bound.pop("l")
    assert found == bound


def test_star_imports_and_imports_in_functions_are_rewritten():
    assert names_bound_by("from keras.losses import *")["mse"] == "mean_squared_error"
    source = "def f():\n    import keras.backend\n    return keras.backend\nname = f().__name__"
    assert names_bound_by(source)["name"] == "tfkeras_compat.backend"


def test_relative_imports_and_other_libraries_are_left_as_they_are():
    source = "from . import keras\nfrom .keras import x\nimport numpy.linalg, kerastuner\n"
    assert ast.dump(rewritten(ast.parse(source))) == ast.dump(ast.parse(source))


def test_a_script_runs_as_main_with_its_arguments_file_and_folder(tmp_path):
    script = write(
        tmp_path,
        script="""
        import pickle, sys
        class Mine(object): pass
        print([__name__, __file__ == sys.argv[0], sys.argv[1:]])
        print(sys.path[0], type(pickle.loads(pickle.dumps(Mine()))) is Mine)
        """,
    )
    done = run(script, "--epochs", "3", "-h")
    assert done.returncode == 0, done.stderr
    first, second = done.stdout.splitlines()
    assert first == "['__main__', True, ['--epochs', '3', '-h']]"
    assert second == "%s True" % tmp_path


def test_a_tensorflow_1_script_runs_with_modules_of_its_folder(tmp_path):
    script = write(
        tmp_path,
        network="import tensorflow as tf\ndef double(x): return tf.multiply(x, 2)\n",
        parts__tools="import keras\nfrom tensorflow import keras as k2\nsame = keras is k2\n",
        script="""
        import json, sys
        import tensorflow as tf
        from network import double
        from parts import tools
        x = tf.placeholder(tf.float32, [None])
        with tf.Session() as sess:
            print(sess.run(double(x), feed_dict={x: [1., 2.]}).tolist(), tools.same)
        import tensorflow.compat.v1 as theirs
        print(theirs.__name__)
        """,
    )
    done = run(script)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[0] == "[2.0, 4.0] True"
    assert list(tmp_path.glob("**/*.pyc")) == []  # no byte code of rewritten source is left behind


def test_other_libraries_in_the_process_keep_their_own_tensorflow(tmp_path):
    script = write(
        tmp_path / "project",
        script="""
        import tensorflow, library
        print(tensorflow.__name__, library.tensorflow.__name__)
        """,
    )
    write(tmp_path / "site", library="import tensorflow\n")
    script.write_text(
        "import sys; sys.path.append(%r)\n" % str(tmp_path / "site") + script.read_text()
    )
    done = run(script)
    assert done.stdout.split() == ["tfkeras_compat.tensorflow", "tensorflow"], done.stderr


def test_an_error_in_the_script_shows_the_users_line_first_and_fails(tmp_path):
    script = write(tmp_path, script="import tensorflow as tf\n\ntf.constant(1).no_such\n")
    done = run(script)
    lines = done.stderr.splitlines()
    start = lines.index("Traceback (most recent call last):")
    assert done.returncode == 1
    assert lines[start + 1] == '  File "%s", line 3, in <module>' % script
    assert lines[start + 2].strip() == "tf.constant(1).no_such"


@pytest.mark.parametrize(
    "statement, symbol",
    [
        ("from keras.layers import NoSuchLayer", "NoSuchLayer"),
        ("from keras.layers import Convolution2", "Is it Convolution2D"),
        ("from keras.layers import Zzzz", "migration guides"),
        ("import no_such_library", "Install it, or put it beside the script"),
        ("import keras.no_such_module", "tfkeras_compat.no_such_module"),
        ("from tensorflow.no_such_place import x", "tensorflow.no_such_place"),
    ],
)
def test_an_import_that_we_do_not_have_names_file_line_and_symbol(tmp_path, statement, symbol):
    script = write(tmp_path, script="import os\n", mine="def f():\n    %s\n" % statement)
    script.write_text("import mine\nmine.f()\n")
    done = run(script)
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert "%s, line 2: %s" % (tmp_path / "mine.py", statement) in last and symbol in last


def test_a_script_that_does_not_exist_or_parse_is_a_clear_error(tmp_path, capsys):
    assert main(["run", str(tmp_path / "none.py")]) == 2
    assert "none.py: No such file" in capsys.readouterr().err
    script = write(tmp_path, script="x = 1\nprint 'two'\nfor for\n")
    assert main(["run", "--python", "3", str(script)]) == 2
    error = capsys.readouterr().err
    assert "%s, line 2 does not parse" % script in error and "print 'two'" in error
    assert main(["run", str(script)]) == 2
    assert "%s, line " % script in capsys.readouterr().err


def test_a_module_beside_the_script_that_does_not_parse_is_named(tmp_path):
    script = write(tmp_path, script="import mine\n", mine="x = 1\ndef f(:\n")
    done = run(script)
    assert done.returncode == 1
    last = done.stderr.splitlines()[-1]
    assert "%s, line 2 does not parse" % (tmp_path / "mine.py") in last and "def f(:" in last


def test_the_exit_status_of_the_script_is_kept(tmp_path):
    assert run(write(tmp_path, script="import sys\nsys.exit(7)\n")).returncode == 7


def test_the_command_line_lists_what_it_can_do(capsys):
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "run" in capsys.readouterr().out


def test_code_in_a_model_file_runs_only_with_trust_files(tmp_path):
    from tfkeras_compat.layers import Lambda
    from tfkeras_compat.models import Sequential

    model = Sequential([Lambda(lambda x: x * 2.0, input_shape=(1,))])
    (tmp_path / "model.json").write_text(model.to_json())
    script = write(
        tmp_path,
        script="""
        from keras.models import model_from_json
        print(model_from_json(open("model.json").read()).predict([[21.0]]))
        """,
    )
    refused = run(script, cwd=str(tmp_path))
    trusted = run(script, cwd=str(tmp_path), flags=["--trust-files"])
    assert refused.returncode == 1 and "safe_mode=False" in refused.stderr
    assert trusted.returncode == 0 and "42." in trusted.stdout, trusted.stderr


def test_the_generation_is_picked_from_the_source_beside_too_and_told_in_one_line(
    tmp_path, capsys, monkeypatch
):
    chosen = []
    monkeypatch.setattr(era, "generation", chosen.append)
    monkeypatch.setattr(era, "GENERATIONS", {"1.2": {}, "2.2": {}})
    monkeypatch.delenv("TFKERAS_COMPAT_GENERATION", raising=False)
    script = write(
        tmp_path,
        network__layers="from keras.layers import Dense\n\nDense(output_dim=3)\n",
        network____init__="",
        script="from network import layers\n",
    )
    program = Program(str(script), python=3)
    era.choose_generation(program)
    (line,) = capsys.readouterr().err.splitlines()
    place = "%s, line 3: output_dim" % (tmp_path / "network" / "layers.py")
    assert chosen == ["1.2"] and "generation 1.2" in line and place in line
    era.choose_generation(program, "2.2")
    monkeypatch.setenv("TFKERAS_COMPAT_GENERATION", "2.2")
    era.choose_generation(program)
    assert chosen == ["1.2", "2.2"] and capsys.readouterr().err == ""


def test_an_unknown_generation_is_refused_before_anything_runs(tmp_path, capsys):
    script = write(tmp_path, script="print('ran')\n")
    assert main(["run", "--generation", "0.3", str(script)]) == 2
    output = capsys.readouterr()
    assert "unknown generation '0.3'" in output.err and output.out == ""


ABSENT = """
import os, tensorflow as tf
with open("config") as file: config = file.read()
os.chdir(os.sep)
resolver = tf.contrib.cluster_resolver.TPUClusterResolver(config)
"""


def test_what_needs_a_tpu_names_line_symbol_and_the_way_out(tmp_path):
    if _tf.VERSION < (2, 0):
        pytest.skip("TensorFlow 1.15 has its own")
    script = write(tmp_path, script=ABSENT)
    (tmp_path / "config").write_text("")
    done = run("script.py", cwd=str(tmp_path))
    last = done.stderr.splitlines()[-1]
    assert done.returncode == 1
    assert "%s, line 5: resolver = " % script in last and "TPUClusterResolver" in last
    assert "TPU" in last and "tf.estimator.Estimator" in last


MANY_LIBRARIES = """
import multiprocessing
import sys
import keras
import legacy_package
import other_library
from keras.callbacks import TensorBoard
from keras.layers import Dense
from keras.models import Sequential
import numpy as np
import tensorflow as tf

def doubled(n):
    return 2 * n, keras.__name__

def main(argv):
    model = Sequential([Dense(1, input_dim=2, kernel_initializer="ones")])
    model.compile("sgd", "mse")
    x = np.ones((4, 2), "float32")
    model.fit(x, x[:, :1], epochs=2, verbose=0, callbacks=[TensorBoard("logs")])
    print(other_library.prediction(x), other_library.losses("logs"))
    print(legacy_package.keras is keras, other_library.keras is keras)
    print(other_library.called(lambda: tf.placeholder(tf.float32).op.type))
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        print(pool.map(doubled, [1, 2]), tf.app.flags.FLAGS.steps, argv[1:])
    raise KeyboardInterrupt

if __name__ == "__main__":
    tf.app.flags.DEFINE_integer("steps", 1, "how many")
    tf.app.run()
"""

OTHER_LIBRARY = """
import keras
import tensorflow as tf
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

class Doubled(tf.keras.layers.Layer):
    def call(self, inputs):
        return 2 * inputs

def trained(keras, first, x):
    model = keras.models.Sequential([first, keras.layers.Dense(1, kernel_initializer="ones")])
    model.compile("sgd", "mse")
    model.fit(x, x[:, :1] + 1.0, verbose=0)
    return model

def prediction(x):
    models = trained(keras, keras.layers.Activation("relu"), x), trained(tf.keras, Doubled(), x)
    predicted = [float(each.predict(x, verbose=0)[0, 0]) for each in models]
    return [keras.__version__[0]] + [round(each, 2) for each in predicted]

def called(function):
    return function()

def losses(folder):
    accumulator = EventAccumulator(folder)
    accumulator.Reload()
    tag = "loss" if "loss" in accumulator.Tags()["scalars"] else "epoch_loss"
    return len(accumulator.Scalars(tag))
"""


def test_a_script_tensorboards_reader_and_models_of_the_installed_keras_share_a_process(tmp_path):
    """With it: a package named by --also, a process of multiprocessing, flags and an interrupt."""
    installed = "2" if _tf.VERSION < (2, 0) else "3"
    script = write(tmp_path / "project", script=MANY_LIBRARIES)
    write(tmp_path / "site", legacy_package="import keras\n", other_library=OTHER_LIBRARY)
    done = run(
        script,
        "--steps=5",
        "rest",
        flags=["--also", "legacy_package"],
        cwd=str(tmp_path / "project"),
        path=str(tmp_path / "site"),
    )
    assert done.stdout.splitlines() == [
        "['%s', 2.0, 3.64] 2" % installed,
        "True False",
        "Placeholder",
        "[(2, 'tfkeras_compat'), (4, 'tfkeras_compat')] 5 ['rest']",
    ], done.stderr
    assert done.returncode == 130 and "raise KeyboardInterrupt" in done.stderr
