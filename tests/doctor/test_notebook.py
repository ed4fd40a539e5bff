"""The code of notebooks."""

import json

import pytest

from tfkeras_compat.doctor.notebook import code_of


def notebook(*sources):
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return json.dumps({"cells": [{"cell_type": "markdown", "source": "# Title"}] + cells})


def test_the_code_cells_are_one_module_and_a_line_tells_its_cell():
    code = code_of(notebook(["import keras\n", "a = 1"], "b = 2\n"))
    assert code.text == "import keras\na = 1\nb = 2\n"
    assert [code.place(line) for line in (1, 2, 3)] == [
        "cell 1, line 1",
        "cell 1, line 2",
        "cell 2, line 1",
    ]


def test_what_only_the_shell_of_notebooks_understands_is_passed_over():
    code = code_of(
        notebook("%matplotlib inline\nif a:\n  !ls\nx = !ls\n", "%%bash\nls -l", "%%time\na")
    )
    assert code.text == "pass\nif a:\n  pass\npass\npass\na\n"


def test_a_notebook_of_the_third_format_is_read():
    cells = [{"cell_type": "code", "input": ["a = 1"]}]
    assert code_of(json.dumps({"worksheets": [{"cells": cells}]})).text == "a = 1\n"


@pytest.mark.parametrize("content", ["[]", "{}", '{"cells": [1]}', "no json"])
def test_what_is_no_notebook_is_refused(content):
    with pytest.raises(ValueError):
        code_of(content)
