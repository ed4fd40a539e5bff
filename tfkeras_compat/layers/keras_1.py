"""Layers of Keras 1 that Keras 2.2 still had, deprecated: dense ones, base classes of recurrent
ones, and other names of dilated convolutions."""

import warnings

from tfkeras_compat import activations, initializers
from tfkeras_compat import backend as K
from tfkeras_compat.engine.configured import configured
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.keras_1 import named_in_order
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ShapeError
from tfkeras_compat.layers.convolution import Conv1D, Conv2D
from tfkeras_compat.layers.core import Dense
from tfkeras_compat.layers.recurrent import RNN, split_inputs
from tfkeras_compat.layers.windows import convolved_shape, normalize_windows
from tfkeras_compat.state import naming
from tfkeras_compat.state.generation import trait

# ---- dense --------------------------------------------------------------------------------------


class _KerasOneDense(Layer):
    """What both dense layers share: Keras 1's words for the arguments and the weights."""

    b_initializer = "zeros"

    @configured
    def __init__(
        self,
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        input_dim=None,
        init="glorot_uniform",
        **kwargs,
    ):
        warnings.warn(
            "The `%s` layer is deprecated, and was removed from Keras." % type(self).__name__,
            stacklevel=4,
        )
        if input_dim:
            kwargs["input_shape"] = (input_dim,)
        super().__init__(**kwargs)
        self.init = initializers.get(init)
        self.input_spec = InputSpec(ndim=2)

    W_initializer = W_carry_initializer = property(lambda self: self.init)

    def build(self, input_shape):
        super().build(input_shape)
        self.input_spec = InputSpec(dtype=K.floatx(), shape=(None, input_shape[1]))

    def get_config(self):
        return dict(super().get_config(), init=initializers.serialize(self.init))


class MaxoutDense(_KerasOneDense):
    """The largest of ``nb_feature`` linear functions of the inputs, for each output.

    Shapes: ``(batch, in)`` -> ``(batch, output_dim)``.
    Weights: W ``(nb_feature, in, output_dim)``, b ``(nb_feature, output_dim)``.

    Source: Goodfellow et al., Maxout Networks, ICML 2013.
    """

    def __init__(
        self,
        output_dim,
        nb_feature=4,
        init="glorot_uniform",
        weights=None,
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        input_dim=None,
        **kwargs,
    ):
        super().__init__(
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            input_dim,
            init,
            weights=weights,
            **kwargs,
        )
        self.output_dim = output_dim
        self.nb_feature = nb_feature

    def weight_specs(self, input_shape):
        yield self.weight("W", (self.nb_feature, input_shape[1], self.output_dim))
        yield self.weight("b", (self.nb_feature, self.output_dim), wanted=self.bias)

    def call(self, inputs):
        outputs = K.dot(inputs, self.W)
        return K.max(outputs + self.b if self.bias else outputs, axis=1)

    def compute_output_shape(self, input_shape):
        return (input_shape[0], self.output_dim)

    def get_config(self):
        config = super().get_config()
        return dict(config, output_dim=self.output_dim, nb_feature=self.nb_feature)


class Highway(_KerasOneDense):
    """A densely connected layer, mixed with its input by a gate.

    Shapes: ``(batch, in)`` -> the same.
    Weights: W and W_carry ``(in, in)``, b and b_carry ``(in,)``.

    Source: Srivastava et al., Highway Networks, 2015.
    """

    b_carry_initializer = "ones"

    def __init__(
        self,
        init="glorot_uniform",
        activation=None,
        weights=None,
        W_regularizer=None,
        b_regularizer=None,
        activity_regularizer=None,
        W_constraint=None,
        b_constraint=None,
        bias=True,
        input_dim=None,
        **kwargs,
    ):
        kwargs.pop("transform_bias", None)  # the original ignored it, too
        super().__init__(
            W_regularizer,
            b_regularizer,
            activity_regularizer,
            W_constraint,
            b_constraint,
            bias,
            input_dim,
            init,
            weights=weights,
            **kwargs,
        )
        self.activation = activations.get(activation)

    def weight_specs(self, input_shape):
        size = input_shape[1]
        yield self.weight("W", (size, size))
        yield self.weight("W_carry", (size, size))
        yield self.weight("b", (size,), wanted=self.bias)
        yield self.weight("b_carry", (size,), wanted=self.bias)

    def call(self, inputs):
        carried, changed = K.dot(inputs, self.W_carry), K.dot(inputs, self.W)
        if self.bias:
            carried, changed = carried + self.b_carry, changed + self.b
        gate = K.sigmoid(carried)
        return self.activation(changed) * gate + (1 - gate) * inputs

    def get_config(self):
        return dict(super().get_config(), activation=activations.serialize(self.activation))


class TimeDistributedDense(Dense):
    """``TimeDistributed(Dense(...))``, which ``Dense`` alone does too: it works on the last axis.

    Shapes and weights: as Dense.
    """


