"""Calling a user's function with just the arguments that it declares."""

import functools
import inspect

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError

_NAMED = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
_OF_MODEL_FUNCTIONS = {"features", "labels", "mode", "params", "self", "config"}


def argument_names(function):
    """The names that ``function`` can still be given by keyword, in order.

    ``self`` of a bound method is none of them, nor is what ``functools.partial`` has bound.

    >>> argument_names(functools.partial(lambda features, labels, params: None, params={}))
    ('features', 'labels')
    """
    bound = function.keywords if isinstance(function, functools.partial) else {}
    parameters = inspect.signature(function).parameters.values()
    return tuple(each.name for each in parameters if each.kind in _NAMED and each.name not in bound)


def call_declared(function, *positional, **offered):
    """Calls ``function`` with those of the offered arguments that it declares."""
    names = argument_names(function)
    return function(
        *positional, **{name: value for name, value in offered.items() if name in names}
    )


def check_model_fn(model_fn, params):
    """Raises ConfigError for a model function that an Estimator can not call."""
    names = argument_names(model_fn)
    if "features" not in names:
        raise ConfigError(
            "model_fn (%s) must include features argument; it takes %s." % (model_fn, names)
        )
    if params is not None and "params" not in names:
        raise ConfigError(
            "model_fn (%s) does not include params argument, but params (%s) is passed to "
            "Estimator." % (model_fn, params)
        )
    if params is None and "params" in names:
        tf.logging.warning(
            "Estimator's model_fn (%s) includes params argument, but params are not passed to "
            "Estimator.",
            model_fn,
        )
    unknown = sorted(set(names) - _OF_MODEL_FUNCTIONS)
    if unknown:
        raise ConfigError(
            "model_fn (%s) has following not expected args: %s. It may take features, labels, "
            "mode, params and config." % (model_fn, unknown)
        )


def call_model_fn(model_fn, features, labels, mode, params, config):
    """What ``model_fn`` gives. Raises ConfigError if there are labels and it takes none."""
    if labels is not None and "labels" not in argument_names(model_fn):
        raise ConfigError(
            "model_fn does not take labels, but input_fn returns labels. Add the argument labels "
            "to it, or let input_fn return the features alone."
        )
    return call_declared(
        model_fn, features=features, labels=labels, mode=mode, params=params, config=config
    )


def call_logit_fn(logit_fn, features, mode, params, config):
    """The logits that ``logit_fn`` gives: a tensor, or a dictionary of tensors by name.

    Raises ConfigError for anything else.
    """
    logits = call_declared(logit_fn, features=features, mode=mode, params=params, config=config)
    named = logits if isinstance(logits, dict) else {"logits": logits}
    if not all(isinstance(k, str) and isinstance(v, tf.Tensor) for k, v in named.items()):
        raise ConfigError(
            "logit_fn should return a Tensor or a dictionary mapping strings to Tensors. "
            "logit_fn returned: %s" % (logits,)
        )
    return logits
