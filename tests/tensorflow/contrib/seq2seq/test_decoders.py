"""Decoders, helpers and attention: what goldens do not show."""

import numpy as np
import pytest

import tfkeras_compat.tensorflow as tf
from tfkeras_compat.errors import ConfigError, KindError, SessionError, ShapeError
from tfkeras_compat.tensorflow.contrib.seq2seq import beams

seq2seq = tf.contrib.seq2seq


def run(*fetches):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(list(fetches))


def decoded(helper, **options):
    cell = tf.nn.rnn_cell.GRUCell(4)
    decoder = seq2seq.BasicDecoder(cell, helper, cell.zero_state(2, tf.float32), tf.layers.Dense(6))
    return seq2seq.dynamic_decode(decoder, **options)


@pytest.mark.parametrize(
    "make",
    [
        lambda: seq2seq.SampleEmbeddingHelper(tf.ones([6, 3]), [1, 2], 0, 0.5, seed=1),
        lambda: seq2seq.ScheduledEmbeddingTrainingHelper(
            tf.ones([2, 5, 3]), [3, 3], lambda ids: tf.one_hot(ids, 3), 0.5
        ),
        lambda: seq2seq.InferenceHelper(
            lambda outputs: outputs[:, :3], [3], tf.float32, tf.ones([2, 3]), lambda x: x[:, 0] > 9
        ),
        lambda: seq2seq.CustomHelper(
            lambda: ([False, False], tf.ones([2, 3])),
            lambda time, outputs, state: tf.zeros([2], tf.int32),
            lambda time, outputs, state, sample_ids: (
                tf.fill([2], time > 1),
                tf.ones([2, 3]),
                state,
            ),
        ),
    ],
)
def test_helpers_decode_no_further_than_asked(make):
    outputs, _, lengths = decoded(make(), maximum_iterations=3)
    samples, count = run(outputs.sample_id, lengths)
    assert samples.shape[:2][0] == 2
    assert samples.shape[1] == count.max() <= 3


def test_attention_begins_with_the_state_of_an_encoder():
    _, encoded = tf.nn.dynamic_rnn(
        tf.nn.rnn_cell.BasicLSTMCell(4), tf.ones([2, 5, 3]), dtype=tf.float32
    )
    mechanism = seq2seq.LuongAttention(4, tf.ones([2, 5, 3]))
    cell = seq2seq.AttentionWrapper(tf.nn.rnn_cell.BasicLSTMCell(4), mechanism)
    state = cell.zero_state(2, tf.float32).clone(cell_state=encoded)
    assert state.cell_state is encoded
    outputs, _ = tf.nn.dynamic_rnn(cell, tf.ones([2, 3, 2]), initial_state=state, dtype=tf.float32)
    assert outputs.shape.as_list() == [2, 3, 3]


def test_batches_are_tiled_for_beams():
    state = tf.nn.rnn_cell.LSTMStateTuple(tf.constant([[1.0], [2.0]]), tf.zeros([2, 3]))
    tiled = seq2seq.tile_batch(state, 2)
    assert run(tiled.c)[0].tolist() == [[1.0], [1.0], [2.0], [2.0]]
    assert tiled.h.shape.as_list() == [4, 3]


def searched(**options):
    cell = tf.nn.rnn_cell.GRUCell(4)
    arguments = {
        "cell": cell,
        "embedding": tf.ones([6, 3]),
        "start_tokens": [1, 2],
        "end_token": 0,
        "initial_state": cell.zero_state(6, tf.float32),
        "beam_width": 3,
        "output_layer": tf.layers.Dense(6),
    }
    return seq2seq.BeamSearchDecoder(**dict(arguments, **options))


def test_the_best_beam_of_a_search_scores_no_less_than_a_greedy_choice():
    outputs, state, _ = seq2seq.dynamic_decode(searched(), maximum_iterations=4)
    ids, chances, steps = run(outputs.predicted_ids, state.log_probs, outputs[1].scores)
    assert ids.shape[::2] == (2, 3) and (np.diff(chances, axis=1) <= 0).all()
    assert (steps[:, -1] >= chances - 1e-6).all()


def test_entries_of_an_array_are_put_in_the_order_of_the_last_beams():
    ids = tf.constant([[[2, 3, 4]], [[5, 9, 6]], [[7, 8, 1]]])
    parents = tf.constant([[[0, 0, 0]], [[0, 2, 1]], [[1, 0, 2]]])
    lengths = tf.constant([[3, 3, 3]], tf.int64)
    by_array = beams.gather_tree_from_array(tf.one_hot(ids, 12), parents, lengths)
    flat = beams.gather_tree_from_array(tf.cast(ids[:, 0], tf.float32), parents, lengths)
    expected, *found = run(
        seq2seq.gather_tree(ids, parents, [3], 11), tf.argmax(by_array, -1), flat[:, None]
    )
    assert [each.tolist() for each in found] == [expected.tolist()] * 2


def test_hardmax_marks_the_largest():
    assert run(seq2seq.hardmax([[1.0, 3.0, 2.0]]))[0].tolist() == [[0.0, 1.0, 0.0]]


@pytest.mark.parametrize(
    "make, error, words",
    [
        (lambda: seq2seq.dynamic_decode("decoder"), KindError, "type Decoder"),
        (lambda: decoded("helper"), KindError, "must be a Helper"),
        (lambda: searched(start_tokens=1), ShapeError, "start_tokens must be a vector"),
        (lambda: searched(end_token=[0]), ShapeError, "end_token must be a scalar"),
        (lambda: searched(output_layer=1), KindError, "output_layer must be a Layer"),
        (lambda: searched(initial_state=tf.zeros([2, 4])), ShapeError, "with .*tile_batch"),
        (
            lambda: searched(coverage_penalty_weight=0.1).initialize(),
            ConfigError,
            "no cell is attentional",
        ),
        (lambda: seq2seq.TrainingHelper(tf.ones([2, 5, 3]), 3), ShapeError, "vector"),
        (lambda: seq2seq.GreedyEmbeddingHelper(tf.ones([6, 3]), 1, 0), ShapeError, "start_tokens"),
        (lambda: seq2seq.CustomHelper(None, None, None).batch_size, SessionError, "initialize"),
        (
            lambda: seq2seq.AttentionWrapper(tf.nn.rnn_cell.GRUCell(2), "mechanism"),
            KindError,
            "AttentionMechanism",
        ),
        (
            lambda: seq2seq.AttentionWrapper(
                tf.nn.rnn_cell.GRUCell(4), seq2seq.LuongAttention(4, tf.ones([2, 5, 3])), [1, 2]
            ),
            ConfigError,
            "one attention layer for each",
        ),
        (
            lambda: seq2seq.LuongAttention(4, tf.ones([2, 5, 3]))(tf.ones([2, 3]), None),
            ShapeError,
            "num_units=3",
        ),
        (
            lambda: seq2seq.sequence_loss(tf.ones([2, 3]), tf.ones([2, 3]), tf.ones([2, 3])),
            ShapeError,
            "Logits",
        ),
        (
            lambda: seq2seq.sequence_loss(
                tf.ones([2, 3, 4]), tf.ones([2, 3]), tf.ones([2, 3]), sum_over_batch=True
            ),
            ConfigError,
            "same axis",
        ),
    ],
)
def test_what_does_not_fit_is_refused(make, error, words):
    with pytest.raises(error, match=words):
        make()
