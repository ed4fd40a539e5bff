"""What variables are called in the checkpoints that tf.keras 1.15 writes for an Estimator.

There are two kinds: by the names of variables, where layers are counted from ``dense`` on and not
from ``dense_1``, and by the place of a variable in the model: ``layer_with_weights-0/kernel``.
"""

import re
from typing import Any, Dict, List

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.engine.network import Network
from tfkeras_compat.estimator.sessions import STEP_KEYS
from tfkeras_compat.optimizers import TFOptimizer
from tfkeras_compat.state.naming import snake_case

_VALUE = "/.ATTRIBUTES/VARIABLE_VALUE"
_SLOT = "/.OPTIMIZER_SLOT/"

# Our optimizers' attributes, and the kinds of their slots -> what tf.keras calls them.
_SETTINGS = {
    "lr": "learning_rate",
    "beta_1": "beta_1",
    "beta_2": "beta_2",
    "decay": "decay",
    "m_schedule": "momentum_cache",
    "momentum": "momentum",
    "rho": "rho",
}
_SLOTS = {
    "Adadelta": {"average": "accum_grad", "change_average": "accum_var"},
    "Adagrad": {"total": "accumulator"},
    "Adam": {"mean": "m", "size": "v", "largest_size": "vhat"},
    "Adamax": {"mean": "m", "largest": "v"},
    "Nadam": {"mean": "m", "size": "v"},
    "RMSprop": {"average": "rms"},
    "SGD": {"velocity": "momentum"},
}
# What tf.keras keeps in variables and we do not: its name, and the attribute with the value.
_CONSTANTS: Dict[str, Dict[str, Any]] = {
    "Adadelta": {"rho": "rho"},
    "Nadam": {"decay": "schedule_decay"},
    "RMSprop": {"momentum": None},
}


def own(clone, optimizer):
    """Every variable under its own name, as Estimators of this package had it at first."""
    return {variable.op.name: variable.op.name for variable in tf.global_variables()}


def by_name(clone, optimizer):
    """The keys of the format ``"saver"`` by the names of the graph's variables."""
    names = _automatic_names(clone)
    keys = {name: _renamed(name, names) for name in own(clone, optimizer)}
    if len(set(keys.values())) < len(keys):
        keys = own(clone, optimizer)
    return _with_optimizer(keys, clone, optimizer, _name_of_slot, _name_of_setting)


def by_place(clone, optimizer):
    """The keys of the format ``"checkpoint"``; what has no place in the model keeps its name."""
    keys = dict(own(clone, optimizer), **{STEP_KEYS[0]: STEP_KEYS[1]})
    keys.update((weight.op.name, path + _VALUE) for weight, path in _paths(clone))
    return _with_optimizer(keys, clone, optimizer, _place_of_slot, _place_of_setting)


def constants(optimizer, checkpoint_format):
    """Keys and values of what tf.keras also expects to find."""
    kind = type(optimizer).__name__
    key_of = _place_of_setting if checkpoint_format == "checkpoint" else _name_of_setting
    return {
        key_of(kind, name): getattr(optimizer, attribute) if attribute else 0.0
        for name, attribute in _CONSTANTS.get(kind, {}).items()
    }


def object_graph(clone, optimizer):
    """``(key, value)`` of the description that lies beside keys by place: which objects they lead
    through, and the names that the variables have."""
    names, places = by_name(clone, optimizer), by_place(clone, optimizer)
    objects = _Objects()
    for name, key in sorted(places.items()):
        if key.endswith(_VALUE):
            attribute = objects.at(key[: -len(_VALUE)]).attributes.add()
            attribute.name, attribute.full_name = _VALUE.rpartition("/")[2], names[name]
            attribute.checkpoint_key = key
    return _tf.OBJECT_GRAPH_KEY, objects.graph.SerializeToString()


class _Objects:
    """The description of objects by their paths, which it adds as they are asked for."""

    def __init__(self):
        self.graph = _tf.TrackableObjectGraph()
        self.graph.nodes.add()
        self._ids = {"": 0}

    def at(self, path):
        return self.graph.nodes[self._id(path)]

    def _id(self, path):
        if path not in self._ids:
            self._add(path)
        return self._ids[path]

    def _add(self, path):
        weight, _, slot = path.partition(_SLOT)
        owner, _, name = (slot or path).rpartition("/")
        owner_id, weight_id = self._id(owner), self._id(weight) if slot else None
        self._ids[path] = number = len(self.graph.nodes)
        self.graph.nodes.add()
        if slot:
            self.graph.nodes[owner_id].slot_variables.add(
                original_variable_node_id=weight_id, slot_name=name, slot_variable_node_id=number
            )
        else:
            self.graph.nodes[owner_id].children.add(node_id=number, local_name=name)


