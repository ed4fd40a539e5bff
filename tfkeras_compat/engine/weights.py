"""Weights as a layer declares them, and the older order of ``add_weight``'s arguments."""

import functools
from typing import Any

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


def accepts_keras_1_order(add_weight: Any) -> Any:
    """Lets ``add_weight`` be called as Keras 1 did, with the shape first, as well as with the name
    first."""

    @functools.wraps(add_weight)
    def wrapper(self: Any, *args: Any, **kwargs: Any) -> Any:
        begins_with_shape = bool(args) and not (args[0] is None or isinstance(args[0], str))
        order = _KERAS_1_ORDER if begins_with_shape else _KERAS_2_ORDER
        return add_weight(self, **dict(zip(order, args), **kwargs))

    return wrapper
