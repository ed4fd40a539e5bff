"""The messages that ``migration_guides/troubleshooting.md`` explains: each block of code fails with
the message above it where the guide says so, and works here."""

import ast
import collections
import json
import os
import re
import subprocess
import sys

import pytest

import tfkeras_compat as keras
from tfkeras_compat import _tf
from tfkeras_compat.dropin import rewrite
from tfkeras_compat.migrate.generation import deciding, signs_of
from tfkeras_compat.state import naming

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
GUIDE = os.path.join(ROOT, "migration_guides", "troubleshooting.md")
HERE = "2.21" if _tf.VERSION >= (2, 0) else "1.15"

Failure = collections.namedtuple("Failure", "message version code")
_FAILURE = re.compile(
    r"^### ([^\n]*)\n(?:(?!^##).)*?^```python fails on TensorFlow ([\d.]+)\n(.*?)^```", re.M | re.S
)

# Runs every block by itself with the libraries that are installed, without this package.
PLAIN = """
import json, sys
found = []
for code in json.load(sys.stdin):
    try:
        exec(code, {"__name__": "__main__"})
        found.append("")
    except Exception as error:
        found.append("%s: %s" % (type(error).__name__, error))
    keras = sys.modules.get("keras")
    if keras:
        keras.backend.clear_session()
sys.stderr.write("FOUND" + json.dumps(found))
assert not [name for name in sys.modules if name.startswith("tfkeras_compat")]
"""


def failures():
    with open(GUIDE, encoding="utf-8") as file:
        return [Failure(*parts) for parts in _FAILURE.findall(file.read())]


FAILURES = failures()
OF_THIS_VERSION = [each for each in FAILURES if each.version == HERE]


def test_every_block_that_fails_was_found():
    with open(GUIDE, encoding="utf-8") as file:
        assert len(FAILURES) == file.read().count("```python fails on") > 30
    assert {each.version for each in FAILURES} == {"1.15", "2.21"}


@pytest.fixture(scope="module")
def messages(tmp_path_factory):
    """What the blocks give with the installed TensorFlow and Keras alone, by their code."""
    codes = [each.code for each in OF_THIS_VERSION]
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", PLAIN],
        input=json.dumps(codes),
        capture_output=True,
        text=True,
        cwd=str(tmp_path_factory.mktemp("plain")),
        env=dict(os.environ, TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES=""),
        timeout=200,
    )
    assert done.returncode == 0, done.stderr
    return dict(zip(codes, json.loads(done.stderr.rpartition("FOUND")[2])))


@pytest.mark.parametrize("failure", OF_THIS_VERSION, ids=lambda each: each.message[:60])
def test_the_message_is_what_the_libraries_alone_give(failure, messages):
    kind, _, words = failure.message.partition(": ")
    found = re.sub(r"\s+", " ", messages[failure.code])
    assert found.startswith(kind + ": ") and words in found


@pytest.mark.filterwarnings("ignore:.*(Keras 1|renamed `epochs`|Update your):UserWarning")
@pytest.mark.parametrize("failure", FAILURES, ids=lambda each: each.message[:60])
def test_the_same_code_works_here(failure, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    sign = deciding(signs_of("block", ast.parse(failure.code)))
    keras.generation(sign.generation if sign else "2.2")
    try:
        exec(rewrite.compiled(failure.code, "block"), {"__name__": "__main__"})
    finally:
        keras.backend.clear_session()
        naming.reset_uids()
        keras.generation("2.2")
