"""Rule ``arguments of TensorFlow 0.x``: ``tf.concat(0, values)``, ``reduction_indices``."""

import ast
from typing import List

from tfkeras_compat.legacy.tensorflow import ARGUMENTS, ORDERS, RENAMED
from tfkeras_compat.migrate.calls import Argument, Arguments, renamed
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.rule import COMPAT_V1
from tfkeras_compat.migrate.tensorflow_names import tensorflow_path

_NEW_ORDERS = {"concat": ("values", "axis"), "split": ("value", "num_or_size_splits", "axis")}


class TensorFlow0Arguments(Arguments):
    """Arguments in their order and with their names of TensorFlow 1.x."""

    name = "arguments of TensorFlow 0.x"
    steps = (COMPAT_V1,)
    note = "arguments have the order and names of 1.x: tf.concat(values, 0), axis, keepdims"

    def new(self, call: ast.Call, old: List[Argument], names: Names) -> List[Argument]:
        function = tensorflow_path(call.func, names)
        return _reordered(function, _renamed(function, old))


def _renamed(function: str, arguments: List[Argument]) -> List[Argument]:
    table = ARGUMENTS.get(function, {})
    table = table or ARGUMENTS.get(RENAMED.get(function, ""), {})
    return renamed(arguments, table)


def _reordered(function: str, arguments: List[Argument]) -> List[Argument]:
    """``concat(0, values)`` in today's order; the old one if the first argument is a number."""
    plain = [each for each in arguments if each.name is None]
    if function not in ORDERS or not plain or not _is_old(function, plain):
        return arguments
    given = dict(zip(ORDERS[function], plain))
    others = [each for each in arguments if each.name is not None]
    given.update({str(each.name): each for each in others if each.name in ORDERS[function]})
    rest = [each for each in others if each.name not in ORDERS[function]]
    order = _NEW_ORDERS[function]
    if any(name not in given for name in order):
        return arguments
    return [given[name]._replace(name=None) for name in order] + rest


def _is_old(function: str, plain: List[Argument]) -> bool:
    """Whether the first argument is an axis: a number, or the second can be nothing but values."""
    is_list = len(plain) > 1 and isinstance(plain[1].value, (ast.List, ast.Tuple, ast.ListComp))
    return isinstance(plain[0].literal, int) or (function == "concat" and is_list)
