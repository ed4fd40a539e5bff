"""Rule ``samples_per_epoch``: Keras 1 counted samples, Keras 2 counts batches."""

import ast
from typing import Any, List, Optional, Tuple

from tfkeras_compat.legacy.generations import DEFAULT, GENERATIONS
from tfkeras_compat.legacy.keywords import COUNTED_DIFFERENTLY, GENERATOR_METHODS
from tfkeras_compat.migrate.calls import Argument, Arguments, arguments_of, named
from tfkeras_compat.migrate.generation_line import generation_in
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.nb_epoch import METHODS, imports_keras
from tfkeras_compat.migrate.rule import KERAS_2

# Method that makes batches -> the place and the default of the argument that says of what size.
_FLOWS = {"flow": 2, "flow_from_directory": None}
_DEFAULT_SIZE = 32
# The argument that counts -> the argument whose batches it counts.
_SOURCES = {"nb_val_samples": "validation_data"}


class SamplesPerEpoch(Arguments):
    """The number of batches, where the size of a batch is seen; else it is said in a comment.

    The run time rounds up in the generation that counts samples, and down in the others.
    """

    name = "samples_per_epoch"
    steps = (KERAS_2,)
    note = "batches are counted: steps_per_epoch, validation_steps, steps; marked if unknown"

    def new(self, call: ast.Call, old: List[Argument], names: Names) -> List[Argument]:
        counting = _old_arguments(call, names)
        return [each in counting and _counted(each, call, names) or each for each in old]

    def mark(self, node: Any, names: Names) -> Optional[str]:
        for argument in _old_arguments(node, names):
            return (
                "keras2: %s: it counts samples, and the size of a batch is not to be seen here: "
                "write %s, the number of batches"
                % (argument.name, GENERATOR_METHODS[str(argument.name)])
            )
        return None


def _old_arguments(node: Any, names: Names) -> List[Argument]:
    if getattr(node.func, "attr", "") not in METHODS or not imports_keras(names):
        return []
    return [each for each in arguments_of(node) if each.name in COUNTED_DIFFERENTLY]


def _counted(argument: Argument, call: ast.Call, names: Names) -> Optional[Argument]:
    """The argument that counts batches; ``None`` if the size of a batch is not known."""
    size = _size_of(_source(argument, call), names)
    samples = argument.literal
    if not isinstance(size, int) or not isinstance(samples, int):
        return None
    chosen = generation_in(names) or names.program.generation or DEFAULT
    batches = -(-samples // size) if _rounds_up(chosen) else samples // size
    return Argument(GENERATOR_METHODS[str(argument.name)], str(batches))


def _rounds_up(generation: str) -> bool:
    return bool(GENERATIONS.get(generation, {}).get("counts_samples"))


def _source(argument: Argument, call: ast.Call) -> Any:
    name = _SOURCES.get(str(argument.name), "generator")
    first = call.args[0] if call.args and name == "generator" else None
    return first or named(call, name)


def _size_of(source: Any, names: Names) -> Any:
    """The size of the batches of ``datagen.flow(...)``, also through one name; else ``None``."""
    flow = _only_value(source, names) if isinstance(source, ast.Name) else source
    method = getattr(getattr(flow, "func", None), "attr", "")
    if not isinstance(flow, ast.Call) or method not in _FLOWS:
        return None
    arguments = arguments_of(flow)
    if {"*", "**"}.intersection(each.name or "" for each in arguments):
        return None
    return next((value for value in _sizes(arguments, _FLOWS[method])), _DEFAULT_SIZE)


def _sizes(arguments: List[Argument], place: Optional[int]) -> Tuple[Any, ...]:
    named_so = [each.literal for each in arguments if each.name == "batch_size"]
    plain = [each.literal for each in arguments if each.name is None]
    placed = plain[place : place + 1] if place is not None else []
    return tuple(named_so + placed)


def _only_value(name: ast.Name, names: Names) -> Any:
    """What is assigned to a name, if something is only once."""
    stores = [n for n in names.nodes if isinstance(n, ast.Name) and n.id == name.id]
    assigned = [names.parent_of(n) for n in stores if not isinstance(n.ctx, ast.Load)]
    only = assigned[0] if len(assigned) == 1 else None
    return only.value if isinstance(only, ast.Assign) else None
