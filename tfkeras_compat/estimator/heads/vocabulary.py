"""The names of classes: from label to number, and back."""

from tfkeras_compat._tf import tf

_UNKNOWN_ID = -1
_UNKNOWN_NAME = "UNK"


def ids_of(labels, vocabulary):
    """The numbers of labels; -1 for one that is not in the vocabulary."""
    keys = tf.constant(list(vocabulary))
    numbers = tf.range(len(vocabulary), dtype=tf.int64)
    table = tf.lookup.StaticHashTable(
        tf.lookup.KeyValueTensorInitializer(keys, numbers), _UNKNOWN_ID, name="class_id_lookup"
    )
    return table.lookup(labels)


def names_of(ids, vocabulary):
    """The names of numbers; in digits where there is no vocabulary."""
    if not vocabulary:
        return tf.as_string(ids)
    numbers = tf.range(len(vocabulary), dtype=tf.int64)
    table = tf.lookup.StaticHashTable(
        tf.lookup.KeyValueTensorInitializer(numbers, tf.constant(list(vocabulary))),
        _UNKNOWN_NAME,
        name="class_string_lookup",
    )
    return table.lookup(tf.cast(ids, tf.int64))


def all_ids(logits, n_classes):
    """The numbers of all classes, for each example."""
    return _repeated(tf.range(n_classes), logits)


def all_names(logits, n_classes, vocabulary):
    """The names of all classes, for each example."""
    return _repeated(
        tf.constant(list(vocabulary)) if vocabulary else tf.as_string(tf.range(n_classes)), logits
    )


def _repeated(row, logits):
    return tf.tile(tf.expand_dims(row, 0), [tf.shape(logits)[0], 1])