# ---- dilated convolutions -----------------------------------------------------------------------


def AtrousConvolution1D(*args, **kwargs):
    """Conv1D whose ``dilation_rate`` is called ``atrous_rate``."""
    return _dilated("AtrousConvolution1D", Conv1D, args, kwargs)


def AtrousConvolution2D(*args, **kwargs):
    """Conv2D whose ``dilation_rate`` is called ``atrous_rate``."""
    return _dilated("AtrousConvolution2D", Conv2D, args, kwargs)


def _dilated(name, kind, args, kwargs):
    warnings.warn(
        "%s was Keras 1's; Keras 2 writes %s with `dilation_rate`." % (name, kind.__name__),
        stacklevel=3,
    )
    order = trait("orders").get(name)
    args, kwargs = (
        ((), named_in_order(kind, order, args, kwargs)) if order else (args, dict(kwargs))
    )
    kwargs.setdefault("name", naming.name_of_function(name))
    return kind(*args, dilation_rate=kwargs.pop("atrous_rate", 1), **kwargs)


# ---- bases of recurrent layers ------------------------------------------------------------------


class Recurrent(RNN):
    """The base of recurrent layers before there were cells: the layer itself computes a step.

    A subclass sets ``units``; makes in ``build`` its weights and the list ``states``, ``None`` for
    each state; and computes in ``step(inputs, states)`` the pair ``(output, new_states)``. It may
    compute something for all steps at once in ``preprocess_input(inputs, training)``, or for all of
    them alike in ``get_constants(inputs, training)``, whose tensors follow the states.

    Shapes and masks: as RNN, which new code should use with a cell instead.
    """

    states = ()

    @configured
    def __init__(
        self,
        return_sequences=False,
        return_state=False,
        go_backwards=False,
        stateful=False,
        unroll=False,
        implementation=0,
        **kwargs,
    ):
        super(RNN, self).__init__(**kwargs)
        self.stateful = stateful
        self.supports_masking = True
        self.input_spec = [InputSpec(ndim=3)]
        self.state_spec = self.constants_spec = None
        self.dropout = self.recurrent_dropout = 0

    def _sublayers(self):
        return []

    def build(self, input_shape):
        super(RNN, self).build(input_shape)

    def step(self, inputs, states):
        """One step: ``(output, new_states)``. ``states`` are followed by the constants."""
        raise NotImplementedError

    def get_constants(self, inputs, training=None):
        """Tensors that every step gets after its states."""
        return []

    def preprocess_input(self, inputs, training=None):
        """What the steps are taken of; by default the inputs."""
        return inputs

    def _state_shapes(self, input_shape):
        return [self._shape_of_step(input_shape, self.units) for _ in self.states]

    def call(self, inputs, mask=None, training=None, initial_state=None):
        return super().call(inputs, mask, training, initial_state)

    def _route(self, x, states, mask, training, constants):
        uses_phase = bool(self.dropout or self.recurrent_dropout)
        self._always_uses_learning_phase = self._always_uses_learning_phase or uses_phase
        return K.rnn(
            self.step,
            self.preprocess_input(x, training=training),
            states,
            go_backwards=self.go_backwards,
            mask=mask,
            constants=self.get_constants(x, training=training),
            unroll=self.unroll,
            input_length=K.int_shape(x)[1],
        )

    def _check_states(self, states):
        if len(states) != len(self.states):
            raise ShapeError(
                "Layer %s has %d states but was passed %d initial states."
                % (self.name, len(self.states), len(states))
            )

    def compute_output_shape(self, input_shape):
        shape = split_inputs(input_shape)[0] if isinstance(input_shape, list) else input_shape
        output = self._shape_of_step(shape, self._output_features())
        if self.return_sequences:
            output = output[:1] + (shape[1],) + output[1:]
        return [output] + self._state_shapes(shape) if self.return_state else output

    def _output_features(self):
        return self.units

    def _config_of_cell(self):
        return {}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        return cls(**config)


class ConvRecurrent2D(Recurrent):
    """The base of recurrent layers of images before there were cells.

    Shapes: ``(batch, time, rows, columns, in)`` -> ``(batch, new rows, new columns, filters)``, or
    with the axis of time with ``return_sequences``; or channels before rows and columns.
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
        return_sequences=False,
        go_backwards=False,
        stateful=False,
        **kwargs,
    ):
        super().__init__(return_sequences, go_backwards=go_backwards, stateful=stateful, **kwargs)
        normalize_windows(self, 2)
        self.input_spec = [InputSpec(ndim=5)]

    def _state_shapes(self, input_shape):
        return [self._shape_of_step(input_shape, self.filters) for _ in self.states]

    def _shape_of_step(self, input_shape, size):
        return convolved_shape(self, tuple(input_shape[:1]) + tuple(input_shape[2:]), size)

    def _output_features(self):
        return self.filters
