"""Decoding that keeps the best sequences so far, the beams."""

import collections

from tfkeras_compat._tf import tf
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import ConfigError, KindError, ShapeError
from tfkeras_compat.tensorflow.contrib.seq2seq.attention import AttentionWrapperState
from tfkeras_compat.tensorflow.contrib.seq2seq.beams import gather_tree, gather_tree_from_array
from tfkeras_compat.tensorflow.contrib.seq2seq.decoders import Decoder
from tfkeras_compat.tensorflow.nn.rnn_cell import assert_like_rnncell

BeamSearchDecoderState = collections.namedtuple(
    "BeamSearchDecoderState",
    ("cell_state", "log_probs", "finished", "lengths", "accumulated_attention_probs"),
)
BeamSearchDecoderOutput = collections.namedtuple(
    "BeamSearchDecoderOutput", ("scores", "predicted_ids", "parent_ids")
)
FinalBeamSearchDecoderOutput = collections.namedtuple(
    "FinalBeamSearchDecoderOutput", ("predicted_ids", "beam_search_decoder_output")
)


class BeamSearchDecoder(Decoder):
    """Keeps the ``beam_width`` best sequences of every batch entry.

    ``initial_state`` and what an attention mechanism holds are repeated with ``tile_batch`` before.
    Scores are sums of logarithms, divided by ``((5 + length) / 6) ** length_penalty_weight``; the
    coverage penalty (https://arxiv.org/abs/1609.08144) needs an ``AttentionWrapper``.

    Shapes: ``dynamic_decode`` gives ``predicted_ids`` of ``(batch, time, beam_width)``, the best
    beam first, and the steps it came from.
    Raises: KindError for another kind of cell or layer; ShapeError for tokens of another rank, or a
    state that was not repeated; ConfigError for a coverage penalty without attention.
    """

    # Beams change places, and with them what is finished.
    tracks_own_finished = True

    def __init__(
        self,
        cell,
        embedding,
        start_tokens,
        end_token,
        initial_state,
        beam_width,
        output_layer=None,
        length_penalty_weight=0.0,
        coverage_penalty_weight=0.0,
        reorder_tensor_arrays=True,
    ):
        assert_like_rnncell("cell", cell)
        if output_layer is not None and not isinstance(output_layer, Layer):
            raise KindError("output_layer must be a Layer, received: %s" % type(output_layer))
        self._cell = cell
        self._output_layer = output_layer
        self._beam_width = beam_width
        self._length_penalty_weight = length_penalty_weight
        self._coverage_penalty_weight = coverage_penalty_weight
        self._reorder_tensor_arrays = reorder_tensor_arrays
        self._embedding = embedding
        starts = _of_rank(start_tokens, "start_tokens", 1)
        self._end_token = _of_rank(end_token, "end_token", 0)
        self._batch_size = tf.size(starts)
        self._initial_cell_state = self._of_beams(initial_state)
        self._start_inputs = self._embedded(tf.tile(starts[:, None], [1, beam_width]))

    def _embedded(self, ids):
        if callable(self._embedding):
            return self._embedding(ids)
        return tf.nn.embedding_lookup(self._embedding, ids)

    @property
    def batch_size(self):
        """The number of sequences, without the beams."""
        return self._batch_size

    @property
    def output_size(self):
        """The shapes of a step's outputs, without the batch."""
        return BeamSearchDecoderOutput(*[tf.TensorShape([self._beam_width])] * 3)

    @property
    def output_dtype(self):
        """The dtypes of a step's outputs."""
        return BeamSearchDecoderOutput(self._dtype(), tf.int32, tf.int32)

    def _dtype(self):
        return tf.nest.flatten(self._initial_cell_state)[0].dtype

    def initialize(self, name=None):
        first = tf.zeros([self._batch_size], tf.int32)
        width, dtype = self._beam_width, self._dtype()
        # All beams are alike at first: only one of them goes on.
        finished = tf.one_hot(first, width, on_value=False, off_value=True, dtype=tf.bool)
        state = BeamSearchDecoderState(
            cell_state=self._initial_cell_state,
            log_probs=tf.one_hot(first, width, on_value=0.0, off_value=-float("inf"), dtype=dtype),
            finished=finished,
            lengths=tf.zeros([self._batch_size, width], tf.int64),
            accumulated_attention_probs=self._attention(self._initial_cell_state),
        )
        return finished, self._start_inputs, state

    def step(self, time, inputs, state, name=None):
        with tf.name_scope(name, "BeamSearchDecoderStep", [time]):
            inputs = tf.nest.map_structure(self._merged, inputs)
            cell_state = tf.nest.map_structure(self._merged, state.cell_state)
            logits, cell_state = self._cell(inputs, cell_state)
            logits = self._of_beams(logits)
            if self._output_layer is not None:
                logits = self._output_layer(logits)
            outputs, state = self._best(
                logits, state._replace(cell_state=self._of_beams(cell_state))
            )
            inputs = tf.cond(
                tf.reduce_all(state.finished),
                lambda: self._start_inputs,
                lambda: self._embedded(outputs.predicted_ids),
            )
        return outputs, state, inputs, state.finished

    def _best(self, logits, state):
        """One step of the search; ``state`` has the cell's new state already."""
        goes_on = tf.logical_not(state.finished)
        steps = _log_probabilities(logits, state.finished, self._end_token)
        totals = tf.expand_dims(state.log_probs, 2) + steps
        attended = self._attention(state.cell_state)
        if self._coverage_penalty_weight:
            attended *= tf.expand_dims(tf.cast(goes_on, attended.dtype), 2)
            attended += state.accumulated_attention_probs
        vocabulary = logits.get_shape().as_list()[-1] or tf.shape(logits)[-1]
        scores = self._scores(totals, self._lengths(state, vocabulary), attended, state.finished)

        flat = [self._batch_size, -1]
        scores, places = tf.nn.top_k(tf.reshape(scores, flat), self._beam_width)
        ids, parents = tf.mod(places, vocabulary), tf.floordiv(places, vocabulary)

        def of_parent(value):
            return _by_beam(value, parents)

        finished = of_parent(state.finished)
        new_state = BeamSearchDecoderState(
            cell_state=tf.nest.map_structure(of_parent, state.cell_state),
            log_probs=tf.gather(tf.reshape(totals, flat), places, batch_dims=1),
            finished=tf.logical_or(finished, tf.equal(ids, self._end_token)),
            lengths=of_parent(state.lengths) + tf.cast(tf.logical_not(finished), tf.int64),
            accumulated_attention_probs=tf.nest.map_structure(of_parent, attended),
        )
        return BeamSearchDecoderOutput(scores, ids, parents), new_state

    def _lengths(self, state, vocabulary):
        """What each word would make of the lengths; the last one of a sequence does not count."""
        is_word = tf.one_hot(
            self._end_token,
            vocabulary,
            on_value=tf.constant(0, tf.int64),
            off_value=tf.constant(1, tf.int64),
        )
        goes_on = tf.cast(tf.logical_not(state.finished), tf.int64)
        return tf.expand_dims(state.lengths, 2) + tf.expand_dims(goes_on, 2) * is_word

    def _scores(self, totals, lengths, attended, finished):
        weight = self._length_penalty_weight
        if tf.get_static_value(weight) != 0.0:
            penalty = (5.0 + tf.cast(lengths, tf.float32)) ** weight / (5.0 + 1.0) ** weight
            totals = totals / tf.cast(penalty, totals.dtype)
        if not self._coverage_penalty_weight:
            return totals
        attended = tf.where(tf.equal(attended, 0.0), tf.ones_like(attended), attended)
        penalty = tf.reduce_sum(tf.log(tf.minimum(attended, 1.0)), 2)
        penalty *= tf.cast(finished, penalty.dtype) * self._coverage_penalty_weight
        return totals + tf.expand_dims(penalty, 2)

    def _attention(self, cell_state):
        """The mean alignments of the attention in a state; nothing where they are not needed."""
        if not self._coverage_penalty_weight:
            return ()
        is_one = isinstance(cell_state, AttentionWrapperState)
        states = [cell_state] if is_one or not isinstance(cell_state, tuple) else cell_state
        found = [each.alignments for each in states if isinstance(each, AttentionWrapperState)]
        if not found:
            raise ConfigError("coverage_penalty_weight must be 0.0 if no cell is attentional.")
        return _mean([_mean(each) if isinstance(each, tuple) else each for each in found])

    def finalize(self, outputs, final_state, sequence_lengths):
        longest = tf.cast(tf.reduce_max(final_state.lengths, 1), tf.int32)
        ids = gather_tree(outputs.predicted_ids, outputs.parent_ids, longest, self._end_token)
        if self._reorder_tensor_arrays:
            in_order = tf.nest.map_structure(
                lambda part: self._in_order(part, outputs.parent_ids, final_state.lengths),
                final_state.cell_state,
            )
            final_state = final_state._replace(cell_state=in_order)
        return FinalBeamSearchDecoderOutput(ids, outputs), final_state

    def _in_order(self, part, parent_ids, lengths):
        """An array, stacked and each entry in the order of the last beams; all else as it is."""
        if not isinstance(part, tf.TensorArray) or not self._has_beams(part.element_shape):
            return part
        return gather_tree_from_array(part.stack(), parent_ids, lengths)

    def _has_beams(self, shape):
        """Whether the original takes entries of this shape for those of beams: where the batch is
        known, only if no second axis is."""
        sizes, batch = shape.dims and shape.as_list(), tf.get_static_value(self._batch_size)
        if not sizes or None in (batch, sizes[0]):
            return bool(sizes)
        return sizes[0] == batch * self._beam_width and not any(sizes[1:2])

    def _of_beams(self, structure):
        return tf.nest.map_structure(self._split, structure)

    def _split(self, value):
        """``(batch * beams, ...)`` as ``(batch, beams, ...)``."""
        if _is_whole(value, 1):
            return value
        batch, width = tf.get_static_value(self._batch_size), self._beam_width
        together, *rest = value.get_shape().as_list()
        if None not in (together, batch) and together != batch * width:
            raise ShapeError(
                "The state of a beam search must have batch * beam_width = %d rows, found shape "
                "%s. Repeat it with tf.contrib.seq2seq.tile_batch, or use "
                "zero_state(batch_size * beam_width, dtype)." % (batch * width, value.get_shape())
            )
        result = tf.reshape(value, tf.concat([[self._batch_size, width], tf.shape(value)[1:]], 0))
        result.set_shape([batch, width] + rest)
        return result

    def _merged(self, value):
        """``(batch, beams, ...)`` as ``(batch * beams, ...)``."""
        if _is_whole(value, 2):
            return value
        batch, width = tf.get_static_value(self._batch_size), self._beam_width
        together = [self._batch_size * width]
        result = tf.reshape(value, tf.concat([together, tf.shape(value)[2:]], 0))
        rest = value.get_shape().as_list()[2:]
        result.set_shape([None if batch is None else batch * width] + rest)
        return result


