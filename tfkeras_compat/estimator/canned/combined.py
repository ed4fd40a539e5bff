"""A linear model and a network whose logits are added, each with an optimizer of its own."""

import math

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.canned.arguments import (
    check_features,
    input_partitioner,
    layer_partitioner,
    optimizer_of,
    summarize_layer,
)
from tfkeras_compat.estimator.canned.dnn import dnn_logit_fn_builder
from tfkeras_compat.estimator.canned.linear import linear_logit_fn_builder
from tfkeras_compat.estimator.estimator import Estimator
from tfkeras_compat.estimator.heads.first_generation import classifier_head, regressor_head
from tfkeras_compat.estimator.heads.training import step_of

_DNN_LEARNING_RATE = 0.001
_LINEAR_LEARNING_RATE = 0.005


class _Combination:
    """What the two parts are made of; its ``model_fn`` is that of an Estimator."""

    def __init__(
        self,
        head,
        linear_feature_columns,
        linear_optimizer,
        dnn_feature_columns,
        dnn_optimizer,
        dnn_hidden_units,
        dnn_activation_fn,
        dnn_dropout,
        input_layer_partitioner,
        linear_sparse_combiner,
        batch_norm=False,
    ):
        if not linear_feature_columns and not dnn_feature_columns:
            raise ConfigError(
                "Either linear_feature_columns or dnn_feature_columns must be defined."
            )
        if dnn_feature_columns and not dnn_hidden_units:
            raise ConfigError(
                "dnn_hidden_units must be defined when dnn_feature_columns is specified."
            )
        self._head = head
        self._linear_columns = linear_feature_columns
        self._linear_optimizer = linear_optimizer
        self._sparse_combiner = linear_sparse_combiner
        self._dnn_columns = dnn_feature_columns
        self._dnn_optimizer = dnn_optimizer
        self._network = {
            "hidden_units": dnn_hidden_units,
            "feature_columns": dnn_feature_columns,
            "activation_fn": dnn_activation_fn,
            "dropout": dnn_dropout,
            "batch_norm": batch_norm,
        }
        self._input_partitioner = input_layer_partitioner

    def model_fn(self, features, labels, mode, config):
        check_features(features)
        parts = []
        if self._dnn_columns:
            parts.append(self._dnn(features, mode, config))
        if self._linear_columns:
            parts.append(self._linear(features, config))

        def train_op_fn(loss):
            steps = [step_of(loss, optimizer, own) for _, optimizer, own in parts]
            with tf.control_dependencies(steps):
                return tf.assign_add(tf.train.get_global_step(), 1).op

        logits = [part[0] for part in parts]
        return self._head.create_estimator_spec(
            features=features,
            mode=mode,
            logits=logits[0] + logits[1] if len(logits) > 1 else logits[0],
            labels=labels,
            train_op_fn=train_op_fn,
        )

    def _dnn(self, features, mode, config):
        """``(logits, optimizer, variables)`` of the network."""
        optimizer = _own_optimizer(self._dnn_optimizer, _DNN_LEARNING_RATE)
        with tf.variable_scope("dnn", partitioner=layer_partitioner(config)) as scope:
            partitioner = self._input_partitioner or input_partitioner(config)
            build = dnn_logit_fn_builder(
                self._head.logits_dimension, input_layer_partitioner=partitioner, **self._network
            )
            logits = build(features, mode)
        return logits, optimizer, tf.trainable_variables(scope.name + "/")

    def _linear(self, features, config):
        """``(logits, optimizer, variables)`` of the linear model."""
        rate = min(_LINEAR_LEARNING_RATE, 1.0 / math.sqrt(len(self._linear_columns)))
        optimizer = _own_optimizer(self._linear_optimizer, rate)
        partitioner = self._input_partitioner or input_partitioner(config)
        with tf.variable_scope("linear", partitioner=partitioner) as scope:
            build = linear_logit_fn_builder(
                self._head.logits_dimension, self._linear_columns, self._sparse_combiner
            )
            logits = build(features)
            summarize_layer(logits, scope.name)
        return logits, optimizer, tf.trainable_variables(scope.name + "/")


