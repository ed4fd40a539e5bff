"""The simple cell, LSTM cells and the GRU cell."""

import collections

from tfkeras_compat._tf import tf
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.errors import KindError
from tfkeras_compat.tensorflow.nn.rnn_cell.base import LayerRNNCell, check_float, keeping


class LSTMStateTuple(collections.namedtuple("LSTMStateTuple", ("c", "h"))):
    """The state of an LSTM cell: the carry ``c`` and the output ``h``."""

    __slots__ = ()

    @property
    def dtype(self):
        """The dtype of both. Raises KindError if they differ."""
        if self.c.dtype != self.h.dtype:
            raise KindError(
                "Inconsistent internal state: c is %s, h is %s." % (self.c.dtype, self.h.dtype)
            )
        return self.c.dtype


class _PlainCell(LayerRNNCell):
    """A cell whose state is as large as its output."""

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units


class BasicRNNCell(_PlainCell):
    """``output = new_state = activation([inputs, state] * kernel + bias)``.

    Shapes: ``(batch, in)`` and ``(batch, num_units)`` -> ``(batch, num_units)``.
    Weights: kernel ``(in + num_units, num_units)``, bias ``(num_units,)``.
    """

    @keeping
    def __init__(self, num_units, activation=None, reuse=None, name=None, dtype=None, **kwargs):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_float(self.dtype)
        self.input_spec = InputSpec(ndim=2)

    def build(self, inputs_shape):
        depth = self._depth(inputs_shape)
        self._kernel = self.add_variable("kernel", [depth + self._num_units, self._num_units])
        self._bias = self.add_variable(
            "bias", [self._num_units], initializer=tf.zeros_initializer()
        )
        self.built = True

    def call(self, inputs, state):
        output = self._activation(linear([inputs, state], self._kernel, self._bias))
        return output, output


class GRUCell(_PlainCell):
    """The gated recurrent unit: of its bias, that of the gates begins at one.

    Shapes: ``(batch, in)`` and ``(batch, num_units)`` -> ``(batch, num_units)``.
    Weights: gates/kernel ``(in + num_units, 2 * num_units)`` for reset and update, gates/bias,
    candidate/kernel ``(in + num_units, num_units)``, candidate/bias.

    Source: Cho et al., arXiv:1406.1078.
    """

    @keeping
    def __init__(
        self,
        num_units,
        activation=None,
        reuse=None,
        kernel_initializer=None,
        bias_initializer=None,
        name=None,
        dtype=None,
        **kwargs,
    ):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_float(self.dtype)
        self.input_spec = InputSpec(ndim=2)

    _names = ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")

    def build(self, inputs_shape):
        units, rows = self._num_units, self._depth(inputs_shape) + self._num_units
        gate_bias = self._bias_initializer or tf.ones_initializer()
        bias = self._bias_initializer or tf.zeros_initializer()
        names, kernel = self._names, self._kernel_initializer
        self._gate_kernel = self.add_variable(names[0], [rows, 2 * units], initializer=kernel)
        self._gate_bias = self.add_variable(names[1], [2 * units], initializer=gate_bias)
        self._candidate_kernel = self.add_variable(names[2], [rows, units], initializer=kernel)
        self._candidate_bias = self.add_variable(names[3], [units], initializer=bias)
        self.built = True

    def call(self, inputs, state):
        gates = tf.sigmoid(linear([inputs, state], self._gate_kernel, self._gate_bias))
        reset, update = tf.split(gates, 2, axis=1)
        candidate = self._activation(
            linear([inputs, reset * state], self._candidate_kernel, self._candidate_bias)
        )
        output = update * state + (1 - update) * candidate
        return output, output


class BasicLSTMCell(LayerRNNCell):
    """Long short-term memory, plain.

    Shapes: ``(batch, in)`` and a state of two ``(batch, num_units)`` -> ``(batch, num_units)``.
    With ``state_is_tuple=False`` the state is one tensor, ``c`` before ``h``.
    Weights: kernel ``(in + num_units, 4 * num_units)`` for the gates i, j, f, o, bias.

    Source: Zaremba et al., arXiv:1409.2329.
    """

    @keeping
    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        state_is_tuple=True,
        activation=None,
        reuse=None,
        name=None,
        dtype=None,
        **kwargs,
    ):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_float(self.dtype)
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self):
        units = self._num_units
        return LSTMStateTuple(units, units) if self._state_is_tuple else 2 * units

    @property
    def output_size(self):
        return self._num_units

    def build(self, inputs_shape):
        rows = self._depth(inputs_shape) + self._num_units
        self._kernel = self.add_variable("kernel", [rows, 4 * self._num_units])
        self._bias = self.add_variable(
            "bias", [4 * self._num_units], initializer=tf.zeros_initializer()
        )
        self.built = True

    def call(self, inputs, state):
        c, h = state if self._state_is_tuple else tf.split(state, 2, axis=1)
        i, j, f, o = tf.split(linear([inputs, h], self._kernel, self._bias), 4, axis=1)
        forgotten = c * tf.sigmoid(f + self._forget_bias)
        new_c = forgotten + tf.sigmoid(i) * self._activation(j)
        new_h = self._activation(new_c) * tf.sigmoid(o)
        return new_h, joined(self._state_is_tuple, new_c, new_h)


