"""Recurrent cells: what happens in one step. The loop over the steps is in ``recurrent``.

A cell computes ``call(inputs, states)`` in two parts: ``prepare`` makes what is the same in all
steps of one call of a layer (dropout masks, weights by gate), ``step`` does the rest. A layer
prepares once, before its loop.
"""

import warnings

import numpy as np

from tfkeras_compat import backend as K
from tfkeras_compat import initializers
from tfkeras_compat._tf import tf
from tfkeras_compat.backend.shape import dimensions
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.registry import deserialize
from tfkeras_compat.engine.weights import WeightSpec
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers.windows import channel_axis
from tfkeras_compat.state.registry import serialize
from tfkeras_compat.state.structures import has_arg


class Projection:
    """A tensor times a kernel whose columns belong to gates, with dropout.

    Shapes: ``(batch, in)`` -> ``(batch, columns)``, or what ``product`` makes of tensor and kernel,
    with the columns as the channels.
    ``masks`` is empty, one for all gates, or one for each gate; ``bias`` may be ``None``. The
    weights are read once, where the projection is made.
    """

    def __init__(self, kernel, bias, masks, product=K.dot, data_format="channels_last"):
        kernel = tf.convert_to_tensor(kernel)
        self.kernels = tf.split(kernel, len(masks), axis=-1) if len(masks) > 1 else [kernel]
        self.bias = None if bias is None else tf.convert_to_tensor(bias)
        self.masks = masks
        self.product = product
        self.data_format = data_format

    def __call__(self, x):
        dropped = [x * mask for mask in self.masks] or [x]
        products = [self.product(part, kernel) for part, kernel in zip(dropped, self.kernels)]
        joined = (
            products[0]
            if len(products) == 1
            else tf.concat(products, axis=channel_axis(self.data_format))
        )
        if self.bias is None:
            return joined
        return K.bias_add(joined, self.bias, data_format=self.data_format)


class ColumnsOfGate:
    """The columns of a weight that belong to one gate, as an attribute like ``kernel_f``."""

    def __init__(self, weight, gate):
        self.weight = weight
        self.gate = gate

    def __get__(self, cell, owner=None):
        if cell is None:
            return self
        weight, start = getattr(cell, self.weight), cell.gates.index(self.gate) * cell.output_size
        return None if weight is None else weight[..., start : start + cell.output_size]


class StepwiseCell:
    """What the cells have in common: weights by gate, and dropout masks.

    The masks hold for all steps of a call. A cell defines ``gates``, a letter for each in the order
    of the columns, and ``step``; the arguments of its constructor are its attributes.
    """

    gates = "h"
    implementation = 1

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for weight in ("kernel", "recurrent_kernel", "bias"):
            for gate in vars(cls).get("gates", ""):
                setattr(cls, "%s_%s" % (weight, gate), ColumnsOfGate(weight, gate))

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.dropout = min(1.0, max(0.0, self.dropout))
        self.recurrent_dropout = min(1.0, max(0.0, self.recurrent_dropout))
        self.state_size = self.output_size = self._features()
        self.forget_masks()

    def _features(self):
        return self.units

    def weight_specs(self, input_shape):
        yield self.weight("kernel", self._kernel_shape(self._input_features(input_shape)))
        yield WeightSpec(
            "recurrent_kernel",
            self._kernel_shape(self.output_size),
            self._initial_recurrent_kernel(),
            self.recurrent_regularizer,
            self.recurrent_constraint,
        )
        yield WeightSpec(
            "bias",
            self._bias_shape(),
            self._initial_bias(),
            self.bias_regularizer,
            self.bias_constraint,
            wanted=self.use_bias,
        )

    def _input_features(self, input_shape):
        return input_shape[-1]

    def _kernel_shape(self, features):
        return (features, len(self.gates) * self.output_size)

    def _initial_recurrent_kernel(self):
        initializer = self.recurrent_initializer
        if len(self.gates) > 1 and isinstance(initializer, initializers.Identity):
            return _identity_for_each_gate
        return initializer

    def _bias_shape(self):
        return (len(self.gates) * self.output_size,)

    def _initial_bias(self):
        return self.bias_initializer

    def call(self, inputs, states, training=None):
        """One step: ``(batch, in)`` and the states give ``(output, new_states)``.

        Called on its own, a cell keeps its dropout masks from one step to the next, until
        :meth:`forget_masks`.
        """
        return self.step(inputs, states, self.prepare(inputs, training))

    def begin(self, inputs, training=None, constants=None):
        """The step for one call of a layer on such inputs, as a function of inputs and states."""
        self.forget_masks()
        prepared = self.prepare(inputs, training)
        return lambda x, states: self.step(x, states, prepared)

    def step(self, inputs, states, prepared):
        """One step with what :meth:`prepare` made: ``(output, new_states)``."""
        raise NotImplementedError

    def prepare(self, inputs, training):
        """What is the same in all steps: the projections of inputs and state, as a tuple."""
        if self._dropout_mask is None:
            self._dropout_mask = self._masks(self.dropout, self._input_shape, inputs, training)
        if self._recurrent_dropout_mask is None:
            self._recurrent_dropout_mask = self._masks(
                self.recurrent_dropout, self._state_shape, inputs, training
            )
        return self._projections(self._dropout_mask, self._recurrent_dropout_mask)

    def _projections(self, input_masks, recurrent_masks):
        return (
            Projection(self.kernel, self.bias, input_masks),
            Projection(self.recurrent_kernel, None, recurrent_masks),
        )

    def forget_masks(self):
        """Lets the next step draw new dropout masks."""
        self._dropout_mask = None
        self._recurrent_dropout_mask = None

    def _input_shape(self, inputs):
        """The sizes of one step, of which ``inputs`` may be a sequence."""
        return [dimensions(inputs)[0], self.kernel.get_shape().as_list()[0]]

    def _state_shape(self, inputs):
        return [dimensions(inputs)[0], self.output_size]

    def _masks(self, rate, shape, inputs, training):
        """A mask for each gate or, in implementation 2, one for all; none without dropout."""
        if not 0 < rate < 1:
            return []
        ones = tf.ones(shape(inputs), inputs.dtype.base_dtype)
        count = len(self.gates) if self.implementation == 1 else 1
        return [
            K.in_train_phase(lambda: K.dropout(ones, rate), ones, training=training)
            for _ in range(count)
        ]


