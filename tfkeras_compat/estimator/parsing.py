"""What ``tf.io.parse_example`` is told to read, for feature columns and a label."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError


def classifier_parse_example_spec(
    feature_columns, label_key, label_dtype=tf.int64, label_default=None, weight_column=None
):
    """A dictionary for ``tf.io.parse_example``: features, a label of shape ``(1,)``, the weight.

    Raises ConfigError where the label or the weight is also a feature.

    >>> sorted(classifier_parse_example_spec([tf.feature_column.numeric_column("x")], "y"))
    ['x', 'y']
    """
    label = tf.FixedLenFeature((1,), label_dtype, label_default)
    return _with_label(feature_columns, label_key, label, weight_column)


def regressor_parse_example_spec(
    feature_columns,
    label_key,
    label_dtype=tf.float32,
    label_default=None,
    label_dimension=1,
    weight_column=None,
):
    """A dictionary for ``tf.io.parse_example``: features, a label of shape ``(label_dimension,)``,
    the weight.

    Raises ConfigError where the label or the weight is also a feature.
    """
    label = tf.FixedLenFeature((label_dimension,), label_dtype, label_default)
    return _with_label(feature_columns, label_key, label, weight_column)


def _with_label(feature_columns, label_key, label, weight_column):
    spec = dict(tf.feature_column.make_parse_example_spec(feature_columns))
    _add(spec, "label", {label_key: label})
    if isinstance(weight_column, str):
        weight_column = tf.feature_column.numeric_column(weight_column)
    if weight_column is not None:
        _add(spec, "weight_column", _spec_of_weights(weight_column))
    return spec


def _spec_of_weights(column):
    if not hasattr(column, "normalizer_fn"):
        raise ConfigError(
            "weight_column should be an instance of tf.feature_column.numeric_column. Given type: "
            "%s value: %s" % (type(column), column)
        )
    return tf.feature_column.make_parse_example_spec([column])


def _add(spec, role, more):
    for key in more:
        if key in spec:
            raise ConfigError(
                "%s should not be used as feature. Key: %s, features: %s"
                % (role, key, sorted(spec))
            )
    spec.update(more)
