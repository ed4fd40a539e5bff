"""Rule ``generation``: a program that was written for another Keras than 2.2 says so in its text.

``tfkeras_compat.generation("1.2")`` stands before the first import of Keras, or of a module beside
the program, so that no layer is made before it. The line stays when the spelling is modern: the
numbers and defaults of that generation remain.
"""

import ast
from typing import Any, Iterator, List, Optional

from tfkeras_compat.aliases import translated
from tfkeras_compat.migrate.names import ROOT, Names
from tfkeras_compat.migrate.rule import DROP_IN, Replacement, Rule, text_of

_CHOICE = "state.generation.generation"  # the public place, as Names gives it


class GenerationLine(Rule):
    """The line that chooses the generation, in the main script of a program that needs one."""

    name = "generation"
    steps = (DROP_IN,)
    nodes = (ast.stmt,)
    note = "a program of Keras 1.2 or of tf.keras says which generation of Keras it is written for"

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        chosen = names.program.generation
        first = names.remembered("first import", _first_import) if chosen else None
        if first is None or node is not first or generation_in(names):
            return None
        root = _name_of_root(node)
        if root:
            return Replacement(None, after=('%s.generation("%s")' % (root, chosen),))
        lines = ("import %s" % ROOT, '%s.generation("%s")' % (ROOT, chosen))
        return Replacement(None, before=lines)


def generation_in(names: Names) -> Optional[str]:
    """The generation that a module chooses itself, if it does."""
    for node in names.nodes:
        if isinstance(node, ast.Call) and names.path_of(node.func) == _CHOICE:
            return text_of(node.args[0]) if node.args else None
    return None


def _first_import(names: Names) -> Any:
    """The first statement of the module with an import that may make layers, or needs them."""
    return next((each for each in names.tree.body if _imports_ours(each, names)), None)


def _imports_ours(statement: ast.AST, names: Names) -> bool:
    return any(
        translated(path) or path.partition(".")[0] in (ROOT, *names.program.beside)
        for node in ast.walk(statement)
        for path in imported_paths(node)
    )


def imported_paths(node: ast.AST) -> Iterator[str]:
    """The paths of the modules that an import statement names."""
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and not node.level:
        yield str(node.module)


def _name_of_root(node: Any) -> Optional[str]:
    aliases: List[ast.alias] = node.names if isinstance(node, ast.Import) else []
    bound = [alias.asname or alias.name for alias in aliases if alias.name == ROOT]
    return bound[0] if bound and len(aliases) == 1 else None
