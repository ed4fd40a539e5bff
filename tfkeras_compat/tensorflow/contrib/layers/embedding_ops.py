"""Look-ups of rows by number."""

from tfkeras_compat._tf import tf


def safe_embedding_lookup_sparse(
    embedding_weights,
    sparse_ids,
    sparse_weights=None,
    combiner=None,
    default_id=None,
    name=None,
    partition_strategy="div",
    max_norm=None,
):
    """``tf.nn.safe_embedding_lookup_sparse``: an example without ids gets the row of
    ``default_id``, or zeros."""
    return tf.nn.safe_embedding_lookup_sparse(
        embedding_weights,
        sparse_ids,
        sparse_weights=sparse_weights,
        combiner=combiner or "mean",
        default_id=default_id,
        name=name,
        partition_strategy=partition_strategy,
        max_norm=max_norm,
    )


def embedding_lookup_unique(params, ids, partition_strategy="mod", name=None):
    """``tf.nn.embedding_lookup`` that fetches every row once.

    >>> from tfkeras_compat._tf import tf
    >>> embedding_lookup_unique(tf.eye(3), tf.constant([[2, 2]])).get_shape().as_list()
    [1, 2, 3]
    """
    with tf.name_scope(name, "EmbeddingLookupUnique", [params, ids]):
        ids = tf.convert_to_tensor(ids)
        each, places = tf.unique(tf.reshape(ids, [-1]))
        rows = tf.nn.embedding_lookup(params, each, partition_strategy=partition_strategy)
        found = tf.gather(rows, places)
        width = found.get_shape()[1:]
        found = tf.reshape(found, tf.concat([tf.shape(ids), tf.shape(found)[1:]], 0))
        found.set_shape(ids.get_shape().concatenate(width))
        return found
