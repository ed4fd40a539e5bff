"""Which files belong to one program, and what it says of each."""

import ast
import os

import pytest

from tfkeras_compat.__main__ import main
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
    assert found["script"] == Program("1.2", ("middle", "network"))
    assert found["middle"] == found["network"] == Program(is_module=True)
    assert found["other"] == Program()


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
