"""Recurrent layers whose steps and states are images."""

import functools

from tfkeras_compat import backend as K
from tfkeras_compat.aliases import lazy_attributes
from tfkeras_compat.backend.shape import dimensions
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.layers.cells import LSTMStep, Projection
from tfkeras_compat.layers.convolution import joins_keras_1_sizes
from tfkeras_compat.layers.recurrent import RNN, OfOneCell
from tfkeras_compat.layers.windows import (
    channel_axis,
    convolved_shape,
    known_channels,
    normalize_windows,
)


class ConvRNN2D(RNN):
    """A cell that works on images, applied to each step of a sequence of them.

    Shapes: ``(batch, time, rows, columns, in)`` -> ``(batch, new rows, new columns, filters)``, or
    with the time as second axis with ``return_sequences``; the states are images of the size of the
    output. Channels come before rows if the cell's ``data_format`` is ``"channels_first"``.
    Masks, states and arguments as of :class:`RNN`.

    Args:
        cell: as of :class:`RNN`, with the attributes ``kernel_size``, ``strides``, ``padding``,
            ``dilation_rate`` and ``data_format``, which give the size of the output, and
            ``state_size``, the number of channels of each state.

    Raises: ConfigError for a list of cells and for ``unroll``, which this layer does not have.
    """

    def __init__(self, cell, *args, **kwargs):
        super().__init__(cell, *args, **kwargs)
        if self.unroll or isinstance(cell, (list, tuple)):
            raise ConfigError(
                "Layer %s can neither be unrolled nor stack cells of images. Leave out `unroll`, "
                "and give several layers, one after the other, instead of a list of cells."
                % self.name
            )
        self.input_spec = [InputSpec(ndim=5)]

    @property
    def _feature_axis(self):
        return channel_axis(self.cell.data_format)

    def _shape_of_step(self, input_shape, size):
        return convolved_shape(self.cell, _of_image(input_shape), size)


def _of_image(sizes):
    """The sizes of the images of a sequence, or of images as they are."""
    return tuple(sizes[:1]) + tuple(sizes[-3:])


class ConvLSTM2DCell(LSTMStep, Layer):
    """One step of a long short-term memory whose products with the kernels are convolutions.

    Shapes: ``(batch, rows, columns, in)`` and two states ``(batch, new rows, new columns,
    filters)``, the output of the last step and the carry -> output and both new states, of the
    shape of the states.
    Weights, with channels for the gates i, f, c, o (input, forget, candidate, output): kernel
    ``(height, width, in, 4 * filters)``, recurrent_kernel ``(height, width, filters, 4 *
    filters)``, bias ``(4 * filters,)``. The second convolution keeps the size.
    ``unit_forget_bias`` starts the forget gate's bias at one.
    Raises: ShapeError if the number of channels is unknown.

    Source: Shi et al., arXiv:1506.04214, without the peepholes, as in Keras 2.2.5.
    """

    @configured
    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        data_format=None,
        dilation_rate=(1, 1),
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
        **kwargs,
    ):
        super().__init__(**kwargs)
        normalize_windows(self, 2)

    def _features(self):
        return self.filters

    def _input_features(self, input_shape):
        return known_channels(self, input_shape)

    def _kernel_shape(self, features):
        return self.kernel_size + super()._kernel_shape(features)

    def _initial_recurrent_kernel(self):
        return self.recurrent_initializer

    def _input_shape(self, inputs):
        return _of_image(dimensions(inputs))

    def _state_shape(self, inputs):
        return convolved_shape(self, self._input_shape(inputs), self.filters)

    def _projections(self, input_masks, recurrent_masks):
        convolve = functools.partial(K.conv2d, data_format=self.data_format)
        of_input = functools.partial(
            convolve,
            strides=self.strides,
            padding=self.padding,
            dilation_rate=self.dilation_rate,
        )
        of_state = functools.partial(convolve, padding="same")
        return (
            Projection(self.kernel, self.bias, input_masks, of_input, self.data_format),
            Projection(self.recurrent_kernel, None, recurrent_masks, of_state, self.data_format),
        )


class ConvLSTM2D(OfOneCell, ConvRNN2D):
    """A long short-term memory of images, whose products with the kernels are convolutions.

    Shapes, masks and states as of :class:`ConvRNN2D`, and the arguments of sequences, too. The
    states are the last output and the carry.
    Weights: kernel ``(height, width, in, 4 * filters)``, recurrent_kernel ``(height, width,
    filters, 4 * filters)``, bias ``(4 * filters,)``; see :class:`ConvLSTM2DCell`.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import ConvLSTM2D
    >>> layer = ConvLSTM2D(3, (2, 2), return_sequences=True)
    >>> layer(K.placeholder((None, 5, 6, 7, 2))).shape.as_list()
    [None, 5, 5, 6, 3]
    >>> layer.weights[0].name
    'conv_lst_m2d_1/kernel:0'
    """

    cell_class = ConvLSTM2DCell
    keras_1_sizes = ("nb_row", "nb_col")

    @joins_keras_1_sizes
    @configured
    def __init__(
        self,
        filters,
        kernel_size,
        strides=(1, 1),
        padding="valid",
        data_format=None,
        dilation_rate=(1, 1),
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
        activity_regularizer=None,
        kernel_constraint=None,
        recurrent_constraint=None,
        bias_constraint=None,
        return_sequences=False,
        go_backwards=False,
        stateful=False,
        dropout=0.0,
        recurrent_dropout=0.0,
        **kwargs,
    ):
        super().__init__(
            self._new_cell(kwargs),
            return_sequences=return_sequences,
            go_backwards=go_backwards,
            stateful=stateful,
            **kwargs,
        )


__getattr__, __dir__ = lazy_attributes(__name__)
