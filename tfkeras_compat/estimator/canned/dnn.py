"""Fully connected networks."""

from tfkeras_compat import activations
from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.canned.arguments import (
    check_features,
    input_partitioner,
    layer_partitioner,
    optimizer_of,
    summarize_layer,
)
from tfkeras_compat.estimator.estimator import Estimator
from tfkeras_compat.estimator.heads.first_generation import classifier_head, regressor_head
from tfkeras_compat.estimator.mode_keys import ModeKeys
from tfkeras_compat.estimator.notices import without_deprecations

_LEARNING_RATE = 0.05
# Of the batch normalization of `tf.layers`, except for the momentum, which is the original's here.
_MOMENTUM = 0.999
_EPSILON = 1e-3


def dnn_logit_fn_builder(
    units,
    hidden_units,
    feature_columns,
    activation_fn,
    dropout,
    input_layer_partitioner,
    batch_norm,
):
    """A function from a dictionary of features and a mode to the logits ``(batch, units)`` of a
    network.

    Its variables are ``input_from_feature_columns/input_layer/...``, ``hiddenlayer_0/kernel``,
    ``hiddenlayer_0/bias`` and so on, and ``logits/...``, below the variable scope that it is called
    in. Raises ConfigError unless ``units`` is an integer.
    """
    if not isinstance(units, int):
        raise ConfigError("units must be an int.  Given type: %s" % type(units))
    activation = activations.get(activation_fn)

    def dnn_logit_fn(features, mode):
        is_training = mode == ModeKeys.TRAIN
        with tf.variable_scope("input_from_feature_columns", partitioner=input_layer_partitioner):
            with without_deprecations():
                values = tf.feature_column.input_layer(features, feature_columns)
        for index, width in enumerate(hidden_units):
            with tf.variable_scope("hiddenlayer_%d" % index) as scope:
                values = activation(_dense(values, width))
                if dropout is not None and is_training:
                    values = tf.nn.dropout(values, rate=dropout)
                if batch_norm:
                    values = _normalized(values, "batchnorm_%d" % index, is_training)
            summarize_layer(values, scope.name)
        with tf.variable_scope("logits") as scope:
            logits = _dense(values, units)
        summarize_layer(logits, scope.name)
        return logits

    return dnn_logit_fn


def _dense(values, units):
    shape = [values.get_shape().as_list()[-1], units]
    kernel = tf.get_variable("kernel", shape, initializer=tf.glorot_uniform_initializer())
    bias = tf.get_variable("bias", [units], initializer=tf.zeros_initializer())
    return tf.nn.bias_add(tf.matmul(values, tf.convert_to_tensor(kernel)), bias)


def _normalized(values, name, is_training):
    """Normalized over the batch when training, and with the moving statistics otherwise; the
    updates of these go to ``UPDATE_OPS``, which a training step runs."""
    shape = values.get_shape().as_list()[-1:]
    ones, zeros = tf.ones_initializer(), tf.zeros_initializer()
    with tf.variable_scope(name) as scope:
        gamma = tf.get_variable("gamma", shape, initializer=ones)
        beta = tf.get_variable("beta", shape, initializer=zeros)
        scope.set_partitioner(None)  # parts can not be assigned to
        mean = tf.get_variable("moving_mean", shape, initializer=zeros, trainable=False)
        variance = tf.get_variable("moving_variance", shape, initializer=ones, trainable=False)
        if is_training:
            of_batch = tf.nn.moments(values, axes=[0])
            for moving, new in zip((mean, variance), of_batch):
                update = tf.assign_sub(moving, (moving - new) * (1.0 - _MOMENTUM))
                tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, update.op)
            mean, variance = of_batch
        return tf.nn.batch_normalization(values, mean, variance, beta, gamma, _EPSILON)


def _model_fn(
    head,
    hidden_units,
    feature_columns,
    optimizer,
    activation_fn,
    dropout,
    input_layer_partitioner,
    batch_norm,
):
    def model_fn(features, labels, mode, config):
        check_features(features)
        with tf.variable_scope("dnn", partitioner=layer_partitioner(config)):
            logit_fn = dnn_logit_fn_builder(
                head.logits_dimension,
                hidden_units,
                tuple(feature_columns or ()),
                activation_fn,
                dropout,
                input_layer_partitioner or input_partitioner(config),
                batch_norm,
            )
            logits = logit_fn(features, mode)
            return head.create_estimator_spec(
                features=features,
                mode=mode,
                logits=logits,
                labels=labels,
                optimizer=optimizer_of(optimizer, _LEARNING_RATE),
            )

    return model_fn


class DNNClassifier(Estimator):
    """A fully connected network over feature columns that chooses one of ``n_classes``.

    ``hidden_units`` are the widths of its hidden layers, ``dropout`` the share of their outputs
    that is dropped in training. The other arguments are those of ``LinearClassifier``.

    >>> import tempfile
    >>> from tfkeras_compat._tf import tf
    >>> x = tf.feature_column.numeric_column("x")
    >>> classifier = DNNClassifier([4], [x], model_dir=tempfile.mkdtemp(), n_classes=3)
    >>> batch = lambda: ({"x": tf.constant([[1.0], [-1.0]])}, tf.constant([[2], [0]]))
    >>> classifier.train(batch, steps=1).get_variable_value("dnn/logits/kernel").shape
    (4, 3)
    """

    def __init__(
        self,
        hidden_units,
        feature_columns,
        model_dir=None,
        n_classes=2,
        weight_column=None,
        label_vocabulary=None,
        optimizer="Adagrad",
        activation_fn=tf.nn.relu,
        dropout=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        loss_reduction="weighted_sum",
        batch_norm=False,
    ):
        model_fn = _model_fn(
            classifier_head(n_classes, weight_column, label_vocabulary, loss_reduction),
            hidden_units,
            feature_columns,
            optimizer,
            activation_fn,
            dropout,
            input_layer_partitioner,
            batch_norm,
        )
        super().__init__(
            model_fn, model_dir=model_dir, config=config, warm_start_from=warm_start_from
        )


class DNNRegressor(Estimator):
    """A fully connected network over feature columns for ``label_dimension`` numbers, with the
    squared error.

    The other arguments are those of :class:`DNNClassifier`.
    """

    def __init__(
        self,
        hidden_units,
        feature_columns,
        model_dir=None,
        label_dimension=1,
        weight_column=None,
        optimizer="Adagrad",
        activation_fn=tf.nn.relu,
        dropout=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        loss_reduction="weighted_sum",
        batch_norm=False,
    ):
        model_fn = _model_fn(
            regressor_head(label_dimension, weight_column, loss_reduction),
            hidden_units,
            feature_columns,
            optimizer,
            activation_fn,
            dropout,
            input_layer_partitioner,
            batch_norm,
        )
        super().__init__(
            model_fn, model_dir=model_dir, config=config, warm_start_from=warm_start_from
        )


class DNNEstimator(Estimator):
    """A fully connected network over feature columns with a head of your choice."""

    def __init__(
        self,
        head,
        hidden_units,
        feature_columns,
        model_dir=None,
        optimizer="Adagrad",
        activation_fn=tf.nn.relu,
        dropout=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        batch_norm=False,
    ):
        model_fn = _model_fn(
            head,
            hidden_units,
            feature_columns,
            optimizer,
            activation_fn,
            dropout,
            input_layer_partitioner,
            batch_norm,
        )
        super().__init__(
            model_fn, model_dir=model_dir, config=config, warm_start_from=warm_start_from
        )
