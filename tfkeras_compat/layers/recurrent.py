"""Recurrent layers: a cell applied to each step of a sequence."""

import warnings
from typing import Any, Dict

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat._tf import tf
from tfkeras_compat.aliases import lazy_attributes
from tfkeras_compat.backend.shape import dimensions
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.registry import deserialize
from tfkeras_compat.errors import ConfigError, GraphError, ShapeError
from tfkeras_compat.layers.cells import (
    GRUCell,
    LSTMCell,
    SimpleRNNCell,
    StackedRNNCells,
    begin,
    build_cell,
    check_cell,
    output_size,
    state_sizes,
)
from tfkeras_compat.layers.recurrent_routes import find_route
from tfkeras_compat.state import ledger
from tfkeras_compat.state.registry import serialize
from tfkeras_compat.state.structures import has_arg, to_list

# ---- initial states and constants ---------------------------------------------------------------


def split_inputs(inputs, initial_state=None, constants=None, num_constants=None):
    """Sequence, initial states and constants: ``(tensor, list or None, list or None)``.

    They may come apart or in one list, as in a model that is called anew. Raises GraphError if they
    come both ways.
    """
    if isinstance(inputs, (list, tuple)):
        inputs, more = inputs[0], list(inputs[1:])
        count = len(more) - (num_constants or 0) if constants is None else len(more)
        states, further = more[: max(count, 0)], more[max(count, 0) :]
        if states and initial_state is not None:
            raise GraphError(
                "Layer was passed initial state via both kwarg and inputs list: %s, %s"
                % (states, initial_state)
            )
        initial_state = states or initial_state
        constants = further or constants
    return inputs, _list_or_none(initial_state), _list_or_none(constants)


def _list_or_none(value):
    return None if value is None else to_list(value, allow_tuple=True) or None


class TakesStates:
    """A layer that may be called with initial states and constants beside the sequence.

    Those that come from layers become inputs of the call, as the graph of layers needs them; others
    are arguments.
    """

    _num_constants = None

    def __call__(self, inputs, initial_state=None, constants=None, **kwargs):
        """Applies the layer.

        Args:
            inputs: the sequence, or a list of it, the initial states and the constants.
            initial_state: a tensor or a list of them, one for each state; zeros if not given.
            constants: tensors that the cell gets in every step.
        Raises:
            GraphError: some of the states and constants come from layers, and others do not.
        """
        inputs, initial_state, constants = split_inputs(
            inputs, initial_state, constants, self._num_constants
        )
        given = {"initial_state": initial_state, "constants": constants}
        given = {name: tensors for name, tensors in given.items() if tensors}
        if not given:
            return super().__call__(inputs, **kwargs)
        self._expect(**{name: _specs_of(tensors) for name, tensors in given.items()})
        additional = (initial_state or []) + (constants or [])
        if not self._come_from_layers(additional):
            return super().__call__(inputs, **dict(kwargs, **given))
        self.input_spec = to_list(self.input_spec)[:1] + _specs_of(additional)
        try:
            return super().__call__([inputs] + additional, **kwargs)
        finally:
            self.input_spec = self.input_spec[:1]

    def _come_from_layers(self, tensors):
        origins = {K.is_keras_tensor(x) for x in tensors}
        if len(origins) > 1:
            raise GraphError(
                "The initial state or constants of layer %s cannot be specified with a mix of "
                "Keras tensors (those returned by a layer, or by Input) and non-Keras tensors. "
                "Wrap the others with Input(tensor=...): %s" % (self.name, tensors)
            )
        return origins.pop()

    def _expect(self, initial_state=None, constants=None):
        """Takes notice of the specs of initial states and constants before a call."""
        if initial_state is not None:
            self.state_spec = initial_state
        if constants is not None:
            self.constants_spec = constants
            self._num_constants = len(constants)


def _specs_of(tensors):
    return [InputSpec(shape=K.int_shape(x)) for x in tensors]


# ---- the general layer --------------------------------------------------------------------------