def _own_optimizer(value, learning_rate):
    optimizer = optimizer_of(value, learning_rate)
    if isinstance(optimizer, tf.train.SyncReplicasOptimizer):
        raise ConfigError(
            "SyncReplicasOptimizer does not support the two optimizers of a DNNLinearCombined "
            "model. Use a DNN or a Linear model with it."
        )
    return optimizer


class DNNLinearCombinedClassifier(Estimator):
    """A linear model and a network over feature columns that choose one of ``n_classes`` together
    ("wide and deep").

    Give columns for one part or for both. The other arguments are those of ``LinearClassifier`` and
    ``DNNClassifier``. Raises ConfigError without columns, and for a network without hidden layers.
    """

    def __init__(
        self,
        model_dir=None,
        linear_feature_columns=None,
        linear_optimizer="Ftrl",
        dnn_feature_columns=None,
        dnn_optimizer="Adagrad",
        dnn_hidden_units=None,
        dnn_activation_fn=tf.nn.relu,
        dnn_dropout=None,
        n_classes=2,
        weight_column=None,
        label_vocabulary=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        loss_reduction="weighted_sum",
        batch_norm=False,
        linear_sparse_combiner="sum",
    ):
        combination = _Combination(
            classifier_head(n_classes, weight_column, label_vocabulary, loss_reduction),
            linear_feature_columns,
            linear_optimizer,
            dnn_feature_columns,
            dnn_optimizer,
            dnn_hidden_units,
            dnn_activation_fn,
            dnn_dropout,
            input_layer_partitioner,
            linear_sparse_combiner,
            batch_norm,
        )
        super().__init__(
            combination.model_fn,
            model_dir=model_dir,
            config=config,
            warm_start_from=warm_start_from,
        )


class DNNLinearCombinedRegressor(Estimator):
    """A linear model and a network over feature columns for ``label_dimension`` numbers, with the
    squared error.

    The other arguments are those of :class:`DNNLinearCombinedClassifier`.
    """

    def __init__(
        self,
        model_dir=None,
        linear_feature_columns=None,
        linear_optimizer="Ftrl",
        dnn_feature_columns=None,
        dnn_optimizer="Adagrad",
        dnn_hidden_units=None,
        dnn_activation_fn=tf.nn.relu,
        dnn_dropout=None,
        label_dimension=1,
        weight_column=None,
        input_layer_partitioner=None,
        config=None,
        warm_start_from=None,
        loss_reduction="weighted_sum",
        batch_norm=False,
        linear_sparse_combiner="sum",
    ):
        combination = _Combination(
            regressor_head(label_dimension, weight_column, loss_reduction),
            linear_feature_columns,
            linear_optimizer,
            dnn_feature_columns,
            dnn_optimizer,
            dnn_hidden_units,
            dnn_activation_fn,
            dnn_dropout,
            input_layer_partitioner,
            linear_sparse_combiner,
            batch_norm,
        )
        super().__init__(
            combination.model_fn,
            model_dir=model_dir,
            config=config,
            warm_start_from=warm_start_from,
        )


class DNNLinearCombinedEstimator(Estimator):
    """A linear model and a network over feature columns with a head of your choice."""

    def __init__(
        self,
        head,
        model_dir=None,
        linear_feature_columns=None,
        linear_optimizer="Ftrl",
        dnn_feature_columns=None,
        dnn_optimizer="Adagrad",
        dnn_hidden_units=None,
        dnn_activation_fn=tf.nn.relu,
        dnn_dropout=None,
        input_layer_partitioner=None,
        config=None,
        linear_sparse_combiner="sum",
    ):
        combination = _Combination(
            head,
            linear_feature_columns,
            linear_optimizer,
            dnn_feature_columns,
            dnn_optimizer,
            dnn_hidden_units,
            dnn_activation_fn,
            dnn_dropout,
            input_layer_partitioner,
            linear_sparse_combiner,
        )
        super().__init__(combination.model_fn, model_dir=model_dir, config=config)
