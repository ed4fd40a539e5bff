"""Rule ``nb_epoch``: arguments of ``fit`` and of the methods for generators."""

import ast
from typing import Dict, List

from tfkeras_compat.legacy.keywords import COUNTED_DIFFERENTLY, GENERATOR_METHODS
from tfkeras_compat.migrate.calls import Argument, Arguments, renamed
from tfkeras_compat.migrate.names import ROOT, Names
from tfkeras_compat.migrate.rule import KERAS_2

_SAME = {old: new for old, new in GENERATOR_METHODS.items() if old not in COUNTED_DIFFERENTLY}
_EPOCHS = {"nb_epoch": "epochs"}
METHODS: Dict[str, Dict[str, str]] = {
    "fit": _EPOCHS,
    "fit_generator": _SAME,
    "evaluate_generator": _SAME,
    "predict_generator": _SAME,
}
_CLASSES = ("wrappers.scikit_learn.KerasClassifier", "wrappers.scikit_learn.KerasRegressor")


class NbEpoch(Arguments):
    """What only was renamed. A method that the module defines itself keeps its arguments."""

    name = "nb_epoch"
    steps = (KERAS_2,)
    note = "fit and its like take epochs, workers, max_queue_size, use_multiprocessing"

    def new(self, call: ast.Call, old: List[Argument], names: Names) -> List[Argument]:
        return renamed(old, _table(call, names))


def _table(call: ast.Call, names: Names) -> Dict[str, str]:
    if names.path_of(call.func) in _CLASSES:
        return dict(_EPOCHS)
    method = getattr(call.func, "attr", "")
    known = METHODS.get(method, {})
    return dict(known) if known and imports_keras(names) and not _defines(method, names) else {}


def imports_keras(names: Names) -> bool:
    """Whether a module imports anything from here."""
    return bool(names.remembered("imports keras", _imports_keras))


def _imports_keras(names: Names) -> bool:
    paths = [path for scope in names.scopes for path in scope.values()] + list(names.stars)
    return any((path or "").partition(".")[0] == ROOT for path in paths)


def _defines(method: str, names: Names) -> bool:
    old = set(GENERATOR_METHODS)
    functions = [node for node in names.nodes if isinstance(node, ast.FunctionDef)]
    return any(
        node.name == method and old & {each.arg for each in node.args.args + node.args.kwonlyargs}
        for node in functions
    )
