"""The ``Estimator`` of ``tf.contrib.learn``, on top of ours."""

import numpy as np

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, NotFittedError, NotInLegacyError
from tfkeras_compat.estimator.arguments import argument_names, call_declared
from tfkeras_compat.estimator.estimator import Estimator as CoreEstimator
from tfkeras_compat.estimator.inputs import numpy_input_fn
from tfkeras_compat.estimator.learn import metric_spec
from tfkeras_compat.estimator.learn.model_fn_ops import InputFnOps, ModelFnOps
from tfkeras_compat.estimator.learn.monitors import replace_monitors_with_hooks
from tfkeras_compat.estimator.learn.run_config import RunConfig
from tfkeras_compat.estimator.receivers import ServingInputReceiver
from tfkeras_compat.estimator.spec import EstimatorSpec


class Evaluable:
    """What can be evaluated."""


class Trainable:
    """What can be trained with ``fit``."""


class BaseEstimator(Evaluable, Trainable):
    """The base of Estimators in ``tf.contrib.learn``."""


class _EndOfConstants(tf.train.SessionRunHook):
    """Stops after one run where neither a queue nor a dataset comes to an end."""

    def after_run(self, run_context, run_values):
        graph = run_context.session.graph
        has_queues = graph.get_collection(tf.GraphKeys.QUEUE_RUNNERS)
        if not has_queues and not any(
            op.type == "IteratorGetNext" for op in graph.get_operations()
        ):
            run_context.request_stop()


