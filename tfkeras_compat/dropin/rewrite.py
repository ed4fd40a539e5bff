"""Rewrites the imports of legacy source, in memory, by the table of roots in ``legacy/modules.py``.

Only ``import`` statements change, and every node keeps its place, so that tracebacks show the
user's own lines. ``importlib.import_module("keras")`` and relative imports are left as they are.
"""

import ast

from tfkeras_compat.aliases import translated
from tfkeras_compat.legacy.modules import ROOTS


def compiled(source, path):
    """The code object of legacy source (bytes or text) with its imports rewritten.

    Raises: SyntaxError if the source does not parse.
    """
    return compile(rewritten(ast.parse(source, path)), path, "exec", dont_inherit=True)


def rewritten(tree):
    """A module's syntax tree with ``keras`` and ``tensorflow`` imported from here.

    >>> scope = {}
    >>> exec(compile(rewritten(ast.parse("import keras.losses, json as j")), "x", "exec"), scope)
    >>> scope["keras"].__name__, scope["j"].__name__
    ('tfkeras_compat', 'json')
    """
    return ast.fix_missing_locations(_Imports().visit(tree))


class _Imports(ast.NodeTransformer):
    def visit_Import(self, node):
        node.names = [new for old in node.names for new in _import_targets(old)]
        return node

    def visit_ImportFrom(self, node):
        if node.level or translated(node.module) is None:
            return node
        roots = [alias for alias in node.names if _path(node, alias) in ROOTS]
        others = [alias for alias in node.names if _path(node, alias) not in ROOTS]
        statements = [_import_of_root(node, alias) for alias in roots]
        if others:
            node.module, node.names = translated(node.module), others
            statements.append(node)
        return statements


def _import_targets(alias):
    """What takes the place of one name in an ``import`` statement."""
    target = translated(alias.name)
    if target is None:
        return [alias]
    if alias.asname:
        return [_alias(alias, target, alias.asname)]
    # `import keras.backend` loads the module and binds the root: the second alias binds it anew.
    root = alias.name.partition(".")[0]
    loaded = [_alias(alias, target, root)] if alias.name != root else []
    return loaded + [_alias(alias, translated(root), root)]


def _path(node, alias):
    return node.module + "." + alias.name


def _import_of_root(node, alias):
    """``from tensorflow import keras`` as an import of the package that the table has for it."""
    name = _alias(alias, ROOTS[_path(node, alias)], alias.asname or alias.name)
    return ast.copy_location(ast.Import(names=[name]), node)


def _alias(old, name, asname):
    return ast.copy_location(ast.alias(name=name, asname=asname), old)