class RNN(TakesStates, Layer):
    """A cell, or a stack of them, applied to each step of a sequence.

    Shapes: ``(batch, time, in)`` -> ``(batch, units)``, or ``(batch, time, units)`` with
    ``return_sequences``; with ``return_state`` a list of that and the last states, each
    ``(batch, size)``.
    Masks: a masked step leaves output and states as they were.

    Args:
        cell: an object with ``call(inputs, states)``, which gives ``(output, new_states)``, and
            ``state_size``, an integer or one for each state; ``output_size`` if it is not the first
            of these. It may take ``training`` and ``constants``. A list of cells is stacked.
        return_sequences: whether to return the output of all steps, and not only of the last.
        return_state: whether to return the last states, too.
        go_backwards: whether to begin with the last step; sequences come back in this order.
        stateful: whether a batch begins with the states that the last one ended with. The batch
            size must be known.
        unroll: whether to repeat the operations for each step, instead of making a loop. The number
            of steps must be known.

    Raises:
        ConfigError: the cell has no ``call`` or ``state_size``.
        ShapeError: sizes that must be known are not, or the initial states do not fit.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import GRUCell, LSTMCell, RNN
    >>> layer = RNN([LSTMCell(3), GRUCell(2)], return_state=True)
    >>> [x.shape.as_list() for x in layer(K.placeholder((None, 5, 4)))]
    [[None, 2], [None, 3], [None, 3], [None, 2]]
    """

    config_excludes = ("cell",)
    _feature_axis = -1  # of a state

    @configured
    def __init__(
        self,
        cell,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        **kwargs,
    ):
        if "input_dim" in kwargs:
            kwargs["input_shape"] = (kwargs.pop("input_length", None), kwargs.pop("input_dim"))
        super().__init__(**kwargs)
        self.cell = StackedRNNCells(cell) if isinstance(cell, (list, tuple)) else cell
        check_cell(self.cell)
        self.stateful = stateful
        self.supports_masking = True
        self.input_spec = [InputSpec(ndim=3)]
        self.state_spec = self.constants_spec = None
        self._states = None

    def _sublayers(self):
        return [self.cell] if isinstance(self.cell, Layer) else []

    @property
    def states(self):
        """The variables of a stateful layer's states; ``None`` for each if there are none."""
        return [None] * len(state_sizes(self.cell)) if self._states is None else self._states

    @states.setter
    def states(self, states):
        self._states = states

    def build(self, input_shape):
        shape = tuple(input_shape[0] if isinstance(input_shape, list) else input_shape)
        batch_size = shape[0] if self.stateful else None
        self.input_spec = [InputSpec(shape=(batch_size, None) + shape[2:])] + self.input_spec[1:]
        constants = [spec.shape for spec in self.constants_spec or ()]
        if isinstance(self.cell, Layer):
            self.cell.weights_owner = self
        build_cell(self.cell, (shape[0],) + shape[2:], constants)
        if self.state_spec is None:
            unknown = (None,) * len(shape)
            self.state_spec = [InputSpec(shape=each) for each in self._state_shapes(unknown)]
        if self.stateful:
            self.reset_states()
        self.built = True

    def get_initial_state(self, inputs):
        """Zeros for each state, for a batch of the size of ``inputs``."""
        shapes = self._state_shapes(dimensions(inputs))
        return [tf.zeros(shape, inputs.dtype.base_dtype) for shape in shapes]

    def _shape_of_step(self, input_shape, size):
        """The shape of a state or of the output of one step, with ``size`` features."""
        return (input_shape[0], size)

    def _state_shapes(self, input_shape):
        return [self._shape_of_step(input_shape, size) for size in state_sizes(self.cell)]

    def call(self, inputs, mask=None, training=None, initial_state=None, constants=None):
        x, states, constants = split_inputs(inputs, initial_state, constants, self._num_constants)
        if states is None:
            states = self.states if self.stateful else self.get_initial_state(x)
        self._check_states(states)
        if constants and not has_arg(self.cell.call, "constants"):
            raise ConfigError(
                "RNN cell does not support constants: the `call` of %s has no such argument."
                % self.cell
            )
        mask = mask[0] if isinstance(mask, list) else mask
        output, new_states = self._run_steps(x, states, mask, training, constants)
        if self.stateful:
            self.add_update(list(zip(self.states, new_states)), inputs)
        return [output] + list(new_states) if self.return_state else output

    def _run_steps(self, x, states, mask, training, constants):
        """Runs the cell over the sequence: ``(output, new_states)``."""
        steps = K.int_shape(x)[1]
        if self.unroll and steps is None:
            raise ShapeError(
                "Cannot unroll a RNN if the time dimension is undefined. Layer %s found an input "
                "of shape %s. Give the number of steps to the first layer (`input_shape`, "
                "`batch_input_shape`, the `input_length` of an Embedding) or to Input (`shape`, "
                "`batch_shape`)." % (self.name, K.int_shape(x))
            )
        last_output, outputs, new_states = self._route(x, states, mask, training, constants)
        return outputs if self.return_sequences else last_output, new_states

    def _route(self, x, states, mask, training, constants):
        """What ``K.rnn`` gives, by the fastest route that gives it."""
        if mask is None and not constants and not self.unroll:
            route = find_route(self.cell, x, states)
            if route is not None:
                return route(self.cell, x, states, training, self.go_backwards)
        step = begin(self.cell, x, training, constants)
        with ledger.discarding(self):
            return K.rnn(
                step,
                x,
                states,
                go_backwards=self.go_backwards,
                mask=mask,
                unroll=self.unroll,
                input_length=K.int_shape(x)[1],
            )

    def _check_states(self, states):
        sizes = state_sizes(self.cell)
        if len(states) != len(sizes):
            raise ShapeError(
                "Layer %s has %d states but was passed %d initial states."
                % (self.name, len(sizes), len(states))
            )
        found = [_size_of_axis(state, self._feature_axis) for state in states]
        if any(mine not in (None, size) for mine, size in zip(found, sizes)):
            raise ShapeError(
                "An `initial_state` was passed to layer %s that is not compatible with "
                "`cell.state_size`. Expected the sizes %s, found %s." % (self.name, sizes, found)
            )

    def reset_states(self, states=None):
        """Sets the states of a stateful layer to zero, or to the given arrays.

        Args:
            states: an array, or a list of them, one for each state; zeros if not given.

        Raises:
            AttributeError: the layer is not stateful.
            ShapeError: the batch size is unknown, or the arrays do not fit.
        """
        if not self.stateful:
            raise AttributeError("Layer %s must be stateful: pass stateful=True." % self.name)
        shapes = self._known_state_shapes()
        if self.states[0] is None:
            self.states = [
                K.variable(np.zeros(shape), self.dtype, trainable=False) for shape in shapes
            ]
        if states is not None or self.built:
            zeros = [np.zeros(shape) for shape in shapes]
            self._set_states(zeros if states is None else to_list(states, True), shapes)

    def _known_state_shapes(self):
        shape = self.input_spec[0].shape
        shapes = [] if shape is None else self._state_shapes(shape)
        if not shapes or None in shapes[0]:
            raise ShapeError(
                "If a RNN is stateful, it needs to know its batch size (and one of images their "
                "numbers of rows and columns), and layer %s does not: its input shape is %s. "
                "Specify the batch size of your input tensors: in a Sequential model by "
                "`batch_input_shape` of the first layer, in the functional API by `batch_shape` "
                "of Input." % (self.name, shape)
            )
        return shapes

    def _set_states(self, values, shapes):
        if len(values) != len(shapes):
            raise ShapeError(
                "Layer %s expects %d states, but it received %d state values. Input received: %s"
                % (self.name, len(shapes), len(values), values)
            )
        for index, (value, shape) in enumerate(zip(values, shapes)):
            if np.shape(value) != shape:
                raise ShapeError(
                    "State %d is incompatible with layer %s: expected shape=%s, found shape=%s"
                    % (index, self.name, shape, np.shape(value))
                )
        K.batch_set_value(zip(self.states, values))

    def compute_output_shape(self, input_shape):
        shape = input_shape[0] if isinstance(input_shape, list) else input_shape
        output = self._shape_of_step(shape, output_size(self.cell))
        if self.return_sequences:
            output = output[:1] + (shape[1],) + output[1:]
        return [output] + self._state_shapes(shape) if self.return_state else output

    def compute_mask(self, inputs, mask=None):
        mask = mask[0] if isinstance(mask, list) else mask
        output_mask = mask if self.return_sequences else None
        return [output_mask] + [None] * len(self.states) if self.return_state else output_mask

    def get_config(self):
        config = super().get_config()
        if self._num_constants is not None:
            config["num_constants"] = self._num_constants
        return dict(config, **self._config_of_cell())

    def _config_of_cell(self):
        return {"cell": serialize(self.cell)}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        num_constants = config.pop("num_constants", None)
        layer = cls(deserialize(config.pop("cell"), custom_objects), **config)
        layer._num_constants = num_constants
        return layer