def by_order(saved):
    """As :func:`by_name` for a checkpoint with the shapes ``saved``, whose layers of each kind may
    be counted from another number on, if there are as many."""

    def layout(clone, optimizer):
        theirs = _by_kind(saved)
        weights = [weight.op.name for weight in clone.weights]
        keys = own(clone, optimizer)
        for kind, names in _by_kind(weights).items():
            if len(theirs.get(kind, ())) == len(names):
                keys.update(zip(names, theirs[kind]))
        return _with_optimizer(keys, clone, optimizer, _name_of_slot, _name_of_setting)

    return layout


# ---- layers -------------------------------------------------------------------------------------


def _layers_below(layer):
    for each in layer._sublayers():
        yield each
        yield from _layers_below(each)


def _automatic_names(clone):
    """The name that tf.keras gives to each layer which has the automatic one here."""
    names = {}
    for layer in _layers_below(clone):
        kind, number = _parts(layer.name)
        if number and re.sub("^(forward|backward)_", "", kind) == snake_case(type(layer).__name__):
            names[layer.name] = kind if number == 1 else "%s_%d" % (kind, number - 1)
    return names


def _parts(name):
    """``("dense", 2)`` of ``dense_2``; the number of a name without one is 0."""
    kind, _, number = name.rpartition("_")
    return (kind, int(number)) if kind and number.isdigit() else (name, 0)


def _renamed(path, names):
    return "/".join(names.get(part, part) for part in path.split("/"))


def _by_kind(paths):
    """The paths in the order of their numbers, by what they are without them."""
    found: Dict[str, List[str]] = {}
    for path in sorted(paths, key=_numbers):
        kind = "/".join(_parts(part)[0] for part in path.split("/"))
        found.setdefault(kind, []).append(path)
    return found


def _numbers(path):
    return [_parts(part)[1] for part in path.split("/")]


def _paths(layer, prefix=""):
    """``(weight, path)``: the attributes that lead from a model to it."""
    if isinstance(layer, Network):
        below = [each for each in layer.layers if each.weights]
        named = [("layer_with_weights-%d" % index, each) for index, each in enumerate(below)]
    else:
        below = layer._sublayers()
        named = [item for item in vars(layer).items() if any(item[1] is each for each in below)]
    inner = {id(weight) for each in below for weight in each.weights}
    for weight in layer.weights:
        if id(weight) not in inner:
            yield weight, prefix + weight.op.name.rpartition("/")[2]
    for name, each in named:
        yield from _paths(each, prefix + name + "/")


# ---- optimizers ---------------------------------------------------------------------------------


def _with_optimizer(keys, clone, optimizer, key_of_slot, key_of_setting):
    """``keys`` with those of the optimizer's variables, where tf.keras has them too."""
    if optimizer is None:
        return keys
    kind = type(optimizer).__name__
    for name, variable in _settings(optimizer):
        keys[variable.op.name] = key_of_setting(kind, name)
    for weight, name, slot in _slots(clone, optimizer):
        if slot.get_shape().as_list() == weight.get_shape().as_list():
            keys[slot.op.name] = key_of_slot(kind, keys[weight.op.name], name, slot.op.name)
    return keys


def _settings(optimizer):
    if isinstance(optimizer, TFOptimizer):
        shared = [each for each in optimizer.weights if each.op.name.startswith("training/")]
        return [(each.op.name.rpartition("/")[2], each) for each in shared]
    named = [(key, vars(optimizer).get(name)) for name, key in _SETTINGS.items()]
    return [(key, variable) for key, variable in named if _tf.is_variable(variable)]


def _slots(clone, optimizer):
    """``(weight, kind, slot)`` of an optimizer that has made its slots."""
    weights = clone.trainable_weights
    if isinstance(optimizer, TFOptimizer):
        wrapped = optimizer.optimizer
        names = wrapped.get_slot_names()
        found = [(each, name, wrapped.get_slot(each, name)) for name in names for each in weights]
        return [slot for slot in found if slot[2] is not None]
    names = _SLOTS.get(type(optimizer).__name__, {})
    slots = optimizer.weights[int(optimizer.saves_iterations) :] if names else []
    owners = [(each, names[kind]) for kind in optimizer.slot_names if names for each in weights]
    # m_schedule and the like come after them, if they are weights at all.
    return [(weight, name, slot) for (weight, name), slot in zip(owners, slots)]


def _name_of_slot(kind, weight, name, own_name):
    if kind == "TFOptimizer":
        return "%s/%s" % (weight, own_name.rpartition("/")[2])
    return "training/%s/%s/%s" % (kind, weight, name)


def _name_of_setting(kind, name):
    return "training/" + (name if kind == "TFOptimizer" else "%s/%s" % (kind, name))


def _place_of_slot(kind, weight, name, own_name):
    return weight[: -len(_VALUE)] + _SLOT + _place_of_setting(kind, name)


def _place_of_setting(kind, name):
    place = "optimizer/optimizer" if kind == "TFOptimizer" else "optimizer"
    return "%s/%s" % (place, name) + _VALUE
