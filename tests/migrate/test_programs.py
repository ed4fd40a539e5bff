"""Which files belong to one program, and what it says of each."""

import ast
import os

import pytest

from tfkeras_compat.__main__ import main
from tfkeras_compat.migrate import outcomes
from tfkeras_compat.migrate.names import Program
from tfkeras_compat.migrate.programs import module_of, programs_of


def module(path, source):
    return module_of(path, ast.parse(source), "# 2" in source)


def programs(folder, **sources):
    paths = {str(folder / (name + ".py")): source for name, source in sources.items()}
    for path, source in paths.items():
        with open(path, "w") as file:
            file.write(source)
    found = programs_of(paths, lambda path: module(path, paths[path]))
    return {os.path.basename(path)[:-3]: program for path, program in found.items()}


def test_a_script_knows_the_modules_beside_it_and_the_generation_of_all(tmp_path):
    found = programs(
        tmp_path,
        script="import middle, numpy\n",
        middle="from network import model\n",
        network="import keras\nkeras.layers.Dense(output_dim=3)\n",
        other="import json\n",
    )
    assert found["script"][:3] == ("1.2", ("middle", "network"), False)
    assert found["middle"][:3] == found["network"][:3] == Program()[:3]
    assert found["other"] == Program()
    of_network = {os.path.basename(path) for path in found["network"].others}
    assert of_network == {"script.py", "middle.py"}


def test_modules_of_a_program_of_python_2_are_so_too(tmp_path):
    found = programs(tmp_path, script="import module  # 2\n", module="x = 1\n", other="y = 2\n")
    assert [found[name].python_2 for name in ("script", "module", "other")] == [True, True, False]


def test_files_of_a_program_are_migrated_as_its_script_says(tmp_path):
    pytest.importorskip("fissix")
    (tmp_path / "script.py").write_text("import half\nprint half.x\n")
    (tmp_path / "half.py").write_text("x = 7 / 2\n")
    assert main(["migrate", str(tmp_path), "--to", "keras2"]) == 0
    assert (tmp_path / "half.py").read_text() == "x = 7 // 2\n"
    assert (tmp_path / "script.py").read_text() == "import half\nprint(half.x)\n"
    assert main(["migrate", str(tmp_path), "--to", "keras2", "--check"]) == 0


def test_modules_are_found_in_packages_too(tmp_path):
    (tmp_path / "package").mkdir()
    (tmp_path / "package" / "__init__.py").write_text("")
    for name, source in (
        ("train", "from . import data\nfrom .network import model\n"),
        ("network", "from package.parts import block\n"),
        ("parts", "import keras\n"),
        ("data", "import numpy\n"),
        ("alone", "import numpy\n"),
    ):
        (tmp_path / "package" / (name + ".py")).write_text(source)
    paths = sorted(map(str, (tmp_path / "package").iterdir()))
    found = programs_of(paths, outcomes.module_at)
    of_train = found[str(tmp_path / "package" / "train.py")].others
    names = {os.path.basename(path) for path in of_train}
    assert {"network.py", "parts.py", "data.py"} <= names and "alone.py" not in names


NETWORK = "from keras.layers import Dense\n\n\ndef layer(units):\n    return Dense(units)\n"
SCRIPT = """from keras.models import Sequential
from network import layer
import numpy as np

model = Sequential([layer(2)])
model.build((None, 3))
model.set_weights([np.ones((3, 2)), np.zeros(2)])
print(model.predict(np.ones((1, 3)), verbose=0).tolist())
"""


def test_a_program_of_several_files_leaves_for_keras_3_as_a_whole(tmp_path):
    (tmp_path / "network.py").write_text(NETWORK)
    (tmp_path / "script.py").write_text(SCRIPT)
    assert main(["migrate", str(tmp_path), "--to", "keras3"]) == 0
    assert (tmp_path / "network.py").read_text() == NETWORK
    assert (tmp_path / "script.py").read_text() == SCRIPT
    assert main(["migrate", str(tmp_path), "--to", "keras3", "--check"]) == 0


@pytest.mark.parametrize(
    "network, mark",
    [
        (NETWORK + "layer(3).updates\n", "# keras3: updates: "),
        (
            "import tensorflow as tf\n" + NETWORK + "tf.zeros([2])\n",
            "# keras3: tf.disable_v2_behavior: ",
        ),
        ("import tensorflow as tf\n\n\ndef layer(n):\n    return tf.Graph()\n", ""),
    ],
)
def test_one_file_that_stays_keeps_the_others_which_name_it(tmp_path, network, mark):
    (tmp_path / "network.py").write_text(network)
    (tmp_path / "script.py").write_text(SCRIPT)
    assert main(["migrate", str(tmp_path), "--to", "keras3"]) == 0
    script = (tmp_path / "script.py").read_text()
    assert script.startswith(
        "# keras3: network.py, which is of the same program, does not leave\n"
        "from tfkeras_compat.models import Sequential\n"
    )
    assert mark in (tmp_path / "network.py").read_text()
    assert main(["migrate", str(tmp_path), "--to", "keras3", "--check"]) == 0


def test_a_file_that_is_not_migrated_with_its_program_stays_and_so_do_the_others(tmp_path):
    (tmp_path / "network.py").write_text(NETWORK)
    (tmp_path / "script.py").write_text(SCRIPT)
    assert main(["migrate", str(tmp_path / "script.py"), "--to", "keras3"]) == 0
    assert "# keras3: network.py, which" in (tmp_path / "script.py").read_text()
