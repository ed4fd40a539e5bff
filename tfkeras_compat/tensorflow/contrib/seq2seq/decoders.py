"""Decoders, and the loop that runs them."""

import collections

from tfkeras_compat._tf import tf
from tfkeras_compat.engine.layer import Layer
from tfkeras_compat.errors import KindError, ShapeError
from tfkeras_compat.tensorflow.contrib.seq2seq.helpers import Helper, batch_and_time_exchanged
from tfkeras_compat.tensorflow.nn.rnn_cell import assert_like_rnncell

BasicDecoderOutput = collections.namedtuple("BasicDecoderOutput", ("rnn_output", "sample_id"))


class Decoder:
    """The form of a decoder: ``initialize`` gives ``(finished, inputs, state)``, ``step``
    ``(outputs, state, inputs, finished)``; ``finalize``, if there is one, changes what comes out.

    ``batch_size``, ``output_size`` and ``output_dtype`` tell of the outputs.
    """

    # Whether `finished` may become False again.
    tracks_own_finished = False

    def initialize(self, name=None):
        raise NotImplementedError("%s does not begin." % type(self).__name__)

    def step(self, time, inputs, state, name=None):
        raise NotImplementedError("%s has no steps." % type(self).__name__)

    def finalize(self, outputs, final_state, sequence_lengths):
        return outputs, final_state


class BasicDecoder(Decoder):
    """A cell, fed by a helper, with a layer for its outputs.

    Raises: KindError for another helper or layer.
    """

    def __init__(self, cell, helper, initial_state, output_layer=None):
        assert_like_rnncell("cell", cell)
        if not isinstance(helper, Helper):
            raise KindError("helper must be a Helper, received: %s" % type(helper))
        if output_layer is not None and not isinstance(output_layer, Layer):
            raise KindError("output_layer must be a Layer, received: %s" % type(output_layer))
        self._cell = cell
        self._helper = helper
        self._initial_state = initial_state
        self._output_layer = output_layer

    @property
    def batch_size(self):
        """The number of sequences."""
        return self._helper.batch_size

    @property
    def output_size(self):
        """The shapes of outputs and samples, without the batch."""
        return BasicDecoderOutput(self._rnn_output_size(), self._helper.sample_ids_shape)

    def _rnn_output_size(self):
        shape = tf.TensorShape([None]).concatenate(tf.TensorShape(self._cell.output_size))
        if self._output_layer is not None:
            shape = tf.TensorShape(self._output_layer.compute_output_shape(tuple(shape.as_list())))
        return shape[1:]

    @property
    def output_dtype(self):
        """The dtypes of outputs and samples."""
        dtype = tf.nest.flatten(self._initial_state)[0].dtype
        return BasicDecoderOutput(dtype, self._helper.sample_ids_dtype)

    def initialize(self, name=None):
        return self._helper.initialize() + (self._initial_state,)

    def step(self, time, inputs, state, name=None):
        with tf.name_scope(name, "BasicDecoderStep", [time]):
            outputs, state = self._cell(inputs, state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            samples = self._helper.sample(time=time, outputs=outputs, state=state)
            finished, inputs, state = self._helper.next_inputs(
                time=time, outputs=outputs, state=state, sample_ids=samples
            )
        return BasicDecoderOutput(outputs, samples), state, inputs, finished


def dynamic_decode(
    decoder,
    output_time_major=False,
    impute_finished=False,
    maximum_iterations=None,
    parallel_iterations=32,
    swap_memory=False,
    scope=None,
):
    """Runs a decoder until all sequences are finished, or for ``maximum_iterations`` steps.

    With ``impute_finished`` the outputs of finished sequences are zero, and their states stay.

    Returns ``(outputs, last state, lengths)``; outputs have the batch first, unless
    ``output_time_major``.
    Raises: KindError for something else than a decoder; ShapeError if ``maximum_iterations`` is no
    scalar.
    """
    if not isinstance(decoder, Decoder):
        raise KindError("Expected decoder to be type Decoder, but saw: %s" % type(decoder))
    with tf.variable_scope(scope, "decoder") as opened:
        if opened.caching_device is None:
            opened.set_caching_device(lambda op: op.device)
        limit = _limit(maximum_iterations)
        finished, inputs, state = decoder.initialize()
        if limit is not None:
            finished = tf.logical_or(finished, limit <= 0)
        lengths = tf.zeros_like(finished, dtype=tf.int32)
        zeros = _zero_outputs(decoder) if impute_finished else None

        def body(time, arrays, state, inputs, finished, lengths):
            outputs, new_state, next_inputs, now_finished = decoder.step(time, inputs, state)
            if not decoder.tracks_own_finished:
                now_finished = tf.logical_or(now_finished, finished)
            lengths = tf.where(finished, lengths, tf.fill(tf.shape(lengths), time + 1))
            if impute_finished:
                keep = lambda new, old: _unless_finished(finished, new, old)  # noqa: E731
                outputs = tf.nest.map_structure(keep, outputs, zeros)
                new_state = tf.nest.map_structure(keep, new_state, state)
            write = lambda array, output: array.write(time, output)  # noqa: E731
            arrays = tf.nest.map_structure(write, arrays, outputs)
            return time + 1, arrays, new_state, next_inputs, now_finished, lengths

        _, arrays, state, _, _, lengths = tf.while_loop(
            lambda *variables: tf.logical_not(tf.reduce_all(variables[4])),
            body,
            (tf.constant(0), _arrays(decoder), state, inputs, finished, lengths),
            parallel_iterations=parallel_iterations,
            maximum_iterations=limit,
            swap_memory=swap_memory,
        )
        outputs = tf.nest.map_structure(lambda array: array.stack(), arrays)
        try:
            outputs, state = decoder.finalize(outputs, state, lengths)
        except NotImplementedError:  # as a user's decoder may say that it has nothing to do
            pass
        if not output_time_major:
            outputs = tf.nest.map_structure(batch_and_time_exchanged, outputs)
    return outputs, state, lengths


def _limit(maximum_iterations):
    if maximum_iterations is None:
        return None
    limit = tf.convert_to_tensor(maximum_iterations, tf.int32)
    if limit.get_shape().ndims != 0:
        raise ShapeError("maximum_iterations must be a scalar, found shape %s." % limit.get_shape())
    return limit


def _of_outputs(function, decoder):
    # The sizes may be ints, which are no structure to go along.
    return tf.nest.map_structure(
        lambda dtype, size: function(tf.TensorShape(size), dtype),
        decoder.output_dtype,
        decoder.output_size,
    )


def _zero_outputs(decoder):
    return _of_outputs(
        lambda shape, dtype: tf.zeros([decoder.batch_size] + shape.as_list(), dtype), decoder
    )


def _arrays(decoder):
    batch = tf.get_static_value(tf.convert_to_tensor(decoder.batch_size))
    return _of_outputs(
        lambda shape, dtype: tf.TensorArray(
            dtype,
            size=0,
            dynamic_size=True,
            element_shape=tf.TensorShape([batch]).concatenate(shape) if shape.ndims else None,
        ),
        decoder,
    )


def _unless_finished(finished, new, old):
    if isinstance(old, tf.TensorArray):
        return new
    new.set_shape(old.get_shape())
    return new if new.get_shape().ndims == 0 else tf.where(finished, old, new)