def _of_rank(tokens, name, rank):
    tokens = tf.convert_to_tensor(tokens, tf.int32, name=name)
    if tokens.get_shape().ndims != rank:
        found = "%s must be a %s, found shape %s."
        kind = ("scalar", "vector")[rank]
        raise ShapeError(found % (name, kind, tokens.get_shape()))
    return tokens


def _is_whole(value, rank):
    """Whether a part of a state has no axis for beams: a count of steps, an array of them."""
    return isinstance(value, tf.TensorArray) or value.get_shape().ndims < rank


def _by_beam(value, parents):
    return value if _is_whole(value, 2) else tf.gather(value, parents, batch_dims=1)


def _mean(values):
    return values[0] if len(values) == 1 else tf.reduce_mean(tf.stack(values, -1), -1)


def _log_probabilities(logits, finished, end_token):
    """Logarithms of probabilities; a finished beam has but one way to go on, its end."""
    steps = tf.nn.log_softmax(logits)
    words = tf.shape(steps)[2]
    end = tf.one_hot(end_token, words, on_value=0.0, off_value=steps.dtype.min, dtype=steps.dtype)
    is_finished = tf.tile(tf.expand_dims(finished, 2), [1, 1, words])
    return tf.where(is_finished, tf.zeros_like(steps) + end, steps)
