"""Rule ``import tensorflow``: plain names of ``tensorflow.compat.v1``, and ours for the others.

``import tfkeras_compat.tensorflow as tf`` becomes ``import tensorflow.compat.v1 as tf`` with
``tf.disable_v2_behavior()``, which importing ours did. What ``compat.v1`` does not have today
(``tf.layers``, ``tf.contrib``, ``tf.keras``, ``tf.estimator`` ...) is reached through
``import tfkeras_compat.tensorflow as tfc``.
"""

import ast
from typing import Any, Iterator, List, Optional

from tfkeras_compat.legacy.tensorflow import OURS
from tfkeras_compat.migrate.calls import spelled
from tfkeras_compat.migrate.names import Names
from tfkeras_compat.migrate.rule import COMPAT_V1, Replacement, Rule, dotted

OUR_MODULE = "tfkeras_compat.tensorflow"
PLAIN = "tensorflow.compat.v1"
_SWITCH = "disable_v2_behavior"
# Names for our module, of which the first that is free is taken.
_SHORT = ("tfc", "tf_compat", "tfkeras_tf")


class ImportTensorFlow(Rule):
    """A module that uses ``tf`` otherwise than for its names keeps ours."""

    name = "import tensorflow"
    steps = (COMPAT_V1,)
    nodes = (ast.Import, ast.ImportFrom, ast.Attribute)
    note = "tensorflow.compat.v1 by itself, and tfc.layers, tfc.contrib for what it does not have"

    def replacement(self, node: Any, names: Names) -> Optional[Replacement]:
        if isinstance(node, ast.Import):
            return _import(node, names)
        if isinstance(node, ast.ImportFrom):
            return _import_from(node, names)
        return _attribute(node, names)


def _import(node: ast.Import, names: Names) -> Optional[Replacement]:
    mine = [each for each in node.names if each.name == OUR_MODULE and each.asname]
    if not mine or not _can_be_plain(str(mine[0].asname), names):
        return None
    name = str(mine[0].asname)
    others = [spelled(each) for each in node.names if each is not mine[0]]
    source = "import " + ", ".join(["%s as %s" % (PLAIN, name)] + others)
    after = ["%s.%s()" % (name, _SWITCH)] if _adds_switch(node, names) else []
    if _uses_ours(name, names) and not names.is_bound(_short_name(names)):
        after.insert(0, "import %s as %s" % (OUR_MODULE, _short_name(names)))
    return Replacement(source, after=tuple(after))


def _import_from(node: ast.ImportFrom, names: Names) -> Optional[Replacement]:
    """``from tensorflow import layers, placeholder``: each from where it is."""
    plain = _plain_names(node)
    if not plain:
        return None
    below = str(node.module)[len(OUR_MODULE) :]
    ours = [spelled(each) for each in node.names if each not in plain]
    adds_switch = _adds_switch(node, names)
    new = [spelled(each) for each in plain] + ([_SWITCH] if adds_switch and not below else [])
    lines = ["from %s%s import %s" % (PLAIN, below, ", ".join(new))]
    if ours:
        lines.insert(0, "from %s import %s" % (node.module, ", ".join(ours)))
    if adds_switch and below:
        lines.insert(0, "from %s import %s" % (PLAIN, _SWITCH))
    return Replacement("\n".join(lines), after=(_SWITCH + "()",) if adds_switch else ())


def _plain_names(node: ast.ImportFrom) -> List[ast.alias]:
    """The names that ``compat.v1`` has. What is assigned to is not seen: a class stays ours."""
    path = str(node.module)
    if node.level or not (path + ".").startswith(OUR_MODULE + ".") or node.names[0].name == "*":
        return []
    below = path[len(OUR_MODULE) + 1 :]
    within = below + "." if below else ""
    ours = [each for each in node.names if _is_ours(within + each.name) or each.name == "Variable"]
    return [] if _is_ours(below) else [each for each in node.names if each not in ours]


