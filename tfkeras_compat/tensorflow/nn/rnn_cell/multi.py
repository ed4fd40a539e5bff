"""Several cells, one on top of the other."""

from tfkeras_compat._tf import tf
from tfkeras_compat.engine.layer import Layer as KerasLayer
from tfkeras_compat.errors import ConfigError, KindError, ShapeError
from tfkeras_compat.tensorflow.nn.rnn_cell.base import RNNCell


class MultiRNNCell(RNNCell):
    """Cells of which each takes the output of the one before; variables are in ``cell_0``, ...

    The state is a tuple of those of the cells or, with ``state_is_tuple=False``, one tensor.
    Raises: ConfigError for no cells, or for states that can not be one tensor; KindError if
    ``cells`` is no list.

    >>> import tfkeras_compat.tensorflow as tf
    >>> cell = tf.nn.rnn_cell.MultiRNNCell([tf.nn.rnn_cell.GRUCell(2) for _ in range(3)])
    >>> cell.state_size, cell.output_size
    ((2, 2, 2), 2)
    """

    def __init__(self, cells, state_is_tuple=True):
        super().__init__()
        if not cells:
            raise ConfigError("Must specify at least one cell for MultiRNNCell.")
        if not isinstance(cells, (list, tuple)):
            raise KindError("cells must be a list or tuple, but saw: %s." % cells)
        self._cells = cells
        self._state_is_tuple = state_is_tuple
        nested = [cell.state_size for cell in cells if isinstance(cell.state_size, (list, tuple))]
        if nested and not state_is_tuple:
            raise ConfigError(
                "Some cells return tuples of states, but the flag state_is_tuple is not set. "
                "State sizes are: %s. Make the cells with state_is_tuple=False, too." % nested
            )

    def _sublayers(self):
        return [cell for cell in self._cells if isinstance(cell, KerasLayer)]

    def _noting_variable(self, getter, *args, **kwargs):
        return getter(*args, **kwargs)  # they are the cells'

    @property
    def state_size(self):
        sizes = tuple(cell.state_size for cell in self._cells)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._cells[-1].output_size

    def zero_state(self, batch_size, dtype):
        if not self._state_is_tuple:
            return super().zero_state(batch_size, dtype)
        with tf.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)

    def call(self, inputs, state):
        new_states = []
        for number, (cell, of_cell) in enumerate(zip(self._cells, self._states(state))):
            with tf.variable_scope("cell_%d" % number):
                inputs, new_state = cell(inputs, of_cell)
            new_states.append(new_state)
        return inputs, tuple(new_states) if self._state_is_tuple else tf.concat(new_states, 1)

    def _states(self, state):
        if not self._state_is_tuple:
            return tf.split(state, [cell.state_size for cell in self._cells], axis=1)
        if not isinstance(state, (list, tuple)) or len(state) != len(self._cells):
            raise ShapeError(
                "Expected state to be a tuple of length %d, but received: %s"
                % (len(self._cells), state)
            )
        return state
