"""Regularizers: penalties on weights or outputs, added to the loss.

Called with a tensor of any shape they give a scalar.
"""

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.state import registry

_known = registry.Registry("regularizer")


@_known.register
class Regularizer:
    """Base class of all regularizers; no penalty."""

    def __call__(self, x):
        return 0.0

    @classmethod
    def from_config(cls, config):
        """A regularizer from ``get_config()``, which subclasses define."""
        return cls(**config)


@_known.register
class L1L2(Regularizer):
    """``l1 * sum(abs(x)) + l2 * sum(x ** 2)``; the number 0 if both factors are.

    >>> from tfkeras_compat import backend as K, regularizers
    >>> round(float(K.eval(regularizers.L1L2(l1=1., l2=0.5)(K.constant([-1., 2.])))), 4)
    5.5
    """

    def __init__(self, l1=0.0, l2=0.0):
        self.l1 = K.cast_to_floatx(l1)
        self.l2 = K.cast_to_floatx(l2)

    def __call__(self, x):
        penalty = 0.0
        if self.l1:
            penalty += self.l1 * K.sum(K.abs(x))
        if self.l2:
            penalty += self.l2 * K.sum(K.square(x))
        return penalty

    def get_config(self):
        """Both factors, as rounded to the float type of the backend."""
        return {"l1": float(self.l1), "l2": float(self.l2)}


@_known.register
def l1(l=0.01):  # noqa: E741 - the original's argument name
    """``l * sum(abs(x))``."""
    return L1L2(l1=l)


@_known.register
def l2(l=0.01):  # noqa: E741 - the original's argument name
    """``l * sum(x ** 2)``."""
    return L1L2(l2=l)


@_known.register
def l1_l2(l1=0.01, l2=0.01):
    """``l1 * sum(abs(x)) + l2 * sum(x ** 2)``."""
    return L1L2(l1=l1, l2=l2)


# Names of Keras 1, which told penalties of weights from those of activities.
WeightRegularizer = ActivityRegularizer = L1L2Regularizer = _known.register(
    L1L2, "WeightRegularizer", "ActivityRegularizer", "L1L2Regularizer"
)
activity_l1 = _known.register(l1, "activity_l1")
activity_l2 = _known.register(l2, "activity_l2")
l1l2 = activity_l1l2 = _known.register(l1_l2, "l1l2", "activity_l1l2")


@_known.register
class EigenvalueRegularizer(Regularizer):
    """``k`` times the root of the largest eigenvalue of ``transpose(x) x``: Keras 1's.

    Shapes: ``(n, m)`` of known sizes. Raises: ShapeError for other ranks.
    """

    steps = 9

    def __init__(self, k):
        self.k = k

    def __call__(self, x):
        if K.ndim(x) != 2:
            raise ShapeError(
                "EigenvalueRegularizer is only available for matrices, found shape %s."
                % (K.int_shape(x),)
            )
        covariance = K.dot(K.transpose(x), x)
        vector = K.ones_like(covariance[:, :1])
        for _ in range(self.steps):  # of the power method
            vector = K.dot(covariance, vector)
        squared_length = K.dot(K.transpose(vector), vector)
        largest = K.dot(K.transpose(K.dot(covariance, vector)), vector) / squared_length
        return K.sum(K.sqrt(largest) * self.k)

    def get_config(self):
        """The factor."""
        return {"k": self.k}


def serialize(regularizer):
    """The configuration of a regularizer: ``None``, a dictionary, or the name of a function."""
    return registry.serialize(regularizer)


def deserialize(config, custom_objects=None):
    """The regularizer that a configuration stands for.

    Raises:
        ConfigError: its name is unknown.
    """
    return _known.deserialize(config, custom_objects)


def get(identifier):
    """A regularizer from a configuration, a name or a callable; ``None`` stays ``None``.

    Raises:
        ConfigError: unknown name, or something else.

    >>> from tfkeras_compat import regularizers
    >>> round(regularizers.get("l2").get_config()["l2"], 6)
    0.01
    """
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return deserialize({"class_name": identifier, "config": {}})
    if identifier is None or callable(identifier):
        return identifier
    raise ConfigError(
        "Could not interpret regularizer identifier: %r. Expected a name, a configuration or a "
        "callable." % (identifier,)
    )
