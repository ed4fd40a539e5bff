"""The ready-made Estimators of ``tf.contrib.learn``: those of ``tf.estimator`` behind its
interface.

The names of their variables and some of their metrics are those of ``tf.estimator``.
"""

import math

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator import canned
from tfkeras_compat.estimator.extenders import add_metrics
from tfkeras_compat.estimator.learn import metric_spec
from tfkeras_compat.estimator.learn.estimator import Estimator, with_session_config

_DNN_RATE = 0.05
_LINEAR_RATE = 0.2
_MEAN = "weighted_mean"


class _Canned(Estimator):
    """An Estimator of ``tf.contrib.learn`` around one of ``tf.estimator``."""

    def __init__(self, core, feature_engineering_fn=None, **unsupported):
        unsupported["feature_engineering_fn"] = feature_engineering_fn
        given = sorted(name for name, value in unsupported.items() if value)
        if given:
            raise ConfigError(
                "%s does not support %s. Write a model_fn that does it, for "
                "tf.estimator.Estimator." % (type(self).__name__, ", ".join(given))
            )
        self._core = core
        self._model_fn = core.model_fn
        self.params = None

    def _named(self, x):
        # The name of the column that infer_real_valued_columns_from_input makes of an array.
        return x if x is None or isinstance(x, dict) else {"": x}

    def _evaluating(self, metrics):
        def metric_fn(features, labels, predictions):
            return metric_spec.pairs_of(metrics, features, labels, predictions)

        return add_metrics(self._core, metric_fn) if metrics else self._core

    def _column(self, key, x, input_fn, batch_size, as_iterable):
        found = Estimator.predict(self, x, input_fn, batch_size, [key], as_iterable)
        return (each[key] for each in found) if as_iterable else found[key]


class _Classifier(_Canned):
    def predict(self, x=None, input_fn=None, batch_size=None, outputs=None, as_iterable=True):
        """The classes, or the predictions named in ``outputs``."""
        if outputs:
            return super().predict(x, input_fn, batch_size, outputs, as_iterable)
        return self.predict_classes(x, input_fn, batch_size, as_iterable)

    def predict_classes(self, x=None, input_fn=None, batch_size=None, as_iterable=True):
        """The number of the most probable class of each example."""
        found = self._column("class_ids", x, input_fn, batch_size, as_iterable)
        return (each[0] for each in found) if as_iterable else found[:, 0]

    def predict_proba(self, x=None, input_fn=None, batch_size=None, as_iterable=True):
        """The probabilities of the classes for each example."""
        return self._column("probabilities", x, input_fn, batch_size, as_iterable)


class _Regressor(_Canned):
    def predict(self, x=None, input_fn=None, batch_size=None, outputs=None, as_iterable=True):
        """The scores, or the predictions named in ``outputs``."""
        if outputs:
            return super().predict(x, input_fn, batch_size, outputs, as_iterable)
        return self.predict_scores(x, input_fn, batch_size, as_iterable)

    def predict_scores(self, x=None, input_fn=None, batch_size=None, as_iterable=True):
        """The number (or numbers) predicted for each example."""
        found = self._column("predictions", x, input_fn, batch_size, as_iterable)
        return (_scalar(each) for each in found) if as_iterable else found


def _scalar(values):
    return values[0] if len(values) == 1 else values


def _dnn_optimizer():
    return tf.train.AdagradOptimizer(_DNN_RATE)


def _linear_optimizer(feature_columns):
    rate = min(_LINEAR_RATE, 1.0 / math.sqrt(len(feature_columns)))
    return lambda: tf.train.FtrlOptimizer(rate)


