"""What TensorFlow says of a run that failed, in the terms of who called it."""

import re

from tfkeras_compat._tf import tf
from tfkeras_compat.errors import GraphError, SessionError

# Caught where graphs are run. The errors made of them are of the same kinds.
CAUGHT = (tf.errors.InvalidArgumentError, tf.errors.FailedPreconditionError)

_UNFED = re.compile("must feed a value for placeholder tensor '([^']+)' with dtype (.*)")
_UNINITIALIZED = re.compile(
    "(?:Could not find variable |Error while reading resource variable |uninitialized value )"
    r"([^\s,]+?)[.,]?(?:\s|$)"
)


class UnfedError(tf.errors.InvalidArgumentError, GraphError):
    """A placeholder that outputs depend on is given no value."""


class UninitializedError(tf.errors.FailedPreconditionError, SessionError):
    """A variable has no value in the session."""


def explain(error):
    """Raises a clearer error in the place of one of :data:`CAUGHT`, if there is more to say."""
    for pattern, kind, message in _KINDS:
        found = pattern.search(error.message)
        if found:
            raise kind(error.node_def, error.op, message % found.groups()) from error


_KINDS = (
    (
        _UNFED,
        UnfedError,
        "Placeholder %s (%s) is given no value, and the outputs depend on it: make it an input of "
        "the model or function (Input(tensor=...), K.function([...], ...)), or give it a value of "
        "its own (feed_dict=, tf.placeholder_with_default).",
    ),
    (
        _UNINITIALIZED,
        UninitializedError,
        "Variable %s has no value in the session: run tf.global_variables_initializer() or its own "
        "initializer there, load it, or leave K.manual_variable_initialization() off.",
    ),
)
