"""``tf.Variable`` as legacy code means it: a class that every variable is an instance of."""

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf


class _AnyVariable(type):
    """Joins two classes: TensorFlow's base of all variables, and the one that makes new ones.

    On TensorFlow 2 ``tf.compat.v1.Variable`` makes the variables of 1.x, but a resource variable,
    such as every weight of a layer, is no instance of it.
    """

    def __call__(cls, *args, **kwargs):
        return tf.Variable(*args, **kwargs)

    def __instancecheck__(cls, instance):
        return _tf.is_variable(instance)

    def __subclasscheck__(cls, subclass):
        return subclass is cls or issubclass(subclass, _tf.Variable)

    def __getattr__(cls, name):
        return getattr(tf.Variable, name)


class Variable(metaclass=_AnyVariable):
    """A variable of a graph; called, it makes a ``tf.compat.v1.Variable``.

    >>> from tfkeras_compat.tensorflow import get_variable
    >>> isinstance(Variable(0.0), Variable)
    True
    >>> isinstance(get_variable("resource", [], use_resource=True), Variable)
    True
    """
