"""Cells around a cell: dropout, residual connections, a device."""

import hashlib
import itertools

from tfkeras_compat._tf import tf
from tfkeras_compat.engine.layer import Layer as KerasLayer
from tfkeras_compat.errors import ConfigError, KindError
from tfkeras_compat.tensorflow.nn.rnn_cell.base import RNNCell, check_is_cell
from tfkeras_compat.tensorflow.nn.rnn_cell.cells import LSTMStateTuple


class WrapperCell(RNNCell):
    """A cell that changes what goes into another, or comes out; the variables are the other's."""

    def __init__(self, cell, **kwargs):
        super().__init__(**kwargs)
        check_is_cell("cell", cell)
        self.cell = cell

    def _sublayers(self):
        return [self.cell] if isinstance(self.cell, KerasLayer) else []

    @property
    def wrapped_cell(self):
        """The cell inside."""
        return self.cell

    @property
    def state_size(self):
        return self.cell.state_size

    @property
    def output_size(self):
        return self.cell.output_size

    def zero_state(self, batch_size, dtype):
        with tf.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return self.cell.zero_state(batch_size, dtype)

    def __call__(self, inputs, state, scope=None):
        return self.cell(inputs, state, scope=scope) if scope else self.cell(inputs, state)


class DropoutWrapper(WrapperCell):
    """Drops parts of inputs, outputs and states of a cell.

    Args:
        input_keep_prob, output_keep_prob, state_keep_prob: between 0 and 1, or tensors.
        variational_recurrent: whether all steps drop the same; needs ``dtype`` and, if inputs are
            dropped, their ``input_size``.
        seed: of the random choice, from which each tensor has one of its own.
        dropout_state_filter_visitor: function of a state, or a part of one: whether it is dropped,
            or a structure of this. By default all are but the carry of an LSTM.

    >>> import tfkeras_compat.tensorflow as tf
    >>> cell = tf.nn.rnn_cell.DropoutWrapper(tf.nn.rnn_cell.GRUCell(2), output_keep_prob=0.5)
    >>> cell.state_size
    2
    """

    def __init__(
        self,
        cell,
        input_keep_prob=1.0,
        output_keep_prob=1.0,
        state_keep_prob=1.0,
        variational_recurrent=False,
        input_size=None,
        dtype=None,
        seed=None,
        dropout_state_filter_visitor=None,
        **kwargs,
    ):
        super().__init__(cell, dtype=dtype, **kwargs)
        if dropout_state_filter_visitor is not None and not callable(dropout_state_filter_visitor):
            raise KindError(
                "dropout_state_filter_visitor must be callable, found %r."
                % (dropout_state_filter_visitor,)
            )
        self._dropout_state_filter = dropout_state_filter_visitor or _all_but_carries
        self._seed = seed
        self._variational_recurrent = variational_recurrent
        self._input_size = input_size
        self._input_keep_prob = _probability("input_keep_prob", input_keep_prob)
        self._state_keep_prob = _probability("state_keep_prob", state_keep_prob)
        self._output_keep_prob = _probability("output_keep_prob", output_keep_prob)
        self._noise = {"input": None, "state": None, "output": None}
        if variational_recurrent:
            self._make_noise(dtype)

    def _make_noise(self, dtype):
        drops_inputs = _drops(self._input_keep_prob)
        if dtype is None or (drops_inputs and self._input_size is None):
            raise ConfigError(
                "When variational_recurrent=True, dtype must be provided and, if inputs are "
                "dropped, input_size; found %s and %s." % (dtype, self._input_size)
            )
        sizes = {"state": self.cell.state_size, "output": self.cell.output_size}
        if drops_inputs:
            sizes["input"] = self._input_size
        for kind, size in sizes.items():
            self._noise[kind] = self._noise_of(kind, size, dtype)

    def _noise_of(self, kind, sizes, dtype):
        numbers = itertools.count()

        def uniform(size):
            shape = [1] + tf.TensorShape(size).as_list()
            return tf.random_uniform(shape, seed=self._seed_of(kind, next(numbers)), dtype=dtype)

        return mapped_up_to(uniform, sizes)

    def _seed_of(self, kind, number):
        # Seeds as TensorFlow 1.15 makes them, for the same numbers.
        if self._seed is None:
            return None
        text = "%s%s_%d" % (self._seed, kind, number)
        return int(hashlib.md5(text.encode()).hexdigest()[:8], 16) & 0x7FFFFFFF

    def __call__(self, inputs, state, scope=None):
        if _drops(self._input_keep_prob):
            inputs = self._dropped("input", inputs, inputs, self._input_keep_prob)
        output, new_state = super().__call__(inputs, state, scope)
        if _drops(self._state_keep_prob):
            chosen = _chosen(self._dropout_state_filter, new_state)
            new_state = self._dropped("state", chosen, new_state, self._state_keep_prob)
        if _drops(self._output_keep_prob):
            output = self._dropped("output", output, output, self._output_keep_prob)
        return output, new_state

    def _dropped(self, kind, chosen, values, keep_prob):
        numbers = itertools.count()

        def dropped(choice, value, *noise):
            number = next(numbers)
            if choice is False:
                return value
            if noise:
                result = value / keep_prob * tf.floor(keep_prob + noise[0])
                result.set_shape(value.get_shape())
                return result
            return tf.nn.dropout(value, rate=1.0 - keep_prob, seed=self._seed_of(kind, number))

        noise = [self._noise[kind]] if self._variational_recurrent else []
        return mapped_up_to(dropped, chosen, values, *noise)


