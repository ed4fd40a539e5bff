"""Weights as a layer declares them, their layout in variables, and the older order of
``add_weight``'s arguments.

A layer declares and uses weights as Keras 2.2 had them. The variables behind one may be several,
one for each gate, or have other axes, as the table of the generation says; the layer then gets a
tensor that is made of them.
"""

import copy
import functools
from typing import Any, Dict, List

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.state import naming
from tfkeras_compat.state.generation import trait_of
from tfkeras_compat.state.structures import contains

_KERAS_1_ORDER = ("shape", "initializer", "name", "trainable", "regularizer", "constraint")
_KERAS_2_ORDER = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")


class WeightSpec:
    """One weight as declared: building, naming, saving and freezing read this and nothing else.

    ``wanted=False`` declares a weight that this configuration does without; its attribute is
    ``None``.
    """

    def __init__(
        self,
        name: str,
        shape: Any,
        initializer: Any = None,
        regularizer: Any = None,
        constraint: Any = None,
        trainable: Any = True,
        dtype: Any = None,
        wanted: Any = True,
    ) -> None:
        self.name = name
        self.shape = tuple(shape)
        self.initializer = initializer
        self.regularizer = regularizer
        self.constraint = constraint
        self.trainable = trainable
        self.dtype = dtype
        self.wanted = wanted

    def arguments(self) -> Any:
        """The keyword arguments of ``Layer.add_weight``."""
        return {name: value for name, value in vars(self).items() if name != "wanted"}


