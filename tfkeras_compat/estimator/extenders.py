"""Estimators made from other Estimators."""

from tfkeras_compat.errors import ConfigError
from tfkeras_compat.estimator.arguments import argument_names, call_declared
from tfkeras_compat.estimator.estimator import Estimator
from tfkeras_compat.estimator.mode_keys import ModeKeys

_OF_METRIC_FUNCTIONS = {"features", "labels", "predictions", "self", "config"}


def add_metrics(estimator, metric_fn):
    """A new Estimator, on the same directory, with further metrics in its evaluations.

    ``metric_fn`` takes of ``features, labels, predictions, config`` what it declares, and returns a
    dictionary like ``eval_metric_ops``, which goes before the Estimator's own. Raises ConfigError
    if it takes anything else.
    """
    unknown = sorted(set(argument_names(metric_fn)) - _OF_METRIC_FUNCTIONS)
    if unknown:
        raise ConfigError(
            "metric_fn (%s) has following not expected args: %s. It may take features, labels, "
            "predictions and config." % (metric_fn, unknown)
        )

    def model_fn(features, labels, mode, config):
        spec = estimator.model_fn(features, labels, mode, config)
        if mode != ModeKeys.EVAL:
            return spec
        added = call_declared(
            metric_fn,
            features=features,
            labels=labels,
            predictions=spec.predictions,
            config=config,
        )
        return spec._replace(eval_metric_ops=dict(spec.eval_metric_ops, **added))

    return Estimator(
        model_fn,
        model_dir=estimator.model_dir,
        config=estimator.config,
        warm_start_from=estimator._warm_start_settings,
    )