def _adds_switch(node: Any, names: Names) -> bool:
    """Whether a statement is the first of the module to import TensorFlow: it switches it."""
    statements = [each for each in names.tree.body if _becomes_plain(each, names)]
    return not _switches(names) and (node is statements[0] if statements else True)


def _becomes_plain(node: Any, names: Names) -> bool:
    if isinstance(node, ast.ImportFrom):
        return bool(_plain_names(node))
    mine = node.names if isinstance(node, ast.Import) else []
    return any(
        each.name == OUR_MODULE and each.asname and _can_be_plain(each.asname, names)
        for each in mine
    )


def _attribute(node: ast.Attribute, names: Names) -> Optional[Replacement]:
    """``tf.layers`` as ``tfc.layers``."""
    name = _root_name(node)
    path = names.full_path_of(node) or ""
    roots = [root for root in (OUR_MODULE, PLAIN) if path.startswith(root + ".")]
    if not roots or not isinstance(node.value, ast.Name) or names.full_path_of(node.value) is None:
        return None
    if name == _short_name(names) or not _can_be_plain(name, names):
        return None
    ours = _is_ours_here(node, path[len(roots[0]) + 1 :], names)
    return Replacement("%s.%s" % (_short_name(names), node.attr)) if ours else None


def _is_ours_here(node: Any, below: str, names: Names) -> bool:
    """Whether what an attribute begins (``tf.nn`` of ``tf.nn.rnn_cell.GRUCell``) is ours."""
    whole = below
    parent = names.parent_of(node)
    while isinstance(parent, ast.Attribute):
        whole += "." + parent.attr
        parent, node = names.parent_of(parent), parent
    return _is_ours(whole) or (whole == "Variable" and getattr(parent, "func", None) is not node)


def _is_ours(below: str) -> bool:
    return any((below + ".").startswith(each + ".") for each in OURS)


def _root_name(node: Any) -> str:
    return str(dotted(node)).partition(".")[0]


def _short_name(names: Names) -> str:
    return str(names.remembered("short name", _free_short_name))


def _free_short_name(names: Names) -> str:
    free = [name for name in _SHORT if not names.is_bound(name) or _is_our_module(name, names)]
    return (free + [_SHORT[-1]])[0]


def _is_our_module(name: str, names: Names) -> bool:
    return all(scope.get(name, OUR_MODULE) == OUR_MODULE for scope in names.scopes)


def _uses(name: str, names: Names) -> Iterator[ast.Name]:
    for node in names.nodes:
        if isinstance(node, ast.Name) and node.id == name:
            yield node


def _can_be_plain(name: str, names: Names) -> bool:
    """Whether a module uses the name only for names of TensorFlow, one of them not ours."""
    return bool(names.remembered("plain " + name, lambda names: _is_plain(name, names)))


def _is_plain(name: str, names: Names) -> bool:
    if not all(scope.get(name, OUR_MODULE) == OUR_MODULE for scope in names.scopes):
        return False
    parents = [names.parent_of(use) for use in _uses(name, names)]
    plain = [each for each in parents if not _begins_ours(each, names)]
    return all(isinstance(each, ast.Attribute) for each in parents) and bool(plain or not parents)


def _begins_ours(node: Any, names: Names) -> bool:
    return isinstance(node, ast.Attribute) and _is_ours_here(node, node.attr, names)


def _uses_ours(name: str, names: Names) -> bool:
    return any(_begins_ours(names.parent_of(use), names) for use in _uses(name, names))


def _switches(names: Names) -> bool:
    """Whether the module switches TensorFlow to 1.x behaviour itself."""
    called: List[Any] = [node.func for node in names.nodes if isinstance(node, ast.Call)]
    return any(
        getattr(each, "attr", getattr(each, "id", "")) == _SWITCH
        and (names.path_of(each) or "").startswith("tensorflow")
        for each in called
    )
