"""Source files: which there are below a path, and their text, read and written as it is encoded."""

import io
import os
import shutil
import tempfile
import tokenize
from typing import Iterable, Iterator, List, NamedTuple

_SUFFIXES = (".py", ".ipynb")
# Nothing in these folders is the user's own source.
_FOREIGN = ("__pycache__", "site-packages", "node_modules")
_MARK_OF_ENVIRONMENT = "pyvenv.cfg"


class Source(NamedTuple):
    """The text of a file, with its line ends, and its encoding."""

    path: str
    text: str
    encoding: str


def files(paths: Iterable[str]) -> Iterator[str]:
    """The files among ``paths``, and the Python files and notebooks in the folders among them,
    sorted."""
    for path in paths:
        if os.path.isdir(path):
            yield from _below(path)
        else:
            yield path


def _below(folder: str) -> Iterator[str]:
    for here, folders, names in os.walk(folder):
        if _MARK_OF_ENVIRONMENT in names:
            folders[:] = []
            continue
        folders[:] = _own(folders)
        yield from (os.path.join(here, name) for name in sorted(names) if name.endswith(_SUFFIXES))


def _own(folders: List[str]) -> List[str]:
    return sorted(name for name in folders if name[0] != "." and name not in _FOREIGN)


def read(path: str) -> Source:
    """A file's text. Raises: OSError; SyntaxError or ValueError if it is not in its encoding."""
    with open(path, "rb") as file:
        content = file.read()
    encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
    return Source(path, content.decode(encoding), encoding)


def write(source: Source) -> None:
    """Puts a text in the place of a file's, which is whole at any moment. Raises: OSError."""
    target = os.path.realpath(source.path)
    content = source.text.encode(source.encoding)
    handle, beside = tempfile.mkstemp(dir=os.path.dirname(target))
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        shutil.copymode(target, beside)
        os.replace(beside, target)
    except BaseException:
        os.remove(beside)
        raise