class Estimator(BaseEstimator):
    """Trains and evaluates the model that ``model_fn`` builds.

    Args:
        model_fn: takes features and labels, in this order, and of ``mode, params, config,
            model_dir`` what it declares; returns ``ModelFnOps``, an ``EstimatorSpec``, or
            ``(predictions, loss, train_op)``.
        model_dir, config, params: as for ``tf.estimator.Estimator``.
        feature_engineering_fn: turns features and labels into those that ``model_fn`` is given.
    Raises ConfigError for params that ``model_fn`` does not take.
    """

    def __init__(
        self, model_fn=None, model_dir=None, config=None, params=None, feature_engineering_fn=None
    ):
        if model_fn is not None and params is not None and "params" not in argument_names(model_fn):
            raise ConfigError(
                "Estimator's model_fn (%s) does not have a params argument, but params (%s) were "
                "passed to the Estimator's constructor." % (model_fn, params)
            )
        self._model_fn = model_fn
        self._feature_engineering_fn = feature_engineering_fn
        self.params = params
        self._metrics = None
        self._default_alternative = None
        self._is_served_raw = False
        self._core = CoreEstimator(
            self._core_model_fn, model_dir=model_dir, config=with_session_config(config)
        )

    @property
    def model_dir(self):
        return self._core.model_dir

    @property
    def config(self):
        return self._core.config

    @property
    def model_fn(self):
        return self._model_fn

    def _core_model_fn(self, features, labels, mode, config):
        if self._feature_engineering_fn is not None:
            features, labels = self._feature_engineering_fn(features, labels)
        returned = call_declared(
            self._model_fn,
            features,
            labels,
            mode=mode,
            params=self.params,
            config=config,
            model_dir=self.model_dir,
        )
        spec = self._spec_of(returned, mode)
        if not self._metrics or mode != "eval":
            return spec
        added = metric_spec.pairs_of(self._metrics, features, labels, spec.predictions)
        return spec._replace(eval_metric_ops=dict(spec.eval_metric_ops, **added))

    def _spec_of(self, returned, mode):
        if isinstance(returned, EstimatorSpec):
            return returned
        if not isinstance(returned, ModelFnOps):
            if not isinstance(returned, (tuple, list)) or len(returned) != 3:
                raise ConfigError(
                    "Unrecognized value returned by model_fn, please return ModelFnOps."
                )
            predictions, loss, train_op = returned
            returned = ModelFnOps(mode, predictions, loss, train_op)
        returned = returned.served_raw() if self._is_served_raw else returned
        return returned.estimator_spec(self._default_alternative)

    # ---- training and evaluation ----------------------------------------------------------------

    def fit(
        self,
        x=None,
        y=None,
        input_fn=None,
        steps=None,
        batch_size=None,
        monitors=None,
        max_steps=None,
    ):
        """Trains, and returns itself. The data are arrays ``x`` and ``y``, or what ``input_fn``
        gives; ``monitors`` may be hooks. Raises ConfigError for both kinds of steps."""
        read = _input_of(self._named(x), y, input_fn, batch_size, shuffle=True, epochs=None)
        hooks = replace_monitors_with_hooks(monitors, self)
        self._core.train(read, hooks=hooks, steps=steps, max_steps=max_steps)
        return self

    def partial_fit(self, x=None, y=None, input_fn=None, steps=1, batch_size=None, monitors=None):
        """Trains for some steps more."""
        return self.fit(x, y, input_fn, steps, batch_size, monitors)

    def evaluate(
        self,
        x=None,
        y=None,
        input_fn=None,
        feed_fn=None,
        batch_size=None,
        steps=None,
        metrics=None,
        name=None,
        checkpoint_path=None,
        hooks=None,
        log_progress=True,
    ):
        """The values of the metrics by name, with ``loss`` and ``global_step``; those of
        ``metrics`` (a dictionary of :class:`MetricSpec`) are added. Raises NotFittedError before a
        training."""
        self._check_fitted(checkpoint_path)
        hooks = list(hooks or []) + ([tf.train.FeedFnHook(feed_fn)] if feed_fn else [])
        read = _input_of(self._named(x), y, input_fn, batch_size, shuffle=False, epochs=1)
        return self._evaluating(metrics).evaluate(read, steps, hooks, checkpoint_path, name)

    def _named(self, x):
        """The features as ``model_fn`` is to see them."""
        return x

    def _evaluating(self, metrics):
        """The Estimator whose evaluations also have these metrics."""
        self._metrics = metrics
        return self._core

    def predict(
        self,
        x=None,
        input_fn=None,
        batch_size=None,
        outputs=None,
        as_iterable=True,
        iterate_batches=False,
    ):
        """Predictions, of those named in ``outputs`` only if given: one example after the other,
        one batch after the other with ``iterate_batches``, or an array (a dictionary of arrays)
        without ``as_iterable``. Inputs that do not end by themselves are read once. Raises
        NotFittedError before a training."""
        self._check_fitted(None)
        read = _input_of(self._named(x), None, input_fn, batch_size, shuffle=False, epochs=1)
        found = self._core.predict(
            read, outputs, [_EndOfConstants()], None, as_iterable and not iterate_batches
        )
        return found if as_iterable else _joined(list(found))

    def export(self, *arguments, **keywords):
        """Raises NotInLegacyError: the session bundles that it wrote are read by nothing now."""
        raise NotInLegacyError("export is not offered here. Use export_savedmodel.")

    def export_savedmodel(
        self,
        export_dir_base,
        serving_input_fn,
        default_output_alternative_key=None,
        assets_extra=None,
        as_text=False,
        checkpoint_path=None,
        graph_rewrite_specs=None,
        strip_default_attrs=False,
    ):
        """Writes a SavedModel; returns its directory, named by the time.

        ``serving_input_fn`` gives ``InputFnOps`` or a ``ServingInputReceiver``. Raises:
        ConfigError for ``graph_rewrite_specs``; NotFittedError before a training.
        """
        if graph_rewrite_specs is not None:
            raise ConfigError(
                "Graphs are not rewritten here: leave graph_rewrite_specs out, and optimize the "
                "exported model with the tools of the TensorFlow that serves it."
            )
        self._check_fitted(checkpoint_path)
        self._default_alternative = default_output_alternative_key

        def receiver_fn():
            receiver = _receiver_of(serving_input_fn())
            self._is_served_raw = not _is_of_examples(receiver)
            return receiver

        return self._core.export_savedmodel(
            export_dir_base,
            receiver_fn,
            assets_extra=assets_extra,
            as_text=as_text,
            checkpoint_path=checkpoint_path,
            strip_default_attrs=strip_default_attrs,
        )

    # ---- variables and parameters ---------------------------------------------------------------

    def get_variable_names(self):
        """The names of all variables in the last checkpoint."""
        return self._core.get_variable_names()

    def get_variable_value(self, name):
        """The value of a variable in the last checkpoint."""
        return self._core.get_variable_value(name)

    def get_params(self, deep=True):
        """The arguments of the constructor that are attributes without underscore."""
        return {"params": self.params}

    def set_params(self, **params):
        """Sets such attributes. Raises ConfigError for an unknown one."""
        for name, value in params.items():
            if name not in self.get_params():
                raise ConfigError("Invalid parameter %s for estimator %s" % (name, self))
            setattr(self, name, value)
        return self

    def _check_fitted(self, checkpoint_path):
        if not (checkpoint_path or self._core.latest_checkpoint()):
            raise NotFittedError(
                "Couldn't find trained model at %s. Call fit() first." % self.model_dir
            )


def with_session_config(config):
    """The configuration to make an Estimator with; one of ``tf.contrib.learn`` is for the sessions
    as well."""
    if isinstance(config, RunConfig) and config.session_config is None:
        return config.replace(session_config=config.tf_config)
    return RunConfig() if config is None else config


def _input_of(x, y, input_fn, batch_size, shuffle, epochs):
    if (x is None) == (input_fn is None):
        raise ConfigError("Provide either x and y, or input_fn.")
    if input_fn is not None:
        if y is not None or batch_size is not None:
            raise ConfigError("y and batch_size go with x, not with input_fn.")
        return input_fn
    size = batch_size or len(next(iter(x.values())) if isinstance(x, dict) else x)
    return numpy_input_fn(x, y, batch_size=size, num_epochs=epochs, shuffle=shuffle)


def _joined(batches):
    if batches and isinstance(batches[0], dict):
        return {key: np.concatenate([each[key] for each in batches]) for key in batches[0]}
    return np.concatenate(batches)


def _receiver_of(result):
    if not isinstance(result, InputFnOps):
        return result
    return ServingInputReceiver(result.features, result.default_inputs)


def _is_of_examples(receiver):
    tensors = list(receiver.receiver_tensors.values())
    return len(tensors) == 1 and tensors[0].dtype == tf.string
