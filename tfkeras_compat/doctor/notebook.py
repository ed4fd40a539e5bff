"""The code of a notebook as one module, and where its lines stand in the cells."""

import json
import re
from typing import Any, List, NamedTuple, Tuple

SUFFIX = ".ipynb"
# What the notebook's shell understands and Python does not: a line, and a whole cell.
_MAGIC = re.compile(r"^(\s*)(?:[%!?]|\w+\s*=\s*[%!])[^\n]*", re.M)
_OTHER_LANGUAGE = re.compile(r"\s*%%(?!time|capture|prun)")


class Code(NamedTuple):
    """Source text, and for each cell of a notebook its number and the line where it begins."""

    text: str
    cells: Tuple[Tuple[int, int], ...] = ()

    def place(self, line: int) -> str:
        """What a line of the text is called: its number, or the cell and the line in it."""
        within = [(number, start) for number, start in self.cells if start <= line]
        if not within:
            return str(line)
        number, start = within[-1]
        return "cell %d, line %d" % (number, line - start + 1)


def code_of(content: str) -> Code:
    """The code cells of a notebook. Raises: ValueError if it is no notebook.

    >>> code_of('{"cells": [{"cell_type": "code", "source": ["%pylab\\\\n", "a = 1"]}]}')
    Code(text='pass\\na = 1\\n', cells=((1, 1),))
    """
    texts, cells, line = [], [], 1
    for number, source in enumerate(_sources(json.loads(content)), 1):
        if _OTHER_LANGUAGE.match(source):
            continue
        text = _MAGIC.sub(r"\1pass", source).rstrip("\n") + "\n"
        texts.append(text)
        cells.append((number, line))
        line += text.count("\n")
    return Code("".join(texts), tuple(cells))


def _sources(notebook: Any) -> List[str]:
    try:
        # Before format 4 the cells stood in worksheets, and their code under "input".
        sheets = notebook.get("worksheets", [notebook])
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
        code = [cell for cell in cells if cell["cell_type"] == "code"]
        return ["".join(cell["source" if "source" in cell else "input"]) for cell in code]
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("not a notebook: expected cells of code, found none") from error
