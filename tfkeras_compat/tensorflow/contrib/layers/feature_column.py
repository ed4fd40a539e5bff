"""Columns of features: those of ``tf.feature_column`` by their first names."""

from typing import Any, Dict

from tfkeras_compat import _tf
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, KindError, WrongKeysError

columns = tf.feature_column
_of_columns = _tf.submodule("python.feature_column.feature_column_v2")


def real_valued_column(
    column_name, dimension=1, default_value=None, dtype=tf.float32, normalizer=None
):
    """Numbers, ``dimension`` of them for each example.

    Raises: ConfigError without a dimension, for rows of different lengths.
    """
    if dimension is None:
        raise ConfigError(
            "real_valued_column %r: rows of different lengths are not supported; pass a dimension, "
            "or parse the feature with tf.VarLenFeature yourself." % column_name
        )
    return columns.numeric_column(
        column_name,
        shape=(dimension,),
        default_value=default_value,
        dtype=dtype,
        normalizer_fn=normalizer,
    )


def sparse_column_with_keys(column_name, keys, default_value=-1, combiner="sum", dtype=tf.string):
    """Words of a list, as their number in it."""
    return columns.categorical_column_with_vocabulary_list(
        column_name, keys, dtype=dtype, default_value=default_value
    )


def sparse_column_with_hash_bucket(
    column_name, hash_bucket_size, combiner="sum", dtype=tf.string, hash_keys=None
):
    """Words, as the number of a bucket."""
    if hash_keys is not None:
        raise ConfigError("sparse_column_with_hash_bucket: hash_keys is not supported.")
    return columns.categorical_column_with_hash_bucket(column_name, hash_bucket_size, dtype=dtype)


def sparse_column_with_integerized_feature(
    column_name, bucket_size, combiner="sum", dtype=tf.int64
):
    """Numbers below ``bucket_size``; greater ones stand for number 0."""
    return columns.categorical_column_with_identity(column_name, bucket_size, default_value=0)


def sparse_column_with_vocabulary_file(
    column_name,
    vocabulary_file,
    num_oov_buckets=0,
    vocab_size=None,
    default_value=-1,
    combiner="sum",
    dtype=tf.string,
):
    """Words of a file, as the number of their line."""
    return columns.categorical_column_with_vocabulary_file(
        column_name,
        vocabulary_file,
        vocabulary_size=vocab_size,
        num_oov_buckets=num_oov_buckets,
        default_value=None if num_oov_buckets else default_value,
        dtype=dtype,
    )


def weighted_sparse_column(sparse_id_column, weight_column_name, dtype=tf.float32):
    """Words with a weight each, which another feature holds."""
    return columns.weighted_categorical_column(sparse_id_column, weight_column_name, dtype=dtype)


def one_hot_column(sparse_id_column):
    """Each word as a row with a 1 at its number."""
    return columns.indicator_column(sparse_id_column)


def embedding_column(
    sparse_id_column,
    dimension,
    combiner="mean",
    initializer=None,
    ckpt_to_load_from=None,
    tensor_name_in_ckpt=None,
    max_norm=None,
    trainable=True,
):
    """Each word as a vector that is trained."""
    return columns.embedding_column(
        sparse_id_column,
        dimension,
        combiner=combiner,
        initializer=initializer,
        ckpt_to_load_from=ckpt_to_load_from,
        tensor_name_in_ckpt=tensor_name_in_ckpt,
        max_norm=max_norm,
        trainable=trainable,
    )


def shared_embedding_columns(
    sparse_id_columns,
    dimension,
    combiner="mean",
    shared_embedding_name=None,
    initializer=None,
    ckpt_to_load_from=None,
    tensor_name_in_ckpt=None,
    max_norm=None,
    trainable=True,
):
    """:func:`embedding_column` s of several features with the same vectors."""
    return columns.shared_embedding_columns(
        sparse_id_columns,
        dimension,
        combiner=combiner,
        shared_embedding_collection_name=shared_embedding_name,
        initializer=initializer,
        ckpt_to_load_from=ckpt_to_load_from,
        tensor_name_in_ckpt=tensor_name_in_ckpt,
        max_norm=max_norm,
        trainable=trainable,
    )


def bucketized_column(source_column, boundaries):
    """Numbers, as the number of the range they are in."""
    return columns.bucketized_column(source_column, sorted(boundaries))


