"""Cells of one step with the weights and numbers of cuDNN's networks."""

from tfkeras_compat._tf import tf
from tfkeras_compat.tensorflow.contrib.rnn import LSTMBlockCell
from tfkeras_compat.tensorflow.nn.rnn_cell import GRUCell


class CudnnCompatibleLSTMCell(LSTMBlockCell):
    """An LSTM without a forget bias, peepholes or clipping."""

    def __init__(self, num_units, reuse=None):
        super().__init__(num_units, forget_bias=0.0, reuse=reuse, name="cudnn_compatible_lstm_cell")


class CudnnCompatibleGRUCell(GRUCell):
    """A GRU whose reset gate comes after the product of state and kernel.

    Weights: gates/kernel ``(in + num_units, 2 * num_units)``, gates/bias; kernel and bias of
    candidate/input_projection and candidate/hidden_projection.
    """

    def __init__(self, num_units, reuse=None, kernel_initializer=None):
        super().__init__(num_units, None, reuse, kernel_initializer)

    def build(self, inputs_shape):
        units, depth = self._num_units, self._depth(inputs_shape)
        places = ("candidate/input_projection", "candidate/hidden_projection")
        self._gate_kernel = self._made_kernel("gates", depth + units, 2 * units)
        self._gate_bias = self._made_bias("gates", 2 * units, tf.ones_initializer())
        kernels = [self._made_kernel(*each, units) for each in zip(places, (depth, units))]
        biases = [self._made_bias(place, units, tf.zeros_initializer()) for place in places]
        self._of_input, self._of_state = zip(kernels, biases)
        self.built = True

    def _made_kernel(self, place, rows, columns):
        initializer = self._kernel_initializer
        return self.add_variable(place + "/kernel", [rows, columns], initializer=initializer)

    def _made_bias(self, place, size, otherwise):
        initializer = self._bias_initializer or otherwise
        return self.add_variable(place + "/bias", [size], initializer=initializer)

    def call(self, inputs, state):
        gates = tf.matmul(tf.concat([inputs, state], 1), self._gate_kernel)
        reset, update = tf.split(tf.sigmoid(tf.nn.bias_add(gates, self._gate_bias)), 2, axis=1)
        candidate = tf.nn.xw_plus_b(inputs, *self._of_input)
        candidate += reset * tf.nn.xw_plus_b(state, *self._of_state)
        output = (1 - update) * self._activation(candidate) + update * state
        return output, output
