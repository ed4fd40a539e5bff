"""The recurrent layers that the original ran by CuDNN, in plain operations for any device.

Weights stand in CuDNN's layout, as the files of these layers have them: of each gate the matrix
``(units, in)`` row by row, and one bias for the input and one for the state.
"""

from tfkeras_compat._tf import tf
from tfkeras_compat.aliases import lazy_attributes
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers.cells import GRUCell, LSTMCell, Projection
from tfkeras_compat.layers.recurrent import RNN, OfOneCell


class _InCuDNNLayout:
    """A cell whose weights are kept as CuDNN keeps them."""

    def _bias_shape(self):
        return (2 * len(self.gates) * self.units,)

    def _projections(self, input_masks, recurrent_masks):
        kernels = [_plain(each, len(self.gates)) for each in (self.kernel, self.recurrent_kernel)]
        return tuple(Projection(*pair, []) for pair in zip(kernels, tf.split(self.bias, 2)))


def _plain(kernel, gates):
    blocks = tf.split(tf.convert_to_tensor(kernel), gates, axis=1)
    by_unit = [tf.reshape(block, block.get_shape().as_list()[::-1]) for block in blocks]
    return tf.concat([tf.transpose(block) for block in by_unit], axis=1)


class _CuDNNGRUCell(_InCuDNNLayout, GRUCell):
    """The cell of :class:`CuDNNGRU`."""


class _CuDNNLSTMCell(_InCuDNNLayout, LSTMCell):
    """The cell of :class:`CuDNNLSTM`."""

    def _bias_with_unit_forget_gate(self, shape, dtype=None):
        of_input = self.bias_initializer((4 * self.units,), dtype=dtype)
        of_state = super()._bias_with_unit_forget_gate(shape, dtype=dtype)
        return tf.concat([of_input, of_state], axis=0)


class _CuDNNRNN(OfOneCell, RNN):
    """What both layers share: no masks, and no unrolling."""

    config_excludes = ("cell", "unroll")

    def __init__(self, cell, **kwargs):
        super().__init__(cell, **kwargs)
        self.supports_masking = False

    def call(self, inputs, mask=None, training=None, initial_state=None):
        if (mask[0] if isinstance(mask, list) else mask) is not None:
            raise ConfigError(
                "Masking is not supported for CuDNN RNNs, and layer %s was given a mask. Take "
                "LSTM, or GRU with reset_after=True, and recurrent_activation='sigmoid': the "
                "weights of this layer load there." % self.name
            )
        return super().call(inputs, training=training, initial_state=initial_state)


class CuDNNGRU(_CuDNNRNN):
    """A gated recurrent unit with the weights of CuDNN's, on any device.

    Shapes and states as of :class:`GRU` with ``reset_after=True`` and
    ``recurrent_activation="sigmoid"``, to which it is equal but for the layout of the weights;
    weight files of each load into the other.
    Weights: kernel ``(in, 3 * units)``, recurrent_kernel ``(units, 3 * units)``, bias
    ``(6 * units,)``. Raises: ConfigError if it is given a mask.
    """

    cell_class = _CuDNNGRUCell
    cell_arguments = {"recurrent_activation": "sigmoid", "reset_after": True}

    @configured
    def __init__(
        self,
        units,
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
        return_sequences=False,
        return_state=False,
        stateful=False,
        **kwargs,
    ):
        super().__init__(
            self._new_cell(kwargs),
            return_sequences=return_sequences,
            return_state=return_state,
            stateful=stateful,
            **kwargs,
        )


class CuDNNLSTM(_CuDNNRNN):
    """A long short-term memory with the weights of CuDNN's, on any device.

    Shapes and states as of :class:`LSTM` with ``recurrent_activation="sigmoid"``, to which it is
    equal but for the layout of the weights; weight files of each load into the other.
    Weights: kernel ``(in, 4 * units)``, recurrent_kernel ``(units, 4 * units)``, bias
    ``(8 * units,)``. Raises: ConfigError if it is given a mask.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import CuDNNLSTM
    >>> CuDNNLSTM(3, return_sequences=True)(K.placeholder((None, 5, 4))).shape.as_list()
    [None, 5, 3]
    """

    cell_class = _CuDNNLSTMCell
    cell_arguments = {"recurrent_activation": "sigmoid"}

    @configured
    def __init__(
        self,
        units,
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
        return_sequences=False,
        return_state=False,
        stateful=False,
        **kwargs,
    ):
        super().__init__(
            self._new_cell(kwargs),
            return_sequences=return_sequences,
            return_state=return_state,
            stateful=stateful,
            **kwargs,
        )


__getattr__, __dir__ = lazy_attributes(__name__)
