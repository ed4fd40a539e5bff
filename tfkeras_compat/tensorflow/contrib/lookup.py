"""``tf.contrib.lookup``: tables from words to numbers and back."""

from typing import Any

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.tensorflow import offered

_ops = _tf.submodule("python.ops.lookup_ops")

FastHashSpec = _ops.FastHashSpec
HasherSpec = _ops.HasherSpec
IdTableWithHashBuckets = _ops.IdTableWithHashBuckets
KeyValueTensorInitializer = _ops.KeyValueTensorInitializer
LookupInterface = _ops.LookupInterface
MutableDenseHashTable = _ops.DenseHashTable
MutableHashTable = _ops.MutableHashTable
StrongHashSpec = _ops.StrongHashSpec
TableInitializerBase = _ops.TableInitializerBase
TextFileIdTableInitializer = _ops.TextFileIdTableInitializer
TextFileIndex = _ops.TextFileIndex
TextFileInitializer = _ops.TextFileInitializer
TextFileStringTableInitializer = _ops.TextFileStringTableInitializer
index_table_from_file = _ops.index_table_from_file
index_to_string_table_from_file = _ops.index_to_string_table_from_file


_StaticHashTable: Any = _ops.StaticHashTableV1


class HashTable(_StaticHashTable):
    """A table that its initializer fills, once.

    >>> from tfkeras_compat._tf import tf
    >>> with tf.Graph().as_default(), tf.Session() as sess:
    ...     table = HashTable(KeyValueTensorInitializer(["a"], [7]), -1)
    ...     table.init.run()
    ...     print(sess.run(table.lookup(tf.constant(["a", "b"]))))
    [ 7 -1]
    """

    def __init__(self, initializer, default_value, shared_name=None, name=None):
        super().__init__(initializer, default_value, name=shared_name or name)

    @property
    def init(self):
        """The operation that fills the table."""
        return self.initializer


def index_table_from_tensor(
    mapping,
    num_oov_buckets=0,
    default_value=-1,
    hasher_spec=FastHashSpec,
    dtype=tf.string,
    name=None,
):
    """A table from the words of ``mapping`` to their places."""
    return _ops.index_table_from_tensor(
        vocabulary_list=mapping,
        num_oov_buckets=num_oov_buckets,
        default_value=default_value,
        hasher_spec=hasher_spec,
        dtype=dtype,
        name=name,
    )


def index_to_string_table_from_tensor(mapping, default_value="UNK", name=None):
    """A table from places to the words of ``mapping``."""
    return _ops.index_to_string_table_from_tensor(
        vocabulary_list=mapping, default_value=default_value, name=name
    )


def string_to_index_table_from_tensor(
    mapping, num_oov_buckets=0, default_value=-1, hasher_spec=FastHashSpec, name=None
):
    """:func:`index_table_from_tensor` by its first name."""
    return index_table_from_tensor(mapping, num_oov_buckets, default_value, hasher_spec, name=name)


def string_to_index_table_from_file(
    vocabulary_file=None,
    num_oov_buckets=0,
    vocab_size=None,
    default_value=-1,
    hasher_spec=FastHashSpec,
    name=None,
):
    """``index_table_from_file`` by its first name."""
    return index_table_from_file(
        vocabulary_file,
        num_oov_buckets,
        vocab_size,
        default_value,
        hasher_spec,
        key_dtype=tf.string,
        name=name,
    )


def string_to_index(tensor, mapping, default_value=-1, name=None):
    """The places of words in ``mapping``."""
    return index_table_from_tensor(mapping, default_value=default_value, name=name).lookup(tensor)


def index_to_string(tensor, mapping, default_value="UNK", name=None):
    """The words of ``mapping`` at some places."""
    return index_to_string_table_from_tensor(mapping, default_value, name).lookup(tensor)


__getattr__, __dir__ = offered.names_of(__name__)