def _identity_for_each_gate(shape, dtype=None):
    # As in Keras 2.2.5, the gain of the initializer has no effect here.
    return np.tile(np.identity(shape[0]), (1, shape[1] // shape[0])).astype(dtype or K.floatx())


class SimpleRNNCell(StepwiseCell, Layer):
    """One step of a fully connected network that is fed its own output.

    Shapes: ``(batch, in)`` and the state ``(batch, units)`` -> output and new state, both
    ``(batch, units)``.
    Weights: kernel ``(in, units)``, recurrent_kernel ``(units, units)``, bias ``(units,)``.
    ``dropout`` is the fraction of the inputs to drop, ``recurrent_dropout`` that of the state.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import RNN, SimpleRNNCell
    >>> RNN(SimpleRNNCell(3))(K.placeholder((None, 5, 4))).shape.as_list()
    [None, 3]
    """

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
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        **kwargs,
    ):
        super().__init__(**kwargs)

    def step(self, inputs, states, prepared):
        of_input, of_state = prepared
        output = self.activation(of_input(inputs) + of_state(states[0]))
        return output, [output]


class GRUCell(StepwiseCell, Layer):
    """One step of a gated recurrent unit.

    Shapes: ``(batch, in)`` and the state ``(batch, units)`` -> output and new state, both
    ``(batch, units)``.
    Weights, with columns for update gate, reset gate and candidate: kernel ``(in, 3 * units)``,
    recurrent_kernel ``(units, 3 * units)``, bias ``(3 * units,)``, or ``(2, 3 * units)`` (for input
    and state) with ``reset_after``.
    ``reset_after`` has the reset gate work on the product of state and kernel, as CuDNN does, and
    not on the state.
    ``implementation`` 1 drops with masks of its own for each gate, 2 with one mask for all.

    Source: Cho et al., arXiv:1406.1078; with ``reset_after`` version 1 of the same.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import RNN, GRUCell
    >>> RNN(GRUCell(3))(K.placeholder((None, 5, 4))).shape.as_list()
    [None, 3]
    """

    gates = "zrh"

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
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        implementation=1,
        reset_after=False,
        **kwargs,
    ):
        super().__init__(**kwargs)

    def _bias_shape(self):
        return (2, 3 * self.units) if self.reset_after else (3 * self.units,)

    def _projections(self, input_masks, recurrent_masks):
        if self.reset_after:
            biases = tf.unstack(self.bias) if self.use_bias else [None, None]
            return (
                Projection(self.kernel, biases[0], input_masks),
                Projection(self.recurrent_kernel, biases[1], recurrent_masks),
            )
        gates, candidate = tf.split(self.recurrent_kernel, [2 * self.units, self.units], axis=1)
        return (
            Projection(self.kernel, self.bias, input_masks),
            Projection(gates, None, recurrent_masks[:2]),
            Projection(candidate, None, recurrent_masks[-1:]),
        )

    def step(self, inputs, states, prepared):
        state = states[0]
        from_inputs = tf.split(prepared[0](inputs), 3, axis=1)
        combine = self._reset_after_product if self.reset_after else self._reset_before_product
        update, candidate = combine(from_inputs, state, *prepared[1:])
        output = update * self._mixed(state) + (1 - update) * candidate
        return output, [output]

    def _reset_after_product(self, from_inputs, state, of_state):
        x_update, x_reset, x_candidate = from_inputs
        h_update, h_reset, h_candidate = tf.split(of_state(state), 3, axis=1)
        reset = self.recurrent_activation(x_reset + h_reset)
        return (
            self.recurrent_activation(x_update + h_update),
            self.activation(x_candidate + reset * h_candidate),
        )

    def _reset_before_product(self, from_inputs, state, gates_of_state, candidate_of_state):
        x_update, x_reset, x_candidate = from_inputs
        h_update, h_reset = tf.split(gates_of_state(state), 2, axis=1)
        reset = self.recurrent_activation(x_reset + h_reset)
        return (
            self.recurrent_activation(x_update + h_update),
            self.activation(x_candidate + candidate_of_state(reset * state)),
        )

    def _mixed(self, state):
        # As in Keras 2.2.5, implementation 2 drops from the old state too, and not only from what
        # the gates see of it.
        if self.implementation == 1 or not self._recurrent_dropout_mask:
            return state
        return state * self._recurrent_dropout_mask[0]


