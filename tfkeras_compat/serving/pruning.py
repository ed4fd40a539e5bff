"""The nodes of a graph that compute some tensors once a condition is fixed: no branch for training,
no optimizer, nothing else."""

from typing import Any, Dict, Set

from tfkeras_compat._tf import tf

_END_OF_LOOP = "NextIteration"
# What a node makes of a condition that is known, and hands on as known.
_HANDED_ON = {"Identity": bool, "LogicalNot": lambda value: not value}


def pruned(definition, wanted, fixed):
    """A ``GraphDef`` with the nodes that the nodes named ``wanted`` need.

    Args: ``fixed`` maps names of nodes to the arrays that they always give from now on.
    Branches that are never taken then are left out. So are devices and colocations: those are of
    the machine that trained.
    """
    all_nodes = {node.name: node for node in definition.node}
    nodes = _Folding(fixed).folded([all_nodes[name] for name in _in_order(all_nodes, wanted)])
    needed = needed_for(nodes, wanted)
    result = tf.GraphDef(versions=definition.versions, library=definition.library)
    result.node.extend(node for node in nodes.values() if node.name in needed)
    for node in result.node:
        node.ClearField("device")
        node.attr.pop("_class", None)
    return result


def node_name(tensor_name):
    """The name of the node that gives a tensor, also of one that is only waited for."""
    return tensor_name.lstrip("^").split(":")[0]


def needed_for(nodes, wanted, given=()):
    """The names of the nodes that ``wanted`` need, but for what only gives those ``given``."""
    found: Set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in found and name not in given:
            waiting.extend(node_name(each) for each in nodes[name].input)
        found.add(name)
    return found


def _in_order(nodes, wanted):
    """The names of the nodes that ``wanted`` need, each after what it needs itself; only the ends
    of loops come after what takes them up."""
    found: Dict[str, None] = {}
    opened: Set[str] = set()
    waiting = list(wanted)
    while waiting:
        name = waiting[-1]
        if name in opened:
            found.setdefault(waiting.pop())
            continue
        opened.add(name)
        inputs = [node_name(each) for each in nodes[name].input]
        waiting[:0] = [each for each in inputs if nodes[each].op == _END_OF_LOOP]
        waiting += [
            each for each in inputs if each not in opened and nodes[each].op != _END_OF_LOOP
        ]
    return list(found)


class _Folding:
    """What one pass over the nodes, in the order of :func:`_in_order`, learns."""

    def __init__(self, fixed):
        self.fixed = fixed
        self.known: Dict[str, bool] = {}  # conditions, by node
        self.dead: Set[str] = set()  # nodes, and single outputs of nodes, that never give a value
        self.renamed: Dict[str, str] = {}  # outputs of a choice that is made

    def folded(self, nodes):
        """The nodes that are alive, by name, with a plain node for each choice that is made."""
        self.ends_of_loops = {node.name for node in nodes if node.op == _END_OF_LOOP}
        self.inputs = {name for node in nodes for name in node.input}
        found = {}
        for original in nodes:
            node = tf.NodeDef.FromString(original.SerializeToString())
            if self._stays(node):
                found[node.name] = node
            else:
                self.dead.add(node.name)
        return found

    def _stays(self, node):
        if node.name in self.fixed:
            self._fix(node, self.fixed[node.name])
            return True
        alive = [name for name in node.input if not self._is_dead(name)]
        has_all = len(alive) == len(node.input)
        if node.op != "Merge" and not has_all:
            return False
        alive = [self.renamed.get(name, name) for name in alive]
        if node.op == "Merge":
            return self._merge(node, alive, has_all)
        node.input[:] = alive
        self._choose(node)
        return True

    def _fix(self, node, value):
        node.CopyFrom(_constant(node.name, value))
        if value.dtype == bool and not value.shape:
            self.known[node.name] = bool(value)

    def _is_dead(self, name):
        output = name if ":" in name else name + ":0"
        return output in self.dead or node_name(name) in self.dead

    def _choose(self, node):
        if node.op in _HANDED_ON and node_name(node.input[0]) in self.known:
            self.known[node.name] = _HANDED_ON[node.op](self.known[node_name(node.input[0])])
        elif node.op == "Switch" and node_name(node.input[1]) in self.known:
            taken = int(self.known[node_name(node.input[1])])
            self.dead.add("%s:%d" % (node.name, 1 - taken))
            self.renamed["%s:1" % node.name] = node.name
            _become_identity(node, [node.input[0]] + list(node.input[2:]))

    def _merge(self, node, alive, has_all):
        data = [name for name in alive if not name.startswith("^")]
        entering = [name for name in data if node_name(name) not in self.ends_of_loops]
        if not has_all and len(data) == 1 and node.name + ":1" not in self.inputs:
            _become_identity(node, alive)
        return bool(entering)


def _constant(name, value):
    tensor = tf.make_tensor_proto(value)
    return tf.NodeDef(
        name=name,
        op="Const",
        attr={"dtype": tf.AttrValue(type=tensor.dtype), "value": tf.AttrValue(tensor=tensor)},
    )


def _become_identity(node: Any, inputs: Any) -> None:
    node.op = "Identity"
    node.input[:] = inputs
    node.attr.pop("N", None)
