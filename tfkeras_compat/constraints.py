"""Constraints: functions that bring a weight back into bounds after each update.

Shapes: that of the weight. ``axis`` is the axis, or list of axes, along which norms are taken: 0
for the inputs of each unit of a dense kernel, ``[0, 1, 2]`` for each filter of a 2D convolution in
the layout ``channels_last``.
"""

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.state import registry
from tfkeras_compat.state.generation import takes_defaults

_known = registry.Registry("constraint")


def _norms(w, axis):
    return K.sqrt(K.sum(K.square(w), axis=axis, keepdims=True))


@_known.register
class Constraint:
    """Base class of all constraints; leaves a weight as it is."""

    def __call__(self, w):
        return w

    def get_config(self):
        """The arguments that make an equal constraint."""
        return {}


@_known.register
class MaxNorm(Constraint):
    """Shortens weight vectors longer than ``max_value``.

    Source: Srivastava et al. 2014, http://www.cs.toronto.edu/~rsalakhu/papers/srivastava14a.pdf.

    >>> from tfkeras_compat import backend as K, constraints
    >>> K.eval(constraints.MaxNorm(1)(K.constant([[0.5, 4.]]))).round(4).tolist()
    [[0.5, 1.0]]
    """

    @takes_defaults
    def __init__(self, max_value=2, axis=0):
        self.max_value = max_value
        self.axis = axis

    def __call__(self, w):
        norms = _norms(w, self.axis)
        return w * (K.clip(norms, 0, self.max_value) / (K.epsilon() + norms))

    def get_config(self):
        return {"max_value": self.max_value, "axis": self.axis}


@_known.register
class NonNeg(Constraint):
    """Sets negative weights to zero."""

    def __call__(self, w):
        return w * K.cast(K.greater_equal(w, 0.0), K.floatx())


@_known.register
class UnitNorm(Constraint):
    """Gives every weight vector length one."""

    def __init__(self, axis=0):
        self.axis = axis

    def __call__(self, w):
        return w / (K.epsilon() + _norms(w, self.axis))

    def get_config(self):
        return {"axis": self.axis}


@_known.register
class MinMaxNorm(Constraint):
    """Brings the length of weight vectors between ``min_value`` and ``max_value``.

    ``rate`` is the part of the way that is gone at each update: 1 stands for strict bounds.
    """

    @takes_defaults
    def __init__(self, min_value=0.0, max_value=1.0, rate=1.0, axis=0):
        self.min_value = min_value
        self.max_value = max_value
        self.rate = rate
        self.axis = axis

    def __call__(self, w):
        norms = _norms(w, self.axis)
        desired = (
            self.rate * K.clip(norms, self.min_value, self.max_value) + (1 - self.rate) * norms
        )
        return w * (desired / (K.epsilon() + norms))

    def get_config(self):
        return {
            "min_value": self.min_value,
            "max_value": self.max_value,
            "rate": self.rate,
            "axis": self.axis,
        }


max_norm = maxnorm = _known.register(MaxNorm, "max_norm", "maxnorm")
non_neg = nonneg = _known.register(NonNeg, "non_neg", "nonneg")
unit_norm = unitnorm = _known.register(UnitNorm, "unit_norm", "unitnorm")
min_max_norm = _known.register(MinMaxNorm, "min_max_norm")


def serialize(constraint):
    """The configuration of a constraint: ``None``, a dictionary, or the name of a function."""
    return registry.serialize(constraint)


def deserialize(config, custom_objects=None):
    """The constraint that a configuration stands for.

    Raises:
        ConfigError: its name is unknown.
    """
    return _known.deserialize(config, custom_objects)


def get(identifier):
    """A constraint from a configuration, a name or a callable; ``None`` stays ``None``.

    Raises:
        ConfigError: unknown name, or something else.

    >>> from tfkeras_compat import constraints
    >>> constraints.get("maxnorm").max_value
    2
    """
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return deserialize({"class_name": identifier, "config": {}})
    if identifier is None or callable(identifier):
        return identifier
    raise ConfigError(
        "Could not interpret constraint identifier: %r. Expected a name, a configuration or a "
        "callable." % (identifier,)
    )
