"""Rule ``old arguments``: ``Dense(output_dim=3, init="uniform")`` in the words of Keras 2."""

import ast
from typing import Any, Dict, Iterator, List, Optional

from tfkeras_compat.legacy.keywords import IGNORED, KEYWORDS, ONLY_LISTED_VALUES, VALUES
from tfkeras_compat.legacy.places import ARGUMENTS, CLASSES
from tfkeras_compat.migrate.calls import Argument, Arguments, arguments_of
from tfkeras_compat.migrate.image_dim_ordering import in_keras_2_values, is_ordering
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.rule import KERAS_2


class OldArguments(Arguments):
    """Arguments of classes and functions, by the tables that the constructors read, too."""

    name = "old arguments"
    steps = (KERAS_2,)
    note = "arguments have their names and values of Keras 2; those that were ignored are gone"

    def new(self, call: ast.Call, old: List[Argument], names: Names) -> List[Argument]:
        cls = class_of(call.func, names)
        table = KEYWORDS.get(cls) or ARGUMENTS.get(names.path_of(call.func) or "", {})
        given = {each.name for each in old}
        return [each for argument in old for each in _new(argument, table, cls, given, names)]

    def mark(self, node: Any, names: Names) -> Optional[str]:
        table = KEYWORDS.get(class_of(node.func, names), {})
        left = [each for each in arguments_of(node) if table.get(str(each.name)) == "data_format"]
        if not left:
            return None
        return (
            "keras2: dim_ordering: its value is not to be seen here: write data_format, which is "
            '"channels_last" for "tf" and "channels_first" for "th"'
        )


def class_of(function: Any, names: Names) -> str:
    """The name in Keras 2 of the layer or model that is called, or ``""``."""
    path = names.path_of(function) or ""
    return CLASSES.get(path, path[len("layers.") :] if path.startswith("layers.") else "")


def _new(
    argument: Argument, table: Dict[str, Any], cls: str, given: Any, names: Names
) -> Iterator[Argument]:
    """What takes the place of one argument."""
    new_names: List[str] = _listed(table.get(str(argument.name), ()))
    if _is_ignored(argument, cls) or _is_dropped(argument, new_names):
        return
    new = [Argument(name, _value(argument, name, names)) for name in new_names]
    known = all(each.value is not None for each in new)
    twice = any(name in given for name in new_names)
    yield from new if new and known and not twice else [argument]


def _listed(new: Any) -> List[str]:
    return [new] if isinstance(new, str) else list(new)


def _is_ignored(argument: Argument, cls: str) -> bool:
    values = IGNORED.get(cls, {}).get(str(argument.name))
    return values is not None and (not values or argument.literal in values)


def _is_dropped(argument: Argument, new_names: List[str]) -> bool:
    """Whether it is ignored because its value is none that Keras 2 has a word for."""
    known = argument.literal is not ... and isinstance(argument.literal, str)
    only = [name for name in new_names if name in ONLY_LISTED_VALUES]
    return bool(only) and known and argument.literal not in VALUES[only[0]]


def _value(argument: Argument, name: str, names: Names) -> Any:
    """The value, in the words of Keras 2; ``None`` if it is not known which."""
    known = VALUES.get(name)
    if known is None:
        return argument.value
    if name == "data_format" and is_ordering(argument.value, names):
        return in_keras_2_values(argument.value)
    if argument.literal is ... or argument.literal is None:
        return argument.value if argument.literal is None or name == "implementation" else None
    return repr(known.get(argument.literal, argument.literal)).replace("'", '"')