def crossed_column(
    columns,
    hash_bucket_size,
    combiner="sum",
    ckpt_to_load_from=None,
    tensor_name_in_ckpt=None,
    hash_key=None,
):
    """Pairs (triples ...) of words, as the number of a bucket."""
    if ckpt_to_load_from or tensor_name_in_ckpt:
        raise ConfigError("crossed_column: weights can not be loaded from a checkpoint here.")
    keys = [_key_of(column) for column in columns]
    return tf.feature_column.crossed_column(keys, hash_bucket_size, hash_key=hash_key)


def _key_of(column):
    """Columns of words that are hashed by themselves are crossed by their words."""
    return column.key if isinstance(column, _of_columns.HashedCategoricalColumn) else column


def create_feature_spec_for_parsing(feature_columns):
    """What ``tf.parse_example`` needs to read the features of these columns."""
    return columns.make_parse_example_spec(list(feature_columns))


def make_place_holder_tensors_for_base_features(feature_columns):
    """A placeholder for each feature of these columns, by name."""
    spec = create_feature_spec_for_parsing(feature_columns)
    return {name: _placeholder(feature) for name, feature in spec.items()}


def _placeholder(feature):
    if isinstance(feature, tf.VarLenFeature):
        return tf.sparse_placeholder(feature.dtype)
    return tf.placeholder(feature.dtype, [None] + list(feature.shape))


def parse_feature_columns_from_examples(serialized, feature_columns, name=None, example_names=None):
    """The features of these columns from serialized examples, by name."""
    check_feature_columns(feature_columns)
    spec = create_feature_spec_for_parsing(feature_columns)
    return tf.parse_example(serialized, spec, name=name, example_names=example_names)


def check_feature_columns(feature_columns):
    """Raises ConfigError if a column is there twice; WrongKeysError for something that is none."""
    seen = set()
    for column in feature_columns:
        if not hasattr(column, "name"):
            raise WrongKeysError("%r is no feature column." % (column,))
        if column.name in seen:
            raise ConfigError("The feature column %s is there twice." % column.name)
        seen.add(column.name)


def infer_real_valued_columns(features):
    """A :func:`real_valued_column` for each feature, or for the only one, called ``""``.

    Raises: KindError for sparse features or text.
    """
    if isinstance(features, dict):
        return [_inferred(name, features[name]) for name in sorted(features)]
    return [_inferred("", features)]


def _inferred(name, feature):
    if isinstance(feature, _tf.SparseTensor) or not (
        feature.dtype.is_floating or feature.dtype.is_integer
    ):
        raise KindError("The feature %r holds no dense numbers: %r." % (name, feature))
    size = 1
    for each in feature.get_shape().as_list()[1:]:
        size *= each
    return real_valued_column(name, dimension=size, dtype=feature.dtype)


def input_from_feature_columns(
    columns_to_tensors,
    feature_columns,
    weight_collections=None,
    trainable=True,
    scope=None,
    cols_to_outs=None,
):
    """The columns side by side, as the input of a network. Shapes: (batch, widths in all)."""
    check_feature_columns(feature_columns)
    with tf.variable_scope(
        scope, default_name="input_from_feature_columns", values=list(columns_to_tensors.values())
    ):
        return columns.input_layer(
            columns_to_tensors,
            list(feature_columns),
            weight_collections=weight_collections,
            trainable=trainable,
            cols_to_output_tensors=cols_to_outs,
        )


def weighted_sum_from_feature_columns(
    columns_to_tensors,
    feature_columns,
    num_outputs,
    weight_collections=None,
    trainable=True,
    scope=None,
):
    """A linear model of the columns: ``(outputs, variables by column, bias)``."""
    check_feature_columns(feature_columns)
    weights: Dict[Any, Any] = {}
    with tf.variable_scope(
        scope,
        default_name="weighted_sum_from_feature_columns",
        values=list(columns_to_tensors.values()),
    ):
        outputs = columns.linear_model(
            columns_to_tensors,
            list(feature_columns),
            units=num_outputs,
            weight_collections=weight_collections,
            trainable=trainable,
            cols_to_vars=weights,
        )
    bias = weights.pop("bias")
    return outputs, weights, bias[0] if isinstance(bias, list) else bias
