"""``tf.contrib.crf``: conditional random fields over sequences of tags.

Shapes: inputs (batch, steps, tags) of float32; tag_indices (batch, steps); sequence_lengths
(batch,); transition_params (tags, tags). Source: Lafferty, McCallum and Pereira, 2001.
"""

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.tensorflow import offered


def crf_log_likelihood(inputs, tag_indices, sequence_lengths, transition_params=None):
    """``(log likelihoods of the tags, transition_params)``; the latter are a variable called
    ``transitions`` if not given."""
    if transition_params is None:
        tags = inputs.get_shape().as_list()[2]
        transition_params = tf.get_variable("transitions", [tags, tags])
    score = crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params)
    return score - crf_log_norm(inputs, sequence_lengths, transition_params), transition_params


def crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params):
    """The score, not normalized, of the given tags."""
    unary = crf_unary_score(tag_indices, sequence_lengths, inputs)
    return unary + crf_binary_score(tag_indices, sequence_lengths, transition_params)


def crf_unary_score(tag_indices, sequence_lengths, inputs):
    """The sum of the scores of the tags, each by itself."""
    scores = tf.batch_gather(inputs, tf.expand_dims(tag_indices, -1))[..., 0]
    return tf.reduce_sum(scores * _mask(sequence_lengths, tag_indices), 1)


def crf_binary_score(tag_indices, sequence_lengths, transition_params):
    """The sum of the scores of each tag after the one before it."""
    pairs = tf.stack([tag_indices[:, :-1], tag_indices[:, 1:]], axis=-1)
    scores = tf.gather_nd(transition_params, pairs)
    return tf.reduce_sum(scores * _mask(sequence_lengths, tag_indices)[:, 1:], 1)


def _mask(lengths, tags):
    return tf.sequence_mask(lengths, maxlen=tf.shape(tags)[1], dtype=tf.float32)


def crf_log_norm(inputs, sequence_lengths, transition_params):
    """The logarithm of the sum of the exponentials of the scores of all sequences of tags; 0 for an
    empty sequence."""

    def step(alphas, score_and_live):
        score, live = score_and_live
        paths = tf.expand_dims(alphas, 2) + tf.expand_dims(transition_params, 0)
        return tf.where(live, score + tf.reduce_logsumexp(paths, [1]), alphas)

    alphas = tf.foldl(step, _later_steps(inputs, sequence_lengths), initializer=inputs[:, 0])
    norm = tf.reduce_logsumexp(alphas, [1])
    return tf.where(tf.less_equal(sequence_lengths, 0), tf.zeros_like(norm), norm)


def _later_steps(inputs, lengths):
    """The steps after the first, time first, and which examples they belong to."""
    rest = tf.transpose(inputs, [1, 0, 2])[1:]
    mask = tf.transpose(tf.sequence_mask(lengths, maxlen=tf.shape(inputs)[1]))[1:]
    return rest, mask


def crf_multitag_sequence_score(inputs, tag_bitmap, sequence_lengths, transition_params):
    """The score of all sequences whose tags are allowed by a (batch, steps, tags) of booleans."""
    never = tf.fill(tf.shape(inputs), -np.inf)
    return crf_log_norm(tf.where(tag_bitmap, inputs, never), sequence_lengths, transition_params)


def crf_decode(potentials, transition_params, sequence_length):
    """``(tags, score)`` of the best sequence of each example. After its end, the tags are 0.

    Shapes: (batch, steps) of int32, (batch,).
    """

    def forward(state, score_and_live):
        best, _ = state
        score, live = score_and_live
        paths = tf.expand_dims(best, 2) + tf.expand_dims(transition_params, 0)
        came_from = tf.argmax(paths, 1, output_type=tf.int32)
        stay = tf.zeros_like(came_from) + tf.range(tf.shape(paths)[1])
        return (
            tf.where(live, score + tf.reduce_max(paths, [1]), best),
            tf.where(live, came_from, stay),
        )

    first = potentials[:, 0]
    nowhere = tf.zeros_like(first, dtype=tf.int32)
    steps = _later_steps(potentials, sequence_length)
    best, pointers = tf.scan(forward, steps, initializer=(first, nowhere))
    last = tf.concat([tf.expand_dims(first, 0), best], 0)[-1]
    tag = tf.argmax(last, 1, output_type=tf.int32)
    tags = tf.scan(_came_from, tf.reverse(pointers, [0]), initializer=tag)
    tags = tf.transpose(tf.concat([tf.reverse(tags, [0]), [tag]], 0))
    live = tf.sequence_mask(sequence_length, maxlen=tf.shape(potentials)[1], dtype=tf.int32)
    return tags * live, tf.reduce_max(last, 1)


def _came_from(tag, pointers):
    return tf.batch_gather(pointers, tf.expand_dims(tag, -1))[:, 0]


def viterbi_decode(score, transition_params):
    """``(tags, score)`` of the best sequence, for arrays: (steps, tags) and (tags, tags).

    >>> tags, score = viterbi_decode(np.array([[1.0, 0.0], [0.0, 3.0]]), np.zeros((2, 2)))
    >>> [int(tag) for tag in tags], float(score)
    ([0, 1], 4.0)
    """
    best, pointers = score[0], []
    for step in score[1:]:
        paths = best[:, None] + transition_params
        pointers.append(paths.argmax(0))
        best = step + paths.max(0)
    tags = [best.argmax()]
    for came_from in reversed(pointers):
        tags.append(came_from[tags[-1]])
    return tags[::-1], best.max()


__getattr__, __dir__ = offered.names_of(__name__)