class LSTMStep(StepwiseCell):
    """The step of a long short-term memory: what :class:`LSTMCell` and ``ConvLSTM2DCell`` share."""

    gates = "ifco"
    data_format = "channels_last"

    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.state_size = (self.output_size, self.output_size)

    def _initial_bias(self):
        return self._bias_with_unit_forget_gate if self.unit_forget_bias else self.bias_initializer

    def _bias_with_unit_forget_gate(self, shape, dtype=None):
        size = self.output_size
        parts = [
            self.bias_initializer((size,), dtype=dtype),
            initializers.Ones()((size,), dtype=dtype),
            self.bias_initializer((2 * size,), dtype=dtype),
        ]
        return tf.concat(parts, axis=0)

    def step(self, inputs, states, prepared):
        of_input, of_state = prepared
        hidden, carry = states
        columns = of_input(inputs) + of_state(hidden)
        i, f, c, o = tf.split(columns, 4, axis=channel_axis(self.data_format))
        carry = self.recurrent_activation(f) * carry + self.recurrent_activation(
            i
        ) * self.activation(c)
        hidden = self.recurrent_activation(o) * self.activation(carry)
        return hidden, [hidden, carry]


class LSTMCell(LSTMStep, Layer):
    """One step of a long short-term memory.

    Shapes: ``(batch, in)`` and two states ``(batch, units)``, the output of the last step and the
    carry -> output and both new states, all ``(batch, units)``.
    Weights, with columns for the gates i, f, c, o (input, forget, candidate, output): kernel ``(in,
    4 * units)``, recurrent_kernel ``(units, 4 * units)``, bias ``(4 * units,)``.
    ``unit_forget_bias`` starts the forget gate's bias at one (Jozefowicz et al., 2015).
    ``implementation`` 1 drops with masks of its own for each gate, 2 with one mask for all.

    Source: Hochreiter and Schmidhuber, Neural Computation 9(8), 1997; the gates are those of Keras
    2.2.5.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import RNN, LSTMCell
    >>> RNN(LSTMCell(3))(K.placeholder((None, 5, 4))).shape.as_list()
    [None, 3]
    """

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
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        dropout=0.0,
        recurrent_dropout=0.0,
        implementation=1,
        **kwargs,
    ):
        super().__init__(**kwargs)


# ---- cells of any kind -------------------------------------------------------------------------


def state_sizes(cell):
    """The sizes of a cell's states, as a list; the cell may say a single number."""
    return list(cell.state_size) if hasattr(cell.state_size, "__len__") else [cell.state_size]


