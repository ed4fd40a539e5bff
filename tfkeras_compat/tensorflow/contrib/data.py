"""``tf.contrib.data``: transformations for ``Dataset.apply``."""

from tfkeras_compat._tf import tf
from tfkeras_compat.tensorflow import offered

_experimental = tf.data.experimental

AUTOTUNE = _experimental.AUTOTUNE
Counter = _experimental.Counter
CsvDataset = _experimental.CsvDataset
Dataset = tf.data.Dataset
FixedLengthRecordDataset = tf.data.FixedLengthRecordDataset
Iterator = tf.data.Iterator
Optional = _experimental.Optional
RandomDataset = _experimental.RandomDataset
Reducer = _experimental.Reducer
SqlDataset = _experimental.SqlDataset
TFRecordDataset = tf.data.TFRecordDataset
TFRecordWriter = _experimental.TFRecordWriter
TextLineDataset = tf.data.TextLineDataset
bucket_by_sequence_length = _experimental.bucket_by_sequence_length
choose_from_datasets = _experimental.choose_from_datasets
copy_to_device = _experimental.copy_to_device
dense_to_sparse_batch = _experimental.dense_to_sparse_batch
enumerate_dataset = _experimental.enumerate_dataset
get_next_as_optional = _experimental.get_next_as_optional
get_single_element = _experimental.get_single_element
group_by_reducer = _experimental.group_by_reducer
group_by_window = _experimental.group_by_window
ignore_errors = _experimental.ignore_errors
make_batched_features_dataset = _experimental.make_batched_features_dataset
make_csv_dataset = _experimental.make_csv_dataset
make_saveable_from_iterator = _experimental.make_saveable_from_iterator
map_and_batch = _experimental.map_and_batch
parallel_interleave = _experimental.parallel_interleave
parse_example_dataset = _experimental.parse_example_dataset
prefetch_to_device = _experimental.prefetch_to_device
rejection_resample = _experimental.rejection_resample
sample_from_datasets = _experimental.sample_from_datasets
scan = _experimental.scan
shuffle_and_repeat = _experimental.shuffle_and_repeat
unbatch = _experimental.unbatch
unique = _experimental.unique


def batch_and_drop_remainder(batch_size):
    """Batches of just this size; what is left over at the end is dropped.

    >>> from tfkeras_compat._tf import tf
    >>> dataset = tf.data.Dataset.range(5).apply(batch_and_drop_remainder(2))
    >>> dataset.output_shapes.as_list()
    [2]
    """
    return lambda dataset: dataset.batch(batch_size, drop_remainder=True)


def padded_batch_and_drop_remainder(batch_size, padded_shapes, padding_values=None):
    """Padded batches of just this size; what is left over at the end is dropped."""
    return lambda dataset: dataset.padded_batch(
        batch_size, padded_shapes, padding_values, drop_remainder=True
    )


def sloppy_interleave(map_func, cycle_length, block_length=1):
    """``parallel_interleave`` that takes whatever comes first."""
    return parallel_interleave(map_func, cycle_length, block_length, sloppy=True)


def sliding_window_batch(window_size, stride=None, window_shift=None, window_stride=1):
    """Batches that overlap: each begins ``window_shift`` elements after the one before."""
    shift = stride or window_shift or 1

    def windows(dataset):
        found = dataset.window(window_size, shift, window_stride, drop_remainder=True)
        return found.flat_map(lambda window: window.batch(window_size, drop_remainder=True))

    return windows


__getattr__, __dir__ = offered.names_of(__name__)