def _size_of_axis(x, axis):
    shape = K.int_shape(x)
    return shape[axis] if shape else None


# ---- layers of one kind of cell -----------------------------------------------------------------


class ArgumentOfCell:
    """An attribute of a layer that is its cell's; it waits until there is a cell."""

    def __init__(self, name):
        self.name = name

    def __get__(self, layer, owner=None):
        return self if layer is None else getattr(layer.cell, self.name)

    def __set__(self, layer, value):
        if "cell" in vars(layer):
            setattr(layer.cell, self.name, value)
        else:
            vars(layer).setdefault("_arguments_of_cell", {})[self.name] = value


class OfOneCell:
    """A layer around one kind of cell, ``cell_class``, whose arguments are the layer's, too.

    ``cell_arguments`` are those that the layer does not take, but gives.
    """

    cell_class = None
    cell_arguments: Dict[str, Any] = {}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "cell_class" in vars(cls):
            for name in cls.cell_class.__init__.config_names:
                setattr(cls, name, ArgumentOfCell(name))

    def _new_cell(self, kwargs):
        arguments = vars(self).pop("_arguments_of_cell")
        if arguments.get("implementation") == 0:
            warnings.warn(
                "`implementation=0` has been deprecated, and now defaults to `implementation=1`. "
                "Please update your layer call.",
                stacklevel=4,
            )
            arguments["implementation"] = 1
        arguments.update(self.cell_arguments, dtype=kwargs.get("dtype"))
        return self.cell_class(**arguments)

    def _config_of_cell(self):
        return {}  # its arguments are there already: they are the layer's

    @classmethod
    def from_config(cls, config):
        # Files of older versions say 0 for what is now 1, and say it of SimpleRNN too, which has
        # only one.
        config = dict(config)
        implementation = config.pop("implementation", None)
        if implementation is not None and "implementation" in cls.cell_class.__init__.config_names:
            config["implementation"] = implementation or 1
        return cls(**config)


