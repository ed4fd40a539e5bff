"""``python -m tfkeras_compat migrate``."""

import glob
import os
import runpy
import shutil

import legacy_programs
import pytest

from tfkeras_compat import backend as K
from tfkeras_compat.__main__ import main
from tfkeras_compat._tf import tf

LATIN = "# -*- coding: latin-1 -*-\r\nimport keras  # \xe4\r\n".encode("latin-1")


@pytest.fixture
def folder(tmp_path):
    files = {
        "old.py": b"import keras\n",
        "new.py": b"import json\n",
        "latin.py": LATIN,
        "marked.py": b"\xef\xbb\xbffrom keras import models",
        "notes.txt": b"import keras\n",
        ".hidden/old.py": b"import keras\n",
        "env/lib/old.py": b"import keras\n",
        "env/pyvenv.cfg": b"",
    }
    for name, content in files.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path


def contents(folder):
    paths = glob.glob(str(folder / "**"), recursive=True) + glob.glob(str(folder / ".hidden" / "*"))
    return {
        os.path.relpath(path, str(folder)): open(path, "rb").read()
        for path in paths
        if os.path.isfile(path)
    }


def migrate(*arguments):
    return main(["migrate"] + [str(each) for each in arguments])


def test_source_files_are_rewritten_in_their_encoding_and_a_second_time_nothing_changes(folder):
    before = contents(folder)
    os.chmod(str(folder / "old.py"), 0o755)
    assert migrate(folder) == 0
    once = contents(folder)
    assert migrate(folder) == 0 and contents(folder) == once
    assert {name: once[name] for name in before if once[name] != before[name]} == {
        "old.py": b"import tfkeras_compat as keras\n",
        "latin.py": LATIN.replace(b"import keras", b"import tfkeras_compat as keras"),
        "marked.py": b"\xef\xbb\xbffrom tfkeras_compat import models",
    }
    assert set(once) == set(before) and os.access(str(folder / "old.py"), os.X_OK)


def test_check_and_diff_show_what_would_change_and_write_nothing(folder, capsys):
    before = contents(folder)
    assert migrate(folder, "--check") == 1
    assert capsys.readouterr().out.count("would change") == 3
    assert migrate(folder / "marked.py", "--diff") == 0
    assert migrate(folder / "new.py", "--check") == 0
    shown = capsys.readouterr().out
    assert "-\ufefffrom" not in shown
    assert "-from keras import models\n\\ No newline at end of file\n+from tfkeras_compat" in shown
    assert contents(folder) == before


@pytest.mark.parametrize(
    "name, content, told",
    [
        ("two.py", b"import keras\nprint 'x'\n", "line 2"),
        ("bytes.py", b"import keras\nx = '\xff'\n", "left as it is"),
        ("coding.py", b"# coding: klingon\nimport keras\n", "klingon"),
        ("deep.py", b"import keras\nx = " + b"(" * 500 + b")" * 500, "left as it is"),
        ("null.py", b"import keras\n\0", "null"),
    ],
)
def test_a_file_that_does_not_parse_stays_and_is_named(folder, capsys, name, content, told):
    (folder / name).write_bytes(content)
    assert migrate(folder, "--check") == 2
    told_of = [line for line in capsys.readouterr().err.splitlines() if name in line]
    assert len(told_of) == 1 and told in told_of[0]
    assert migrate(folder) == 2
    assert (folder / name).read_bytes() == content
    assert (folder / "old.py").read_bytes() == b"import tfkeras_compat as keras\n"


def test_a_file_that_is_not_there_is_named_and_a_path_is_needed(tmp_path, capsys):
    assert migrate(tmp_path / "none.py") == 2
    assert "none.py: left as it is: " in capsys.readouterr().err
    assert migrate() == 2
    assert "expected the path" in capsys.readouterr().err


def test_rules_are_listed_chosen_and_left_out(tmp_path, capsys):
    path = tmp_path / "both.py"
    path.write_text("import keras\n__import__('keras')\n")
    assert migrate("--list-rules") == 0
    assert [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()] == [
        "drop-in",
        "drop-in",
        "drop-in",
    ]
    assert migrate(path, "--skip", "imports") == 0
    assert path.read_text().startswith("import keras\n__import__('importlib')")
    assert migrate(path, "--only", "imports by name", "--check") == 0
    with pytest.raises(SystemExit):
        migrate(path, "--only", "nonsense")


@pytest.mark.filterwarnings("ignore")  # old programs are told about old spellings
def test_the_legacy_programs_migrate_but_for_the_one_of_python_2(tmp_path):
    folder = str(tmp_path / "legacy")
    shutil.copytree(legacy_programs.FOLDER, folder, ignore=shutil.ignore_patterns("python_2_*"))
    assert migrate(folder) == 0
    assert migrate(folder, "--check") == 0

    def execute(path):
        runpy.run_path(os.path.join(folder, os.path.basename(path)), run_name="__main__")

    # `run` executes trees equal to these texts, so that two programs show that plain Python does.
    for name in ("functional_with_shared_layers", "dynamic_rnn_on_embedding"):
        printed = legacy_programs.output_of(name, execute, tf, K)
        assert printed == legacy_programs.recorded()[name]["lines"]


def test_the_rules_of_all_steps_are_listed_with_their_steps(capsys):
    assert migrate("--list-rules", "--to", "keras3") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "keras2: merge: a function for each mode: add, multiply, average, maximum" in "\n".join(
        lines
    )
    steps = list(dict.fromkeys(line.partition(":")[0] for line in lines))
    assert steps == ["drop-in", "keras2 (Python 2)", "keras2", "compat.v1", "keras3"]


def test_a_rule_that_is_left_out_is_left_out_at_every_step(tmp_path):
    path = tmp_path / "old.py"
    path.write_text("from keras.layers import Convolution2D\nConvolution2D(2, 3, 3)\n")
    assert migrate(path, "--to", "keras2", "--skip", "old names", "--skip", "generation") == 0
    assert path.read_text() == (
        "from tfkeras_compat.layers import Convolution2D\nConvolution2D(2, (3, 3))\n"
    )
