"""Notebooks: the code in their cells is migrated, all else stays byte by byte."""

import json

import pytest

from tfkeras_compat.__main__ import main
from tfkeras_compat.migrate.notebooks import Code

OUTPUT = {"data": {"text/plain": ["'é'"]}, "output_type": "execute_result", "metadata": {}}


def cell(*lines, kind="code", as_text=False):
    source = [line + "\n" for line in lines[:-1]] + [lines[-1]]
    rest = {"execution_count": 3, "outputs": [OUTPUT]} if kind == "code" else {}
    return dict(rest, cell_type=kind, metadata={}, source="".join(source) if as_text else source)


CELLS = [
    cell("# from keras import x", kind="markdown"),
    cell("%matplotlib inline", "!pip install x", "from keras.layers import Convolution2D, merge"),
    cell("%%bash", "import keras  # no Python"),
    cell("%%time", "x = Convolution2D(4, 3, 3)(x)", "files = !ls", as_text=True),
    cell("print('%d, %d'", "      % (1, 2))", "if x:", "    %timeit f()", "x?"),
    cell("y = merge([x, x], mode='sum')", "import tensorflow as tf", "tf.mul(y, y);"),
]
NOTEBOOK = {"cells": CELLS, "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4}


@pytest.fixture
def notebook(tmp_path):
    path = tmp_path / "old.ipynb"

    def write(content=NOTEBOOK, **layout):
        text = json.dumps(content, **dict({"indent": 1, "ensure_ascii": False}, **layout))
        path.write_bytes((text + "\n").encode("utf-8"))
        return path

    return write


def migrate(path, *arguments):
    return main(["migrate", str(path), *arguments])


def sources(path):
    content = json.loads(path.read_text(encoding="utf-8"))
    return ["".join(each["source"]) for each in content["cells"]]


def test_the_code_is_migrated_across_cells_and_what_is_no_python_stays(notebook):
    path = notebook()
    assert migrate(path, "--to", "compat.v1") == 0
    assert sources(path) == [
        "# from keras import x",
        "%matplotlib inline\n!pip install x\nimport tfkeras_compat\n"
        'tfkeras_compat.generation("1.2")\nfrom tfkeras_compat.layers import Conv2D, add',
        "%%bash\nimport keras  # no Python",
        "%%time\nx = Conv2D(4, (3, 3))(x)\nfiles = !ls",
        "print('%d, %d'\n      % (1, 2))\nif x:\n    %timeit f()\nx?",
        "y = add([x, x])\nimport tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\n"
        "tf.multiply(y, y);",
    ]
    once = path.read_bytes()
    assert migrate(path, "--to", "compat.v1") == 0 and path.read_bytes() == once
    assert migrate(path, "--to", "compat.v1", "--check") == 0


@pytest.mark.parametrize(
    "layout", [{}, {"indent": 2}, {"ensure_ascii": True}, {"indent": None}, {"indent": "\t"}]
)
def test_all_but_the_sources_stays_byte_by_byte(notebook, layout):
    path = notebook(**layout)
    before = path.read_bytes()
    assert migrate(path) == 0
    after = json.loads(path.read_text(encoding="utf-8"))
    assert type(after["cells"][3]["source"]) is str and type(after["cells"][5]["source"]) is list
    for old, new in zip(CELLS, after["cells"]):
        new["source"] = old["source"]
    assert path.read_bytes() != before == notebook(after, **layout).read_bytes()


def test_a_difference_is_shown_and_a_notebook_without_our_names_is_not_touched(notebook, capsys):
    path = notebook()
    before = path.read_bytes()
    assert migrate(path, "--diff") == 0 and migrate(path, "--check") == 1
    assert "from tfkeras_compat.layers import Convolution2D" in capsys.readouterr().out
    assert path.read_bytes() == before
    path.write_text('{"cells": [ ],   "metadata": {}}')
    assert migrate(path, "--check") == 0


@pytest.mark.parametrize(
    "text, told",
    [
        ("{", "Expecting property name"),
        ("[]", "no notebook"),
        ("{}", "no notebook"),
        ('{"cells": [1]}', "no notebook"),
        (None, "cell 1, line 2: invalid syntax"),
    ],
)
def test_what_is_no_notebook_or_does_not_parse_is_named(notebook, capsys, text, told):
    path = notebook({"cells": [cell("import keras", "for for")]})
    if text:
        path.write_text(text)
    assert migrate(path) == 2
    printed = capsys.readouterr().err
    assert "old.ipynb: left as it is" in printed and told in printed


def test_cells_of_the_old_format_are_found():
    old = {"worksheets": [{"cells": [{"cell_type": "code", "input": ["import keras\n", "x"]}]}]}
    code = Code(json.dumps(old))
    new = json.loads(code.with_text(code.text.replace("import keras", "import json")))
    assert new["worksheets"][0]["cells"][0]["input"] == ["import json\n", "x"]


def test_a_line_of_the_code_tells_its_cell_and_only_the_lines_of_cells_count():
    code = Code(json.dumps({"cells": [cell("t", kind="markdown"), cell("a", "b"), cell("c")]}))
    places = {
        line: code.place_of(number)
        for number, line in enumerate(code.text.split("\n"), 1)
        if line in ("a", "b", "c")
    }
    assert places == {"a": "cell 1, line 1", "b": "cell 1, line 2", "c": "cell 2, line 1"}
    assert code.lines == 3
