"""Models as estimators of scikit-learn, which need not be installed."""

import copy
import importlib

import numpy as np

from tfkeras_compat.errors import ConfigError, ShapeError
from tfkeras_compat.models import Sequential
from tfkeras_compat.state.structures import has_arg, to_list
from tfkeras_compat.utils.arrays import to_categorical

_METHODS = (Sequential.fit, Sequential.predict, Sequential.predict_classes, Sequential.evaluate)


class BaseWrapper:
    """Base of the estimators: a function that makes a compiled model, and its arguments.

    Args:
        build_fn: a function, or an object that can be called; without it a subclass defines
            ``__call__``.
        sk_params: arguments of that function and of ``fit``, ``predict`` and ``evaluate``. Each
            method takes those that it knows. What is given to a method itself counts first.
    Raises: ConfigError for an argument that none of them has.
    """

    _kind: str

    def __init__(self, build_fn=None, **sk_params):
        self.build_fn = build_fn
        self.sk_params = sk_params
        self.check_params(sk_params)

    def __call__(self, *args, **kwargs):
        raise ConfigError(
            "%s has no build_fn: pass a function that makes a compiled model, or define __call__ "
            "in a subclass." % type(self).__name__
        )

    def _builder(self):
        """What is called to make a model, and whose arguments count."""
        return self.__call__ if self.build_fn is None else self.build_fn

    def check_params(self, params):
        """Raises ConfigError for the name of an argument that nothing here takes."""
        functions = _METHODS + (self._builder(),)
        for name in params:
            known = name in ("nb_epoch", "build_fn") or any(has_arg(f, name) for f in functions)
            if not known:
                raise ConfigError(
                    "%s is not a legal parameter: neither the function that makes the model nor "
                    "fit, predict or evaluate has such an argument." % name
                )

    def get_params(self, deep=True, **params):
        """The arguments and ``build_fn``, as they were given."""
        # The objects themselves: scikit-learn's `clone` compares them with those of the clone.
        return dict(self.sk_params, build_fn=self.build_fn)

    def set_params(self, **params):
        """Changes some of the arguments; returns the estimator."""
        params = dict(params)
        self.build_fn = params.pop("build_fn", self.build_fn)
        self.check_params(params)
        self.sk_params.update(params)
        return self

    def filter_sk_params(self, fn, override=None):
        """The arguments given at construction that ``fn`` has, and those of ``override``."""
        known = {name: value for name, value in self.sk_params.items() if has_arg(fn, name)}
        return dict(known, **(override or {}))

    def __sklearn_is_fitted__(self):
        return hasattr(self, "model")

    def __sklearn_tags__(self):
        """What today's scikit-learn asks an estimator: its kind, above all."""
        tags = importlib.import_module("sklearn.utils")
        kind = {self._kind + "_tags": getattr(tags, self._kind.capitalize() + "Tags")()}
        return tags.Tags(
            estimator_type=self._kind, target_tags=tags.TargetTags(required=True), **kind
        )

    def fit(self, x, y, **kwargs):
        """Makes a new model and trains it; returns its ``History``.

        Args: ``kwargs`` are arguments of ``Sequential.fit``.
        """
        builder = self._builder()
        self.model = builder(**self.filter_sk_params(builder))
        arguments = copy.deepcopy(self.filter_sk_params(Sequential.fit))
        arguments.update(kwargs)
        return self.model.fit(x, self._targets(y), **arguments)

    def _targets(self, y):
        loss = getattr(self.model.loss, "__name__", self.model.loss)
        is_one_hot = np.ndim(y) == 2
        return to_categorical(y) if loss == "categorical_crossentropy" and not is_one_hot else y


class KerasClassifier(BaseWrapper):
    """A classifier of scikit-learn that is a model.

    Attributes, after ``fit``: ``classes_``, the labels in the order of the outputs; ``n_classes_``;
    ``model``.

    >>> import numpy as np
    >>> from tfkeras_compat.layers import Dense
    >>> from tfkeras_compat.models import Sequential
    >>> def two_classes(units=1):
    ...     model = Sequential([Dense(units, activation="sigmoid", input_shape=(3,))])
    ...     model.compile("sgd", "binary_crossentropy", metrics=["accuracy"])
    ...     return model
    >>> classifier = KerasClassifier(two_classes, epochs=1, verbose=0)
    >>> _ = classifier.fit(np.zeros((2, 3)), np.array(["cat", "dog"]))
    >>> classifier.classes_.tolist(), classifier.predict_proba(np.zeros((1, 3))).shape
    (['cat', 'dog'], (1, 2))
    """

    _kind = "classifier"

    def fit(self, x, y, sample_weight=None, **kwargs):
        """Makes a new model and trains it; returns its ``History``.

        Shapes: ``y`` is ``(samples,)`` or ``(samples, 1)`` of labels of any kind, or
        ``(samples, classes)`` one-hot.
        Raises: ShapeError for other targets.
        """
        y = np.array(y)
        if y.ndim not in (1, 2):
            raise ShapeError("Invalid shape for y: %s; expected one or two axes." % (y.shape,))
        if y.ndim == 2 and y.shape[1] > 1:
            self.classes_ = np.arange(y.shape[1])
        else:
            self.classes_ = np.unique(y)
            y = np.searchsorted(self.classes_, y)
        self.n_classes_ = len(self.classes_)
        if sample_weight is not None:
            kwargs["sample_weight"] = sample_weight
        return super().fit(x, y, **kwargs)

    def predict(self, x, **kwargs):
        """The label of each sample; in one column if the model has one output."""
        kwargs = self.filter_sk_params(Sequential.predict_classes, kwargs)
        probabilities = self.model.predict(x, **kwargs)
        if probabilities.shape[-1] > 1:
            return self.classes_[probabilities.argmax(axis=-1)]
        return self.classes_[(probabilities > 0.5).astype("int32")]

    def predict_proba(self, x, **kwargs):
        """The probability of each class: ``(samples, classes)``, also for a model of one output."""
        kwargs = self.filter_sk_params(Sequential.predict_proba, kwargs)
        probabilities = self.model.predict(x, **kwargs)
        if probabilities.shape[1] == 1:
            return np.hstack([1 - probabilities, probabilities])
        return probabilities

    def score(self, x, y, **kwargs):
        """The accuracy on some samples.

        Raises: ConfigError unless the model was compiled with ``metrics=["accuracy"]``.
        """
        y = np.searchsorted(self.classes_, y)
        kwargs = self.filter_sk_params(Sequential.evaluate, kwargs)
        values = to_list(self.model.evaluate(x, self._targets(y), **kwargs))
        found = dict(zip(self.model.metrics_names, values))
        if "acc" not in found:
            raise ConfigError(
                "The model is not configured to compute accuracy. You should pass "
                '`metrics=["accuracy"]` to the `model.compile()` method.'
            )
        return found["acc"]


class KerasRegressor(BaseWrapper):
    """A regressor of scikit-learn that is a model."""

    _kind = "regressor"

    def predict(self, x, **kwargs):
        """The prediction for each sample: ``(samples,)`` for a model of one output."""
        kwargs = self.filter_sk_params(Sequential.predict, kwargs)
        predictions = np.array(self.model.predict(x, **kwargs))
        return np.squeeze(predictions, axis=-1) if predictions.shape[-1] == 1 else predictions

    def score(self, x, y, **kwargs):
        """Minus the loss on some samples: more is better."""
        kwargs = self.filter_sk_params(Sequential.evaluate, kwargs)
        return -to_list(self.model.evaluate(x, y, **kwargs))[0]