def _probability(name, value):
    known = tf.get_static_value(tf.convert_to_tensor(value))
    if known is None:
        return tf.convert_to_tensor(value)
    if not 0 <= known <= 1:
        raise ConfigError("Parameter %s must be between 0 and 1: %s" % (name, known))
    return float(known)


def _drops(keep_prob):
    return not isinstance(keep_prob, float) or keep_prob < 1


def mapped_up_to(function, shallow, *structures):
    """The results of ``function`` for the leaves of a structure, and for what the others, which may
    go deeper, have in their places."""
    if not isinstance(shallow, (list, tuple)):
        return function(shallow, *structures)
    results = [mapped_up_to(function, *each) for each in zip(shallow, *structures)]
    return type(shallow)(*results) if hasattr(shallow, "_fields") else type(shallow)(results)


def _all_but_carries(state):
    return LSTMStateTuple(c=False, h=True) if isinstance(state, LSTMStateTuple) else True


def _chosen(visitor, state):
    """For each part of a state, whether it is dropped; one False for a whole that is not."""
    choice = visitor(state)
    if choice is False or not isinstance(state, (list, tuple)):
        return choice
    parts = [choice] * len(state) if choice is True else choice
    found = [part is not False and _chosen(visitor, each) for part, each in zip(parts, state)]
    return type(state)(*found) if hasattr(state, "_fields") else type(state)(found)


class ResidualWrapper(WrapperCell):
    """Adds the inputs of a cell to its outputs, or joins them by ``residual_fn(inputs,
    outputs)``."""

    def __init__(self, cell, residual_fn=None, **kwargs):
        super().__init__(cell, **kwargs)
        self._residual_fn = residual_fn or _sum

    def __call__(self, inputs, state, scope=None):
        outputs, new_state = super().__call__(inputs, state, scope)
        return self._residual_fn(inputs, outputs), new_state


def _sum(inputs, outputs):
    return tf.nest.map_structure(_sum_of_same_shape, inputs, outputs)


def _sum_of_same_shape(x, y):
    x.get_shape().assert_is_compatible_with(y.get_shape())
    return x + y


class DeviceWrapper(WrapperCell):
    """Has a cell, and its first state, run on a device."""

    def __init__(self, cell, device, **kwargs):
        super().__init__(cell, **kwargs)
        self._device = device

    def zero_state(self, batch_size, dtype):
        with tf.device(self._device):
            return super().zero_state(batch_size, dtype)

    def __call__(self, inputs, state, scope=None):
        with tf.device(self._device):
            return super().__call__(inputs, state, scope)
