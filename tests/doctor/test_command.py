"""``doctor`` as a command."""

import json
import os
import re
import shutil
import subprocess
import sys
from html.parser import HTMLParser

import pytest

from tfkeras_compat.__main__ import main
from tfkeras_compat.doctor.survey import changes, survey

pytest.importorskip("asttokens")
pytest.importorskip("fissix")
HERE = os.path.dirname(os.path.abspath(__file__))
LEGACY = os.path.join(os.path.dirname(os.path.dirname(HERE)), "examples", "legacy")
GOLDEN = os.path.join(HERE, "..", "golden", "files")

HOSTILE = """import tensorflow as tf
x = "<script>alert('x')</script>" + tf.mul(1, 2)
tf.contrib.ffmpeg.decode_audio("a")
model.load_weights("</td><img src=x onerror=alert(1)>.h5")
tf.train.AdamOptimzer()
"""
NOTEBOOK = {"cells": [{"cell_type": "code", "source": "import keras\nkeras.layers.Dense(1)"}]}


@pytest.fixture
def tree(tmp_path):
    """A code base with something of everything."""
    (tmp_path / "a<b>&'\".py").write_text(HOSTILE)
    (tmp_path / "broken.py").write_text("def f(:\n")
    (tmp_path / "two.py").write_text("import keras\nprint 'a'\nkeras.layers.Dense(2)\n")
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "note.ipynb").write_text(json.dumps(NOTEBOOK))
    (tmp_path / "loads.py").write_text("from keras.models import load_model\nload_model('w.h5')\n")
    shutil.copy(os.path.join(GOLDEN, "classifier.model.h5"), str(tmp_path / "w.h5"))
    return tmp_path


def run(capsys, *arguments):
    status = main(["doctor"] + [str(each) for each in arguments])
    return status, capsys.readouterr()


def test_the_text_has_all_that_asks_for_a_decision(tree, capsys):
    status, printed = run(capsys, tree)
    assert status == 1
    for part in (
        "5 files, 12 lines: 1 Python 2, 3 Python 3",
        "written for: 3 2.2, 1 no Keras",
        "tensorflow.contrib.ffmpeg (1)\n    Use the package tensorflow-io.",
        "tensorflow.train.AdamOptimzer (1)",
        "It is tf.multiply today.",
        "broken.py: line 1: invalid syntax",
        "two.py",
        "load_model): by Keras 2.2.5 on tensorflow",
        "load_weights): not there",
    ):
        assert part in printed.out
    assert "keras.layers.Dense" not in printed.out
    assert "keras.layers.Dense (2)" in run(capsys, "--all", tree)[1].out


def test_the_json_has_every_symbol_with_its_places(tree, capsys):
    found = json.loads(run(capsys, "--json", tree)[1].out)
    dense = next(each for each in found["symbols"] if each["symbol"] == "keras.layers.Dense")
    assert (dense["state"], dense["uses"]) == ("works", 2)
    assert list(dense["files"].values()) == [["cell 1, line 2"], ["3"]]
    by_name = {os.path.basename(each["path"]): each for each in found["files"]}
    assert by_name["two.py"]["language"] == "Python 2"
    assert by_name["broken.py"]["problem"] == "line 1: invalid syntax"
    assert by_name["loads.py"]["weights"][0]["there"] is True
    assert found["totals"]["states"]["not supported"]["symbols"] == 1


@pytest.mark.parametrize(
    "source, option, status",
    [
        ("import tensorflow as tf; tf.nn.relu", "unsupported", 0),
        ("import tensorflow as tf; tf.mul", "unknown", 0),
        ("import tensorflow as tf; tf.contrib.ffmpeg", "unsupported", 1),
        ("import tensorflow as tf; tf.contrib.ffmpeg", "nothing", 0),
        ("import tensorflow as tf; tf.zzz", "unsupported", 0),
        ("import tensorflow as tf; tf.zzz", "unknown", 1),
        ("import (", "unsupported", 2),
    ],
)
def test_the_exit_status_says_how_it_stands(source, option, status, tmp_path, capsys):
    (tmp_path / "a.py").write_text(source)
    assert run(capsys, "--fail-on", option, tmp_path)[0] == status


def test_there_must_be_something_to_read(tmp_path, capsys):
    status, printed = run(capsys, tmp_path)
    assert status == 2 and "found none" in printed.err
    status, printed = run(capsys, tmp_path / "missing.py")
    assert status == 2 and "missing.py" in printed.err


