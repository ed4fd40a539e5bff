"""Models that do not look at the features: what any other has to beat."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.canned.arguments import check_features, optimizer_of
from tfkeras_compat.estimator.estimator import Estimator
from tfkeras_compat.estimator.heads.checks import weight_key
from tfkeras_compat.estimator.heads.first_generation import classifier_head, regressor_head
from tfkeras_compat.estimator.heads.training import minimized

_LEARNING_RATE = 0.3


def _model_fn(head, optimizer, weight_column=None):
    def model_fn(features, labels, mode):
        def train_op_fn(loss):
            return minimized(loss, optimizer_of(optimizer, _LEARNING_RATE))

        return head.create_estimator_spec(
            features=features,
            mode=mode,
            logits=_logits(features, head.logits_dimension, weight_key(weight_column)),
            labels=labels,
            train_op_fn=train_op_fn,
        )

    return model_fn


def _logits(features, dimension, key_of_weights):
    """One variable, repeated for each example."""
    batch_size = _batch_size(features, key_of_weights)
    with tf.variable_scope("baseline"):
        bias = tf.get_variable("bias", [dimension], initializer=tf.zeros_initializer())
        return tf.multiply(bias, tf.ones([batch_size, dimension]))


def _batch_size(features, key_of_weights):
    """The number of examples, once it is sure that all features have as many."""
    check_features(features)
    lengths = [_length(value) for key, value in features.items() if key != key_of_weights]
    if not lengths:
        raise ConfigError("A baseline needs a feature, to know how many examples there are.")
    checks = [
        tf.assert_equal(lengths[0], each, message="Features have different batch sizes.")
        for each in lengths[1:]
    ]
    with tf.control_dependencies(checks):
        return tf.identity(lengths[0])


def _length(value):
    if isinstance(value, tf.SparseTensor):
        return tf.cast(value.dense_shape[0], tf.int32)
    return tf.shape(value)[0]


class BaselineClassifier(Estimator):
    """Learns how frequent each class is, whatever the features.

    The arguments are those of ``LinearClassifier``.
    """

    def __init__(
        self,
        model_dir=None,
        n_classes=2,
        weight_column=None,
        label_vocabulary=None,
        optimizer="Ftrl",
        config=None,
        loss_reduction="weighted_sum",
    ):
        head = classifier_head(n_classes, weight_column, label_vocabulary, loss_reduction)
        model_fn = _model_fn(head, optimizer, weight_column)
        super().__init__(model_fn, model_dir=model_dir, config=config)


class BaselineRegressor(Estimator):
    """Learns the mean of the labels, whatever the features.

    The arguments are those of ``LinearRegressor``.
    """

    def __init__(
        self,
        model_dir=None,
        label_dimension=1,
        weight_column=None,
        optimizer="Ftrl",
        config=None,
        loss_reduction="weighted_sum",
    ):
        head = regressor_head(label_dimension, weight_column, loss_reduction)
        model_fn = _model_fn(head, optimizer, weight_column)
        super().__init__(model_fn, model_dir=model_dir, config=config)


class BaselineEstimator(Estimator):
    """One variable for each logit of a head of your choice, whatever the features."""

    def __init__(self, head, model_dir=None, optimizer="Ftrl", config=None):
        super().__init__(_model_fn(head, optimizer), model_dir=model_dir, config=config)
