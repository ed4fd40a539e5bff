"""The base of recurrent cells: one step of a network, with variables of a variable scope."""

import functools
import inspect

from tfkeras_compat import activations, initializers
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import KindError, ShapeError
from tfkeras_compat.state import registry
from tfkeras_compat.state.structures import contains
from tfkeras_compat.tensorflow.layers.base import Layer
from tfkeras_compat.tensorflow.layers.scopes import parts_of

_OF_LAYER = ("reuse", "name", "dtype")


def keeping(init):
    """Decorates the ``__init__`` of a cell: its arguments are attributes with an underscore before
    the name.

    No activation is tanh; initializers and activations may be given by their names.
    """
    signature = inspect.signature(init)
    kept = [
        each.name
        for each in list(signature.parameters.values())[1:]
        if each.kind is each.POSITIONAL_OR_KEYWORD and each.name not in _OF_LAYER
    ]

    @functools.wraps(init)
    def wrapper(self, *args, **kwargs):
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        for name in kept:
            setattr(self, "_" + name, _meant(name, bound.arguments[name]))
        init(*bound.args, **bound.kwargs)

    vars(wrapper)["kept_names"] = kept
    return wrapper


def _meant(name, value):
    if name == "activation":
        return activations.get(value) if value else tf.tanh
    if name.endswith("initializer") and value is not None:
        return initializers.get(value)
    return value


def check_is_cell(name, cell):
    """Raises KindError unless ``cell`` can be called and has the sizes and states of a cell."""
    lacking = [each for each in ("output_size", "state_size") if not hasattr(cell, each)]
    if not hasattr(cell, "zero_state") and not hasattr(cell, "get_initial_state"):
        lacking.append("zero_state")
    if lacking or not callable(cell):
        raise KindError(
            "The argument %r (%s) is not an RNNCell: %s."
            % (name, cell, "it has no " + ", no ".join(lacking) if lacking else "not callable")
        )


class RNNCell(Layer):
    """One step of a recurrent network: ``output, new_state = cell(inputs, state)``.

    A subclass tells ``state_size`` (an int, a ``TensorShape`` or a structure of them) and
    ``output_size``, and computes in ``call(inputs, state)`` with variables of ``tf.get_variable``
    or, made in ``build``, of ``add_variable``. Or it overrides ``__call__(inputs, state, scope)``.

    >>> import tfkeras_compat.tensorflow as tf
    >>> class Sum(tf.nn.rnn_cell.RNNCell):
    ...     state_size = output_size = 3
    ...     def call(self, inputs, state):
    ...         total = state + inputs * tf.get_variable("factor", [])
    ...         return total, total
    >>> outputs, _ = tf.nn.dynamic_rnn(Sum(), tf.ones([2, 4, 3]), dtype=tf.float32)
    >>> outputs.shape.as_list(), [variable.name for variable in tf.trainable_variables()]
    ([2, 4, 3], ['rnn/sum/factor:0'])
    """

    makes_nodes = False

    def __init__(self, trainable=True, name=None, dtype=None, **kwargs):
        super().__init__(trainable=trainable, name=name, dtype=dtype, **kwargs)
        self._is_tf_rnn_cell = True

    def __call__(self, inputs, state, scope=None):
        """One step. ``scope`` is the variable scope, for the first call."""
        around = tf.get_variable_scope() if scope is None else scope
        with tf.variable_scope(around, custom_getter=self._noting_variable) as opened:
            if scope is None:
                return super().__call__(inputs, state)
            return super().__call__(inputs, state, scope=opened)

    def _noting_variable(self, getter, *args, **kwargs):
        variable = getter(*args, **kwargs)
        parts = parts_of(variable)
        known = self._trainable_weights + self._non_trainable_weights
        if not contains(known, parts[0]):
            is_trainable = contains(tf.trainable_variables(), parts[0])
            (self._trainable_weights if is_trainable else self._non_trainable_weights).extend(parts)
        return variable

    @property
    def state_size(self):
        """The size of the state, without the batch."""
        raise NotImplementedError("Cell %s does not tell its state_size." % type(self).__name__)

    @property
    def output_size(self):
        """The size of the output, without the batch."""
        raise NotImplementedError("Cell %s does not tell its output_size." % type(self).__name__)

    def build(self, inputs_shape):
        """Nothing to make: variables come from ``call``."""

    def zero_state(self, batch_size, dtype):
        """Zeros of the structure of ``state_size``."""
        with tf.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return tf.nest.map_structure(
                lambda size: tf.zeros([batch_size] + tf.TensorShape(size).as_list(), dtype),
                self.state_size,
            )

    def get_initial_state(self, inputs=None, batch_size=None, dtype=None):
        """The state to begin with, for the batch and dtype of ``inputs``, or for those given.

        Raises: ShapeError if neither is known.
        """
        if inputs is not None:
            inputs = tf.convert_to_tensor(inputs)
            batch_size = inputs.get_shape().as_list()[0] or tf.shape(inputs)[0]
            dtype = inputs.dtype
        if batch_size is None or dtype is None:
            raise ShapeError(
                "The first state of cell %s needs inputs, or a batch_size and a dtype; found %s "
                "and %s." % (self.name, batch_size, dtype)
            )
        return self.zero_state(batch_size, dtype)

    def get_config(self):
        """The arguments that make a cell like this one, as plain values."""
        config = super().get_config()
        names = [
            name
            for cls in reversed(type(self).__mro__)
            for name in getattr(vars(cls).get("__init__"), "kept_names", ())
        ]
        for name in names:
            config[name] = _plain(name, getattr(self, "_" + name))
        return config


def _plain(name, value):
    is_named = name == "activation" or name.endswith("initializer")
    return registry.serialize(value) if is_named else value


class LayerRNNCell(RNNCell):
    """A cell that makes its variables in ``build``, with ``add_variable``."""

    def __call__(self, inputs, state, scope=None, *args, **kwargs):
        return Layer.__call__(self, inputs, state, *args, scope=scope, **kwargs)

    def _depth(self, inputs_shape):
        """The size of the last axis of the inputs, which variables depend on."""
        check_float(self.dtype)
        depth = tf.TensorShape(inputs_shape).as_list()[-1]
        if depth is None:
            raise ShapeError(
                "Cell %s needs inputs whose last size is known, found shape %s."
                % (self.name, inputs_shape)
            )
        return depth


def check_float(dtype):
    """Raises ValueError for a dtype that cells can not compute with; None is no dtype yet."""
    if dtype is not None and not (tf.as_dtype(dtype).is_floating or tf.as_dtype(dtype).is_complex):
        raise ValueError(
            "RNN cell only supports floating point inputs, but saw dtype: %s" % tf.as_dtype(dtype)
        )
