"""Rule ``input_dim of steps``: recurrent layers and convolutions over steps take a shape."""

import ast
from typing import Any, Optional

from tfkeras_compat.legacy.keywords import OF_STEPS
from tfkeras_compat.migrate.calls import arguments_of, named
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.old_arguments import class_of
from tfkeras_compat.migrate.rule import KERAS_2, Replacement, Rule


class InputLength(Rule):
    """``LSTM(4, input_dim=3, input_length=5)`` is ``LSTM(4, input_shape=(5, 3))``."""

    name = "input_dim of steps"
    steps = (KERAS_2,)
    nodes = (ast.Call,)
    note = "a layer over steps takes input_shape=(steps, features)"

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        size = named(node, "input_dim")
        if size is None or class_of(node.func, names) not in OF_STEPS or _has_shape(node):
            return None
        parts = [node.func]
        words = [_word(each, node, parts) for each in arguments_of(node)]
        source = "{0}(%s)" % ", ".join(word for word in words if word)
        return Replacement(source, tuple(parts), keeps_layout=True)


def _has_shape(call: ast.Call) -> bool:
    names = {each.arg for each in call.keywords}
    return bool(names & {"input_shape", "batch_input_shape", None})


def _word(argument: Any, call: ast.Call, parts: Any) -> str:
    """An argument in the text; the shape stands in the place of ``input_dim``."""

    def placed(node: Any) -> str:
        if node is None:
            return "None"
        parts.append(node)
        return "{%d}" % (len(parts) - 1)

    if argument.name == "input_length":
        return ""
    if argument.name == "input_dim":
        length = placed(named(call, "input_length"))
        return "input_shape=(%s, %s)" % (length, placed(argument.value))
    star = {"*": "*"}.get(str(argument.name), "")
    name = "%s=" % argument.name if argument.name and not star else ""
    return star + name + placed(argument.value)
