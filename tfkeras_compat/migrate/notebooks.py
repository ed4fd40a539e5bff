"""Notebooks: the code of all cells as one text, and back into the cells.

Only the sources of code cells change. Lines that are not Python (``%matplotlib``, ``!pip``) and
cells of other languages (``%%bash``) stay as they are. The format is read and written with the
standard library alone: ``nbformat`` would bring a validator and write the whole file anew, and what
is needed here is one field of one kind of cell.
"""

import io
import json
import re
import tokenize
from typing import Any, Dict, Iterator, List, Tuple

from tfkeras_compat.errors import RewriteError

SUFFIX = ".ipynb"
_LINE = "# ---- cell %d of the notebook ----"
_HELD = "_line_%d_of_the_notebook"
# Magics of a whole cell behind whose first line there is Python.
_PYTHON_CELLS = ("%%capture", "%%prun", "%%time", "%%timeit")
_MAGIC = re.compile(r"\s*[%!?]|[^#'\"]*=\s*[%!]|\s*[\w.]+\?{1,2}\s*$")


class Code:
    """The code in the text of a notebook. Raises: ValueError if that is no notebook."""

    def __init__(self, notebook: str) -> None:
        self._old = notebook
        self._content: Dict[str, Any] = json.loads(notebook)
        self._cells = _code_cells(self._content)
        self._held: List[str] = []
        parts = [_LINE % number + "\n" + self._python(cell) for number, cell in _numbered(self)]
        self.text = "\n".join(parts) + "\n"

    @property
    def lines(self) -> int:
        """How many lines the cells have."""
        return sum(_lines(cell) for cell in self._cells)

    def place_of(self, line: int) -> str:
        """The cell, and the line in it, where a line of the text stands."""
        for number, cell in _numbered(self):
            line -= 1  # the one that tells the cell
            if line <= _lines(cell) or cell is self._cells[-1]:
                return "cell %d, line %d" % (number, line)
            line -= _lines(cell)
        raise ValueError("the notebook has no code")

    def with_text(self, text: str) -> str:
        """The text of the notebook with other code in its cells."""
        if text == self.text:
            return self._old
        for cell, part in zip(self._cells, self._parts(text)):
            _set_source(cell, self._released(part))
        return _written(self._content, self._old)

    def _python(self, cell: Dict[str, Any]) -> str:
        """The source of a cell with names in the place of what is not Python."""
        lines = _source(cell).split("\n")
        if lines[0].startswith("%%") and lines[0].split()[0] not in _PYTHON_CELLS:
            return self._hold("\n".join(lines), "")
        for at, line in enumerate(lines):
            if _MAGIC.match(line) and not _is_open("\n".join(lines[:at])):
                lines[at] = self._hold(line, line[: len(line) - len(line.lstrip())])
        return "\n".join(lines)

    def _hold(self, text: str, indentation: str) -> str:
        self._held.append(text)
        return indentation + _HELD % (len(self._held) - 1)

    def _released(self, part: str) -> str:
        for number, text in enumerate(self._held):
            line = r"^[ \t]*%s$" % re.escape(_HELD % number)
            part = re.sub(line, lambda _: text, part, flags=re.M)  # noqa: B023 - used at once
        return part

    def _parts(self, text: str) -> List[str]:
        parts = []
        for number, _ in _numbered(self):
            before, line, text = text.partition(_LINE % number + "\n")
            if not line:
                raise RewriteError("cell %d of the notebook is lost: please report this" % number)
            parts.append(before)
        return [part[:-1] for part in parts[1:] + [text]]


def _numbered(code: Code) -> Iterator[Tuple[int, Dict[str, Any]]]:
    return enumerate(code._cells, 1)


def _code_cells(content: Any) -> List[Dict[str, Any]]:
    try:
        # Before format 4 the cells stood in worksheets, and their code under "input".
        sheets = content.get("worksheets", [content])
        cells = [cell for sheet in sheets for cell in sheet["cells"]]
        return [cell for cell in cells if cell["cell_type"] == "code"]
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("no notebook: expected cells of code, found none") from error


def _field(cell: Dict[str, Any]) -> str:
    return "source" if "source" in cell else "input"


def _source(cell: Dict[str, Any]) -> str:
    source = cell.get(_field(cell), "")
    return source if isinstance(source, str) else "".join(source)


def _lines(cell: Dict[str, Any]) -> int:
    return _source(cell).count("\n") + 1


def _set_source(cell: Dict[str, Any], source: str) -> None:
    """Puts a source into a cell: as one text or as lines, as the old one is."""
    if source != _source(cell):
        is_text = isinstance(cell[_field(cell)], str)
        cell[_field(cell)] = source if is_text else source.splitlines(True)


def _is_open(code: str) -> bool:
    """Whether code goes on in the next line: within brackets or a text."""
    try:
        for _ in tokenize.generate_tokens(io.StringIO(code + "\n").readline):
            pass
    except (tokenize.TokenError, IndentationError) as error:
        return "EOF" in str(error) or "unterminated" in str(error)
    return False


def _written(content: Any, old: str) -> str:
    """A notebook in the layout of the old text."""
    before, end = json.loads(old), old[len(old.rstrip()) :]
    indents: Any = (1, 2, 4, "\t", None)
    layouts = [{"indent": n, "ensure_ascii": ascii} for n in indents for ascii in (False, True)]
    same = [each for each in layouts if json.dumps(before, **each) + end == old]
    return json.dumps(content, **(same or layouts)[0]) + end
