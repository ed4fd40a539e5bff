"""Layers around other layers: applied to each time step, or in both directions."""

from tfkeras_compat import backend as K
from tfkeras_compat.backend.shape import dimensions
from tfkeras_compat.engine.input_spec import InputSpec
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.engine.registry import deserialize
from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.layers.recurrent import TakesStates, split_inputs
from tfkeras_compat.state import ledger, naming
from tfkeras_compat.state.registry import CustomObjectScope, serialize
from tfkeras_compat.state.structures import has_arg, object_list_uid, to_list, unpack_singleton


class Wrapper(Layer):
    """A layer around another, ``layer``, which holds the weights: the base of the wrappers.

    ``trainable`` is that of the wrapped layer.
    """

    def __init__(self, layer, **kwargs):
        self.layer = layer
        super().__init__(**kwargs)
        if "trainable" in kwargs:
            self.trainable = kwargs["trainable"]

    def _sublayers(self):
        return [self.layer]

    def build(self, input_shape=None):
        self.built = True

    @property
    def trainable(self):
        """Whether optimizers change the weights of the wrapped layer; setting it sets it there."""
        return any(layer.trainable for layer in self._sublayers())

    @trainable.setter
    def trainable(self, value):
        for layer in self._sublayers():
            layer.trainable = value

    @property
    def activity_regularizer(self):
        """That of the wrapped layer; it is applied to the wrapper's outputs."""
        return getattr(self.layer, "activity_regularizer", None)

    def get_config(self):
        return dict(super().get_config(), layer=serialize(self.layer))

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        return cls(deserialize(config.pop("layer"), custom_objects), **config)


class TimeDistributed(Wrapper):
    """A layer applied to each step of a sequence.

    Shapes: ``(batch, time, ...)`` -> ``(batch, time, ...)``, without the time as the wrapped layer
    says. Where the batch size is known the layer runs in a loop over the steps (it may depend on
    the batch size); otherwise once, with all steps of all samples as one batch.
    Masks: reach the wrapped layer only if the batch size is not known, as in Keras 2.2.
    Raises: ShapeError if the input has less than three axes.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import Dense, TimeDistributed
    >>> TimeDistributed(Dense(8))(K.placeholder((None, 10, 16))).shape.as_list()
    [None, 10, 8]
    """

    def __init__(self, layer, **kwargs):
        super().__init__(layer, **kwargs)
        self.supports_masking = True
        self._input_map = {}

    def build(self, input_shape):
        if len(input_shape) < 3:
            raise ShapeError(
                "Layer %s expects inputs of shape (batch, time, ...), found shape %s."
                % (self.name, tuple(input_shape))
            )
        self.input_spec = InputSpec(shape=tuple(input_shape))
        if not self.layer.built:
            self.layer.build(_without_time(input_shape))
            self.layer.built = True
        super().build()

    def compute_output_shape(self, input_shape):
        shape = self.layer.compute_output_shape(_without_time(input_shape))
        return (shape[0], input_shape[1]) + tuple(shape[1:])

    def call(self, inputs, training=None, mask=None):
        arguments = {"training": training} if has_arg(self.layer.call, "training") else {}
        if K.int_shape(inputs)[0]:
            return self._step_by_step(inputs, arguments)
        if mask is not None and has_arg(self.layer.call, "mask"):
            arguments["mask"] = _fold(mask)
        return self._unfold(self.layer.call(self._folded(inputs), **arguments), inputs)

    def _step_by_step(self, inputs, arguments):
        with ledger.discarding(self.layer) as record:
            _, outputs, _ = K.rnn(
                lambda x, _: (self.layer.call(x, **arguments), []),
                inputs,
                initial_states=[],
                input_length=K.int_shape(inputs)[1],
            )
        if record.collect("updates") and not self.layer.stateful:
            # What was made inside the loop can not be run: all steps together update the layer, as
            # in the other route.
            self.layer.call(_fold(inputs), **arguments)
        return outputs

    def _folded(self, inputs):
        # The same tensor serves `call` and `compute_mask`, so that a wrapped network is not
        # computed twice.
        uid = object_list_uid(inputs)
        if uid not in self._input_map:
            self._input_map[uid] = _fold(inputs)
            self._input_map[uid]._folded_from = inputs  # held, so that no id is used again
        return self._input_map[uid]

    def _unfold(self, x, inputs):
        return K.reshape(x, [-1, dimensions(inputs)[1]] + dimensions(x)[1:])

    def compute_mask(self, inputs, mask=None):
        """The masks that the wrapped layer computes, or else the given one with two axes left."""
        if K.int_shape(inputs)[0]:
            return mask
        folded_mask = None if mask is None else _fold(mask)
        output_mask = self.layer.compute_mask(self._folded(inputs), folded_mask)
        if output_mask is not None:
            return self._unfold(output_mask, inputs)
        if mask is None:
            return None
        further_axes = list(range(2, K.ndim(mask)))
        return K.any(mask, axis=further_axes) if further_axes else mask


def _without_time(shape):
    return (shape[0],) + tuple(shape[2:])


def _fold(x):
    """``(batch, time, ...) -> (batch * time, ...)``."""
    return K.reshape(x, [-1] + dimensions(x)[2:])


_MERGES = {
    "concat": lambda forward, backward: K.concatenate([forward, backward]),
    "sum": lambda forward, backward: forward + backward,
    "ave": lambda forward, backward: (forward + backward) / 2,
    "mul": lambda forward, backward: forward * backward,
    None: lambda forward, backward: [forward, backward],
}


