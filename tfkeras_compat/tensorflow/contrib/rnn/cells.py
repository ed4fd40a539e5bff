"""Cells of research papers."""

from tfkeras_compat._tf import tf
from tfkeras_compat.tensorflow.contrib.rnn.linear import linear
from tfkeras_compat.tensorflow.nn.rnn_cell import LayerRNNCell, LSTMStateTuple, RNNCell

# What contrib.layers.layer_norm added to the variance.
_EPSILON = 1e-12
_EPSILON_OF_HALF = 1e-3


class LayerNormBasicLSTMCell(RNNCell):
    """An LSTM whose gates and carry are normalized over the units, with dropout of what is added
    to the carry.

    Weights: kernel ``(in + num_units, 4 * num_units)`` for the gates i, j, f, o; gamma and beta in
    input, transform, forget, output and state or, without ``layer_norm``, bias.

    Source: Ba et al., arXiv:1607.06450; Semeniuta et al., arXiv:1603.05118.
    """

    def __init__(
        self,
        num_units,
        forget_bias=1.0,
        input_size=None,
        activation=tf.tanh,
        layer_norm=True,
        norm_gain=1.0,
        norm_shift=0.0,
        dropout_keep_prob=1.0,
        dropout_prob_seed=None,
        reuse=None,
    ):
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._forget_bias = forget_bias
        self._activation = activation
        self._layer_norm = layer_norm
        self._norm_gain = norm_gain
        self._norm_shift = norm_shift
        self._keep_prob = dropout_keep_prob
        self._seed = dropout_prob_seed

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self):
        return self._num_units

    def call(self, inputs, state):
        c, h = state
        gates = tf.split(self._gates(tf.concat([inputs, h], 1)), 4, axis=1)
        names = ("input", "transform", "forget", "output")
        i, j, f, o = [self._norm(gate, name) for gate, name in zip(gates, names)]
        added = self._dropped(self._activation(j))
        new_c = self._norm(c * tf.sigmoid(f + self._forget_bias) + tf.sigmoid(i) * added, "state")
        new_h = self._activation(new_c) * tf.sigmoid(o)
        return new_h, LSTMStateTuple(new_c, new_h)

    def _gates(self, joined):
        size, depth = 4 * self._num_units, joined.get_shape().as_list()[-1]
        gates = tf.matmul(joined, tf.get_variable("kernel", [depth, size], joined.dtype))
        if self._layer_norm:
            return gates
        return tf.nn.bias_add(gates, tf.get_variable("bias", [size], joined.dtype))

    def _norm(self, x, scope):
        if not self._layer_norm:
            return x
        size, dtype = x.get_shape().as_list()[-1:], x.dtype
        with tf.variable_scope(scope):
            gain, shift = [tf.constant_initializer(v) for v in (self._norm_gain, self._norm_shift)]
            gamma = tf.get_variable("gamma", size, dtype, gain)
            beta = tf.get_variable("beta", size, dtype, shift)
            mean, variance = tf.nn.moments(x, [1], keepdims=True)
            epsilon = _EPSILON_OF_HALF if dtype == tf.float16 else _EPSILON
            return tf.nn.batch_normalization(x, mean, variance, beta, gamma, epsilon)

    def _dropped(self, x):
        if isinstance(self._keep_prob, float) and self._keep_prob >= 1:
            return x
        return tf.nn.dropout(x, rate=1.0 - self._keep_prob, seed=self._seed)


class UGRNNCell(RNNCell):
    """The update gate recurrent network. Weights: kernel ``(in + num_units, 2 * num_units)``, bias.

    Source: Collins et al., arXiv:1611.09913.
    """

    def __init__(
        self, num_units, initializer=None, forget_bias=1.0, activation=tf.tanh, reuse=None
    ):
        super().__init__(_reuse=reuse)
        self._num_units = num_units
        self._initializer = initializer
        self._forget_bias = forget_bias
        self._activation = activation

    @property
    def state_size(self):
        return self._num_units

    @property
    def output_size(self):
        return self._num_units

    def call(self, inputs, state):
        with tf.variable_scope(tf.get_variable_scope(), initializer=self._initializer):
            gate, candidate = tf.split(linear([inputs, state], 2 * self._num_units), 2, axis=1)
        kept = tf.sigmoid(gate + self._forget_bias)
        output = kept * state + (1.0 - kept) * self._activation(candidate)
        return output, output


class NASCell(LayerRNNCell):
    """The cell that a search found. Weights: recurrent_kernel ``(out, 8 * num_units)``, kernel
    ``(in, 8 * num_units)``; bias and projection_weights if wanted.

    Source: Zoph and Le, arXiv:1611.01578.
    """

    # Of the eight parts of both products: how they are joined, and what comes after it.
    _JOINED = (
        (tf.add, tf.sigmoid),
        (tf.add, tf.nn.relu),
        (tf.add, tf.sigmoid),
        (tf.multiply, tf.nn.relu),
        (tf.add, tf.tanh),
        (tf.add, tf.sigmoid),
        (tf.add, tf.tanh),
        (tf.add, tf.sigmoid),
    )

    def __init__(self, num_units, num_proj=None, use_bias=False, reuse=None, **kwargs):
        super().__init__(_reuse=reuse, **kwargs)
        self._num_units = num_units
        self._num_proj = num_proj
        self._use_bias = use_bias

    @property
    def state_size(self):
        return LSTMStateTuple(self._num_units, self.output_size)

    @property
    def output_size(self):
        return self._num_proj or self._num_units

    def build(self, inputs_shape):
        size, depth = len(self._JOINED) * self._num_units, self._depth(inputs_shape)
        self.recurrent_kernel = self.add_variable("recurrent_kernel", [self.output_size, size])
        self.kernel = self.add_variable("kernel", [depth, size])
        if self._use_bias:
            self.bias = self.add_variable("bias", [size], initializer=tf.zeros_initializer())
        if self._num_proj:
            self.projection_weights = self.add_variable(
                "projection_weights", [self._num_units, self._num_proj]
            )
        self.built = True

    def call(self, inputs, state):
        c, h = state
        of_state = tf.matmul(h, self.recurrent_kernel)
        if self._use_bias:
            of_state = tf.nn.bias_add(of_state, self.bias)
        pairs = zip(
            tf.split(tf.matmul(inputs, self.kernel), len(self._JOINED), axis=1),
            tf.split(of_state, len(self._JOINED), axis=1),
        )
        first = [after(join(x, y)) for (join, after), (x, y) in zip(self._JOINED, pairs)]
        new_c = tf.tanh(tf.tanh(first[0] * first[1]) + c) * tf.tanh(first[2] + first[3])
        gate = tf.tanh(tf.tanh(first[4] * first[5]) + tf.sigmoid(first[6] + first[7]))
        new_h = tf.tanh(new_c * gate)
        if self._num_proj:
            new_h = tf.matmul(new_h, self.projection_weights)
        return new_h, LSTMStateTuple(new_c, new_h)
