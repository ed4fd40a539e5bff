"""The cells that TensorFlow 1.x computed by one operation: the same variables and numbers, by plain
operations."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.tensorflow.layers.base import Layer
from tfkeras_compat.tensorflow.nn.rnn_cell import GRUCell, LSTMCell, LSTMStateTuple


class LSTMBlockCell(LSTMCell):
    """``LSTMCell`` as one block, in the scope ``lstm_cell``; it never has a projection.

    Gradients go through a clipped carry as if it were not clipped, as those of the block did.
    """

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        cell_clip=None,
        use_peephole=False,
        dtype=None,
        reuse=None,
        name="lstm_cell",
    ):
        super().__init__(
            num_units,
            use_peephole,
            cell_clip,
            forget_bias=forget_bias,
            reuse=reuse,
            name=name,
            dtype=dtype,
        )

    _peepholes = ("w_i_diag", "w_f_diag", "w_o_diag")

    def _clipped_carry(self, c):
        return c + tf.stop_gradient(super()._clipped_carry(c) - c)


class GRUBlockCell(GRUCell):
    """``GRUCell`` as one block, in the scope ``gru_cell``, with variables w_ru, b_ru, w_c, b_c.

    Raises: ConfigError unless one of ``num_units`` and its older name ``cell_size`` is given.
    """

    _names = ("w_ru", "b_ru", "w_c", "b_c")

    def __init__(self, num_units=None, cell_size=None, reuse=None, name="gru_cell"):
        if (num_units is None) == (cell_size is None):
            raise ConfigError(
                "Exactly one of num_units or cell_size must be provided, found %s and %s."
                % (num_units, cell_size)
            )
        super().__init__(cell_size if num_units is None else num_units, reuse=reuse, name=name)


class GRUBlockCellV2(GRUBlockCell):
    """``GRUBlockCell`` with the variables of ``GRUCell``."""

    _names = GRUCell._names


class LSTMBlockFusedCell(Layer):
    """All steps of an LSTM in one call: ``outputs, state = cell(inputs, dtype=tf.float32)``.

    Shapes: ``(time, batch, in)``, or a list of ``(batch, in)`` -> outputs in the same form, and the
    last state. ``sequence_length`` is the number of steps that count in each sequence; outputs
    after them are zero.
    Weights: kernel ``(in + num_units, 4 * num_units)``, bias; with ``use_peephole`` w_i_diag,
    w_f_diag, w_o_diag.
    Raises: ShapeError without an ``initial_state`` and a ``dtype``.
    """

    makes_nodes = False

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        cell_clip=None,
        use_peephole=False,
        reuse=None,
        dtype=None,
        name="lstm_fused_cell",
    ):
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self._step = LSTMBlockCell(num_units, forget_bias, cell_clip, use_peephole)
        self._num_units = num_units

    @property
    def num_units(self):
        """The size of the outputs."""
        return self._num_units

    def build(self, input_shape):
        shape = input_shape[0] if isinstance(input_shape, list) else input_shape
        self._step.add_variable = self.add_variable
        self._step.build(shape)
        self.built = True

    def call(self, inputs, initial_state=None, dtype=None, sequence_length=None):
        is_list = isinstance(inputs, list)
        inputs = tf.stack(inputs) if is_list else inputs
        if initial_state is None and dtype is None:
            raise ShapeError(
                "Cell %s needs an initial_state, or a dtype for one of zeros." % self.name
            )
        outputs, state = self._steps(inputs, initial_state, dtype, sequence_length)
        return (tf.unstack(outputs) if is_list else outputs), state

    def _steps(self, inputs, initial_state, dtype, sequence_length):
        if initial_state is not None:
            initial_state = LSTMStateTuple(*initial_state)
        return tf.nn.dynamic_rnn(
            self._step,
            inputs,
            sequence_length=sequence_length,
            initial_state=initial_state,
            dtype=dtype,
            time_major=True,
        )
