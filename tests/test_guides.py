"""The guides: their tables are fresh, and programs before and after a change print the same.

A guide shows a program twice, in blocks of Python that are called ``before`` and ``after``, and
what both print in a block of text that is called ``prints``. ``after drop-in`` is what ``migrate``
writes for that step, ``before, recorded`` is for an original that is not at hand here, and ``after
in Keras 3`` for a process without this package.
"""

import ast
import collections
import contextlib
import glob
import importlib.util
import io
import os
import re
import runpy
import subprocess
import sys

import pytest
import warm_processes

import tfkeras_compat as keras
from tfkeras_compat import _tf
from tfkeras_compat.__main__ import main
from tfkeras_compat._tf import tf
from tfkeras_compat.dropin import rewrite
from tfkeras_compat.migrate.generation import deciding, signs_of
from tfkeras_compat.migrate.rule import STEPS
from tfkeras_compat.migrate.rules import RULES
from tfkeras_compat.state import naming

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
FOLDER = os.path.join(ROOT, "migration_guides")
TABLES = os.path.join(FOLDER, "tables.py")
GUIDES = sorted(os.path.basename(path) for path in glob.glob(os.path.join(FOLDER, "*.md")))

of_the_original = pytest.mark.skipif(
    _tf.VERSION >= (2, 0), reason="the originals run on TensorFlow 1.15"
)
IN_KERAS_3 = ("after keras3", "after in Keras 3")
HAS_KERAS_3 = sys.version_info >= (3, 10) and importlib.util.find_spec("keras") is not None


def text_of(guide):
    with open(os.path.join(FOLDER, guide), encoding="utf-8") as file:
        return file.read()


# ---- tables -------------------------------------------------------------------------------------

WITHOUT_TENSORFLOW = """
import runpy, sys
sys.modules["tensorflow"] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def tables(*arguments):
    """Runs the script of the tables with no TensorFlow; its exit status and what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_TENSORFLOW, TABLES] + list(arguments),
        env=dict(os.environ, PYTHONPATH=ROOT),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert not done.stderr, done.stderr
    return done.returncode, done.stdout


def test_the_tables_of_the_guides_are_fresh():
    assert tables("--check") == (0, ""), "run: python migration_guides/tables.py"


def test_a_stale_table_is_found_and_made_anew(tmp_path):
    path = tmp_path / "from_keras_1.md"
    fresh = text_of("from_keras_1.md")
    path.write_text(fresh.replace("`nb_worker`", "`nb_workers`"), encoding="utf-8")
    status, printed = tables("--check", "--folder", str(tmp_path))
    assert status == 1 and printed == "%s: is stale\n" % path
    assert tables("--folder", str(tmp_path)) == (0, "%s: rewritten\n" % path)
    assert path.read_text(encoding="utf-8") == fresh


def test_every_section_stands_in_a_guide():
    named = re.findall("<!-- generated: (.+?) -->", "".join(map(text_of, GUIDES)))
    assert sorted(named) == sorted(runpy.run_path(TABLES)["SECTIONS"])


def test_every_rule_has_a_line_with_its_steps_and_its_note():
    rows = [line.strip("| \n").split(" | ") for line in text_of("rules.md").splitlines()]
    listed = {row[0].strip(" `"): row[1:] for row in rows if len(row) == 3}
    for rule in RULES:
        steps, note = listed[rule.name]
        assert [each.strip(" `") for each in steps.split(",")] == list(rule.steps)
        assert note.strip() == rule.note.replace("|", "\\|")
    assert len(listed) == len(RULES) + 2  # the header, and the line below it


# ---- the guides as a whole ----------------------------------------------------------------------


def test_the_index_names_every_guide():
    assert set(re.findall(r"\]\((\w+\.md)\)", text_of("README.md"))) == set(GUIDES) - {"README.md"}


@pytest.mark.parametrize("guide", GUIDES)
def test_links_lead_somewhere(guide):
    for target, anchor in re.findall(r"\]\(([\w./]*?)(?:#([\w-]+))?\)", text_of(guide)):
        assert os.path.exists(os.path.join(FOLDER, target)), target
        if anchor:
            assert anchor in anchors_of(target or guide)


def anchors_of(guide):
    titles = re.findall("^#+ (.*)$", text_of(guide), flags=re.M)
    return [re.sub(r"[^\w -]", "", each).lower().replace(" ", "-") for each in titles]


