"""Attention of a decoder to the outputs of an encoder."""

import collections
import math

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError, ShapeError
from tfkeras_compat.tensorflow.layers.core import Dense
from tfkeras_compat.tensorflow.nn.rnn_cell import RNNCell, assert_like_rnncell

_BATCHES = (
    "Non-matching batch sizes between the memory (encoder output) and the %s of AttentionWrapper "
    "%s. With a BeamSearchDecoder, repeat both with tf.contrib.seq2seq.tile_batch."
)


def hardmax(logits, name=None):
    """One at the largest of each row, zero elsewhere."""
    with tf.name_scope(name, "Hardmax", [logits]):
        logits = tf.convert_to_tensor(logits)
        depth = logits.get_shape().as_list()[-1] or tf.shape(logits)[-1]
        return tf.one_hot(tf.argmax(logits, -1), depth, dtype=logits.dtype)


class AttentionMechanism:
    """The form of a mechanism: ``(alignments, new state)`` of a query and a state, and the
    ``values`` that are attended to."""


class _Scored(AttentionMechanism):
    """A mechanism that scores projected keys, ``(batch, time, num_units)``, of a memory."""

    _scope = None

    def __init__(
        self,
        num_units,
        memory,
        memory_sequence_length,
        query_layer,
        probability_fn,
        score_mask_value,
        dtype,
        custom_key_value_fn,
        name,
    ):
        dtype = dtype or tf.float32
        self._num_units = num_units
        self._name = name
        self.query_layer = query_layer
        self.memory_layer = Dense(num_units, name="memory_layer", use_bias=False, dtype=dtype)
        self.dtype = tf.as_dtype(dtype).name
        if probability_fn is not None and not callable(probability_fn):
            raise KindError("probability_fn must be callable, saw type: %s" % type(probability_fn))
        self._probability_fn = probability_fn or tf.nn.softmax
        self._lengths = memory_sequence_length
        self._score_mask_value = -np.inf if score_mask_value is None else score_mask_value
        with tf.name_scope(name, "BaseAttentionMechanismInit"):
            self.values = _masked(tf.convert_to_tensor(memory), memory_sequence_length)
            self.keys = self.memory_layer(self.values)
            if custom_key_value_fn is not None:
                self.keys, self.values = custom_key_value_fn(self.keys, self.values)
            sizes = self.keys.get_shape().as_list()
            self.batch_size = sizes[0] or tf.shape(self.keys)[0]
            self.alignments_size = sizes[1] or tf.shape(self.keys)[1]

    @property
    def state_size(self):
        """The size of the state: one number for each step of the memory."""
        return self.alignments_size

    def initial_alignments(self, batch_size, dtype):
        """Zeros, one for each step of the memory."""
        return tf.zeros([batch_size, self.alignments_size], dtype)

    def initial_state(self, batch_size, dtype):
        """The state to begin with: the alignments."""
        return self.initial_alignments(batch_size, dtype)

    def __call__(self, query, state):
        with tf.variable_scope(None, self._scope, [query]):
            score = self._score(query)
        alignments = self._probability_fn(self._masked_score(score))
        return alignments, alignments

    def _masked_score(self, score):
        if self._lengths is None:
            return score
        mask = tf.sequence_mask(self._lengths, maxlen=tf.shape(score)[1])
        return tf.where(
            mask, score, tf.fill(tf.shape(score), tf.cast(self._score_mask_value, score.dtype))
        )


def _masked(memory, lengths):
    if not memory.get_shape()[2:].is_fully_defined():
        raise ShapeError(
            "Expected memory %s to have fully defined inner dims, but saw shape: %s"
            % (memory.name, memory.get_shape())
        )
    if lengths is None:
        return memory
    mask = tf.sequence_mask(lengths, maxlen=tf.shape(memory)[1], dtype=memory.dtype)
    ones = [1] * (memory.get_shape().ndims - 2)
    return memory * tf.reshape(
        mask, tf.concat([tf.shape(mask), ones], 0) if ones else tf.shape(mask)
    )


class LuongAttention(_Scored):
    """The score is the product of query and key, times ``attention_g`` with ``scale``.

    Weights: memory_layer/kernel ``(depth of the memory, num_units)``; queries have ``num_units``.
    Raises: ShapeError for queries of another size.

    Source: Luong et al., arXiv:1508.04025.
    """

    _scope = "luong_attention"

    def __init__(
        self,
        num_units,
        memory,
        memory_sequence_length=None,
        scale=False,
        probability_fn=None,
        score_mask_value=None,
        dtype=None,
        custom_key_value_fn=None,
        name="LuongAttention",
    ):
        super().__init__(
            num_units,
            memory,
            memory_sequence_length,
            None,
            probability_fn,
            score_mask_value,
            dtype,
            custom_key_value_fn,
            name,
        )
        self._scale = scale

    def _score(self, query):
        depth, units = query.get_shape().as_list()[-1], self.keys.get_shape().as_list()[-1]
        if depth != units:
            raise ShapeError(
                "Query (%s) has %s units, keys have %s: give LuongAttention num_units=%s."
                % (query, depth, units, depth)
            )
        score = tf.squeeze(tf.matmul(tf.expand_dims(query, 1), self.keys, transpose_b=True), [1])
        if not self._scale:
            return score
        ones = tf.ones_initializer()
        return tf.get_variable("attention_g", [], query.dtype, ones) * score


