"""What came of a beam search: the way back from the last step to the first."""

from tfkeras_compat._tf import tf


def gather_tree(step_ids, parent_ids, max_sequence_lengths, end_token, name=None):
    """The sequences that the beams of the last step stand for.

    Before ``max_sequence_lengths`` (one for each batch entry) a beam's way is followed through its
    parents; what comes later, and after the first ``end_token``, is ``end_token``.

    Shapes: ``(time, batch, beams)`` twice -> the same.

    >>> from tfkeras_compat._tf import tf
    >>> ids, parents = tf.constant([[[1, 2]], [[3, 4]]]), tf.constant([[[0, 0]], [[1, 0]]])
    >>> with tf.Session() as session:
    ...     print(session.run(gather_tree(ids, parents, [2], 9)).tolist())
    [[[2, 1]], [[3, 4]]]
    """
    with tf.name_scope(name, "GatherTree"):
        ends = tf.fill(tf.shape(step_ids)[1:], end_token)
        lengths = tf.expand_dims(tf.convert_to_tensor(max_sequence_lengths, tf.int32), 1)
        themselves = tf.zeros_like(ends) + tf.range(tf.shape(ends)[1])

        def earlier(later, at):
            time, ids, parents = at
            is_inside = tf.logical_and(time < lengths, tf.ones_like(ends, tf.bool))
            beam = later[1]
            return (
                tf.where(is_inside, tf.gather(ids, beam, batch_dims=1), ends),
                tf.where(is_inside, tf.gather(parents, beam, batch_dims=1), beam),
            )

        times = tf.range(tf.shape(step_ids)[0])
        found, _ = tf.scan(earlier, (times, step_ids, parent_ids), (ends, themselves), reverse=True)
        has_ended = tf.cumsum(tf.cast(tf.equal(found, end_token), tf.int32), 0, exclusive=True) > 0
        result = tf.where(has_ended, tf.zeros_like(found) + end_token, found)
        result.set_shape(step_ids.get_shape())
        return result


def gather_tree_from_array(t, parent_ids, sequence_length):
    """Entries of a stacked array, put in the order of the beams of the last step.

    Shapes: ``(time, batch, beams, ...)`` or ``(time, batch * beams, ...)`` -> the same;
    ``parent_ids`` is ``(time, batch, beams)``, ``sequence_length`` ``(batch, beams)``.
    """
    times, _, beams = tf.unstack(tf.shape(parent_ids))
    themselves = tf.zeros_like(parent_ids) + tf.range(beams)
    longest = tf.cast(tf.reduce_max(sequence_length, 1), tf.int32)
    followed = gather_tree(themselves, parent_ids, longest, beams + 1)
    is_inside = tf.transpose(tf.sequence_mask(sequence_length, times), [2, 0, 1])
    chosen = tf.where(is_inside, followed, themselves)
    by_beam = tf.reshape(t, tf.concat([tf.shape(parent_ids), [-1]], 0))
    return tf.reshape(tf.gather(by_beam, chosen, batch_dims=2), tf.shape(t))