@pytest.mark.parametrize("guide", sorted(set(GUIDES) - {"README.md"}))
def test_a_guide_begins_with_who_it_is_for_and_how_one_knows_that_it_worked(guide):
    beginning = text_of(guide)[:1200]
    for words in ("**Who this is for.**", "**What you do.**", "**How you know that it worked.**"):
        assert words in beginning, words


# ---- before and after ---------------------------------------------------------------------------

Pair = collections.namedtuple("Pair", "guide before_kind before after_kind after prints")
_PAIR = re.compile(
    r"^```python (before[^\n]*)\n(.*?)^```.*?"
    r"^```python (after[^\n]*)\n(.*?)^```",
    re.M | re.S,
)
_PRINTS = re.compile(r"^```text prints\n(.*?)^```", re.M | re.S)


def pairs_of(guide):
    text = text_of(guide)
    prints = _PRINTS.findall(text)
    found = _PAIR.findall(text)
    assert len(found) == len(prints) == len(re.findall("^```python before", text, flags=re.M))
    return [Pair(guide, *parts + (expected,)) for parts, expected in zip(found, prints)]


PAIRS = [pair for guide in GUIDES for pair in pairs_of(guide)]
IDS = [pair.guide for pair in PAIRS]


@pytest.fixture
def printed(tmp_path, monkeypatch):
    """Runs a code object in this process, as ``run`` does; gives what it prints."""
    monkeypatch.chdir(tmp_path)
    kind = tf.resource_variables_enabled()  # which a program may choose

    def run(code):
        stream = io.StringIO()
        with contextlib.redirect_stdout(stream):
            exec(code, {"__name__": "__main__"})
        return stream.getvalue()

    yield run
    (tf.enable_resource_variables if kind else tf.disable_resource_variables)()
    keras.backend.clear_session()
    naming.reset_uids()
    keras.generation("2.2")


def choose_generation(source):
    sign = deciding(signs_of("guide", ast.parse(source)))
    keras.generation(sign.generation if sign else "2.2")
    naming.reset_uids()  # Keras 1 counts names through the whole process


@pytest.mark.either_end
@pytest.mark.filterwarnings("ignore:.*(Keras 1|renamed `epochs`):UserWarning")
@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_the_program_before_runs_as_it_is(pair, printed):
    choose_generation(pair.before)
    assert printed(rewrite.compiled(pair.before, pair.guide)) == pair.prints


@pytest.mark.either_end
@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_the_program_after_prints_the_same(pair, printed, tmp_path):
    if pair.after_kind in IN_KERAS_3:
        if not HAS_KERAS_3:
            pytest.skip("NOT TESTED: no Keras 3 here (extra `keras3`)")
        printed(rewrite.compiled(pair.before, pair.guide))  # leaves its files here
        assert in_a_process(pair.after, tmp_path) == pair.prints
    else:
        assert printed(compile(pair.after, pair.guide, "exec")) == pair.prints


@pytest.mark.parametrize("pair", PAIRS, ids=IDS)
def test_the_program_after_is_what_the_guide_says_of_it(pair, tmp_path):
    step = pair.after_kind[len("after ") :]
    if step in STEPS:
        path = tmp_path / "train.py"
        path.write_text(pair.before)
        assert main(["migrate", "--to", step, str(path)]) == 0
        assert meaning(path.read_text()) == meaning(pair.after)
    if pair.after_kind in IN_KERAS_3:
        assert "tfkeras" not in pair.after
    else:
        assert not re.search(r"^(import|from) (keras|tensorflow)\b", pair.after, flags=re.M)


def meaning(source):
    """What a program says, without its layout."""
    return ast.dump(ast.parse(source))


@of_the_original
@pytest.mark.parametrize(
    "pair", [each for each in PAIRS if each.before_kind == "before"], ids=lambda pair: pair.guide
)
def test_the_original_prints_what_the_guide_says(pair, tmp_path):
    assert in_a_process(REPEATABLE + pair.before, tmp_path) == pair.prints


# The original's reference variables may change while a step still reads them.
REPEATABLE = "import tensorflow.compat.v1 as tf1\ntf1.enable_resource_variables()\n"


def in_a_process(source, folder):
    """What a program prints, run by plain Python without this package."""
    environment = dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="")
    done = warm_processes.run(["-c", source], env=environment, cwd=str(folder), timeout=200)
    assert done.returncode == 0, done.stderr
    return done.stdout
