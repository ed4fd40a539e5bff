"""Optimizers: what makes a step of training of the gradients of a loss."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.optimizers.adaptive import Adadelta, Adagrad, Adam, Adamax, Nadam, RMSprop
from tfkeras_compat.optimizers.base import Optimizer, clip_norm
from tfkeras_compat.optimizers.native import TFOptimizer
from tfkeras_compat.optimizers.sgd import SGD
from tfkeras_compat.state.registry import Registry, serialize

_known = Registry("optimizer")
for _class in (SGD, RMSprop, Adagrad, Adadelta, Adam, Adamax, Nadam, TFOptimizer):
    _known.register(_class, _class.__name__.lower())

sgd = SGD
rmsprop = RMSprop
adagrad = Adagrad
adadelta = Adadelta
adam = Adam
adamax = Adamax
nadam = Nadam


def deserialize(config, custom_objects=None):
    """The optimizer of a configuration ``{"class_name": ..., "config": ...}``.

    The case of letters does not count in the names of this package's optimizers; the name in
    ``config`` is changed to lower case, as ever.

    Raises: ConfigError for an unknown name.
    """
    if config["class_name"].lower() in _known:
        config["class_name"] = config["class_name"].lower()
    return _known.deserialize(config, custom_objects)


def get(identifier):
    """An optimizer from a name, a configuration, an optimizer or a ``tf.train.Optimizer``.

    Raises: ConfigError for an unknown name, or something else.

    >>> from tfkeras_compat import optimizers
    >>> type(optimizers.get("adam")).__name__
    'Adam'
    """
    if isinstance(identifier, tf.train.Optimizer):
        return TFOptimizer(identifier)
    if isinstance(identifier, dict):
        return deserialize(identifier)
    if isinstance(identifier, str):
        return deserialize({"class_name": identifier, "config": {}})
    if isinstance(identifier, Optimizer):
        return identifier
    raise ConfigError(
        "Could not interpret optimizer identifier: %r. Expected a name, a configuration, an "
        "optimizer of keras.optimizers or a tf.train.Optimizer." % (identifier,)
    )