class BahdanauAttention(_Scored):
    """The score is a vector times the tanh of the sum of projected query and key.

    Weights: memory_layer/kernel, query_layer/kernel, attention_v ``(num_units,)``; with
    ``normalize`` attention_g, attention_b.

    Source: Bahdanau et al., arXiv:1409.0473; Salimans and Kingma, arXiv:1602.07868.
    """

    _scope = "bahdanau_attention"

    def __init__(
        self,
        num_units,
        memory,
        memory_sequence_length=None,
        normalize=False,
        probability_fn=None,
        score_mask_value=None,
        dtype=None,
        custom_key_value_fn=None,
        name="BahdanauAttention",
    ):
        super().__init__(
            num_units,
            memory,
            memory_sequence_length,
            Dense(num_units, name="query_layer", use_bias=False, dtype=dtype or tf.float32),
            probability_fn,
            score_mask_value,
            dtype,
            custom_key_value_fn,
            name,
        )
        self._normalize = normalize

    def _score(self, query):
        total = self.keys + tf.expand_dims(self.query_layer(query), 1)
        vector = tf.get_variable("attention_v", [self._num_units], query.dtype)
        if self._normalize:
            gain = tf.constant_initializer(math.sqrt(1.0 / self._num_units))
            gain = tf.get_variable("attention_g", [], query.dtype, gain)
            zeros = tf.zeros_initializer()
            total += tf.get_variable("attention_b", [self._num_units], query.dtype, zeros)
            vector = gain * vector * tf.rsqrt(tf.reduce_sum(tf.square(vector)))
        return tf.reduce_sum(vector * tf.tanh(total), [2])


class AttentionWrapperState(
    collections.namedtuple(
        "AttentionWrapperState",
        (
            "cell_state",
            "attention",
            "time",
            "alignments",
            "alignment_history",
            "attention_state",
        ),
    )
):
    """The state of an AttentionWrapper."""

    def clone(self, **kwargs):
        """The state with some parts replaced, as ``cell_state=`` that of an encoder."""
        return self._replace(**kwargs)


