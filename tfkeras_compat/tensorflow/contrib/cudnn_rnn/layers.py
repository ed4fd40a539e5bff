"""Layers of cuDNN's networks, computed step by step on any device.

Their variables are those that the original wrote to checkpoints: one kernel and bias for each cell,
not the opaque vector of cuDNN.
"""

import functools

from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.errors import ConfigError, KindError
from tfkeras_compat.tensorflow.contrib.cudnn_rnn.cells import (
    CudnnCompatibleGRUCell,
    CudnnCompatibleLSTMCell,
)
from tfkeras_compat.tensorflow.contrib.rnn import stack_bidirectional_dynamic_rnn
from tfkeras_compat.tensorflow.layers.base import Layer
from tfkeras_compat.tensorflow.layers.switch import switch
from tfkeras_compat.tensorflow.nn.rnn_cell import (
    BasicRNNCell,
    DropoutWrapper,
    LSTMStateTuple,
    MultiRNNCell,
)

_DIRECTIONS = ("unidirectional", "bidirectional")
_INPUT_MODES = ("linear_input", "auto_select")


class _CudnnRNN(Layer):
    """``num_layers`` networks, one on top of the other, in one direction or both.

    Shapes: ``(time, batch, in)``, or batch first with ``time_major=False`` -> outputs of all steps,
    and a tuple of last states ``(layers * directions, batch, num_units)``.
    Raises: ConfigError for a direction or input mode that there is not; KindError for a first state
    that is no tuple.
    """

    makes_nodes = False
    _cell = None

    def __init__(
        self,
        num_layers,
        num_units,
        input_mode="linear_input",
        direction="unidirectional",
        dropout=0.0,
        seed=None,
        dtype=tf.float32,
        kernel_initializer=None,
        bias_initializer=None,
        name=None,
    ):
        super().__init__(dtype=dtype, name=name)
        for given, value, known in [
            ("direction", direction, _DIRECTIONS),
            ("input_mode", input_mode, _INPUT_MODES),
        ]:
            if value not in known:
                raise ConfigError(
                    "Layer %s: %s must be one of %s, found %r." % (self.name, given, known, value)
                )
        self.num_layers = num_layers
        self.num_units = num_units
        self.direction = direction
        self._dropout = dropout
        self._seed = seed
        self._kernel_initializer = kernel_initializer
        self._bias_initializer = bias_initializer or tf.zeros_initializer()
        self.input_spec = InputSpec(ndim=3)
        self._cells = [self._made_cell() for _ in range(num_layers * self.num_dirs)]

    def _made_cell(self):
        cell = self._cell(self.num_units)
        cell._bias_initializer = self._bias_initializer
        return cell

    def _sublayers(self):
        return self._cells

    @property
    def num_dirs(self):
        """The number of directions."""
        return 1 + _DIRECTIONS.index(self.direction)

    def state_shape(self, batch_size):
        """The shapes of the states."""
        return ([self.num_layers * self.num_dirs, batch_size, self.num_units],)

    def call(
        self, inputs, initial_state=None, sequence_lengths=None, time_major=True, training=True
    ):
        if initial_state is not None and not isinstance(initial_state, tuple):
            raise KindError("Invalid initial_state type: %s, expecting tuple." % initial_state)
        dropped = [self._dropped(cell, number, training) for number, cell in enumerate(self._cells)]
        states = None if initial_state is None else self._states_of_cells(initial_state)
        options = {
            "sequence_length": sequence_lengths,
            "dtype": self.dtype,
            "time_major": time_major,
        }
        around = tf.get_variable_scope()
        with tf.variable_scope(
            around, initializer=self._kernel_initializer, auxiliary_name_scope=False
        ):
            run = self._in_one_direction if self.num_dirs == 1 else self._in_both_directions
            outputs, last = run(dropped, inputs, states, options)
        return outputs, self._state(last)

    def _dropped(self, cell, number, training):
        if number < self.num_dirs or not self._dropout:
            return cell
        keep = switch(training, lambda: tf.constant(1.0 - self._dropout), lambda: tf.constant(1.0))
        return DropoutWrapper(cell, input_keep_prob=keep, seed=self._seed)

    @staticmethod
    def _in_one_direction(cells, inputs, states, options):
        return tf.nn.dynamic_rnn(
            MultiRNNCell(cells),
            inputs,
            initial_state=None if states is None else tuple(states),
            **options,
        )

    @staticmethod
    def _in_both_directions(cells, inputs, states, options):
        halves = [None, None] if states is None else [states[0::2], states[1::2]]
        outputs, forward, backward = stack_bidirectional_dynamic_rnn(
            cells[0::2], cells[1::2], inputs, *halves, **options
        )
        return outputs, [state for pair in zip(forward, backward) for state in pair]

    @staticmethod
    def _states_of_cells(state):
        return tf.unstack(state[0])

    @staticmethod
    def _state(last):
        return (tf.stack(last),)


class CudnnLSTM(_CudnnRNN):
    """Layers of long short-term memory; the states are ``(h, c)``.

    >>> import tfkeras_compat.tensorflow as tf
    >>> layer = tf.contrib.cudnn_rnn.CudnnLSTM(1, 4)
    >>> outputs, (h, c) = layer(tf.ones([5, 2, 3]))
    >>> outputs.shape.as_list(), h.shape.as_list()
    ([5, 2, 4], [1, 2, 4])
    """

    _cell = CudnnCompatibleLSTMCell

    def state_shape(self, batch_size):
        return super().state_shape(batch_size) * 2

    @staticmethod
    def _states_of_cells(state):
        return [LSTMStateTuple(c, h) for h, c in zip(*map(tf.unstack, state))]

    @staticmethod
    def _state(last):
        return tf.stack([state.h for state in last]), tf.stack([state.c for state in last])


class CudnnGRU(_CudnnRNN):
    """Layers of gated recurrent units; the state is ``(h,)``."""

    _cell = CudnnCompatibleGRUCell


class CudnnRNNTanh(_CudnnRNN):
    """Simple layers with tanh; the state is ``(h,)``."""

    _cell = BasicRNNCell


class CudnnRNNRelu(_CudnnRNN):
    """Simple layers with relu; the state is ``(h,)``."""

    _cell = functools.partial(BasicRNNCell, activation=tf.nn.relu)
