"""Activations: functions of one tensor, applied to what a layer computes. Shapes: that of ``x``."""

import warnings

from tfkeras_compat import backend as K
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.state.registry import Registry

_known = Registry("activation function")

# The fixed point of mean 0 and variance 1, https://arxiv.org/abs/1706.02515.
_SELU_ALPHA = 1.6732632423543772848170429916717
_SELU_SCALE = 1.0507009873554804934193349852946


@_known.register
def softmax(x, axis=-1):
    """Positive numbers that sum to one along ``axis``, in proportion to ``exp(x)``.

    A matrix is always normalized along its last axis, whatever ``axis`` says: so does Keras 2.2.5.

    Raises:
        ShapeError: ``x`` has fewer than two axes.

    >>> from tfkeras_compat import activations, backend as K
    >>> K.eval(activations.softmax(K.constant([[1., 1.], [3., 3.]]))).tolist()
    [[0.5, 0.5], [0.5, 0.5]]
    """
    rank = K.ndim(x)
    if rank is not None and rank < 2:
        raise ShapeError("softmax needs a tensor of at least two axes, found %r." % (x,))
    if rank == 2:
        return K.softmax(x)
    powers = K.exp(x - K.max(x, axis=axis, keepdims=True))
    return powers / K.sum(powers, axis=axis, keepdims=True)


@_known.register
def elu(x, alpha=1.0):
    """``x`` where positive, else ``alpha * (exp(x) - 1)``.

    Source: Clevert et al. 2015, https://arxiv.org/abs/1511.07289.
    """
    return K.elu(x, alpha)


@_known.register
def selu(x):
    """:func:`elu`, scaled so that mean 0 and variance 1 are kept from layer to layer.

    Weights should be initialized with ``lecun_normal``.
    Source: Klambauer et al. 2017, https://arxiv.org/abs/1706.02515.
    """
    return _SELU_SCALE * K.elu(x, _SELU_ALPHA)


@_known.register
def softplus(x):
    """``log(exp(x) + 1)``."""
    return K.softplus(x)


@_known.register
def softsign(x):
    """``x / (abs(x) + 1)``."""
    return K.softsign(x)


@_known.register
def relu(x, alpha=0.0, max_value=None, threshold=0.0):
    """``x`` above ``threshold``, cut off at ``max_value``; else ``alpha * (x - threshold)``.

    >>> from tfkeras_compat import activations, backend as K
    >>> K.eval(activations.relu(K.constant([-1., 0.5, 9.]), max_value=6)).tolist()
    [0.0, 0.5, 6.0]
    """
    return K.relu(x, alpha=alpha, max_value=max_value, threshold=threshold)


@_known.register
def tanh(x):
    """The hyperbolic tangent."""
    return K.tanh(x)


@_known.register
def sigmoid(x):
    """``1 / (1 + exp(-x))``."""
    return K.sigmoid(x)


@_known.register
def hard_sigmoid(x):
    """``0.2 * x + 0.5``, cut off at 0 and 1: a sigmoid made of lines."""
    return K.hard_sigmoid(x)


@_known.register
def exponential(x):
    """``exp(x)``."""
    return K.exp(x)


@_known.register
def linear(x):
    """``x`` itself."""
    return x


def serialize(activation):
    """The name of an activation function.

    Raises:
        ConfigError: it has no name, as a layer or a partial function.
    """
    if not hasattr(activation, "__name__"):
        raise ConfigError(
            "Cannot serialize %r as an activation: expected a function with a name. "
            "Use a layer as a layer of its own, or define a function." % (activation,)
        )
    return activation.__name__


def deserialize(name, custom_objects=None):
    """The activation function of that name.

    Raises:
        ConfigError: the name is unknown.
    """
    return _known.deserialize(name, custom_objects)


def _is_layer(value):
    # Layers live in a room below this one, so they are known by what they offer.
    return hasattr(value, "call") and hasattr(value, "get_config")


def get(identifier):
    """An activation function from a name or a callable; ``None`` gives :func:`linear`.

    A layer is used as it is, with a warning: its weights would belong to no layer of the model.

    Raises:
        ConfigError: unknown name, or neither a name nor callable.

    >>> from tfkeras_compat import activations
    >>> activations.get("tanh") is activations.tanh
    True
    """
    if identifier is None:
        return linear
    if isinstance(identifier, str):
        return deserialize(identifier)
    if not callable(identifier):
        raise ConfigError(
            "Could not interpret activation function identifier: %r. Expected a name or a function."
            % (identifier,)
        )
    if _is_layer(identifier):
        warnings.warn(
            "Do not pass a layer instance (such as %s) as the activation of another layer: "
            "add it to the model as a layer of its own." % type(identifier).__name__,
            stacklevel=2,
        )
    return identifier