class _Page(HTMLParser):
    """Collects tags, texts and addresses of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.addresses, self.texts = [], [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("href", "src", "action")]

    def handle_data(self, data):
        self.texts.append(data)


@pytest.fixture
def page(tree, capsys):
    run(capsys, "--html", tree / "page.html", tree)
    return (tree / "page.html").read_text(encoding="utf-8")


def test_the_page_needs_nothing_from_elsewhere(page):
    found = _Page(page)
    assert found.addresses and all(address.startswith("#file-") for address in found.addresses)
    assert not {"link", "img", "iframe", "object", "base", "form"} & set(found.tags)
    assert "default-src 'none'" in page
    own = re.search("<style>.*</style>", page, re.S).group() + page[page.index("<script>\n(") :]
    assert not re.search(r"https?:|//\w|@import|url\(", own)


def test_what_the_source_holds_is_text_in_the_page(page):
    found = _Page(page)
    assert found.tags.count("script") == 1
    assert "a<b>" not in page and "<img" not in page
    assert "</td><img src=x onerror=alert(1)>.h5" in "".join(found.texts)
    assert "a<b>&'\".py" in "".join(found.texts)


def test_the_page_shows_what_the_step_of_migrate_changes(page):
    text = "".join(_Page(page).texts)
    assert "What migrate --to drop-in changes" in text
    assert "import tfkeras_compat.tensorflow as tf" in text
    assert "Use the package tensorflow-io." in text


def test_the_programs_of_the_examples_are_all_supported(capsys, tmp_path):
    status, printed = run(capsys, "--html", tmp_path / "page.html", LEGACY)
    assert status == 0
    assert re.search(r"^not supported +0 ", printed.out, re.M)
    assert "python_2_text_generator.py" in printed.out


def test_several_processes_find_what_one_finds(tmp_path):
    for number in range(90):
        (tmp_path / ("%02d.py" % number)).write_text("import keras\nkeras.layers.Dense(1)\n")
    found = sorted(map(str, tmp_path.iterdir()))
    reports = survey(found, jobs=2)
    assert reports == survey(found, jobs=1) and len(reports) == 90
    assert changes(reports, "drop-in", jobs=2) == changes(reports, "drop-in", jobs=1)


def test_a_file_that_two_paths_lead_to_is_read_once(tmp_path, capsys, monkeypatch):
    (tmp_path / "a.py").write_text("import keras\n")
    monkeypatch.chdir(tmp_path)
    assert run(capsys, "a.py", "./a.py", tmp_path)[1].out.startswith("1 files, 1 lines")


def test_symbols_are_followed_through_the_modules_of_a_program(tmp_path, capsys):
    (tmp_path / "common.py").write_text("import tensorflow as tf\n")
    (tmp_path / "script.py").write_text("from common import *\ntf.contrib.ffmpeg.decode_audio\n")
    status, printed = run(capsys, tmp_path)
    assert status == 1
    assert re.search(r"tensorflow.contrib.ffmpeg \(1\)\n.*\n.*script.py: 2", printed.out)


def test_the_page_shows_a_file_as_part_of_its_program(tmp_path, capsys):
    (tmp_path / "network.py").write_text("import keras\nkeras.layers.Dense(output_dim=3)\n")
    (tmp_path / "script.py").write_text("import network\n")
    run(capsys, "--html", tmp_path / "page.html", tmp_path)
    page = "".join(_Page((tmp_path / "page.html").read_text(encoding="utf-8")).texts)
    assert page.count('generation("1.2")') == 1
    script = page[page.rindex("script.py") :]
    assert 'generation("1.2")' in script and "import network" in script


def test_a_rule_that_fails_is_told_and_the_rest_is_read(tmp_path, capsys, monkeypatch):
    def fail(begun, rules, program):
        raise KeyError("a mistake")

    (tmp_path / "a.py").write_text("import keras\nkeras.layers.Dense(1)\n")
    monkeypatch.setattr("tfkeras_compat.doctor.survey.finish", fail)
    status, printed = run(capsys, "--html", tmp_path / "page.html", tmp_path)
    assert status == 0
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "leaves it as it is" in page and "a mistake" in page


def test_it_runs_with_no_tensorflow_installed(tree):
    code = (
        "import sys; sys.modules.update(dict.fromkeys(['tensorflow', 'keras', 'numpy']));"
        "from tfkeras_compat.__main__ import main; sys.exit(main(['doctor', sys.argv[1]]))"
    )
    path = os.pathsep.join(filter(None, sys.path))
    arguments = [sys.executable, "-c", code, str(tree)]
    done = subprocess.run(arguments, env=dict(os.environ, PYTHONPATH=path), stdout=subprocess.PIPE)
    assert done.returncode == 1
    assert b"tensorflow-io" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such terminals")
def test_a_terminal_sees_how_far_it_is(tmp_path):
    pytest.importorskip("tqdm")
    import fcntl
    import pty
    import struct
    import termios

    (tmp_path / "a.py").write_text("import keras\n")
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 25, 80, 0, 0))
    arguments = ["doctor", "--html", str(tmp_path / "page.html"), str(tmp_path)]
    with subprocess.Popen(
        [sys.executable, "-m", "tfkeras_compat"] + arguments, stderr=theirs, stdout=subprocess.PIPE
    ) as process:
        process.communicate()
    seen = os.read(ours, 100000).decode()
    os.close(theirs)
    os.close(ours)
    assert re.search(r"reading: .*/1 \[", seen) and re.search(r"migrating: .*/1 \[", seen)
