"""Files of weights that a program loads, as far as its source names them."""

import ast
import os
from typing import Any, Dict, Iterator, List, NamedTuple, Optional

from tfkeras_compat import inspection
from tfkeras_compat.errors import FileFormatError
from tfkeras_compat.migrate.rule import dotted, text_of
from tfkeras_compat.migrate.syntax_trees import nodes_of

# What is called, by its last name -> the keyword of its path. The path is the first argument, but
# of `Saver.restore` the second.
_LOADERS = {
    "File": "name",
    "get_file": "fname",
    "import_meta_graph": "meta_graph_or_file",
    "init_from_checkpoint": "ckpt_dir_or_file",
    "latest_checkpoint": "checkpoint_dir",
    "load": "file",
    "load_model": "filepath",
    "load_weights": "filepath",
    "loadtxt": "fname",
    "restore": "save_path",
}
_SECOND = ("restore",)
# Names that others have too: with these before them they load weights.
_ONLY_OF = {"File": ("h5py",), "load": ("np", "numpy"), "loadtxt": ("np", "numpy")}
_OF_CHECKPOINTS = ("", ".index", ".meta", ".data-00000-of-00001")
_HDF5 = (".h5", ".hdf5", ".keras")
_HDF5_MARK = b"\x89HDF\r\n\x1a\n"


class Weights(NamedTuple):
    """A file that a program loads: as it is named, the line, whether it is there, who wrote it."""

    path: str
    line: int
    loader: str
    there: bool
    origin: str = ""


def weights_of(tree: ast.AST, folder: str) -> List[Weights]:
    """The files of weights that a module in ``folder`` loads.

    A path counts where it is a literal, a name for one, or a join of those.

    >>> tree = ast.parse("HERE = 'models'\\nnet.load_weights(HERE + '/last.h5')")
    >>> weights_of(tree, ".")
    [Weights(path='models/last.h5', line=2, loader='load_weights', there=False, origin='')]
    """
    constants = _constants(tree)
    return [
        _weights(path, node, folder)
        for node in nodes_of(tree)
        if isinstance(node, ast.Call) and _loads(node)
        for path in [_path(_argument(node), constants)]
        if path
    ]


def _loads(node: ast.Call) -> bool:
    name = _called(node)
    before = (dotted(node.func) or "").rpartition(".")[0]
    return name in _LOADERS and (name not in _ONLY_OF or before in _ONLY_OF[name])


def _called(node: ast.Call) -> str:
    return getattr(node.func, "attr", "") or getattr(node.func, "id", "")


def _argument(node: ast.Call) -> Optional[ast.AST]:
    place = 1 if _called(node) in _SECOND else 0
    if len(node.args) > place:
        return node.args[place]
    keyword = _LOADERS[_called(node)]
    return next((each.value for each in node.keywords if each.arg == keyword), None)


def _constants(tree: ast.AST) -> Dict[str, str]:
    """Names that are given one literal text and nothing else."""
    given: Dict[str, List[Optional[str]]] = {}
    for node in nodes_of(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name):
                    given.setdefault(target.id, []).append(text_of(node.value))
    return {name: texts[0] for name, texts in given.items() if len(texts) == 1 and texts[0]}


def _path(node: Any, constants: Dict[str, str]) -> Optional[str]:
    """The text of an expression that is known without running it."""
    if isinstance(node, ast.Name):
        return constants.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        parts = [_path(each, constants) for each in (node.left, node.right)]
        return None if None in parts else "".join(map(str, parts))
    if isinstance(node, ast.Call) and dotted(node.func) in ("os.path.join", "path.join", "join"):
        parts = [_path(each, constants) for each in node.args]
        return None if None in parts else "/".join(map(str, parts))
    return text_of(node) if node is not None else None


def _weights(path: str, node: ast.Call, folder: str) -> Weights:
    found = next(_places(path, folder), None)
    origin = written_by(found) if found else ""
    return Weights(path, node.lineno, _called(node), found is not None, origin)


def _places(path: str, folder: str) -> Iterator[str]:
    for start in (folder, os.curdir):
        for end in _OF_CHECKPOINTS:
            place = os.path.join(start, path + end)
            if os.path.exists(place):
                yield place


def written_by(path: str) -> str:
    """Which Keras wrote a file, by its attributes; empty where nothing tells. Never raises for a
    file that is broken: that is its answer."""
    if not os.path.isfile(path) or not path.endswith(_HDF5):
        return ""
    try:
        with open(path, "rb") as file:
            if file.read(len(_HDF5_MARK)) != _HDF5_MARK:
                return "no HDF5 file, in spite of its name"
        return _attributes(path)
    except (FileFormatError, OSError) as error:
        return "can not be read: %s" % error


def _attributes(path: str) -> str:
    try:
        import h5py
    except ImportError:
        return ""
    inspection.check(path, path)
    with h5py.File(path, "r") as file:
        # A file of weights and a whole model both have them at the root.
        found = [_text(file.attrs.get(name)) for name in ("keras_version", "backend")]
    version, backend = found
    if not version:
        return "by Keras 1.0 or 1.1, or by another program"
    return "by Keras %s%s" % (version, " on " + backend if backend else "")


def _text(value: Any) -> str:
    if value is None:
        return ""
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
