"""Cells around a cell, with variables of their own."""

import math

from tfkeras_compat._tf import tf
from tfkeras_compat.engine.layer import Layer as KerasLayer
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.tensorflow.contrib.rnn.linear import linear
from tfkeras_compat.tensorflow.nn.rnn_cell import RNNCell, assert_like_rnncell


class _Around(RNNCell):
    """A cell with another inside, whose sizes and states are its own."""

    def __init__(self, cell, **kwargs):
        super().__init__(**kwargs)
        assert_like_rnncell("cell", cell)
        self._cell = cell

    @property
    def state_size(self):
        return self._cell.state_size

    @property
    def output_size(self):
        return self._cell.output_size

    def zero_state(self, batch_size, dtype):
        with tf.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return self._cell.zero_state(batch_size, dtype)


class EmbeddingWrapper(_Around):
    """Embeds the class numbers that a cell is fed.

    Weights: embedding ``(embedding_classes, embedding_size)``, drawn evenly with variance one if
    neither ``initializer`` nor the scope says otherwise.
    Raises: ConfigError unless both sizes are positive.
    """

    def __init__(self, cell, embedding_classes, embedding_size, initializer=None, reuse=None):
        super().__init__(cell, _reuse=reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ConfigError(
                "Both embedding_classes and embedding_size must be > 0: %d, %d."
                % (embedding_classes, embedding_size)
            )
        self._embedding_classes = embedding_classes
        self._embedding_size = embedding_size
        self._initializer = initializer

    def call(self, inputs, state):
        with tf.device("/cpu:0"):
            embedding = tf.get_variable(
                "embedding",
                [self._embedding_classes, self._embedding_size],
                tf.nest.flatten(state)[0].dtype,
                self._initializer or tf.get_variable_scope().initializer or _of_variance_one(),
            )
            embedded = tf.nn.embedding_lookup(embedding, tf.reshape(inputs, [-1]))
        return self._cell(embedded, state)


def _of_variance_one():
    return tf.random_uniform_initializer(-math.sqrt(3), math.sqrt(3))


class InputProjectionWrapper(_Around):
    """Projects the inputs of a cell to ``num_proj`` features. Weights: kernel, bias."""

    def __init__(self, cell, num_proj, activation=None, input_size=None, reuse=None):
        super().__init__(cell, _reuse=reuse)
        self._num_proj = num_proj
        self._activation = activation

    def call(self, inputs, state):
        projected = linear([inputs], self._num_proj)
        return self._cell(self._activation(projected) if self._activation else projected, state)


class OutputProjectionWrapper(_Around):
    """Projects the outputs of a cell to ``output_size`` features. Weights: kernel, bias.

    Raises: ConfigError unless the size is positive.
    """

    def __init__(self, cell, output_size, activation=None, reuse=None):
        super().__init__(cell, _reuse=reuse)
        if output_size < 1:
            raise ConfigError("Parameter output_size must be > 0: %d." % output_size)
        self._output_size = output_size
        self._activation = activation

    @property
    def output_size(self):
        return self._output_size

    def call(self, inputs, state):
        outputs, new_state = self._cell(inputs, state)
        projected = linear([outputs], self._output_size)
        return (self._activation(projected) if self._activation else projected), new_state


class HighwayWrapper(_Around):
    """A mixture of the inputs and the outputs of a cell, by gates of the inputs.

    Weights: carry_w, carry_b; transform_w, transform_b if the gates are not coupled.

    Source: Srivastava et al., arXiv:1505.00387.
    """

    def __init__(self, cell, couple_carry_transform_gates=True, carry_bias_init=1.0):
        super().__init__(cell)
        self._couple_carry_transform_gates = couple_carry_transform_gates
        self._carry_bias_init = carry_bias_init

    def _sublayers(self):
        return [self._cell] if isinstance(self._cell, KerasLayer) else []

    def __call__(self, inputs, state, scope=None):
        outputs, new_state = self._cell(inputs, state, scope=scope)
        return tf.nest.map_structure(self._mixed, inputs, outputs), new_state

    def _mixed(self, x, y):
        carry = self._gate("carry", x, self._carry_bias_init)
        if self._couple_carry_transform_gates:
            return x * carry + y * (1 - carry)
        return x * carry + y * self._gate("transform", x, -self._carry_bias_init)

    @staticmethod
    def _gate(name, x, bias):
        size = x.get_shape().as_list()[-1]
        kernel = tf.get_variable(name + "_w", [size, size])
        bias = tf.get_variable(name + "_b", [size], initializer=tf.constant_initializer(bias))
        return tf.sigmoid(tf.nn.xw_plus_b(x, kernel, bias))


class AttentionCellWrapper(_Around):
    """Attention over the last ``attn_length`` outputs of a cell.

    The state is that of the cell, the attended values and the last outputs, as a tuple or as one
    tensor. Weights: kernel, bias, attention/attn_w, attn_v, kernel, bias,
    attn_output_projection/kernel, bias.
    Raises: ConfigError for a length below one, or a state that can not be one tensor.

    Source: Bahdanau et al., arXiv:1409.0473.
    """

    def __init__(
        self,
        cell,
        attn_length,
        attn_size=None,
        attn_vec_size=None,
        input_size=None,
        state_is_tuple=True,
        reuse=None,
    ):
        super().__init__(cell, _reuse=reuse)
        if isinstance(cell.state_size, tuple) and not state_is_tuple:
            raise ConfigError(
                "Cell returns tuple of states, but the flag state_is_tuple is not set. State size "
                "is: %s" % (cell.state_size,)
            )
        if attn_length <= 0:
            raise ConfigError("attn_length should be greater than zero, got %s" % attn_length)
        self._state_is_tuple = state_is_tuple
        self._attn_length = attn_length
        self._attn_size = attn_size or cell.output_size
        self._attn_vec_size = attn_vec_size or self._attn_size
        self._input_size = input_size

    @property
    def state_size(self):
        sizes = self._cell.state_size, self._attn_size, self._attn_size * self._attn_length
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self):
        return self._attn_size

    def zero_state(self, batch_size, dtype):
        return RNNCell.zero_state(self, batch_size, dtype)

    def call(self, inputs, state):
        sizes = self.state_size if self._state_is_tuple else self._sizes()
        state, attended, past = state if self._state_is_tuple else tf.split(state, sizes, axis=1)
        past = tf.reshape(past, [-1, self._attn_length, self._attn_size])
        size = self._input_size or inputs.get_shape().as_list()[1]
        output, new_state = self._cell(linear([inputs, attended], size), state)
        attended = self._attended(tf.concat(tf.nest.flatten(new_state), 1), past)
        with tf.variable_scope("attn_output_projection"):
            output = linear([output, attended], self._attn_size)
        past = tf.concat([past[:, 1:], tf.expand_dims(output, 1)], 1)
        past = tf.reshape(past, [-1, self._attn_length * self._attn_size])
        parts = (new_state, attended, past)
        return output, parts if self._state_is_tuple else tf.concat(parts, 1)

    def _sizes(self):
        return [self._cell.state_size, self._attn_size, self._attn_size * self._attn_length]

    def _attended(self, query, past):
        with tf.variable_scope("attention"):
            size = self._attn_vec_size
            kernel = tf.get_variable("attn_w", [1, 1, self._attn_size, size])
            vector = tf.get_variable("attn_v", [size])
            hidden = tf.expand_dims(past, 2)
            features = tf.nn.conv2d(hidden, kernel, [1, 1, 1, 1], "SAME")
            asked = tf.reshape(linear([query], size), [-1, 1, 1, size])
            scores = tf.reduce_sum(vector * tf.tanh(features + asked), [2, 3])
            weights = tf.reshape(tf.nn.softmax(scores), [-1, self._attn_length, 1, 1])
            return tf.reshape(tf.reduce_sum(weights * hidden, [1, 2]), [-1, self._attn_size])