class SimpleRNN(OfOneCell, RNN):
    """A fully connected recurrent network that is fed its own output.

    Shapes, masks, states and the arguments of sequences as of :class:`RNN`.
    Weights: kernel ``(in, units)``, recurrent_kernel ``(units, units)``, bias ``(units,)``; see
    :class:`SimpleRNNCell`.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import SimpleRNN
    >>> SimpleRNN(3, return_sequences=True)(K.placeholder((None, 5, 4))).shape.as_list()
    [None, 5, 3]
    """

    cell_class = SimpleRNNCell

    @configured
    def __init__(
        self,
        units,
        activation="tanh",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        **kwargs,
    ):
        if "implementation" in kwargs:
            kwargs.pop("implementation")
            warnings.warn(
                "The `implementation` argument in `SimpleRNN` has been deprecated. Please remove "
                "it from your layer call.",
                stacklevel=3,
            )
        super().__init__(
            self._new_cell(kwargs),
            return_sequences,
            return_state,
            go_backwards,
            stateful,
            unroll,
            **kwargs,
        )


class GRU(OfOneCell, RNN):
    """A gated recurrent unit.

    Shapes, masks, states and the arguments of sequences as of :class:`RNN`.
    Weights, with columns for update gate, reset gate and candidate: kernel ``(in, 3 * units)``,
    recurrent_kernel ``(units, 3 * units)``, bias ``(3 * units,)``, or ``(2, 3 * units)`` with
    ``reset_after``; see :class:`GRUCell`.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import GRU
    >>> output, state = GRU(3, return_state=True)(K.placeholder((None, 5, 4)))
    >>> state.shape.as_list()
    [None, 3]
    """

    cell_class = GRUCell

    @configured
    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="hard_sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        implementation=1,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        reset_after=False,
        **kwargs,
    ):
        super().__init__(
            self._new_cell(kwargs),
            return_sequences,
            return_state,
            go_backwards,
            stateful,
            unroll,
            **kwargs,
        )


class LSTM(OfOneCell, RNN):
    """A long short-term memory.

    Shapes, masks, states and the arguments of sequences as of :class:`RNN`. The states are the last
    output and the carry.
    Weights, with columns for the gates i, f, c, o: kernel ``(in, 4 * units)``, recurrent_kernel
    ``(units, 4 * units)``, bias ``(4 * units,)``; see :class:`LSTMCell`. A stateful layer's
    ``updates`` are pairs of state and new state, and operations at once.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import LSTM
    >>> layer = LSTM(3, stateful=True)
    >>> layer(K.placeholder((2, 5, 4))).shape.as_list()
    [2, 3]
    >>> [weight.name for weight in layer.weights]
    ['lstm_1/kernel:0', 'lstm_1/recurrent_kernel:0', 'lstm_1/bias:0']
    >>> [state.shape.as_list() for state, new_state in layer.updates]
    [[2, 3], [2, 3]]
    """

    cell_class = LSTMCell

    @configured
    def __init__(
        self,
        units,
        activation="tanh",
        recurrent_activation="hard_sigmoid",
        use_bias=True,
        kernel_initializer="glorot_uniform",
        recurrent_initializer="orthogonal",
        bias_initializer="zeros",
        unit_forget_bias=True,
        kernel_regularizer=None,
        recurrent_regularizer=None,
        bias_regularizer=None,
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        implementation=1,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        **kwargs,
    ):
        super().__init__(
            self._new_cell(kwargs),
            return_sequences,
            return_state,
            go_backwards,
            stateful,
            unroll,
            **kwargs,
        )


__getattr__, __dir__ = lazy_attributes(__name__)