class AttentionWrapper(RNNCell):
    """A cell whose inputs are joined with what it attended to, and whose outputs are the new
    attention.

    Args:
        attention_mechanism: one, or a list of them.
        attention_layer_size: of the projection of outputs and context, one for each mechanism;
            without it the attention is the context.
        alignment_history: whether the state keeps the alignments of all steps, in a TensorArray.
        cell_input_fn: joins inputs and attention; side by side if not given.
        output_attention: False for the outputs of the cell.
        initial_cell_state: what ``zero_state`` begins with.
        attention_layer: a layer, or one for each mechanism, instead of the size.
        attention_fn: function of mechanism, outputs, attention state and layer; gives attention,
            alignments and the next state.
    Raises: KindError, ConfigError for arguments that do not fit.
    """

    def __init__(
        self,
        cell,
        attention_mechanism,
        attention_layer_size=None,
        alignment_history=False,
        cell_input_fn=None,
        output_attention=True,
        initial_cell_state=None,
        name=None,
        attention_layer=None,
        attention_fn=None,
        dtype=None,
    ):
        super().__init__(name=name, dtype=dtype)
        assert_like_rnncell("cell", cell)
        self._cell = cell
        self._is_multi = isinstance(attention_mechanism, (list, tuple))
        self._attention_mechanisms = _listed(attention_mechanism)
        for each in self._attention_mechanisms:
            if not isinstance(each, AttentionMechanism):
                raise KindError(
                    "attention_mechanism must be an AttentionMechanism or list of multiple "
                    "AttentionMechanism instances, saw type: %s" % type(each).__name__
                )
        self._cell_input_fn = cell_input_fn or _side_by_side
        self._attention_fn = attention_fn or _attended
        self._output_attention = output_attention
        self._alignment_history = alignment_history
        self._attention_layers = self._layers(attention_layer_size, attention_layer)
        self._attention_layer_size = self._size_of_attention()
        self._initial_cell_state = initial_cell_state

    def _layers(self, size, layer):
        if size is not None and layer is not None:
            raise ConfigError("Only one of attention_layer_size and attention_layer should be set.")
        mechanisms = self._attention_mechanisms
        if size is None and layer is None:
            return [None] * len(mechanisms)
        given = _listed(layer if size is None else size)
        if len(given) != len(mechanisms):
            raise ConfigError(
                "There must be one attention layer for each attention_mechanism, found %d for %d."
                % (len(given), len(mechanisms))
            )
        if size is None:
            return given
        return [
            Dense(units, name="attention_layer", use_bias=False, dtype=mechanism.dtype)
            for units, mechanism in zip(given, mechanisms)
        ]

    def _size_of_attention(self):
        return sum(
            _size_after(layer, self._cell.output_size, mechanism.values.get_shape().as_list()[-1])
            for layer, mechanism in zip(self._attention_layers, self._attention_mechanisms)
        )

    def _item_or_tuple(self, items):
        return tuple(items) if self._is_multi else next(iter(items))

    @property
    def output_size(self):
        return self._attention_layer_size if self._output_attention else self._cell.output_size

    @property
    def state_size(self):
        mechanisms = self._attention_mechanisms
        sizes = [each.alignments_size for each in mechanisms]
        return AttentionWrapperState(
            cell_state=self._cell.state_size,
            time=tf.TensorShape([]),
            attention=self._attention_layer_size,
            alignments=self._item_or_tuple(sizes),
            attention_state=self._item_or_tuple(each.state_size for each in mechanisms),
            alignment_history=self._item_or_tuple(
                size if self._alignment_history else () for size in sizes
            ),
        )

    def zero_state(self, batch_size, dtype):
        with tf.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            cell_state = self._initial_cell_state
            if cell_state is None:
                cell_state = self._cell.zero_state(batch_size, dtype)
            with tf.control_dependencies(self._checks(batch_size, "batch_size of zero_state")):
                cell_state = tf.nest.map_structure(tf.identity, cell_state)
            mechanisms = self._attention_mechanisms
            alignments = [each.initial_alignments(batch_size, dtype) for each in mechanisms]
            return AttentionWrapperState(
                cell_state=cell_state,
                time=tf.zeros([], tf.int32),
                attention=tf.zeros([batch_size, self._attention_layer_size], dtype),
                alignments=self._item_or_tuple(alignments),
                attention_state=self._item_or_tuple(
                    each.initial_state(batch_size, dtype) for each in mechanisms
                ),
                alignment_history=self._item_or_tuple(
                    self._history(dtype, each.get_shape()) for each in alignments
                ),
            )

    def _history(self, dtype, shape):
        if not self._alignment_history:
            return ()
        return tf.TensorArray(dtype, size=0, dynamic_size=True, element_shape=shape)

    def _checks(self, batch_size, what):
        message = _BATCHES % (what, self.name)
        return [
            tf.assert_equal(batch_size, each.batch_size, message=message)
            for each in self._attention_mechanisms
        ]

    def call(self, inputs, state):
        if not isinstance(state, AttentionWrapperState):
            raise KindError(
                "Expected state to be instance of AttentionWrapperState. Received type %s instead. "
                "Begin with zero_state(...).clone(cell_state=...)." % type(state)
            )
        inputs = self._cell_input_fn(inputs, state.attention)
        output, cell_state = self._cell(inputs, state.cell_state)
        batch_size = output.get_shape().as_list()[0] or tf.shape(output)[0]
        with tf.control_dependencies(self._checks(batch_size, "query (decoder output)")):
            output = tf.identity(output)
        before = state.attention_state if self._is_multi else [state.attention_state]
        histories = state.alignment_history if self._is_multi else [state.alignment_history]
        found = [
            self._attention_fn(mechanism, output, each, layer)
            for mechanism, each, layer in zip(
                self._attention_mechanisms, before, self._attention_layers
            )
        ]
        attentions, alignments, states = zip(*found)
        attention = tf.concat(attentions, 1)
        new_state = AttentionWrapperState(
            cell_state=cell_state,
            attention=attention,
            time=state.time + 1,
            alignments=self._item_or_tuple(alignments),
            alignment_history=self._item_or_tuple(
                history.write(state.time, each) if self._alignment_history else ()
                for history, each in zip(histories, alignments)
            ),
            attention_state=self._item_or_tuple(states),
        )
        return attention if self._output_attention else output, new_state


def _listed(value):
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _side_by_side(inputs, attention):
    return tf.concat([inputs, attention], -1)


def _size_after(layer, output_size, context_size):
    if layer is None:
        return context_size
    return int(layer.compute_output_shape((None, output_size + context_size))[-1])


def _attended(mechanism, output, state, layer):
    """Attention, alignments and next state: the values weighed by the alignments, projected."""
    alignments, next_state = mechanism(output, state)
    context = tf.squeeze(tf.matmul(tf.expand_dims(alignments, 1), mechanism.values), [1])
    attention = context if layer is None else layer(tf.concat([output, context], 1))
    return attention, alignments, next_state
