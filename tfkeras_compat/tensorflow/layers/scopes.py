"""How variables of core layers are managed: by variable scopes, or as Keras does."""

import contextlib
import inspect

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf

_keras_style = [False]


@contextlib.contextmanager
def keras_style_scope():
    """Core layers and cells made in this context have variables of their own, as Keras layers have.

    They are not shared by name, and take neither ``_scope`` nor ``_reuse``.
    """
    before = _keras_style[0]
    _keras_style[0] = True
    try:
        yield
    finally:
        _keras_style[0] = before


def set_keras_style():
    """Has :func:`keras_style_scope` hold for everything that is made from now on."""
    _keras_style[0] = True


def is_in_keras_style():
    """Whether a layer made now manages its variables as Keras does."""
    return _keras_style[0]


def captured(*args, **kwargs):
    """The variable scope that ``tf.variable_scope`` opens with these arguments, closed again."""
    with tf.variable_scope(*args, **kwargs) as scope:
        return scope


def parts_of(variable):
    """The variables that a partitioned one consists of; any other by itself, in a list."""
    return list(variable) if isinstance(variable, _tf.PartitionedVariable) else [variable]


def as_scopes_call_it(initializer):
    """An initializer as ``tf.get_variable`` of TensorFlow 1.15 calls it: with ``partition_info``.

    Those of Keras do not take it; classes, tensors and those that do are returned as they are.
    """
    if not callable(initializer) or inspect.isclass(initializer):
        return initializer
    parameters = inspect.signature(initializer).parameters.values()
    if any(each.name == "partition_info" or each.kind is each.VAR_KEYWORD for each in parameters):
        return initializer

    def initial(shape, dtype=None, partition_info=None):
        return initializer(shape, dtype=dtype)

    return initial