class Placed:
    """A declared weight, and the variables that hold it: one, or one for each gate.

    Attributes:
        gates: letters of the gates in the order of the variables, or ``None`` without gates.
        variables: by gate.
        axes: those of a variable, in today's order.
        added: an axis of size 1 that only the variable has.
    """

    def __init__(self, layer: Any, spec: WeightSpec) -> None:
        layout = trait_of("layouts", type(layer)) if layer.follows_generation else {}
        attribute, value = layout.get("joined_where", ("", None))
        is_joined = getattr(layer, attribute, None) == value if attribute else False
        by_format = layout.get("axes", {}).get(spec.name, {})
        self.spec = spec
        self.gates = None if is_joined else layout.get("gates")
        self.todays_gates = layer.gates if self.gates else [None]
        self.axes = by_format.get(getattr(layer, "data_format", None))
        self.added = layout.get("one_more_axis", {}).get(spec.name)
        self.variables: Dict[Any, Any] = {}

    @property
    def is_plain(self) -> bool:
        """Whether the weight is a variable as declared."""
        return not self.gates and self.axes is None and self.added is None

    def variable_spec(self, gate: Any) -> WeightSpec:
        """What the variable of a gate is made of; with ``None`` the only one."""
        if self.is_plain:
            return self.spec
        spec = copy.copy(self.spec)
        shape = spec.shape[:-1] + (spec.shape[-1] // len(self.todays_gates),)
        spec.initializer = functools.partial(self._initial, gate, shape)
        spec.shape = np.shape(self._stored(np.empty(shape, bool)))
        return spec

    def _initial(self, gate: Any, part_shape: Any, _: Any, dtype: Any = None) -> Any:
        # A bias is initialized as a whole: its initializer may know of gates.
        whole, place = self.spec.shape, self.todays_gates.index(gate)
        if len(whole) > 1:
            return self._stored(self.spec.initializer(part_shape, dtype=dtype), tf)
        size = part_shape[0]
        return self.spec.initializer(whole, dtype=dtype)[place * size : (place + 1) * size]

    def _stored(self, part: Any, using: Any = np) -> Any:
        """A part of the weight as its variable has it."""
        if self.axes is not None:
            part = using.transpose(part, np.argsort(self.axes))
        return part if self.added is None else using.expand_dims(part, self.added)

    def _as_today(self, variable: Any) -> Any:
        part = variable if self.added is None else tf.squeeze(variable, [self.added])
        return part if self.axes is None else tf.transpose(part, self.axes)

    def weight(self) -> Any:
        """The weight as the layer uses it: the variable itself, or a tensor made of them."""
        if self.is_plain:
            return self.variables[None]
        with tf.init_scope():  # where the variables are made
            parts = [self._as_today(self.variables[gate]) for gate in self.todays_gates]
            return parts[0] if len(parts) == 1 else tf.concat(parts, axis=-1)

    def values(self, array: Any) -> Any:
        """Pairs of variables and their values, from that of the weight."""
        parts = np.split(array, len(self.todays_gates), axis=-1)
        return [
            (self.variables[gate], self._stored(part))
            for gate, part in zip(self.todays_gates, parts)
        ]


def make_weights(layer: Any, specs: Any, owner: Any = None) -> List[Placed]:
    """Makes the weights that a layer declares, in the layout of the generation, as attributes.

    ``owner`` is the layer that the variables are named after, if it is another.
    """
    owner = owner or layer
    specs = list(specs)
    placed = [Placed(layer, spec) for spec in specs if spec.wanted]
    gates = next((each.gates for each in placed if each.gates), [None])
    for gate in gates:
        for each in placed:
            _make_variable(layer, owner, each, gate)
    for spec in specs:
        setattr(layer, spec.name, None)
    for each in placed:
        setattr(layer, each.spec.name, each.weight())
    return placed


def _make_variable(layer: Any, owner: Any, placed: Placed, gate: Any) -> None:
    spec = placed.variable_spec(gate)
    if not layer.follows_generation:
        placed.variables[gate] = layer.add_weight(**spec.arguments())
        return
    short = naming.short_weight_name(spec.name) + ("" if gate is None else "_" + gate)
    arguments = dict(spec.arguments(), name=naming.weight_name(owner.name, short))
    placed.variables[gate] = layer.add_weight(**arguments)
    if short != spec.name:
        setattr(owner, short, placed.variables[gate])


def weights_placed(layer: Any) -> List[Placed]:
    """The declared weights of a layer and of those inside it."""
    below = [each for inner in layer._sublayers() for each in weights_placed(inner)]
    return layer._placed + below


def count_in_keras_2(layer: Any, kind: str) -> int:
    """How many weights Keras 2.2 has in ``layer.trainable_weights``, or in another list."""
    own = getattr(layer, kind)
    placed = weights_placed(layer)
    if all(each.is_plain for each in placed):
        return len(own)
    return sum(contains(own, next(iter(each.variables.values()))) for each in placed)


def shape_in_keras_2(layer: Any, index: int) -> Any:
    """The shape that a weight of a layer has in Keras 2.2, by its place there."""
    placed = weights_placed(layer)
    if all(each.is_plain for each in placed):
        return K.int_shape(layer.weights[index])
    return placed[index].spec.shape


def in_layout_of(layer: Any, arrays: Any) -> Any:
    """Arrays in the layout of Keras 2.2 as values of ``layer.weights``.

    They are left as they are where they do not fit the weights that the layer declares.
    """
    placed = weights_placed(layer)
    if all(each.is_plain for each in placed):
        return arrays
    if [np.shape(array) for array in arrays] != [each.spec.shape for each in placed]:
        return arrays
    pairs = [pair for each, array in zip(placed, arrays) for pair in each.values(array)]
    return [next(value for own, value in pairs if own is weight) for weight in layer.weights]


def accepts_keras_1_order(add_weight: Any) -> Any:
    """Lets ``add_weight`` be called as Keras 1 did, with the shape first, as well as with the name
    first."""

    @functools.wraps(add_weight)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        begins_with_shape = bool(args) and not (args[0] is None or isinstance(args[0], str))
        order = _KERAS_1_ORDER if begins_with_shape else _KERAS_2_ORDER
        return add_weight(self, **dict(zip(order, args), **kwargs))

    return wrapper