class Bidirectional(TakesStates, Wrapper):
    """A recurrent layer and its copy that goes through the sequence backwards.

    Shapes: those of the wrapped layer, with twice the features for ``merge_mode='concat'``.
    Weights: those of ``forward_<name>``, then those of ``backward_<name>``.

    Args:
        layer: a recurrent layer. It serves as a pattern: the two layers are made from its
            configuration.
        merge_mode: how the two outputs are joined: 'sum', 'mul', 'ave', 'concat', or ``None`` for a
            list of both.
        weights: initial weights, of the forward layer and then of the backward layer.

    Initial states are a list, one half for each direction; so are the states that ``return_state``
    gives.
    Raises: ConfigError if the merge mode does not exist, GraphError as :class:`RNN`.

    >>> from tfkeras_compat import backend as K
    >>> from tfkeras_compat.layers import LSTM, Bidirectional
    >>> layer = Bidirectional(LSTM(3, return_sequences=True))
    >>> layer(K.placeholder((None, 5, 4))).shape.as_list()
    [None, 5, 6]
    >>> layer.weights[0].name
    'bidirectional_1/forward_lstm_1/kernel:0'
    """

    def __init__(self, layer, merge_mode="concat", weights=None, **kwargs):
        if merge_mode not in _MERGES:
            raise ConfigError(
                "Invalid merge mode %r. Merge mode should be one of 'sum', 'mul', 'ave', "
                "'concat', None." % (merge_mode,)
            )
        self.forward_layer = _like(layer, "forward_", layer.go_backwards)
        self.backward_layer = _like(layer, "backward_", not layer.go_backwards)
        self.merge_mode = merge_mode
        super().__init__(layer, **dict(kwargs, weights=weights or None))
        self.stateful = layer.stateful
        self.return_sequences = layer.return_sequences
        self.return_state = layer.return_state
        self.supports_masking = True
        self.input_spec = layer.input_spec

    def _sublayers(self):
        return [self.forward_layer, self.backward_layer]

    def build(self, input_shape):
        for layer in self._sublayers():
            with naming.layer_scope(layer.name):
                layer.build(input_shape)
        self.built = True

    def _expect(self, initial_state=None, constants=None):
        super()._expect(None, constants)
        halves = _halves(self, initial_state)
        for layer, half in zip(self._sublayers(), halves):
            layer._expect(half, constants)

    def call(self, inputs, mask=None, training=None, initial_state=None, constants=None):
        x, states, constants = split_inputs(inputs, initial_state, constants, self._num_constants)
        if states and not has_arg(self.layer.call, "initial_state"):
            raise ConfigError(
                "Layer %s does not accept the initial_state argument, which %s was called with."
                % (self.layer.name, self.name)
            )
        arguments = {"mask": mask, "training": training, "constants": constants}
        outputs, new_states = [], []
        for layer, half in zip(self._sublayers(), _halves(self, states)):
            given = dict(arguments, initial_state=half)
            accepted = {name: given[name] for name in given if has_arg(layer.call, name)}
            output = to_list(layer.call(x, **accepted))
            outputs.append(output[0])
            new_states += output[1:]
        merged = self._merged(*outputs)
        return to_list(merged) + new_states if self.return_state else merged

    def _merged(self, forward, backward):
        if self.return_sequences:
            backward = K.reverse(backward, 1)
        return _MERGES[self.merge_mode](forward, backward)

    def reset_states(self, states=None):
        """Sets the states of both directions to zero, or to arrays: one half for each."""
        for layer, half in zip(self._sublayers(), _halves(self, states)):
            layer.reset_states(*([] if half is None else [half]))

    def compute_output_shape(self, input_shape):
        shapes = to_list(self.forward_layer.compute_output_shape(input_shape))
        output, states = tuple(shapes[0]), shapes[1:]
        if self.merge_mode == "concat":
            output = output[:-1] + (None if output[-1] is None else 2 * output[-1],)
        merged = [output] if self.merge_mode else [output, output]
        return unpack_singleton(merged + 2 * states)

    def compute_mask(self, inputs, mask=None):
        mask = mask[0] if isinstance(mask, list) else mask
        merged = [mask if self.return_sequences else None] * (1 if self.merge_mode else 2)
        states = 2 * [None] * len(self.forward_layer.states) if self.return_state else []
        return unpack_singleton(merged + states)

    def get_config(self):
        config = dict(super().get_config(), merge_mode=self.merge_mode)
        if self._num_constants is not None:
            config["num_constants"] = self._num_constants
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        num_constants = config.pop("num_constants", None)
        layer = super().from_config(config, custom_objects)
        layer._num_constants = num_constants
        return layer


def _like(layer, prefix, go_backwards):
    config = dict(layer.get_config(), name=prefix + layer.name, go_backwards=go_backwards)
    # Cells of the user's own classes need no registration here: the classes are at hand.
    cell = getattr(layer, "cell", layer)
    classes = [type(each) for each in [cell] + list(getattr(cell, "cells", []))]
    with CustomObjectScope({each.__name__: each for each in classes}):
        return type(layer).from_config(config)


def _halves(layer, states):
    if states is None:
        return None, None
    states = to_list(states, allow_tuple=True)
    if len(states) % 2:
        raise ShapeError(
            "Layer %s needs the states of its forward layer, followed by as many of its backward "
            "layer. Found: %s" % (layer.name, states)
        )
    middle = len(states) // 2
    return states[:middle], states[middle:]