class DNNClassifier(_Classifier):
    """``tf.estimator.DNNClassifier`` with the defaults of ``tf.contrib.learn``: Adagrad at 0.05,
    the mean loss."""

    def __init__(
        self,
        hidden_units,
        feature_columns,
        model_dir=None,
        n_classes=2,
        weight_column_name=None,
        optimizer=None,
        activation_fn=tf.nn.relu,
        dropout=None,
        gradient_clip_norm=None,
        enable_centered_bias=False,
        config=None,
        feature_engineering_fn=None,
        embedding_lr_multipliers=None,
        input_layer_min_slice_size=None,
        label_keys=None,
    ):
        core = canned.DNNClassifier(
            hidden_units,
            feature_columns,
            model_dir=model_dir,
            n_classes=n_classes,
            weight_column=weight_column_name,
            label_vocabulary=label_keys,
            optimizer=optimizer or _dnn_optimizer,
            activation_fn=activation_fn,
            dropout=dropout,
            config=with_session_config(config),
            loss_reduction=_MEAN,
        )
        super().__init__(
            core,
            feature_engineering_fn,
            gradient_clip_norm=gradient_clip_norm,
            enable_centered_bias=enable_centered_bias,
            embedding_lr_multipliers=embedding_lr_multipliers,
        )


class DNNRegressor(_Regressor):
    """``tf.estimator.DNNRegressor`` with the defaults of ``tf.contrib.learn``."""

    def __init__(
        self,
        hidden_units,
        feature_columns,
        model_dir=None,
        weight_column_name=None,
        optimizer=None,
        activation_fn=tf.nn.relu,
        dropout=None,
        gradient_clip_norm=None,
        enable_centered_bias=False,
        config=None,
        feature_engineering_fn=None,
        label_dimension=1,
        embedding_lr_multipliers=None,
        input_layer_min_slice_size=None,
    ):
        core = canned.DNNRegressor(
            hidden_units,
            feature_columns,
            model_dir=model_dir,
            label_dimension=label_dimension,
            weight_column=weight_column_name,
            optimizer=optimizer or _dnn_optimizer,
            activation_fn=activation_fn,
            dropout=dropout,
            config=with_session_config(config),
            loss_reduction=_MEAN,
        )
        super().__init__(
            core,
            feature_engineering_fn,
            gradient_clip_norm=gradient_clip_norm,
            enable_centered_bias=enable_centered_bias,
            embedding_lr_multipliers=embedding_lr_multipliers,
        )


class LinearClassifier(_Classifier):
    """``tf.estimator.LinearClassifier`` with the defaults of ``tf.contrib.learn``: Ftrl at 0.2, or
    less for many columns, and the mean loss."""

    def __init__(
        self,
        feature_columns,
        model_dir=None,
        n_classes=2,
        weight_column_name=None,
        optimizer=None,
        gradient_clip_norm=None,
        enable_centered_bias=False,
        _joint_weight=False,
        config=None,
        feature_engineering_fn=None,
        label_keys=None,
    ):
        core = canned.LinearClassifier(
            feature_columns,
            model_dir=model_dir,
            n_classes=n_classes,
            weight_column=weight_column_name,
            label_vocabulary=label_keys,
            optimizer=optimizer or _linear_optimizer(feature_columns),
            config=with_session_config(config),
            loss_reduction=_MEAN,
        )
        super().__init__(
            core,
            feature_engineering_fn,
            gradient_clip_norm=gradient_clip_norm,
            enable_centered_bias=enable_centered_bias,
            _joint_weight=_joint_weight,
        )


class LinearRegressor(_Regressor):
    """``tf.estimator.LinearRegressor`` with the defaults of ``tf.contrib.learn``."""

    def __init__(
        self,
        feature_columns,
        model_dir=None,
        weight_column_name=None,
        optimizer=None,
        gradient_clip_norm=None,
        enable_centered_bias=False,
        label_dimension=1,
        _joint_weights=False,
        config=None,
        feature_engineering_fn=None,
    ):
        core = canned.LinearRegressor(
            feature_columns,
            model_dir=model_dir,
            label_dimension=label_dimension,
            weight_column=weight_column_name,
            optimizer=optimizer or _linear_optimizer(feature_columns),
            config=with_session_config(config),
            loss_reduction=_MEAN,
        )
        super().__init__(
            core,
            feature_engineering_fn,
            gradient_clip_norm=gradient_clip_norm,
            enable_centered_bias=enable_centered_bias,
            _joint_weights=_joint_weights,
        )
