"""Layers in a row."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError


def repeat(inputs, repetitions, layer, *args, **kwargs):
    """A layer applied several times, with the same arguments and its own variables each time."""
    return _in_a_row("Repeat", "repeat", inputs, layer, [args] * repetitions, kwargs)


def stack(inputs, layer, stack_args, **kwargs):
    """A layer applied once for each entry of ``stack_args``: its arguments, or its first one.

    >>> from tfkeras_compat._tf import tf
    >>> from tfkeras_compat.tensorflow.contrib.layers import fully_connected
    >>> with tf.Graph().as_default():
    ...     print(stack(tf.zeros([1, 2]), fully_connected, [4, 3], scope="fc").name)
    fc/fc_2/Relu:0

    Raises: ConfigError if ``stack_args`` is no list.
    """
    if not isinstance(stack_args, (list, tuple)):
        raise ConfigError("stack_args must be a list; found %r." % (stack_args,))
    arguments = [each if isinstance(each, (list, tuple)) else [each] for each in stack_args]
    return _in_a_row("Stack", "stack", inputs, layer, arguments, kwargs)


def _in_a_row(default_scope, default_name, inputs, layer, arguments, keywords):
    keywords = dict(keywords)
    scope = keywords.pop("scope", None)
    with tf.variable_scope(scope, default_scope, [inputs]):
        outputs = tf.convert_to_tensor(inputs)
        base = scope or _name_of(layer, default_name)
        for number, each in enumerate(arguments, 1):
            outputs = layer(outputs, *each, scope="%s_%d" % (base, number), **keywords)
        return outputs


def _name_of(layer, default):
    function = getattr(layer, "func", layer)  # a functools.partial has no name of its own
    return getattr(layer, "__name__", getattr(function, "__name__", default))
