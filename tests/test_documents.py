"""Examples in docstrings and documents run as they stand."""

import doctest
import glob
import importlib
import os
import pkgutil
import re

import pytest

import tfkeras_compat

pytestmark = pytest.mark.either_end

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(tfkeras_compat.__path__, "tfkeras_compat.")
    if not module.name.endswith("__main__")
)
DOCUMENTS = ["README.md", "CONTRIBUTING.md", "ARCHITECTURE.md"] + sorted(
    os.path.relpath(path, ROOT)
    for path in glob.glob(os.path.join(ROOT, "migration_guides", "**", "*.md"), recursive=True)
)


def docstrings_with_examples(name):
    finder = doctest.DocTestFinder(exclude_empty=True)
    return [test for test in finder.find(importlib.import_module(name), name) if test.examples]


@pytest.mark.parametrize("name", MODULES)
def test_the_examples_of_a_module_give_what_they_show(name, fresh_graph):
    for test in docstrings_with_examples(name):
        fresh_graph()
        output = []
        runner = doctest.DocTestRunner(optionflags=OPTIONS)
        runner.run(test, out=output.append)
        assert runner.failures == 0, "".join(output)


def python_blocks(path):
    """The Python code blocks of a document, each at its own line."""
    with open(os.path.join(ROOT, path), encoding="utf-8") as file:
        text = file.read()
    for match in re.finditer(r"^```python\n(.*?)^```", text, re.M | re.S):
        yield "\n" * text[: match.start(1)].count("\n") + match.group(1)


@pytest.mark.parametrize("path", DOCUMENTS)
def test_the_code_of_a_document_runs_from_top_to_bottom(path, tmp_path, monkeypatch):
    """All blocks share one namespace; ``>>>`` sessions are compared, the rest is run."""
    monkeypatch.chdir(tmp_path)
    scope = {"__name__": "__main__"}
    for block in python_blocks(path):
        if ">>> " in block:
            test = doctest.DocTestParser().get_doctest(block, scope, path, path, 0)
            runner = doctest.DocTestRunner(optionflags=OPTIONS)
            output = []
            runner.run(test, out=output.append, clear_globs=False)
            assert runner.failures == 0, "".join(output)
            scope.update(test.globs)
        else:
            exec(compile(block, path, "exec"), scope)
