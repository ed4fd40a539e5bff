"""Rule ``nb_row, nb_col``: Keras 1's separate sizes of a kernel are one argument in Keras 2."""

import ast
from typing import Any, List, Optional

from tfkeras_compat.legacy.places import RENAMED, SIZES
from tfkeras_compat.migrate.calls import Argument, arguments_of, respelled
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.old_arguments import class_of
from tfkeras_compat.migrate.rule import KERAS_2, Replacement, Rule


class NbRow(Rule):
    """``Conv2D(4, 3, 3)`` and ``Conv2D(4, nb_row=3, nb_col=3)`` are ``Conv2D(4, (3, 3))``."""

    name = "nb_row, nb_col"
    steps = (KERAS_2,)
    nodes = (ast.Call,)
    note = "the sizes of a kernel are one argument: Conv2D(4, (3, 3))"

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        sizes = SIZES.get(class_of(node.func, names), ())
        arguments = arguments_of(node)
        plain = [each for each in arguments if each.name is None]
        later = [each for each in arguments if each.name in sizes[max(len(plain) - 1, 0) :]]
        given = plain[1:] + sorted(later, key=lambda each: sizes.index(each.name))
        old_name = names.path_of(node.func) in RENAMED
        if not sizes or len(given) != len(sizes) or not _are_sizes(given, arguments, old_name):
            return None
        return _joined(node, arguments, given, bool(plain))


def _are_sizes(given: List[Argument], arguments: List[Argument], old_name: bool) -> bool:
    """Whether what is given are sizes: numbers, or under the old name what is no pair of them."""
    # With a word of Keras 2 beside them they may be a size and strides.
    others = {"*", "**", "kernel_size", "padding", "strides", "data_format"}
    if others.intersection(str(each.name) for each in arguments):
        return False
    if old_name:
        return not any(isinstance(each.value, (ast.Tuple, ast.List)) for each in given)
    return all(isinstance(each.literal, int) for each in given)


def _joined(
    call: ast.Call, arguments: List[Argument], sizes: List[Argument], plain: bool
) -> Replacement:
    """The call with the sizes as one argument, in the place of the first."""
    called = respelled(call, arguments)
    words = {each: "{%d}" % number for number, each in enumerate(arguments, 1)}
    joined = "(%s)" % ", ".join(words[each] for each in sizes)
    given = []
    for each in arguments:
        if each == sizes[0]:
            given.append(joined if plain else "kernel_size=" + joined)
        elif each not in sizes:
            given.append(_with_name(each.name, words[each]))
    source = "{0}(%s)" % ", ".join(given)
    return Replacement(source, called.parts, keeps_layout=True)


def _with_name(name: Optional[str], word: str) -> str:
    return "%s=%s" % (name, word) if name else word
