"""Calling users' functions with what they declare."""

import functools

import pytest

from tfkeras_compat._tf import tf
from tfkeras_compat.estimator import arguments, experimental


class Model:
    def function(self, features, mode):
        return features, mode

    def __call__(self, features, *, params):
        return features, params


@pytest.mark.parametrize(
    "function, names",
    [
        (lambda features, labels: None, ("features", "labels")),
        (Model().function, ("features", "mode")),
        (Model(), ("features", "params")),
        (functools.partial(lambda a, features, params: None, 1), ("features", "params")),
        (functools.partial(lambda features, params, mode: None, params=1), ("features", "mode")),
        (lambda features, *args, **kwargs: None, ("features",)),
    ],
)
def test_names_are_those_that_can_still_be_given(function, names):
    assert arguments.argument_names(function) == names


def test_a_function_gets_what_it_declares():
    assert arguments.call_declared(Model().function, features=1, mode=2, params=3) == (1, 2)


@pytest.mark.parametrize(
    "function, params, message",
    [
        (lambda labels: None, None, "must include features"),
        (lambda features: None, {}, "does not include params"),
        (lambda features, speed: None, None, r"not expected args: \['speed'\]"),
    ],
)
def test_a_model_function_that_can_not_be_called_is_named(function, params, message):
    with pytest.raises(ValueError, match=message):
        arguments.check_model_fn(function, params)


def test_labels_for_a_model_function_without_them_are_an_error():
    with pytest.raises(ValueError, match="model_fn does not take labels"):
        arguments.call_model_fn(lambda features: None, 1, 2, "train", {}, None)


def test_logits_are_tensors():
    logits = tf.constant(1.0)
    assert experimental.call_logit_fn(lambda features, mode: logits, 0, "eval", {}, 0) is logits
    with pytest.raises(ValueError, match="logit_fn returned: 3"):
        experimental.call_logit_fn(lambda features: 3, 0, "eval", {}, None)
