"""``MetricSpec``: a metric function, and what of features, labels and predictions it is given."""

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import ConfigError, WrongKeysError
from tfkeras_compat.estimator.arguments import argument_names

# What the arguments of a metric function are called.
_NAMES = {
    "labels": ("labels", "label", "targets", "target"),
    "predictions": ("predictions", "prediction", "logits", "logit"),
    "weights": ("weights", "weight"),
}


class MetricSpec:
    """A metric for ``Estimator.evaluate`` of ``tf.contrib.learn``.

    Args:
        metric_fn: gives a tensor, or ``(value, update)``. Its arguments are found by name
            (``labels`` or ``targets``, ``predictions`` or ``logits``, ``weights``); the first other
            one is taken for predictions.
        prediction_key, label_key: which of several; none is needed for a tensor or a dictionary of
            one.
        weight_key: which feature is the weight of samples; none: no weights.
    Raises: ConfigError if an argument is missing or ambiguous.
    """

    def __init__(self, metric_fn, prediction_key=None, label_key=None, weight_key=None):
        self._given_fn = metric_fn
        self._prediction_key = prediction_key
        self._label_key = label_key
        self._weight_key = weight_key
        self._arguments = _matched(metric_fn)
        for role, key in (("labels", label_key), ("weights", weight_key)):
            if key is not None and role not in self._arguments:
                raise ConfigError(
                    "%s takes none of %s, but %r is to be given to it."
                    % (_name(metric_fn), ", ".join(_NAMES[role]), key)
                )

    @property
    def prediction_key(self):
        return self._prediction_key

    @property
    def label_key(self):
        return self._label_key

    @property
    def weight_key(self):
        return self._weight_key

    @property
    def metric_fn(self):
        """The function with the arguments ``labels``, ``predictions`` and ``weights``, by name."""
        return self._called

    def _called(self, labels=None, predictions=None, weights=None):
        found = {"labels": labels, "predictions": predictions, "weights": weights}
        given = {self._arguments[role]: found[role] for role in self._arguments}
        if weights is None:
            given.pop(self._arguments.get("weights"), None)
        if "predictions" in self._arguments:
            return self._given_fn(**given)
        if argument_names(self._given_fn)[:1] == (self._arguments.get("labels"),):
            return self._given_fn(given.pop(self._arguments["labels"]), predictions, **given)
        return self._given_fn(predictions, **given)

    def create_metric_ops(self, inputs, labels, predictions):
        """The tensor or ``(value, update)`` for these features, labels and predictions."""
        return self._called(
            labels=_chosen("label", labels, self._label_key),
            predictions=_chosen("prediction", predictions, self._prediction_key),
            weights=inputs[self._weight_key] if self._weight_key else None,
        )

    def __str__(self):
        return "MetricSpec(metric_fn=%s, prediction_key=%s, label_key=%s, weight_key=%s)" % (
            _name(self._given_fn),
            self._prediction_key,
            self._label_key,
            self._weight_key,
        )


def _name(function):
    return getattr(getattr(function, "func", function), "__name__", str(function))


def _matched(function):
    """The name of the argument for each role that the function has one for."""
    names, matched = argument_names(function), {}
    for role, candidates in _NAMES.items():
        found = [name for name in names if name in candidates]
        if len(found) > 1:
            raise ConfigError(
                "Ambiguous arguments %s of %s, must provide only one of %s."
                % (found, _name(function), ", ".join(candidates))
            )
        if found:
            matched[role] = found[0]
    return matched


def _chosen(role, values, key):
    if not isinstance(values, dict):
        if key:
            raise ConfigError(
                "MetricSpec with %s_key=%r needs a dictionary of %ss, found %s."
                % (role, key, role, values)
            )
        return values
    if key is None and len(values) != 1:
        raise ConfigError(
            "MetricSpec without %s_key needs one %s, found %s." % (role, role, sorted(values))
        )
    if key is not None and key not in values:
        raise WrongKeysError("Key %r missing from the %ss %s." % (key, role, sorted(values)))
    return values[key] if key is not None else next(iter(values.values()))


def pairs_of(metrics, features, labels, predictions):
    """``eval_metric_ops`` of a dictionary of metrics by name.

    A metric that is a tensor and has no update counts as the mean over batches.
    """
    found = {}
    for name, metric in (metrics or {}).items():
        spec, name = _spec_of(metric, name)
        value = spec.create_metric_ops(features, labels, predictions)
        found[name] = tuple(value) if isinstance(value, (tuple, list)) else tf.metrics.mean(value)
    return found


def _spec_of(metric, name):
    """The oldest form is a bare function, under a name or a pair of name and prediction key."""
    if isinstance(metric, MetricSpec):
        return metric, name
    if isinstance(name, tuple):
        return MetricSpec(metric, prediction_key=name[1]), name[0]
    return MetricSpec(metric), name