class LSTMCell(LayerRNNCell):
    """Long short-term memory with what can be added to it: peepholes, clipping, a projection.

    Shapes: ``(batch, in)`` and a state ``(batch, num_units)``, ``(batch, out)`` -> ``(batch,
    out)``; out is ``num_proj``, or ``num_units`` without a projection.
    Weights: kernel ``(in + out, 4 * num_units)`` for the gates i, j, f, o, bias; w_f_diag,
    w_i_diag, w_o_diag with ``use_peepholes``; projection/kernel ``(num_units, num_proj)``.

    Source: Sak et al., Long short-term memory recurrent neural network architectures, 2014.
    """

    _peepholes = ("w_f_diag", "w_i_diag", "w_o_diag")  # in the order in which they are made

    @keeping
    def __init__(
        self,
        num_units,
        use_peepholes=False,
        cell_clip=None,
        initializer=None,
        num_proj=None,
        proj_clip=None,
        num_unit_shards=None,
        num_proj_shards=None,
        forget_bias=1.0,
        state_is_tuple=True,
        activation=None,
        reuse=None,
        name=None,
        dtype=None,
        **kwargs,
    ):
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **kwargs)
        check_float(self.dtype)
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self):
        sizes = self._num_units, self.output_size
        return LSTMStateTuple(*sizes) if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._num_proj or self._num_units

    def build(self, inputs_shape):
        units, initializer = self._num_units, self._initializer
        rows = self._depth(inputs_shape) + self.output_size
        self._kernel = self.add_variable(
            "kernel",
            [rows, 4 * units],
            initializer=initializer,
            partitioner=_shards(self._num_unit_shards),
        )
        self._bias = self.add_variable("bias", [4 * units], initializer=tf.zeros_initializer())
        if self._use_peepholes:
            for name in self._peepholes:
                weight = self.add_variable(name, [units], initializer=initializer)
                setattr(self, "_" + name, weight)
        if self._num_proj:
            self._proj_kernel = self.add_variable(
                "projection/kernel",
                [units, self._num_proj],
                initializer=initializer,
                partitioner=_shards(self._num_proj_shards),
            )
        self.built = True

    def call(self, inputs, state):
        sizes = [self._num_units, self.output_size]
        c, h = state if self._state_is_tuple else tf.split(state, sizes, axis=1)
        i, j, f, o = tf.split(linear([inputs, h], self._kernel, self._bias), 4, axis=1)
        forget = tf.sigmoid(self._seen(f + self._forget_bias, "_w_f_diag", c))
        insert = tf.sigmoid(self._seen(i, "_w_i_diag", c))
        new_c = self._clipped_carry(forget * c + insert * self._activation(j))
        new_h = tf.sigmoid(self._seen(o, "_w_o_diag", new_c)) * self._activation(new_c)
        if self._num_proj:
            new_h = _clipped(tf.matmul(new_h, self._proj_kernel), self._proj_clip)
        return new_h, joined(self._state_is_tuple, new_c, new_h)

    def _clipped_carry(self, c):
        return _clipped(c, self._cell_clip)

    def _seen(self, gate, name, c):
        """What goes into a gate; through a peephole it sees the carry."""
        return gate + getattr(self, name) * c if self._use_peepholes else gate


def _shards(number):
    return None if number is None else tf.fixed_size_partitioner(number)


def _clipped(x, limit):
    return x if limit is None or limit <= 0 else tf.clip_by_value(x, -limit, limit)


def joined(is_tuple, c, h):
    """The state of an LSTM cell: a tuple, or one tensor."""
    return LSTMStateTuple(c, h) if is_tuple else tf.concat([c, h], 1)


def linear(args, kernel, bias):
    """Tensors side by side, times a kernel, and a bias.

    Raises ValueError if they are no floats.
    """
    for x in args:
        check_float(x.dtype)
    return tf.nn.bias_add(tf.matmul(tf.concat(args, 1), kernel), bias)