def output_size(cell):
    """The size of a cell's output: by default that of its first state."""
    size = getattr(cell, "output_size", None)
    return state_sizes(cell)[0] if size is None else size


def build_cell(cell, input_shape, constants_shapes):
    """Builds a cell that is a layer for steps of the given shape, unless it was built before."""
    if not isinstance(cell, Layer) or cell.built:
        return
    takes_constants = constants_shapes and has_arg(cell.call, "constants")
    cell.build([input_shape] + constants_shapes if takes_constants else input_shape)
    cell.built = True


def begin(cell, inputs, training=None, constants=None):
    """The step for one call of a layer, as a function of inputs and states, for any cell."""
    if getattr(type(cell), "call", None) in (StepwiseCell.call, StackedRNNCells.call):
        return cell.begin(inputs, training, constants)
    if isinstance(cell, StepwiseCell):
        cell.forget_masks()
    return _step_of(cell, training, constants)


def _step_of(cell, training, constants):
    arguments = {"training": training} if has_arg(cell.call, "training") else {}
    if constants and has_arg(cell.call, "constants"):
        arguments["constants"] = constants
    return lambda x, states: cell.call(x, states, **arguments)


def check_cell(cell):
    for name in ("call", "state_size"):
        if not hasattr(cell, name):
            raise ConfigError(
                "A recurrent cell needs a method `call(inputs, states)` and an attribute "
                "`state_size` (an integer, or one for each state); this one has no `%s`: %s"
                % (name, cell)
            )


class StackedRNNCells(Layer):
    """Several cells as one: the output of each is the input of the next.

    States: those of all cells in order, or in the reverse order of the cells with
    ``reverse_state_order=True``, as Keras had it before 2.2.3.
    Raises: ConfigError if a cell has no ``call`` or ``state_size``.

    >>> from tfkeras_compat.layers import GRUCell, LSTMCell, StackedRNNCells
    >>> StackedRNNCells([LSTMCell(3), GRUCell(2)]).state_size
    (3, 3, 2)
    """

    def __init__(self, cells, **kwargs):
        for cell in cells:
            check_cell(cell)
        self.cells = cells
        self.reverse_state_order = kwargs.pop("reverse_state_order", False)
        if self.reverse_state_order:
            warnings.warn(
                "`reverse_state_order=True` in `StackedRNNCells` will soon be deprecated. Take the "
                "states in their natural order, which is that of the cells.",
                stacklevel=2,
            )
        super().__init__(**kwargs)

    def _sublayers(self):
        return [cell for cell in self.cells if isinstance(cell, Layer)]

    def _in_order_of_states(self, items):
        return list(items)[::-1] if self.reverse_state_order else list(items)

    @property
    def state_size(self):
        return tuple(
            size for cell in self._in_order_of_states(self.cells) for size in state_sizes(cell)
        )

    @property
    def output_size(self):
        return output_size(self.cells[-1])

    def build(self, input_shape):
        shapes = input_shape if isinstance(input_shape, list) else [input_shape]
        shape = shapes[0]
        for cell in self.cells:
            build_cell(cell, shape, shapes[1:])
            shape = (shape[0], output_size(cell))
        self.built = True

    def call(self, inputs, states, constants=None, training=None):
        """One step of all cells; constants and training go to those that take them."""
        steps = [_step_of(cell, training, constants) for cell in self.cells]
        return self._through(steps, inputs, states)

    def begin(self, inputs, training=None, constants=None):
        """The step for one call of a layer, as a function of inputs and states."""
        steps = [begin(cell, inputs, training, constants) for cell in self.cells]
        return lambda x, states: self._through(steps, x, states)

    def _through(self, steps, x, states):
        states, by_cell = list(states), []
        for cell in self._in_order_of_states(self.cells):
            count = len(state_sizes(cell))
            by_cell.append(states[:count])
            states = states[count:]
        new_states = []
        for step, own in zip(steps, self._in_order_of_states(by_cell)):
            x, new = step(x, own)
            new_states.append(list(new))
        return x, [state for own in self._in_order_of_states(new_states) for state in own]

    def get_config(self):
        config = dict(super().get_config(), cells=[serialize(cell) for cell in self.cells])
        return dict(config, reverse_state_order=True) if self.reverse_state_order else config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        cells = [deserialize(cell, custom_objects) for cell in config.pop("cells")]
        return cls(cells, **config)
